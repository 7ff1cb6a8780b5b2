import { linkless } from '../../view/text';
import { reasonCodes, type Severity, type Place, type Reason, type ReasonCode, type Report } from '../report';

const levels: Readonly<Record<Severity, string>> = { error: 'error', warning: 'warning', information: 'note' };

const rules: Readonly<Record<ReasonCode, string>> = {
  'flag-unknown': 'A flag is evaluated that is defined nowhere',
  'flag-archived': 'A flag that is archived, deprecated or stale is evaluated anew',
  'live-on-deploy': 'Code is put behind a flag that is on already',
  'definition-changed': 'The definition of a flag is another',
  'removed-while-served': 'A flag is no longer evaluated that gives some one side and some the other',
  'failing-path': 'A code path is changed that is failing already',
  'busy-path-unguarded': 'A busy code path without a flag is changed',
  'default-changed': 'The default that the code gives a flag is another',
  'dead-side-edited': 'Code is changed that nobody reaches any more',
  'telemetry-removed': 'Telemetry removed: a span is no longer started',
  'behind-off-flag': 'Code is changed that nobody reaches yet',
  'flag-extinct': 'A flag is named nowhere any more',
};

/**
 * A log of SARIF 2.1.0 (OASIS): a result for each reason with its evidence. Paths are relative to `%SRCROOT%`, the top of
 * the repository. Every result has a physical location, without which GitHub takes no result of a log: what is gone
 * stands where it was, and what is of no file at the first line of `configuration`, which names where it is from.
 */
export function reviewSarif(report: Report, version: string, configuration: string): string {
  const driver = {
    name: 'sightglass',
    semanticVersion: version,
    rules: reasonCodes.map((id) => ({ id, shortDescription: { text: rules[id] } })),
  };
  const run = {
    tool: { driver },
    columnKind: 'utf16CodeUnits',
    invocations: [
      {
        executionSuccessful: true,
        toolExecutionNotifications: report.missing.map(({ words }) => ({
          level: 'warning',
          message: { text: linkless(words) },
        })),
      },
    ],
    results: report.reasons.map((reason) => resultOf(reason, configuration)),
  };
  const log = { $schema: 'https://json.schemastore.org/sarif-2.1.0.json', version: '2.1.0', runs: [run] };
  return `${JSON.stringify(log, null, 2)}\n`;
}

function resultOf({ code, severity, words, evidence, key, places }: Reason, configuration: string): object {
  const first = places.find(({ side }) => side === 'head') ?? places[0] ?? { path: configuration, line: 1, endLine: 1 };
  const others = places.filter((place) => place !== first);
  return {
    ruleId: code,
    ruleIndex: reasonCodes.indexOf(code),
    level: levels[severity],
    // Brackets would make links of names.
    message: { text: linkless([words, ...evidence].join('\n')) },
    locations: [
      {
        physicalLocation: physical(first),
        ...(key !== null && { logicalLocations: [{ name: key, kind: 'resource' }] }),
      },
    ],
    ...(others.length > 0 && {
      relatedLocations: others.map((place, id) => ({
        id,
        message: { text: place.side === 'base' ? 'before the change' : 'here too' },
        physicalLocation: physical(place),
      })),
    }),
    // Lines move; what is said of what and in which file moves less.
    partialFingerprints: { 'reviewReason/v1': [code, key ?? '', places.length === 0 ? '' : first.path].join('|') },
    properties: { key, evidence },
  };
}

const physical = ({ path, line, endLine }: Pick<Place, 'path' | 'line' | 'endLine'>): object => ({
  artifactLocation: { uri: path.split('/').map(encodeURIComponent).join('/'), uriBaseId: '%SRCROOT%' },
  region: { startLine: line, endLine: Math.max(line, endLine) },
});
