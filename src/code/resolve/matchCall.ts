import type { TraceStep } from '../../model/reference';
import { ofrep } from '../sdks/ofrep';
import { isShapeName, shapeOf, type SdkPackage } from '../sdks/table';
import type { CallShape } from '../sdks/callShape';
import { receiverName, type Call, type Expr, type FunctionSummary } from '../summary';
import { makers } from './callableBy';
import { seesMembers } from './classesAround';
import type { Evaluator } from './evaluate';
import { asksForFlag, asksForValue, saysFlag } from '../flagNames';
import { asMatch, distinct, ofShape, type Match, type Step, type Surroundings } from './match';
import { matchByName } from './matchByName';
import { mixedIn } from './mixedIn';
import { namedAfter } from './namedAfter';
import { askedByName } from './namedService';
import { functionsNamed } from './phpNames';
import { namesOf } from './pieceNames';
import type { Site, Value } from './value';
import type { Wrapper, Wrappers } from './wrappers';

type Bag = Extract<Value, { k: 'bag' }>;

/** Cheap test before {@link matchCall}: whether a call can be one at all, by the names in it alone. */
export function mayMatch({ view, piece }: Site, { c }: Call, wrappers: Wrappers): boolean {
  if (c.k !== 'id' && c.k !== 'mem') return false;
  const name = c.k === 'id' ? (view.aliases.get(c.n) ?? c.n) : c.n;
  // `const gate = useGate(); gate('k')`
  const made = c.k === 'id' ? namesOf(piece).madeBy(c.n) : undefined;
  if (made !== undefined && wrappers.has(made)) return true;
  if (name === 'default' || name === 'subscript' || isShapeName(view.summary.family, name) || wrappers.has(name))
    return true;
  return asksForValue(name) && (saysFlag(name) || (c.k === 'mem' && saysFlag(receiverName(piece, c.o))));
}

export function matchCall(
  site: Site,
  call: Call,
  evaluator: Evaluator,
  wrappers: Wrappers,
  around: Surroundings,
): Match[] {
  const step: Step = (words) => ({
    words,
    path: site.view.path,
    line: site.view.position(site.piece, call.from).line,
  });
  if (call.kind === 'template') {
    const trace = [step('URL of OFREP, /ofrep/v1/evaluate/flags/{key}')];
    return [
      ofShape(
        { names: [], key: 0, fallback: 1 },
        { sdk: ofrep.id, evaluatedOn: 'unknown', kind: 'url', trace, name: '' },
      ),
    ];
  }
  if (call.c.k !== 'id' && call.c.k !== 'mem') return [];
  const { n: name } = call.c;
  const { family } = site.view.summary;
  // Most calls that only sound like one have a receiver that tells.
  if (call.c.k === 'id' && !isShapeName(family, name) && !asksForFlag(name) && !known(site, name, wrappers)) return [];
  return matchValue(site, call, evaluator.evaluate(site, call.c), evaluator, wrappers, around, step);
}

