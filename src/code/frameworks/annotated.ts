import type { Evaluator } from '../resolve/evaluate';
import type { Site } from '../resolve/value';
import type { Decorator, Expr } from '../summary';

/** Texts that an annotation or attribute gives, by position or under one of these names: one, or a list of them. */
export function textsOf(
  site: Site,
  { a, kw }: Decorator,
  names: readonly string[],
  evaluator: Evaluator,
): readonly string[] {
  const named = names.flatMap((name) => kw?.find(([key]) => key === name)?.[1] ?? [])[0];
  const given: readonly Expr[] = named ? [named] : a.slice(0, 1);
  return given
    .flatMap((e) => (e.k === 'arr' ? e.e : [e]))
    .flatMap((e) => {
      const value = evaluator.evaluate(site, e);
      return value.k === 'text' ? [value.v] : value.k === 'template' ? (joinedText(value) ?? []) : [];
    });
}

/** A text put together of constants. */
function joinedText(value: Extract<ReturnType<Evaluator['evaluate']>, { k: 'template' }>): string | undefined {
  let text = value.strings[0] ?? '';
  for (const [i, part] of value.values.entries()) {
    if (part.k !== 'text') return undefined;
    text += part.v + (value.strings[i + 1] ?? '');
  }
  return text;
}
