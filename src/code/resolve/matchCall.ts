import type { TraceStep } from '../../model/reference';
import type { CallShape, EvaluatedOn } from '../sdks/callShape';
import { ofrep } from '../sdks/ofrep';
import { distinctive, sdks, shapeOf, type SdkPackage } from '../sdks/table';
import { receiverName, type Call } from '../summary';
import type { Evaluator } from './evaluate';
import type { Site, Value } from './value';
import type { Wrapper, Wrappers } from './wrappers';

/** A call that asks for a flag, before its key is known. */
export interface Match {
  readonly key: CallShape['key'];
  readonly fallback: CallShape['fallback'];
  readonly sdk: string;
  readonly evaluatedOn: EvaluatedOn;
  readonly kind: 'method' | 'function' | 'hook' | 'attribute' | 'wrapper' | 'url';
  readonly certain: boolean;
  readonly wrapper: Wrapper | null;
  readonly trace: readonly TraceStep[];
}

/** What the workspace as a whole tells: where an SDK runs when only one of its packages is imported anywhere. */
export interface Surroundings {
  evaluatedOn(sdk: string): EvaluatedOn;
  uses(sdk: string): boolean;
}

/** Words that make a method's name tell of flags even where its receiver cannot be followed. */
const flagWord = /flag|feature|toggle|experiment|variation|variant|unleash|launch_?darkly/i;

const shapeNames = new Set(
  sdks.flatMap((sdk) => [...sdk.methods, ...sdk.functions, ...sdk.markers].flatMap((shape) => shape.names)),
);

/** Cheap test before {@link matchCall}: whether a call of this name can be one at all. */
export function mayMatch(name: string, wrappers: Wrappers): boolean {
  return shapeNames.has(name) || wrappers.has(name);
}

export function matchCall(
  site: Site,
  call: Call,
  evaluator: Evaluator,
  wrappers: Wrappers,
  around: Surroundings,
): Match[] {
  const line = site.view.position(site.piece, call.from).line;
  const step = (words: string): TraceStep => ({ words, path: site.view.path, line });
  if (call.kind === 'template')
    return [
      {
        ...plain(0, 1),
        sdk: ofrep.id,
        evaluatedOn: 'unknown',
        kind: 'url',
        certain: true,
        trace: [step('URL of OFREP, /ofrep/v1/evaluate/flags/{key}')],
      },
    ];
  if (call.c.k !== 'id' && call.c.k !== 'mem') return [];
  const name = call.c.n;
  const value = evaluator.evaluate(site, call.c);
  const sdk = (pkg: SdkPackage, shape: CallShape, kind: Match['kind'], words: string): Match[] => [
    {
      key: shape.key,
      fallback: shape.fallback,
      sdk: pkg.sdk.id,
      evaluatedOn: pkg.evaluatedOn === 'unknown' ? around.evaluatedOn(pkg.sdk.id) : pkg.evaluatedOn,
      kind,
      certain: true,
      wrapper: null,
      trace: [step(words)],
    },
  ];
  switch (value.k) {
    case 'method':
      return sdk(value.pkg, value.shape, 'method', `${value.name} of ${value.pkg.name}`);
    case 'sdk': {
      const list = call.kind === 'jsx' || call.kind === 'decorator' ? value.pkg.sdk.markers : value.pkg.sdk.functions;
      const shape = shapeOf(list, value.name);
      const kind = list === value.pkg.sdk.markers ? 'attribute' : /^use[A-Z]/.test(value.name) ? 'hook' : 'function';
      return shape ? sdk(value.pkg, shape, kind, `${value.name} of ${value.pkg.name}`) : [];
    }
    case 'function':
      return wrappers.of(value.fn).map((wrapper) => asMatch(wrapper, true, step));
    case 'nothing':
    case 'typed':
    case 'made':
    case 'package':
    case 'parameter':
      return call.c.k === 'mem' && call.kind === 'call'
        ? byName(site, call, name, evaluator.evaluate(site, call.c.o), wrappers, around, step)
        : [];
    default:
      return [];
  }
}

/** The receiver could not be followed: its type, its name or the method's name must tell. */
function byName(
  site: Site,
  call: Call,
  name: string,
  receiver: Value,
  wrappers: Wrappers,
  around: Surroundings,
  step: (words: string) => TraceStep,
): Match[] {
  if (call.c.k !== 'mem') return [];
  const called = receiverName(site.piece, call.c.o);
  const type = receiver.k === 'typed' ? receiver.type : receiver.k === 'parameter' ? receiver.type : null;
  const own = wrappers.named(name);
  const owned = own.filter((wrapper) => wrapper.owners.some((owner) => owner === type || alike(owner, called)));
  if (owned.length > 0) return distinct(owned).map((wrapper) => asMatch(wrapper, true, step));
  if (receiver.k === 'made' || receiver.k === 'package') return [];
  const only = distinctive(name);
  if (only && around.uses(only.sdk.id) && call.a.length >= 2) {
    const words = `${name}, which only ${only.sdk.title} has`;
    return [
      {
        key: only.shape.key,
        fallback: only.shape.fallback,
        sdk: only.sdk.id,
        evaluatedOn: around.evaluatedOn(only.sdk.id),
        kind: 'method',
        certain: true,
        wrapper: null,
        trace: [step(words)],
      },
    ];
  }
  for (const sdk of sdks) {
    const shape = sdk.receiver.test(called) ? shapeOf(sdk.methods, name) : undefined;
    if (!shape || !around.uses(sdk.id)) continue;
    const words = `${name} of "${called}", by its name ${sdk.title}'s client`;
    return [
      {
        key: shape.key,
        fallback: shape.fallback,
        sdk: sdk.id,
        evaluatedOn: around.evaluatedOn(sdk.id),
        kind: 'method',
        certain: true,
        wrapper: null,
        trace: [step(words)],
      },
    ];
  }
  if (own.length > 0 && flagWord.test(name) && !shapeNames.has(name))
    return distinct(own).map((wrapper) => asMatch(wrapper, true, step));
  return distinct(own).map((wrapper) => asMatch(wrapper, false, step));
}

/** Wrappers that read the same argument the same way are one (several classes behind one interface). */
function distinct(wrappers: readonly Wrapper[]): Wrapper[] {
  const seen = new Map(
    wrappers.map((wrapper) => [
      `${wrapper.index}.${wrapper.property ?? ''}.${wrapper.prefix}*${wrapper.suffix}`,
      wrapper,
    ]),
  );
  return [...seen.values()];
}

/** `flagService` is an instance of `FlagService`, or of `IFlagService`, as far as names go. */
function alike(owner: string, called: string): boolean {
  const plain = (text: string): string => text.replace(/^_+/, '').toLowerCase();
  const a = plain(owner);
  const b = plain(called);
  return a === b || a === `i${b}` || `${a}client` === b;
}

function asMatch(wrapper: Wrapper, certain: boolean, step: (words: string) => TraceStep): Match {
  return {
    key: wrapper.property === null ? wrapper.index : { arg: wrapper.index, property: wrapper.property },
    fallback: undefined,
    sdk: wrapper.sdk,
    evaluatedOn: wrapper.evaluatedOn,
    kind: 'wrapper',
    certain,
    wrapper,
    trace: certain ? wrapper.trace : [step("matched by the method's name only"), ...wrapper.trace],
  };
}

function plain(key: number, fallback: number): Pick<Match, 'key' | 'fallback' | 'wrapper'> {
  return { key, fallback, wrapper: null };
}