/** What is called, once its name is followed. */
function matchValue(
  site: Site,
  call: Call,
  value: Value,
  evaluator: Evaluator,
  wrappers: Wrappers,
  around: Surroundings,
  step: Step,
): Match[] {
  if (call.c.k !== 'id' && call.c.k !== 'mem') return [];
  const { n: name } = call.c;
  const { family } = site.view.summary;
  const sdk = (
    { sdk: of, evaluatedOn, anywhere }: SdkPackage,
    shape: CallShape,
    kind: Match['kind'],
    called: string,
    words: string,
  ): Match[] => [
    ofShape(shape, {
      name: called,
      sdk: of.id,
      evaluatedOn: evaluatedOn === 'unknown' && !anywhere ? around.evaluatedOn(of) : evaluatedOn,
      kind,
      trace: [step(words)],
    }),
  ];
  switch (value.k) {
    case 'method':
      return sdk(value.pkg, value.shape, 'method', value.name, `${value.name} of ${value.pkg.name}`);
    case 'sdk': {
      const { markers, functions } = value.pkg.sdk;
      const isMarker = call.kind === 'jsx' || call.kind === 'decorator';
      const own = isMarker ? undefined : shapeOf(functions, value.name);
      // What makes a decorator of one's own calls one: `return BooleanFeatureFlag({ flagKey: 'k' })`.
      const shape = own ?? shapeOf(markers, value.name);
      const kind = !own ? 'attribute' : /^use[A-Z]/.test(value.name) ? 'hook' : 'function';
      if (shape?.inUse && !around.uses(value.pkg.sdk)) return [];
      return shape ? sdk(value.pkg, shape, kind, value.name, `${shape.said ?? value.name} of ${value.pkg.name}`) : [];
    }
    case 'function': {
      const own = [...wrappers.of(value.fn), ...overloads(value, wrappers)];
      const asking = own.length > 0 ? own : overriding(value.fn, wrappers);
      const after = asking.length > 0 ? undefined : namedAfter(value.site, value.fn);
      if (after) {
        const trace = [step(`${name} of ${value.fn.cls ?? ''}, by its name ${after.sdk.title}'s client`)];
        const evaluatedOn = around.evaluatedOn(after.sdk);
        return [ofShape(after.shape, { sdk: after.sdk.id, evaluatedOn, kind: 'method', name, trace })];
      }
      return distinct(asking).map((wrapper) => asMatch(wrapper, 'followed', step));
    }
    case 'class':
      return madeWith(value, call, wrappers).map((wrapper) => ({
        ...asMatch(wrapper, 'followed', step),
        kind: call.kind === 'decorator' ? 'attribute' : 'wrapper',
      }));
    // `const useFlag = isHosted ? useTheirs : useOurs`: whichever asks.
    case 'choice': {
      const first = matchValue(site, call, value.a, evaluator, wrappers, around, step);
      return first.length > 0 ? first : matchValue(site, call, value.b, evaluator, wrappers, around, step);
    }
    case 'nothing':
    case 'typed':
    case 'made':
    case 'package':
    case 'parameter': {
      if (call.c.k === 'mem' && call.kind === 'call') {
        const receiver = evaluator.evaluate(site, call.c.o);
        if (receiver.k === 'bag') return bagGetters.test(name) ? [ofBag(receiver, step(readOf(receiver, name)))] : [];
        return matchByName(site, call, name, receiver, evaluator, wrappers, around, step);
      }
      const taken = call.c.k === 'id' && value.k !== 'parameter' ? takenOut(site, call.c) : undefined;
      if (taken) {
        const receiver = evaluator.evaluate(taken.site, taken.c.o);
        const byName = { ...call, c: taken.c };
        return matchByName(taken.site, byName, taken.c.n, receiver, evaluator, wrappers, around, step);
      }
      const functions = call.c.k === 'id' ? functionsNamed(site.view, name, wrappers) : [];
      if (functions.length > 0) return distinct(functions).map((wrapper) => asMatch(wrapper, 'followed', step));
      const mixed = value.k === 'nothing' ? mixedIn(family, name, wrappers, step) : [];
      if (mixed.length > 0) return mixed;
      const asked = value.k === 'parameter' ? undefined : askedByName(site, call, value, evaluator, step);
      return asked ? [asked] : [];
    }
    default:
      return [];
  }
}

/** `useFlags().isOn`, of a function that was taken out of what a call gave: `const { isOn } = useFlags()`. */
function takenOut(
  { view, piece }: Site,
  { n, at }: Extract<Expr, { k: 'id' }>,
): { readonly site: Site; readonly c: Extract<Expr, { k: 'mem' }> } | undefined {
  const found = view.lookup(n, piece, at);
  if (found?.it.prop === undefined || found.it.e?.k !== 'call' || found.it.within !== undefined) return undefined;
  return { site: { view, piece: found.piece }, c: { k: 'mem', o: found.it.e, n: found.it.prop, at } };
}

/** Methods by which one value is taken out of a map. */
const bagGetters = /^(get|Get|TryGetValue|GetValueOrDefault|getOrDefault|getOrElse|get_or|fetch|dig|has|subscript)$/;

const readOf = ({ origin }: Bag, name: string): string => `${name} of all flags of ${origin.name}`;

function ofBag({ origin: { sdk, evaluatedOn } }: Bag, step: TraceStep): Match {
  return ofShape({ names: [], key: 0 }, { sdk, evaluatedOn, kind: 'method', trace: [step], name: '' });
}

function known({ view, piece }: Site, name: string, wrappers: Wrappers): boolean {
  const imported = view.aliases.get(name);
  const made = namesOf(piece).madeBy(name);
  if (made !== undefined && wrappers.has(made)) return true;
  return wrappers.has(name) || imported === 'default' || (imported !== undefined && imported !== name);
}

/** What makes an instance asks for a flag: an attribute whose class reads the key it is given, or a maker that asks itself. */
function madeWith(
  { site, cls }: Extract<Value, { k: 'class' | 'instance' }>,
  call: Call,
  wrappers: Wrappers,
): Wrapper[] {
  return makers.flatMap((name) => {
    const made = site.view.member(cls.n, name);
    const fn = made?.it.f === undefined ? undefined : made.piece.fns[made.it.f];
    const own = fn ? wrappers.of(fn) : [];
    // An attribute bears its class's name, and asks when what it stands on is called.
    return own.filter((wrapper) => call.kind === 'decorator' || wrapper.fn.n !== wrapper.name);
  });
}

/** Others of the name in the same class: which one is meant the arguments' types would tell. */
function overloads({ fn, site }: Extract<Value, { k: 'function' }>, wrappers: Wrappers): readonly Wrapper[] {
  const { path, summary } = site.view;
  if (fn.cls === null || fn.n === null || !seesMembers(summary.family)) return [];
  return wrappers.named(fn.n).filter((other) => other.path === path && other.fn.cls === fn.cls);
}

/** What overrides a method of a class that leaves it to others. */
function overriding({ cls, n }: FunctionSummary, wrappers: Wrappers): readonly Wrapper[] {
  return cls === null || n === null ? [] : wrappers.named(n).filter(({ owners }) => owners.includes(cls));
}
