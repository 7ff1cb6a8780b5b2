import { flagId } from '../../model/identity';
import type { FlagSnapshot, ProjectSnapshot } from '../../model/flag';
import type { FlagLookup } from '../input';
import { quoted } from '../text';
import type { Diagnosing, DiagnosedFile } from './diagnosis';
import type { DiagnosticPlace, FlagDiagnostic } from './diagnostic';
import { isCertainEvaluation, type ReferenceBook } from './referenceBook';
import { sdkFits } from './sdkFits';

/** So many files or flags are looked at in one part. */
const atOnce = 200;
const nothing: readonly FlagDiagnostic[] = [];

/**
 * Flags that no code of the workspace names, in parts that take a millisecond or so: whoever must not be held up rests
 * between them. Only of projects that code here asks for something: another's code is
 * elsewhere. Left out: what is archived or could not be read, prerequisites of other flags, and projects of which not
 * everything is freshly known. The whole workspace has to have been read: `book` is of all its files.
 */
export function* unreferencedFlags(
  book: ReferenceBook,
  seenFrom: (file: DiagnosedFile) => FlagLookup,
  { severities, l10n }: Diagnosing,
): Generator<readonly FlagDiagnostic[]> {
  const code = 'flag-unreferenced';
  const severity = severities[code];
  if (severity === 'off') return;
  const patterns = book.patterns();
  const told = (flag: FlagSnapshot): readonly FlagDiagnostic[] => {
    const { key, system, project } = flag.ref;
    const named = book.named(key, patterns);
    if (named === 'inCode') return nothing;
    const message =
      named === 'nowhere'
        ? l10n.t('Flag {0} is not referenced in this workspace.', quoted(key))
        : l10n.t('Flag {0} is not referenced in this workspace but by generated code.', quoted(key));
    const [place = null, ...others] = definitionsOf(flag);
    const related = others.map((each) => ({ place: each, message: l10n.t('Defined here too') }));
    return [{ code, severity, key, project: { system, project }, place, message, related, fixes: [] }];
  };
  for (const { flags } of yield* askedProjects(book, seenFrom)) {
    const needed = new Set<string>();
    for (const part of parts(flags)) {
      for (const flag of part) addPrerequisites(flag, needed);
      yield nothing;
    }
    for (const part of parts(flags))
      yield part.flatMap((flag) =>
        flag.archived || flag.unreadable !== null || needed.has(flag.ref.key) ? nothing : told(flag),
      );
  }
}

function* parts<T>(all: readonly T[]): Generator<readonly T[]> {
  for (let from = 0; from < all.length; from += atOnce) yield all.slice(from, from + atOnce);
}

/** Projects that have answered, and that an evaluation asks for a flag of theirs, or by an SDK of theirs. */
function* askedProjects(
  book: ReferenceBook,
  seenFrom: (file: DiagnosedFile) => FlagLookup,
): Generator<typeof nothing, readonly ProjectSnapshot[]> {
  const asked = new Map<string, ProjectSnapshot>();
  for (const file of book.files()) {
    yield nothing;
    const lookup = seenFrom(file);
    const open = lookup.projects.filter(({ system, project }) => !asked.has(projectId(system, project)));
    if (open.length === 0) continue;
    const evaluations = file.references.filter(isCertainEvaluation);
    for (const { system, systemType, project, answer } of open) {
      if (answer.state !== 'ok') continue;
      const isOf = ({ ref }: FlagSnapshot): boolean => ref.system === system && ref.project === project;
      if (evaluations.some(({ key, sdk }) => sdkFits(sdk, systemType) || lookup.resolve(key).some(isOf)))
        asked.set(projectId(system, project), answer.value);
    }
  }
  return [...asked.values()];
}

const projectId = (system: string, project: string): string => flagId({ system, project, key: '' });

/** Words of its prerequisites, in which a key stands between quotes or spaces: one too many hides a hit, no more. */
function addPrerequisites({ states }: FlagSnapshot, needed: Set<string>): void {
  for (const { prerequisites } of states)
    for (const text of prerequisites) for (const word of [text, ...text.split(/["\s,:()]+/)]) needed.add(word);
}

/** Where files define it, each file once. */
function definitionsOf({ states }: FlagSnapshot): readonly DiagnosticPlace[] {
  const places: DiagnosticPlace[] = [];
  for (const { location } of states) {
    if (location === null || places.some(({ path }) => path === location.path)) continue;
    const { path, line } = location;
    places.push({ root: null, path, line, column: 1, endLine: line, endColumn: null });
  }
  return places;
}
