import type { Call, Expr, FunctionSummary } from '../summary';
import type { Place } from '../sdks/callShape';
import { classesAround, seesMembers } from './classesAround';
import type { Evaluator } from './evaluate';
import type { KeyFound } from './keyFound';
import type { Match } from './match';
import type { Wrapper } from './wrappers';
import { madeFrom, named, placed, placesOf, propertyOf } from './placed';
import { flagSettings } from './settings';
import { enumValues, type Site, type Value } from './value';

/** Every flag that the call may name. Prefix and suffix are what a wrapper writes around it. */
export function keysOf(
  site: Site,
  asWritten: Call,
  { key: place, named: names, field, setting, wrapper }: Pick<Match, 'key' | 'named' | 'field' | 'setting' | 'wrapper'>,
  evaluator: Evaluator,
): KeyFound[] {
  if (field !== null) return keysOfReceiver(site, asWritten, field, evaluator);
  if (wrapper?.closure) return keysOfMaker(site, asWritten, wrapper, wrapper.closure, evaluator);
  const call = wrapper ? typedCall(asWritten, wrapper) : asWritten;
  const byName = named(call, names?.key) ?? (wrapper && renamed(call, wrapper));
  const holds = wrapper?.property ?? null;
  const keys = !byName
    ? keysAt(site, call, placesOf(place), evaluator)
    : holds === null
      ? keysIn(site, call.from, byName, evaluator)
      : keysOfObject(site, call, byName, holds, evaluator);
  if (!setting) return keys;
  const prefix = setting.prefix === undefined ? undefined : named(call, [setting.prefix]);
  const before = evaluator.evaluate(site, prefix);
  if (prefix && before.k !== 'text') return [];
  return flagSettings(keys, setting, before.k === 'text' ? before.v : null);
}

/** An interface may call the first parameter otherwise than what implements it: `isOn(flag = Flag.NEW)` of `isOn(key)`. */
function renamed({ a, kw = [] }: Call, { index, fn }: Wrapper): Expr | undefined {
  return index === 0 && a.length === 0 && kw.length === 1 && fn.cls !== null ? kw[0]?.[1] : undefined;
}

/** `isOn(.new)` is `isOn(Flag.new)` where the parameter's type is `Flag`. */
function typedCall(call: Call, { index, parameter, type }: Wrapper): Call {
  if (type === null) return call;
  const typed = (e: Expr): Expr => {
    if (e.k === 'cond') return { k: 'cond', a: typed(e.a), b: typed(e.b) };
    return e.k === 'mem' && e.o.k === 'none' ? { ...e, o: { k: 'id', n: type, at: e.at } } : e;
  };
  return {
    ...call,
    a: call.a.map((e, i) => (i === index ? typed(e) : e)),
    ...(call.kw && { kw: call.kw.map(([n, e]) => [n, n === parameter ? typed(e) : e] as const) }),
  };
}

/** What stands at the first of these places that holds a text or what a caller gives. */
function keysAt(site: Site, call: Call, places: readonly Place[], evaluator: Evaluator): KeyFound[] {
  let first: KeyFound[] = [];
  for (const place of places) {
    const all = keysAtPlace(site, call, place, evaluator);
    const telling = all.filter((found) => found.k !== 'pattern' || found.pattern !== '*');
    // Among all arguments from one on are others than keys.
    if (telling.length > 0) return typeof place === 'object' && 'from' in place ? telling : all;
    if (first.length === 0) first = all;
  }
  return first;
}

function keysAtPlace(site: Site, call: Call, place: Place, evaluator: Evaluator): KeyFound[] {
  const property = typeof place === 'object' && 'property' in place ? place.property : undefined;
  const given = placed(site.piece, call, place);
  if (given.length > 0) return given.flatMap((e) => keysIn(site, call.from, e, evaluator, property));
  if (typeof place === 'number' || 'from' in place) return [];
  // The object was made elsewhere: `isOn(args)`, `isOn({ ...args })`.
  const argument = call.a[place.arg];
  const isWhole =
    argument?.k === 'obj' && !place.property.includes('.') && argument.m.every(([name]) => name !== '...');
  return !argument || isWhole ? [] : keysOfObject(site, call, argument, place.property, evaluator);
}

