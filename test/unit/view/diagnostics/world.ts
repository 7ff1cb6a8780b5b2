import type { Answer } from '../../../../src/model/answer';
import type { FlagSnapshot, FlagType, ProjectSnapshot } from '../../../../src/model/flag';
import type { Reference } from '../../../../src/model/reference';
import type { DiagnosedFile, Diagnosing } from '../../../../src/view/diagnostics/diagnosis';
import { diagnose } from '../../../../src/view/diagnostics/diagnose';
import type { DiagnosticCode, FlagDiagnostic } from '../../../../src/view/diagnostics/diagnostic';
import { severitiesOf } from '../../../../src/view/diagnostics/severities';
import { flagLookup } from '../../../../src/view/flagLookup';
import type { ProjectAnswer } from '../../../../src/view/input';
import { english, flag, now, project, state } from '../sample';

const values: Readonly<Record<FlagType, readonly [unknown, unknown]>> = {
  boolean: [true, false],
  string: ['blue', 'green'],
  number: [1, 2],
  object: [{ size: 1 }, { size: 2 }],
  unknown: [null, null],
};

/** A flag of two variants, of which the second is off where it is boolean. */
export function defined(key: string, type: FlagType = 'boolean', more: Partial<FlagSnapshot> = {}): FlagSnapshot {
  const names = type === 'boolean' ? ['on', 'off'] : ['one', 'two'];
  return flag([state(Object.fromEntries(names.map((name) => [name, 0.5])))], {
    ref: { system: 'flags', project: 'shop', key },
    type,
    variants: names.map((name, at) => ({ name, value: values[type][at] as never })),
    ...more,
  });
}

let line = 0;

/** A certain evaluation through OpenFeature, on a line of its own. */
export function evaluation(key: string | null, more: Partial<Reference> = {}): Reference {
  line += 1;
  return {
    path: 'src/a.ts',
    line,
    column: 5,
    endLine: line,
    endColumn: 40,
    key,
    pattern: null,
    kind: 'evaluation',
    certainty: 'certain',
    via: 'literal',
    sdk: 'openfeature',
    evaluatedOn: 'server',
    function: null,
    route: null,
    generated: false,
    trace: [],
    regions: [],
    ...more,
  };
}

/** A side that runs when the result is so. */
export function region(when: Reference['regions'][number]['when']): Reference['regions'][number] {
  return { startLine: line + 1, startColumn: 3, endLine: line + 2, endColumn: 4, when };
}

export const fileOf = (references: readonly Reference[], path = 'src/a.ts'): DiagnosedFile => ({
  root: '/shop',
  path,
  references,
});

export function answered(
  flags: readonly FlagSnapshot[],
  more: Partial<ProjectSnapshot> = {},
  answer?: (value: ProjectSnapshot) => Answer<ProjectSnapshot>,
): ProjectAnswer {
  const value = { ...project(flags), ...more };
  const { system, systemType, project: name } = value;
  return { system, systemType, project: name, answer: answer?.(value) ?? { state: 'ok', value, at: now } };
}

export function diagnosing(projects: readonly ProjectAnswer[], severities: unknown = {}): Diagnosing {
  const lookup = flagLookup(projects);
  return { seenFrom: () => lookup, severities: severitiesOf(severities), l10n: english };
}

/** What is said of files when these flags are defined. */
export function said(
  flags: readonly FlagSnapshot[] | readonly ProjectAnswer[],
  references: readonly Reference[] | readonly DiagnosedFile[],
): readonly FlagDiagnostic[] {
  const projects = flags.map((each) => ('answer' in each ? each : null)).flatMap((each) => each ?? []);
  const own = flags.flatMap((each) => ('answer' in each ? [] : [each]));
  const files = references.flatMap((each) => ('references' in each ? [each] : []));
  const loose = references.flatMap((each) => ('references' in each ? [] : [each]));
  return diagnose(
    files.length > 0 ? files : [fileOf(loose)],
    diagnosing(projects.length > 0 ? projects : [answered(own)]),
  );
}

export const codes = (all: readonly FlagDiagnostic[]): readonly DiagnosticCode[] => all.map(({ code }) => code);
