import type { FileFacts } from '../model/reference';
import { mostLinkMs } from './bounds';
import { codePathsOf, type FilePaths } from './codePaths';
import type { Deadline } from './extract/deadline';
import { FileLinker, type Part } from './fileLinker';
import { keptParts } from './keptParts';
import { languageOf } from './languages/table';
import { Evaluator } from './resolve/evaluate';
import { addWrapper } from './resolve/foundWrapper';
import { handedOutBy } from './resolve/handedOut';
import { Places } from './resolve/places';
import type { FileView } from './resolve/view';
import type { Wrapper } from './resolve/wrappers';
import type { FileRoutes } from './routes';
import type { FunctionSummary, Piece } from './summary';
import type { Workspace } from './workspace';

/** Code paths and routes of a file, in which its references stand, and what it gives to others. */
interface Around {
  readonly paths: FilePaths;
  readonly routes: FileRoutes;
  /** Names under which it gives out what an SDK gives. */
  readonly handedOut: readonly string[];
  /** Files that this depends on. */
  readonly consulted: ReadonlySet<string>;
  /** Not all was found: the time for it was over. */
  readonly isLate: boolean;
}

/** What a file gives: all its parts together. */
export interface Linked extends Part, Around {
  /** Files that the answer depends on. */
  readonly consulted: ReadonlySet<string>;
  /** What it was made of. */
  readonly of: { readonly view: FileView; readonly around: Around; readonly pieces: readonly Part[] };
}

/** A file as it was linked before. All that is another since then is its own text, and what these other files say. */
export interface Before {
  readonly linked: Linked;
  readonly changed: ReadonlySet<string>;
}

/**
 * Facts of one file out of its summary and what is known of the others. With `before`, pieces that asked none of the
 * files that changed, and mean what they meant, are taken as they were. Not all is found where `deadline` is over before.
 */
export function linkFile(
  view: FileView,
  workspace: Workspace,
  { before, deadline }: { readonly before?: Before | undefined; readonly deadline?: Deadline } = {},
): Linked {
  const last = before?.linked.of;
  const isStill = (of: { readonly consulted: ReadonlySet<string> }): boolean =>
    before !== undefined && !asked(of.consulted, before.changed);
  const around = last?.view === view && isStill(last.around) ? last.around : aroundOf(view, workspace, deadline);
  const kept = last && last.view !== view ? keptParts(last.view, view) : undefined;
  const evaluator = new Evaluator(workspace);
  const linker = new FileLinker(view, workspace, evaluator, placesOf(view, around.paths));
  const { pieces, besides } = evaluator.within(deadline, () => ({
    pieces: linker.pieces(view.summary.pieces, (index) => {
      const part = last?.pieces[kept ? (kept.get(index) ?? -1) : index];
      return part && isStill(part) ? part : undefined;
    }),
    besides: linker.besides(),
  }));
  const parts = [...pieces, besides];
  return {
    references: parts.flatMap(({ references }) => references).sort((a, b) => a.line - b.line || a.column - b.column),
    paths: around.paths,
    wrappers: wrappersOf(parts),
    routes: around.routes,
    handedOut: around.handedOut,
    consulted: union([around.consulted, ...parts.map(({ consulted }) => consulted)]),
    defines: parts.flatMap(({ defines }) => defines),
    bagMakers: parts.flatMap(({ bagMakers }) => bagMakers),
    handed: parts.flatMap(({ handed }) => handed),
    isLate: around.isLate || evaluator.isLate,
    of: { view, around, pieces },
  };
}

/**
 * What some pieces of a file alone ask for, without what its functions are registered for: while somebody writes, the rest
 * of a long file is not gone through.
 */
export function linkPieces(
  view: FileView,
  workspace: Workspace,
  pieces: readonly Piece[],
  deadline: Deadline,
): Pick<Linked, 'references' | 'wrappers'> {
  const evaluator = new Evaluator(workspace);
  const parts = evaluator.within(deadline, () => {
    const paths = codePathsOf(view, evaluator, [], workspace.mounts, new Map());
    return new FileLinker(view, workspace, evaluator, placesOf(view, paths)).pieces(pieces);
  });
  return {
    references: parts.flatMap(({ references }) => references),
    wrappers: wrappersOf(parts),
  };
}

function aroundOf(view: FileView, workspace: Workspace, deadline: Deadline | undefined): Around {
  const evaluator = new Evaluator(workspace);
  return evaluator.within(deadline, () => findAround(view, workspace, evaluator));
}

function findAround(view: FileView, workspace: Workspace, evaluator: Evaluator): Around {
  const language = languageOf(view.path);
  const read = language?.routes.map((routesOf) => routesOf(view, evaluator)) ?? [];
  const routes: FileRoutes = {
    registrations: read.flatMap((found) => found.registrations),
    mounts: read.flatMap((found) => found.mounts),
  };
  const registrations = [...routes.registrations, ...workspace.registrationsFor(view.path)];
  const jobs = language?.jobs(view, evaluator) ?? new Map<FunctionSummary, string>();
  const paths = codePathsOf(view, evaluator, registrations, workspace.mounts, jobs);
  const handedOut = handedOutBy(view, evaluator);
  return { paths, routes, handedOut, consulted: evaluator.consulted, isLate: evaluator.isLate };
}

const placesOf = (view: FileView, paths: FilePaths): Places => new Places(view, languageOf(view.path), paths);

function wrappersOf(parts: readonly Part[]): readonly Wrapper[] {
  const wrappers: Wrapper[] = [];
  for (const part of parts) for (const wrapper of part.wrappers) addWrapper(wrappers, wrapper);
  return wrappers;
}

function asked(consulted: ReadonlySet<string>, changed: ReadonlySet<string>): boolean {
  if (consulted.size > 0) for (const path of changed) if (consulted.has(path)) return true;
  return false;
}

function union(sets: readonly ReadonlySet<string>[]): ReadonlySet<string> {
  const filled = sets.filter(({ size }) => size > 0);
  const [only] = filled;
  return filled.length === 1 && only ? only : new Set(filled.flatMap((set) => [...set]));
}

const late = `following what it calls takes longer than ${mostLinkMs / 1_000} seconds; what was found until then is shown`;

/** Why not all of a file is known; null: all is. */
export const truncatedAs = ({ summary }: FileView, { isLate }: Linked): string | null =>
  summary.truncated ?? (isLate ? late : null);

/** The facts as they are given out. */
export function toFacts(view: FileView, linked: Linked, version: string): FileFacts {
  return {
    path: view.path,
    version,
    references: [...linked.references],
    codePaths: [...linked.paths.list()],
    truncated: truncatedAs(view, linked),
  };
}
