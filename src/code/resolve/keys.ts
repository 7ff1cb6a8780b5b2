import type { FunctionSummary } from '../summary';
import type { Call, Expr } from '../summary';
import type { CallShape } from '../sdks/callShape';
import type { Evaluator } from './evaluate';
import type { Site, Value } from './value';

/** What names the flag at a call. `at` is where its token starts, in the call's piece. */
export type KeyFound =
  | {
      readonly k: 'key';
      readonly key: string;
      readonly via: 'literal' | 'constant' | 'property' | 'enum';
      readonly at: number;
      readonly e: Expr;
      readonly text: Extract<Value, { k: 'text' }> | null;
    }
  | { readonly k: 'pattern'; readonly pattern: string; readonly at: number }
  | {
      readonly k: 'parameter';
      readonly fn: FunctionSummary;
      readonly site: Site;
      readonly index: number;
      readonly property: string | null;
      readonly prefix: string;
      readonly suffix: string;
      readonly at: number;
    };

/** Argument or property of it at a shape's place; undefined when the call has none. */
export function placed(call: Call, place: CallShape['key'] | undefined): Expr | undefined {
  if (place === undefined) return undefined;
  if (typeof place === 'number') return place < 0 ? (call.a.length > 1 ? call.a.at(place) : undefined) : call.a[place];
  const argument = call.a[place.arg];
  return argument?.k === 'obj' ? argument.m.find(([name]) => name === place.property)?.[1] : undefined;
}

/** Every flag that the call may name. Prefix and suffix are what a wrapper writes around it. */
export function keysOf(site: Site, call: Call, place: CallShape['key'], evaluator: Evaluator): KeyFound[] {
  const e = placed(call, place);
  if (e) return keysIn(site, call, e, evaluator, typeof place === 'number' ? undefined : place.property);
  if (typeof place === 'number') return [];
  // The object was made elsewhere: `isOn(args)`.
  const argument = call.a[place.arg];
  if (!argument || argument.k === 'obj') return [];
  const value = evaluator.member(evaluator.evaluate(site, argument), place.property);
  return found(value, argument, start(argument, call), evaluator);
}

function keysIn(site: Site, call: Call, e: Expr, evaluator: Evaluator, property: string | undefined): KeyFound[] {
  // `flags: [{ flagKey: 'a' }, 'b']`
  if (e.k === 'arr') {
    return e.e.flatMap((item) => {
      const inner = item.k === 'obj' ? item.m.find(([name]) => name === 'flagKey' || name === property)?.[1] : item;
      return inner && inner.k !== 'arr' ? keysIn(site, call, inner, evaluator, property) : [];
    });
  }
  if (e.k === 'cond') return [e.a, e.b].flatMap((side) => keysIn(site, call, side, evaluator, property));
  return found(evaluator.evaluate(site, e), e, start(e, call), evaluator);
}

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
        },
      ];
    case 'choice':
      return [...found(value.a, e, at, evaluator), ...found(value.b, e, at, evaluator)];
    case 'template':
      return fromTemplate(value, e, at);
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
    return [{ k: 'parameter', fn, site, index, property, prefix, suffix: text.slice(prefix.length + 1), at }];
  }
  return [{ k: 'pattern', pattern: text.replace(/\*+/g, '*'), at }];
}

/** Where the token that names the flag starts: the whole expression's start. */
function start(e: Expr, call: Call): number {
  if (e.k === 'mem') return start(e.o, call) === call.from ? e.at : start(e.o, call);
  return 'at' in e ? e.at : call.from;
}

/** An expression in words, for the trace: `FLAGS.NEW`. */
export function inWords(e: Expr): string {
  if (e.k === 'id') return e.n;
  if (e.k === 'mem') return `${inWords(e.o)}.${e.n}`;
  return e.k === 'tpl' ? e.s.join('…') : 'the argument';
}
