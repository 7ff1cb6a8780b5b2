import type { TraceStep, ValueType } from '../../model/reference';
import type { CallShape, EvaluatedOn, Sdk } from '../sdks/callShape';
import { typeAsked } from '../sdks/typeAsked';
import type { Evidence, Wrapper } from './wrappers';

/** A call that asks for a flag, before its key is known. */
export interface Match {
  readonly key: CallShape['key'];
  /** The field of its receiver that holds the key, where no argument does. */
  readonly field: string | null;
  readonly fallback: CallShape['fallback'];
  readonly named: CallShape['named'];
  readonly setting: CallShape['setting'];
  /** The type it is asked for, as its name says; `fallback`: that of its default. Null where neither tells. */
  readonly asks: ValueType | 'fallback' | null;
  /** null where nothing tells whose flags they are. */
  readonly sdk: string | null;
  readonly evaluatedOn: EvaluatedOn;
  readonly kind: 'method' | 'function' | 'hook' | 'attribute' | 'wrapper' | 'url';
  /** `guessed`: by the method's name alone; counts for known keys only, as likely. */
  readonly evidence: Evidence | 'guessed';
  readonly wrapper: Wrapper | null;
  readonly trace: readonly TraceStep[];
}

/** What the workspace as a whole tells: where an SDK runs when only one of its packages is imported anywhere. */
export interface Surroundings {
  evaluatedOn(sdk: Sdk): EvaluatedOn;
  uses(sdk: Sdk): boolean;
}

/** Makes a step of a trace at the call being matched. */
export type Step = (words: string) => TraceStep;

/** A match by a row of the table, called `name`. Of settings only some are flags: never certain. */
export function ofShape(
  { key, fallback, named, setting, typedByFallback }: CallShape,
  { name, ...rest }: Pick<Match, 'sdk' | 'evaluatedOn' | 'kind' | 'trace'> & { readonly name: string },
  evidence: Evidence = 'followed',
): Match {
  return {
    key,
    fallback,
    named,
    setting,
    asks: typedByFallback ? 'fallback' : typeAsked(name),
    field: null,
    wrapper: null,
    evidence: setting ? 'likely' : evidence,
    ...rest,
  };
}

export function asMatch(wrapper: Wrapper, evidence: Match['evidence'], step: Step): Match {
  return {
    key: wrapper.property === null ? wrapper.index : { arg: wrapper.index, property: wrapper.property },
    field: wrapper.field,
    fallback: undefined,
    setting: undefined,
    asks: wrapper.asks,
    named: wrapper.parameter === null ? undefined : { key: [wrapper.parameter], fallback: [] },
    sdk: wrapper.sdk,
    evaluatedOn: wrapper.evaluatedOn,
    kind: 'wrapper',
    evidence: evidence === 'followed' ? wrapper.evidence : evidence,
    wrapper,
    trace: evidence === 'guessed' ? [step("matched by the method's name only"), ...wrapper.trace] : wrapper.trace,
  };
}

/** Wrappers that read the same argument the same way are one (several classes behind one interface). */
export function distinct(wrappers: readonly Wrapper[]): Wrapper[] {
  const seen = new Map<string, Wrapper>();
  for (const wrapper of wrappers) {
    const { fixed, index, property, field, closure, prefix, suffix, evidence } = wrapper;
    const key = `${field ?? fixed ?? index}.${closure?.from ?? ''}.${property ?? ''}.${prefix}*${suffix}`;
    const known = seen.get(key);
    if (!known || (known.evidence === 'named' && evidence === 'followed')) seen.set(key, wrapper);
  }
  return [...seen.values()];
}
