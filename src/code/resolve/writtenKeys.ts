import type { Reference } from '../../model/reference';
import { callById, type Expr, type Piece } from '../summary';
import type { FileView } from './view';

/** A key where a file writes it, and what it is written in. */
export interface WrittenKey {
  readonly piece: Piece;
  readonly text: Extract<Expr, { k: 'str' }>;
  readonly via: Reference['via'];
  readonly name: string;
}

/** Where a file's constants, enum members and properties are one of the texts. */
export function* writtenIn(view: FileView, wanted: ReadonlySet<string>): Generator<WrittenKey> {
  for (const piece of view.summary.pieces) {
    for (const decl of piece.decls) {
      if (decl.kind !== 'const' && decl.kind !== 'enum') continue;
      const via = decl.kind === 'enum' ? 'enum' : decl.e?.k === 'str' ? 'constant' : 'property';
      const made = decl.e?.k === 'call' ? callById(piece, decl.e.id) : undefined;
      const given = made ? [...made.a, ...(made.kw ?? []).map(([, e]) => e)] : [decl.e];
      for (const text of given.flatMap((e) => [...strings(e)]))
        if (wanted.has(text.v)) yield { piece, text, via, name: decl.n };
    }
    for (const member of piece.members) {
      const made = member.e?.k === 'call' ? callById(piece, member.e.id) : undefined;
      const isEnum = made?.c.k === 'id' && made.c.n === member.c;
      const given = made ? [...made.a, ...(made.kw ?? []).map(([, e]) => e)] : [member.e];
      for (const text of given.flatMap((e) => [...strings(e)]))
        if (wanted.has(text.v))
          yield { piece, text, via: isEnum ? 'enum' : 'property', name: `${member.c}.${member.n}` };
    }
  }
}

function* strings(e: Expr | undefined, depth = 0): Generator<Extract<Expr, { k: 'str' }>> {
  if (!e || depth > 6) return;
  if (e.k === 'str') yield e;
  else if (e.k === 'obj') for (const [, inner] of e.m) yield* strings(inner, depth + 1);
}
