import { parseArgs } from 'node:util';
import {
  diagnosticCodes,
  diagnosticSeverities,
  type DiagnosticCode,
  type DiagnosticSeverities,
  type DiagnosticSeverity,
} from '../view/diagnostics/diagnostic';
import { defaultSeverities, severityChoices } from '../view/diagnostics/severities';
import { oneOf } from './oneOf';

export const checkCommands = ['check', 'unused', 'undefined'] as const;
export type CheckCommandName = (typeof checkCommands)[number];
export const checkFormats = ['table', 'jsonl', 'json', 'sarif'] as const;

export interface CheckOptions {
  readonly name: CheckCommandName;
  /** As written. */
  readonly folder: string;
  readonly format: (typeof checkFormats)[number];
  readonly severities: DiagnosticSeverities;
  /** What is less grave is not written. */
  readonly least: DiagnosticSeverity;
  /** What is at least as grave ends with exit code 1; null: nothing does. */
  readonly failOn: DiagnosticSeverity | null;
  readonly exclude: readonly string[];
  /** A file that lists the keys which are defined: one a line, or a JSON array of texts. */
  readonly keysFile: string | null;
}

/** What `unused` and `undefined` look for. */
const only: Readonly<Partial<Record<CheckCommandName, DiagnosticCode>>> = {
  unused: 'flag-unreferenced',
  undefined: 'flag-undefined',
};

/** What may follow these commands. Throws with words for the user. */
export function parseCheckOptions(name: CheckCommandName, args: readonly string[]): CheckOptions {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      format: { type: 'string' },
      json: { type: 'boolean' },
      jsonl: { type: 'boolean' },
      severity: { type: 'string' },
      'fail-on': { type: 'string' },
      set: { type: 'string', multiple: true },
      exclude: { type: 'string', multiple: true },
      keys: { type: 'string' },
      folder: { type: 'string', short: 'C' },
    },
  });
  const folders = [...positionals, ...(values.folder === undefined ? [] : [values.folder])];
  if (folders.length > 1) throw new Error(`${name} takes one folder.`);
  const asked = [
    ...(values.format === undefined ? [] : [values.format]),
    ...(values.json === true ? ['json'] : []),
    ...(values.jsonl === true ? ['jsonl'] : []),
  ];
  if (asked.length > 1) throw new Error(`${name} writes one format.`);
  const code = only[name];
  return {
    name,
    folder: folders[0] ?? '.',
    format: oneOf('--format', asked[0] ?? 'table', checkFormats),
    severities: severitiesOf(values.set ?? [], code),
    // Flags that are used elsewhere are many: `check` names them when asked to.
    least: oneOf('--severity', values.severity ?? (name === 'check' ? 'information' : 'hint'), diagnosticSeverities),
    failOn: failOn(values['fail-on'] ?? 'warning'),
    exclude: values.exclude ?? [],
    keysFile: values.keys ?? null,
  };
}

function failOn(text: string): DiagnosticSeverity | null {
  const found = oneOf('--fail-on', text, [...diagnosticSeverities, 'never'] as const);
  return found === 'never' ? null : found;
}

function severitiesOf(settings: readonly string[], code: DiagnosticCode | undefined): DiagnosticSeverities {
  const severities = { ...defaultSeverities };
  for (const setting of settings) {
    const [name = '', level = ''] = setting.split('=');
    severities[oneOf('--set', name, diagnosticCodes)] = oneOf('--set', level, severityChoices);
  }
  if (code !== undefined) for (const other of diagnosticCodes) if (other !== code) severities[other] = 'off';
  return severities;
}