/** The key that an argument holds: `isOn(toggle = Toggle.NEW)`. */
function keysOfObject(site: Site, call: Call, e: Expr, property: string, evaluator: Evaluator): KeyFound[] {
  const [outer = '', inner] = property.split('.');
  if (inner !== undefined) {
    const held = propertyOf(site.piece, e, [outer]);
    const value = held ? evaluator.evaluate(site, held) : evaluator.member(evaluator.evaluate(site, e), outer);
    const shown: Expr = { k: 'mem', o: held ?? e, n: inner, at: start(held ?? e, call.from) };
    return found(evaluator.member(value, inner), shown, shown.at, evaluator);
  }
  if (e.k === 'cond') return [e.a, e.b].flatMap((side) => keysOfObject(site, call, side, property, evaluator));
  const own = propertyOf(site.piece, e, [property]);
  if (own) return keysIn(site, call.from, own, evaluator);
  const from = madeFrom(site.piece, e);
  if (from?.k === 'id') return keysOfObject(site, call, from, property, evaluator);
  const made = e.k === 'id' ? site.view.lookup(e.n, site.piece, e.at) : undefined;
  const given = made?.it.e && propertyOf(made.piece, made.it.e, [property]);
  if (made && given) {
    const at = start(e, call.from);
    return keysIn({ view: site.view, piece: made.piece }, at, given, evaluator).map((one) =>
      one.k === 'key' && one.via === 'literal' ? { ...one, at, via: 'property' } : { ...one, at },
    );
  }
  return found(evaluator.member(evaluator.evaluate(site, e), property), e, start(e, call.from), evaluator);
}

/** The key that the object holds which is asked: `checkoutFlag.isOn()`, `Flag.CHECKOUT.isOn()`. */
function keysOfReceiver(site: Site, { c, from }: Call, field: string, evaluator: Evaluator): KeyFound[] {
  const o: Expr = c.k === 'mem' ? c.o : { k: 'id', n: 'this', at: from };
  const e: Expr = { k: 'mem', o, n: field, at: from };
  const asked = evaluator.evaluate(site, o);
  // A case of an enum of texts is its text.
  const value = asked.k === 'text' && enumValues.has(field) ? asked : evaluator.evaluate(site, e);
  const keys = found(value, e, from, evaluator).filter(({ k }) => k !== 'pattern');
  const isOwn = keys.length === 0 && o.k === 'id' && o.n === 'this';
  return isOwn ? [{ k: 'pattern', pattern: '*', at: from, own: field }] : keys;
}

/** The key that the function was given which made the object that is asked: `createFlag('checkout').isOn()`. */
function keysOfMaker(
  site: Site,
  { c, from }: Call,
  { index, property }: Wrapper,
  closure: FunctionSummary,
  evaluator: Evaluator,
): KeyFound[] {
  const made = c.k === 'mem' ? evaluator.evaluate(site, c.o) : undefined;
  if (made?.k !== 'object' || made.by?.fn !== closure) return [];
  const { site: there, call } = made.by;
  const e = call.a[index];
  if (!e) return [];
  const keys =
    property === null ? keysIn(there, call.from, e, evaluator) : keysOfObject(there, call, e, property, evaluator);
  return keys.flatMap((key) =>
    key.k === 'key' ? [{ ...key, at: from, via: key.via === 'literal' ? ('property' as const) : key.via }] : [],
  );
}

/** What of its own object an expression reads: `key` of `this.key`, `rawValue` where members are seen by name. */
function ownRead(site: Site, e: Expr, evaluator: Evaluator): string | undefined {
  if (e.k === 'mem') return e.o.k === 'id' && e.o.n === 'this' ? e.n : undefined;
  if (e.k !== 'id' || !seesMembers(site.view.summary.family)) return undefined;
  if (site.view.lookup(e.n, site.piece, e.at)?.it.scope) return undefined;
  const [around] = classesAround(site, e.at);
  if (around === undefined) return undefined;
  return enumValues.has(e.n) || evaluator.members.own(site.view, around, e.n) ? e.n : undefined;
}

