import {
  diagnosticCodes,
  diagnosticSeverities,
  type DiagnosticCode,
  type DiagnosticSeverities,
  type DiagnosticSeverity,
} from './diagnostic';

/**
 * As long as nobody sets anything. Grave is what gives users something else than the code reads like; that flags are
 * named nowhere here is a hint, since many are used elsewhere.
 */
export const defaultSeverities: DiagnosticSeverities = {
  'flag-undefined': 'warning',
  'flag-unreferenced': 'hint',
  'flag-wrong-type': 'error',
  'flag-default-differs': 'information',
  'flag-archived': 'warning',
  'flag-client-unavailable': 'warning',
  'variant-undefined': 'warning',
  'flag-file': 'warning',
};

export const severityChoices = [...diagnosticSeverities, 'off'] as const;

/** The setting `sightglass.diagnostics.severities` over the defaults: what is none of ours in it counts for nothing. */
export function severitiesOf(setting: unknown): DiagnosticSeverities {
  const severities: Record<DiagnosticCode, DiagnosticSeverity | 'off'> = { ...defaultSeverities };
  if (typeof setting !== 'object' || setting === null) return severities;
  for (const code of diagnosticCodes) {
    const wanted = Object.hasOwn(setting, code) ? (setting as Record<string, unknown>)[code] : undefined;
    severities[code] = severityChoices.find((choice) => choice === wanted) ?? severities[code];
  }
  return severities;
}

/** Whether one is at least as grave as another. */
export function isAtLeast(severity: DiagnosticSeverity, least: DiagnosticSeverity): boolean {
  return diagnosticSeverities.indexOf(severity) <= diagnosticSeverities.indexOf(least);
}
