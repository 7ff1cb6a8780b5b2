import type { Reference, TraceStep } from './reference';

/**
 * Steps of a trace that are asked about again: which name holds the key, which function passes it on. A step is one sentence for
 * people; these alone both write and read it.
 */

/** A name that holds the key: `constant NEW_CHECKOUT = "new-checkout"`. */
export const holderWords = (kind: 'constant' | 'enum member' | 'property', name: string, key: string): string =>
  `${kind} ${name} = "${key}"`;

/** An accessor that a tool wrote for one flag. */
export const accessorWords = (name: string, key: string): string => `generated accessor ${name} asks for "${key}"`;

/** A function of the project that passes a key on; `does`: `passes its parameter to getBooleanValue`. */
export const wrapperWords = (name: string, does: string): string => `wrapper ${name} ${does}`;

/** The name that holds the key by this step; null where the step says something else. */
export function holderOf({ words }: Pick<TraceStep, 'words'>): string | null {
  return /^(?:constant|enum member|property) (.+?) = "/.exec(words)?.[1] ?? null;
}

/** Where the name stands through which the key is named: `src/flags.ts:3`; null where no name holds it. */
export function holderAt({ trace }: Pick<Reference, 'trace'>): string | null {
  const step = trace.find((each) => holderOf(each) !== null);
  return step ? `${step.path}:${String(step.line)}` : null;
}

export const isAccessor = ({ words }: Pick<TraceStep, 'words'>): boolean => words.startsWith('generated accessor ');

export const isWrapper = ({ words }: Pick<TraceStep, 'words'>): boolean => words.startsWith('wrapper ');
