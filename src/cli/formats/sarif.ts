import type { Reference, TraceStep } from '../../model/reference';
import { nameOf, type Format } from './format';

const rules: Readonly<Record<Reference['kind'], { readonly id: string; readonly words: string }>> = {
  evaluation: { id: 'flag-evaluation', words: 'A feature flag is evaluated' },
  definition: { id: 'flag-definition', words: 'The key of a feature flag is written here and used elsewhere' },
  test: { id: 'flag-in-test', words: 'A feature flag is named in a test' },
  mention: { id: 'flag-mention', words: 'The key of a feature flag is written here' },
};
const undefinedRule = { id: 'flag-undefined', words: 'The feature flag that is evaluated here is defined nowhere' };
const ruleIds = Object.values(rules).map(({ id }) => id);

/**
 * A log of SARIF 2.1.0 (OASIS): a note for each reference, its trace as related locations. Paths are relative to
 * `%SRCROOT%`, the scanned folder.
 */
export function sarif(out: (text: string) => void, version: string): Format {
  let isFirst = true;
  return {
    begin() {
      const driver = {
        name: 'sightglass',
        semanticVersion: version,
        rules: [...Object.values(rules), undefinedRule].map((rule) => ({
          id: rule.id,
          shortDescription: { text: rule.words },
          defaultConfiguration: { level: rule === undefinedRule ? 'warning' : 'note' },
        })),
      };
      const head = { $schema: 'https://json.schemastore.org/sarif-2.1.0.json', version: '2.1.0' };
      out(
        `${JSON.stringify(head).slice(0, -1)},"runs":[{"tool":${JSON.stringify({ driver })},"columnKind":"utf16CodeUnits","results":[`,
      );
    },
    file: (references) => references.forEach((reference) => write(resultOf(reference))),
    end(undefinedKeys) {
      for (const reference of undefinedKeys) write(undefinedResultOf(reference));
      out('\n]}]}\n');
    },
  };

  function write(result: object): void {
    out(`${isFirst ? '' : ','}\n${JSON.stringify(result)}`);
    isFirst = false;
  }
}

function resultOf(reference: Reference): object {
  const { path, line, column, endLine, endColumn, kind, certainty, via, sdk, evaluatedOn, trace } = reference;
  const { id, words } = rules[kind];
  const region = { startLine: line, startColumn: column, endLine, endColumn };
  return {
    ruleId: id,
    ruleIndex: ruleIds.indexOf(id),
    level: 'note',
    message: { text: `${words}: "${nameOf(reference)}" (${certainty}, ${via})` },
    locations: [{ physicalLocation: { artifactLocation: artifact(path), region } }],
    ...(trace.length > 0 && { relatedLocations: trace.map(stepOf) }),
    // Lines move; what a reference is of and where it stands moves less.
    partialFingerprints: { 'flagReference/v1': [kind, nameOf(reference), path, reference.function ?? ''].join('|') },
    properties: {
      key: reference.key,
      pattern: reference.pattern,
      certainty,
      via,
      sdk,
      evaluatedOn,
      function: reference.function,
      route: reference.route,
      generated: reference.generated,
    },
  };
}

function undefinedResultOf({ path, line, column, endLine, endColumn, ...reference }: Reference): object {
  const region = { startLine: line, startColumn: column, endLine, endColumn };
  return {
    ruleId: undefinedRule.id,
    ruleIndex: ruleIds.length,
    level: 'warning',
    message: { text: `${undefinedRule.words}: "${nameOf(reference)}"` },
    locations: [{ physicalLocation: { artifactLocation: artifact(path), region } }],
    partialFingerprints: { 'flagReference/v1': [undefinedRule.id, nameOf(reference)].join('|') },
  };
}

const stepOf = ({ words, path, line }: TraceStep, index: number): object => ({
  id: index,
  message: { text: words },
  physicalLocation: { artifactLocation: artifact(path), region: { startLine: line } },
});

const artifact = (path: string): object => ({
  uri: path.split('/').map(encodeURIComponent).join('/'),
  uriBaseId: '%SRCROOT%',
});