/** Every flag that an expression may name; `from` is where what it is part of starts. */
export function keysIn(site: Site, from: number, e: Expr, evaluator: Evaluator, property?: string): KeyFound[] {
  // `flags: [{ flagKey: 'a' }, 'b']`
  if (e.k === 'arr') {
    return e.e.flatMap((item) => {
      const inner = propertyOf(site.piece, item, itemKeys(property)) ?? (item.k === 'obj' ? undefined : item);
      return inner && inner.k !== 'arr' ? keysIn(site, from, inner, evaluator, property) : [];
    });
  }
  if (e.k === 'cond') return [e.a, e.b].flatMap((side) => keysIn(site, from, side, evaluator, property));
  const value = evaluator.evaluate(site, e);
  // `"key".to_string()`
  const isHere = e.k === 'call' && value.k === 'text' && value.via === 'literal' && value.site.piece === site.piece;
  const keys = found(value, e, isHere ? value.at : start(e, from), evaluator);
  const own = keys.every((key) => key.k === 'pattern' && key.pattern === '*') ? ownRead(site, e, evaluator) : undefined;
  return own === undefined ? keys : keys.map((key) => (key.k === 'pattern' ? { ...key, own } : key));
}

/** What the key is called in an item of a list of requests. */
const itemKeys = (property = 'flagKey'): string[] => [property, 'flagKey', 'FlagKey', 'flag_key'];

function found(value: Value, e: Expr, at: number, evaluator: Evaluator): KeyFound[] {
  switch (value.k) {
    case 'text':
      return value.v === '' || value.v.length > 256
        ? []
        : [{ k: 'key', key: value.v, via: value.via, at, e, text: value }];
    case 'parameter':
      return [
        {
          k: 'parameter',
          fn: value.fn,
          site: value.site,
          index: value.index,
          property: value.property,
          prefix: '',
          suffix: '',
          at,
          e,
        },
      ];
    case 'choice':
      return [...found(value.a, e, at, evaluator), ...found(value.b, e, at, evaluator)];
    case 'template':
      return fromTemplate(value, e, at);
    // A variant of Rust's, given as it is.
    case 'instance': {
      const text = evaluator.rust.textOf(value, null, 0);
      return text.k === 'text' ? found(text, e, at, evaluator) : [{ k: 'pattern', pattern: '*', at }];
    }
    // `getTreatments(user, NAMES)`
    case 'list':
      return value.e.e
        .flatMap((item) => found(evaluator.evaluate(value.site, item), e, at, evaluator))
        .map((one) => (one.k === 'key' && one.via === 'literal' ? { ...one, via: 'constant' } : one));
    default:
      return [{ k: 'pattern', pattern: '*', at }];
  }
}

function fromTemplate(value: Extract<Value, { k: 'template' }>, e: Expr, at: number): KeyFound[] {
  let text = value.strings[0] ?? '';
  let parameter: Extract<Value, { k: 'parameter' }> | undefined;
  let prefix = '';
  let unknown = 0;
  value.values.forEach((part, i) => {
    if (part.k === 'text') text += part.v;
    else {
      unknown++;
      if (part.k === 'parameter') parameter = part;
      prefix = text;
      text += '*';
    }
    text += value.strings[i + 1] ?? '';
  });
  if (unknown === 0) return [{ k: 'key', key: text, via: 'constant', at, e, text: null }];
  if (unknown === 1 && parameter) {
    const { fn, site, index, property } = parameter;
    return [{ k: 'parameter', fn, site, index, property, prefix, suffix: text.slice(prefix.length + 1), at, e }];
  }
  return [{ k: 'pattern', pattern: text.replace(/\*+/g, '*'), at }];
}

/** Where the token that names the flag starts: the whole expression's start. */
function start(e: Expr, from: number): number {
  if (e.k === 'mem') return start(e.o, from) === from ? e.at : start(e.o, from);
  return 'at' in e ? e.at : from;
}

/** An expression in words, for the trace: `FLAGS.NEW`. */
export function inWords(e: Expr): string {
  if (e.k === 'id') return e.n.replace(/::$/, '');
  if (e.k === 'mem') return `${inWords(e.o)}.${e.n}`;
  return e.k === 'tpl' ? e.s.join('…') : 'the argument';
}
