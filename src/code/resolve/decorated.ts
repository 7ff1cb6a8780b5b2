import { innermostFunction } from '../innermostFunction';
import { lastName, type Call, type Piece, type Span } from '../summary';

/**
 * What runs only when an attribute lets it: the method, or the class, that a decorator or an annotation stands on, from
 * the end of the attribute on. null where that cannot be told.
 */
export function decoratedSpan(piece: Piece, call: Call): Span | null {
  const name = lastName(call.c)?.replace(/Attribute$/, '');
  const isOn = ({ deco }: { readonly deco: readonly { readonly n: string }[] }): boolean =>
    deco.some(({ n }) => n === name);
  // Where attributes are part of the method's own text, else they stand before it.
  const around = piece.fns[innermostFunction(piece.fns, call.from)];
  const fn =
    around && isOn(around)
      ? around
      : piece.fns.filter((each) => each.from >= call.from && isOn(each)).sort((a, b) => a.from - b.from)[0];
  const cls = piece.classes.find(
    (each) => isOn(each) && (!each.span || (each.span[0] <= call.from && call.from < each.span[1])),
  );
  if (fn && (!cls || around === fn || !cls.span)) return [call.id, fn.to];
  return cls ? [call.id, cls.span?.[1] ?? piece.length] : null;
}
