import type { FlagSnapshot } from '../model/flag';
import type { ValueType } from '../model/reference';
import type { FlagLookup } from './input';
import { searchKeys } from './keySearch';

/** What the keys that are offered have to be like. */
export interface Wanted {
  /** What is written of it so far. */
  readonly written: string;
  /** What is put around it by whom it is given to. */
  readonly prefix: string;
  readonly suffix: string;
  readonly valueType: ValueType | null;
  /** Written without quotes, where only a word can be. */
  readonly bare: boolean;
}

export interface KeyChoice {
  readonly key: string;
  /** What is written there: the key without what is put around it. */
  readonly text: string;
  readonly flags: readonly FlagSnapshot[];
}

/**
 * More are not offered at once: who goes on writing is asked again. VS Code takes time by their number for each.
 */
export const mostChoices = 60;
/** More than these are not weighed against each other by what they are. */
const most = 2 * mostChoices;

/** Signs that can stand in the strings of all languages as they are. */
const plain = /^[\p{L}\p{N} _.:/@+~,;!?=&#-]+$/u;
const word = /^[\p{L}_][\p{L}\p{N}_]*$/u;

/**
 * Known keys for a place, the likeliest first: those that begin with what is written, then those in which a word does,
 * then those that hold it, then those that hold its letters in their order. Flags of another type than is asked for, and
 * archived ones, come after the others. `cut`: there are more.
 */
export function keyChoices(
  flags: FlagLookup,
  wanted: Wanted,
): { readonly choices: readonly KeyChoice[]; readonly cut: boolean } {
  const { prefix, suffix, bare } = wanted;
  // One more than are weighed: so it is known that there are more.
  const found = searchKeys(flags.keys, wanted, mostChoices, most + 1);
  const all = found.slice(0, most).flatMap((key): KeyChoice[] => {
    const text = key.slice(prefix.length, key.length - suffix.length);
    return (bare ? word : plain).test(text) ? [{ key, text, flags: flags.resolve(key) }] : [];
  });
  const choices = [0, 1, 2].flatMap((worth) => all.filter((one) => worthOf(one, wanted.valueType) === worth));
  return { choices: choices.slice(0, mostChoices), cut: found.length > mostChoices };
}

function worthOf({ flags }: KeyChoice, asked: ValueType | null): 0 | 1 | 2 {
  if (flags.every(({ archived }) => archived)) return 2;
  const fits = asked === null || flags.some(({ type }) => type === asked || type === 'unknown');
  return fits ? 0 : 1;
}

/**
 * What the result of asking for a flag can be compared with: values that are texts, then names of variants, each once.
 */
export function variantChoices(
  flags: readonly FlagSnapshot[],
): readonly { readonly text: string; readonly name: string }[] {
  const variants = flags.flatMap((flag) => flag.variants);
  const values = variants.flatMap(({ name, value }) => (typeof value === 'string' ? [{ text: value, name }] : []));
  const names = variants.map(({ name }) => ({ text: name, name }));
  const seen = new Set<string>();
  return [...values, ...names].filter(({ text }) => {
    if (seen.has(text) || !plain.test(text) || text.length > 200) return false;
    seen.add(text);
    return true;
  });
}
