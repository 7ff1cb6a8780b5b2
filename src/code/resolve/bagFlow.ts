import { asksForAll, saysFlag } from '../flagNames';
import { callById, lastName, type Call, type Expr } from '../summary';
import { calledBy, makers, ownersOf } from './callableBy';
import type { Evaluator } from './evaluate';
import type { BagMaker, Handed } from './modules';
import type { Site, Value } from './value';

/** Functions of a piece that hand out all flags at once: `getAllFlags()`, `useFeatures()`. Their names say so. */
export function bagMakersIn(site: Site, evaluator: Evaluator): BagMaker[] {
  return site.piece.fns.flatMap((fn): BagMaker[] => {
    const name = calledBy(fn);
    if (name === undefined || name !== fn.n || fn.rets.length === 0 || !(asksForAll(name) || saysFlag(name))) return [];
    const bag = fn.rets.map((e) => evaluator.evaluate(site, e)).find((value) => value.k === 'bag');
    if (bag?.k !== 'bag') return [];
    const { origin, camelCased } = bag;
    return [{ path: site.view.path, name, owners: ownersOf(site.view, evaluator, fn), origin, camelCased }];
  });
}

/** Parameters to which a call gives all flags. What holds them is called so, or was given them by a call. */
export function handedBy(site: Site, call: Call, evaluator: Evaluator): Handed[] {
  const given = call.a.flatMap((e, index) => bagsIn(site, e, index, evaluator));
  if (given.length === 0) return [];
  const to = functionOf(evaluator.evaluate(site, call.c));
  if (to?.fn.q === null || to === undefined) return [];
  const { path } = to.site.view;
  const fn = to.fn.q;
  return given.map((bag) => ({ path, fn, ...bag }));
}

function bagsIn(site: Site, e: Expr, index: number, evaluator: Evaluator): Omit<Handed, 'path' | 'fn'>[] {
  if (e.k === 'obj')
    return e.m.flatMap(([property, inner]) =>
      inner.k === 'obj' ? [] : bagsIn(site, inner, index, evaluator).map((bag) => ({ ...bag, property })),
    );
  if (!mayHold(site, e)) return [];
  const bag = evaluator.evaluate(site, e);
  return bag.k === 'bag' ? [{ index, property: null, origin: bag.origin, camelCased: bag.camelCased }] : [];
}

/** Cheap test: its name tells of flags, or it holds what a call gave that is called so. */
function mayHold({ view, piece }: Site, e: Expr): boolean {
  const name = lastName(e);
  if (name === undefined || e.k === 'call') return false;
  if (saysFlag(name) || asksForAll(name)) return true;
  const found = e.k === 'id' ? view.lookup(name, piece, e.at) : undefined;
  const made = found?.it.e?.k === 'call' ? callById(found.piece, found.it.e.id) : undefined;
  const by = made && lastName(made.c);
  return by !== undefined && (saysFlag(by) || asksForAll(by) || by === 'toJSON');
}

function functionOf(value: Value): Extract<Value, { k: 'function' }> | undefined {
  if (value.k === 'function') return value;
  if (value.k !== 'class') return undefined;
  for (const name of makers) {
    const made = value.site.view.member(value.cls.n, name);
    const fn = made?.it.f === undefined ? undefined : made.piece.fns[made.it.f];
    if (made && fn) return { k: 'function', site: { view: value.site.view, piece: made.piece }, fn };
  }
  return undefined;
}
