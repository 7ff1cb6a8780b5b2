import { lastName, type Declaration, type FunctionSummary, type Piece } from '../summary';
import type { Evaluator } from './evaluate';
import type { Site } from './value';
import type { FileView } from './view';

/** Longer lines of classes that stand on each other are not followed. */
const mostBases = 8;

/** Names by which what a function is a member of may be known. */
export function ownersOf(view: FileView, evaluator: Evaluator, fn: FunctionSummary): string[] {
  return [
    ...new Set([
      ...(fn.cls === null ? [] : [fn.cls]),
      ...basesOf(view, evaluator, fn),
      ...fn.owners,
      ...interfacesOf(view, evaluator, fn),
    ]),
  ];
}

/** Interfaces and classes that a method's class stands on, theirs as well. */
function basesOf(view: FileView, evaluator: Evaluator, fn: FunctionSummary): string[] {
  const names: string[] = [];
  let site: Site | undefined;
  let cls = view.classOf(fn);
  if (cls) site = { view, piece: cls.piece };
  for (let i = 0; i < mostBases && cls && site; i++) {
    names.push(...cls.it.impl);
    const { ext } = cls.it;
    const base = ext ? evaluator.evaluate(site, ext) : undefined;
    const written = ext ? lastName(ext) : undefined;
    if (written !== undefined) names.push(written);
    if (base?.k !== 'class') break;
    names.push(base.cls.n);
    site = base.site;
    cls = { piece: base.site.piece, it: base.cls };
  }
  return names;
}

/** Interfaces of the package that ask for a method of this name: Go's are implemented without saying so. */
function interfacesOf(view: FileView, evaluator: Evaluator, fn: FunctionSummary): string[] {
  const { n, cls } = fn;
  if (n === null || cls === null || view.summary.shares === null) return [];
  return [view, ...evaluator.members.siblings(view)].flatMap((each) =>
    each.summary.pieces
      .flatMap((piece) => piece.classes)
      .filter((candidate) => candidate.of === 'interface' && each.member(candidate.n, n) !== undefined)
      .map((candidate) => candidate.n),
  );
}

/** Under which names a class has what makes its instances. */
export const makers: readonly string[] = [
  'constructor',
  '__init__',
  '<init>',
  '.ctor',
  'init',
  '__construct',
  'initialize',
];

/** Whether a function makes instances of its class. What makes an attribute bears the attribute's name. */
export function isMaker(fn: FunctionSummary): boolean {
  return fn.cls !== null && fn.n !== null && makers.includes(fn.n);
}

/** By which name a function is called; undefined for an anonymous one, which cannot be a wrapper. */
export function calledBy(fn: FunctionSummary): string | undefined {
  return (isMaker(fn) ? fn.cls : fn.n) ?? undefined;
}

/** What a parameter is called, for calls that give it by name. */
export function parameterName(piece: Piece, fn: FunctionSummary, index: number): string | null {
  const found = parameterAt(piece, fn, index);
  // PHP's callers leave out the sign of variables.
  return (found?.label ?? found?.n)?.replace(/^\$/, '') ?? null;
}

export function parameterType(piece: Piece, fn: FunctionSummary, index: number): string | null {
  return parameterAt(piece, fn, index)?.t ?? null;
}

function parameterAt(piece: Piece, fn: FunctionSummary, index: number): Declaration | undefined {
  const f = piece.fns.indexOf(fn);
  return piece.decls.find((decl) => decl.kind === 'param' && decl.f === f && decl.i === index);
}
