import { makers } from './resolve/callableBy';
import type { FileView } from './resolve/view';
import type { Piece } from './summary';

/**
 * Which pieces of a file that was edited mean what they meant: by the index they have now, the one that they had. Left
 * out are pieces that are others now or stand elsewhere, all that name something these declare, through whatever stands
 * between, and all that is named by any of those, whose guards may tell of it.
 */
export function keptParts(before: FileView, now: FileView): ReadonlyMap<number, number> {
  const kept = new Map<number, number>();
  if (before.summary.shares !== now.summary.shares || before.summary.generated !== now.summary.generated) return kept;
  const old = new Map(before.summary.pieces.map((piece, index) => [piece.decls, { piece, index }]));
  const same = new Map<Piece, number>();
  const others = new Set(before.summary.pieces);
  const pieces = now.summary.pieces;
  for (const piece of pieces) {
    const known = old.get(piece.decls);
    if (known && isSame(known.piece, piece) && isThere(before, known.piece, now, piece)) {
      same.set(piece, known.index);
      others.delete(known.piece);
    } else others.add(piece);
  }
  // What is imported, and under which names, is asked in more ways than by a name.
  if ([...others].some(({ decls, stars }) => stars.length > 0 || decls.some(({ m }) => m !== undefined))) return kept;
  const left = new Set(same.keys());
  const naming = spread(others, left, ({ declared }, { named }) => overlap(declared, named));
  spread(new Set([...others, ...naming]), left, ({ named }, { declared }) => overlap(declared, named));
  for (const [index, piece] of pieces.entries()) {
    const was = left.has(piece) ? same.get(piece) : undefined;
    if (was !== undefined) kept.set(index, was);
  }
  return kept;
}

/** An edit takes the lists of a piece over that it did not touch. */
const isSame = (a: Piece, b: Piece): boolean =>
  a === b ||
  (a.fns === b.fns &&
    a.calls === b.calls &&
    a.guards === b.guards &&
    a.reads === b.reads &&
    a.classes === b.classes &&
    a.members === b.members &&
    a.exports === b.exports &&
    a.owner === b.owner);

function isThere(before: FileView, was: Piece, now: FileView, is: Piece): boolean {
  const a = before.position(was, 0);
  const b = now.position(is, 0);
  return a.line === b.line && a.column === b.column;
}

/** Takes out of `left` what `from` reaches, step by step; answers what that was. */
function spread(
  from: ReadonlySet<Piece>,
  left: Set<Piece>,
  reaches: (from: Names, to: Names) => boolean,
): ReadonlySet<Piece> {
  const reached = new Set<Piece>();
  const waiting = [...from];
  for (let piece = waiting.pop(); piece; piece = waiting.pop()) {
    const names = namesIn(piece);
    for (const other of left) {
      if (!reaches(names, namesIn(other))) continue;
      left.delete(other);
      reached.add(other);
      waiting.push(other);
    }
  }
  return reached;
}

function overlap(few: ReadonlySet<string>, many: ReadonlySet<string>): boolean {
  for (const name of few) if (many.has(name)) return true;
  return false;
}

interface Names {
  /** What other pieces may know it by. */
  readonly declared: ReadonlySet<string>;
  /** Every text in it. */
  readonly named: ReadonlySet<string>;
}

/** By the list of declarations, which a piece that an edit moved keeps. */
const known = new WeakMap<Piece['decls'], Names>();

function namesIn(piece: Piece): Names {
  let names = known.get(piece.decls);
  if (!names) {
    const named = new Set<string>();
    addTexts(piece, named);
    names = { declared: declaredIn(piece), named };
    known.set(piece.decls, names);
  }
  return names;
}

function declaredIn({ decls, classes, members, exports, fns }: Piece): Set<string> {
  const names = new Set<string>();
  for (const { n, scope } of decls) if (scope === null) names.add(n);
  for (const { n } of classes) names.add(n);
  for (const { n, c } of members) {
    names.add(n);
    if (makers.includes(n)) names.add(c);
  }
  for (const { n, local } of exports) {
    names.add(n);
    if (local !== undefined) names.add(local);
  }
  for (const { n, cls } of fns) {
    if (n !== null) names.add(n);
    if (n !== null && cls !== null && makers.includes(n)) names.add(cls);
  }
  return names;
}

function addTexts(value: unknown, texts: Set<string>): void {
  if (typeof value === 'string') texts.add(value);
  else if (Array.isArray(value)) for (const inner of value) addTexts(inner, texts);
  else if (typeof value === 'object' && value !== null)
    for (const inner of Object.values(value)) addTexts(inner, texts);
}
