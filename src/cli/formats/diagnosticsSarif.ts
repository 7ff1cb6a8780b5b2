import { isAbsolute } from 'node:path';
import { pathToFileURL } from 'node:url';
import { CONFIGURATION_NAME } from '../../flags/configuration';
import type { L10n } from '../../platform/l10n';
import { diagnosticCodes, type DiagnosticSeverities, type DiagnosticSeverity } from '../../view/diagnostics/diagnostic';
import { explanationAddress, explanationOf } from '../../view/diagnostics/explanations';
import type { DiagnosticRecord, PlaceRecord } from './diagnosticRecord';

const levels: Readonly<Record<DiagnosticSeverity | 'off', string>> = {
  error: 'error',
  warning: 'warning',
  information: 'note',
  hint: 'note',
  off: 'none',
};

/**
 * A log of SARIF 2.1.0 (OASIS): a rule for each code with its explanation, a result for each finding. Paths are relative
 * to `%SRCROOT%`, the folder that was looked at; what lies outside of it by its own address.
 */
export function diagnosticsSarif(
  all: readonly DiagnosticRecord[],
  { version, severities, l10n }: { version: string; severities: DiagnosticSeverities; l10n: L10n },
): string {
  const rules = diagnosticCodes.map((code) => {
    const { title, meaning, advice, source } = explanationOf(code, l10n);
    return {
      id: code,
      shortDescription: { text: title },
      fullDescription: { text: meaning },
      help: { text: `${meaning}\n\n${advice}\n\n${source}`, markdown: `${meaning}\n\n${advice}\n\n${source}` },
      helpUri: explanationAddress(code),
      defaultConfiguration: { level: levels[severities[code]], enabled: severities[code] !== 'off' },
    };
  });
  const driver = { name: 'sightglass', semanticVersion: version, rules };
  const run = { tool: { driver }, columnKind: 'utf16CodeUnits', results: all.map(resultOf) };
  const log = { $schema: 'https://json.schemastore.org/sarif-2.1.0.json', version: '2.1.0', runs: [run] };
  return `${JSON.stringify(log, null, 2)}\n`;
}

function resultOf({ code, severity, key, project, place, message, related, fixes }: DiagnosticRecord): object {
  const names = project && `${project.system}/${project.project}/${key}`;
  return {
    ruleId: code,
    ruleIndex: diagnosticCodes.indexOf(code),
    level: levels[severity],
    message: { text: message },
    locations: [
      {
        // Without one, GitHub takes no result of the log.
        physicalLocation: place ? physical(place) : atConfiguration,
        // What a flag file says may be of no flag alone.
        ...(key !== '' && {
          logicalLocations: [{ name: key, ...(names !== null && { fullyQualifiedName: names }), kind: 'resource' }],
        }),
      },
    ],
    ...(related.length > 0 && {
      relatedLocations: related.map((each, id) => ({
        id,
        message: { text: each.message },
        physicalLocation: physical(each.place),
      })),
    }),
    // Lines move; what is said of which flag and in which file moves less.
    partialFingerprints: { 'flagDiagnostic/v1': [code, key, place?.path ?? ''].join('|') },
    properties: { key, project, fixes },
  };
}

/** What is of no file, as a flag of a server, is told where that server is named. */
const atConfiguration = {
  artifactLocation: { uri: CONFIGURATION_NAME, uriBaseId: '%SRCROOT%' },
  region: { startLine: 1 },
};

function physical({ path, line, column, endLine, endColumn }: PlaceRecord): object {
  const region =
    endColumn === null ? { startLine: line, endLine } : { startLine: line, startColumn: column, endLine, endColumn };
  const artifactLocation = isAbsolute(path)
    ? { uri: pathToFileURL(path).href }
    : { uri: path.split('/').map(encodeURIComponent).join('/'), uriBaseId: '%SRCROOT%' };
  return { artifactLocation, region };
}
