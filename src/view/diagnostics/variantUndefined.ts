import type { FlagSnapshot } from '../../model/flag';
import type { Json } from '../../model/json';
import type { GuardedRegion } from '../../model/reference';
import type { L10n } from '../../platform/l10n';
import { NearKeys } from '../nearKeys';
import { quoted } from '../text';
import { quotedList, type EvaluationRule, type Finding } from './diagnosis';

const mostNamed = 5;

/** What SDKs hand out that no variant is: Split's word for "no treatment"; and nothing at all. */
const never: ReadonlySet<string> = new Set(['', 'control']);

/**
 * The result is compared with a text that is neither value nor name of a variant, nor the default of the call: that side
 * is never entered, or always.
 */
export const variantUndefined: EvaluationRule = {
  code: 'variant-undefined',
  find({ reference, flags, lookup }, l10n, placed) {
    const texts = new Map<string, GuardedRegion>();
    for (const region of reference.regions)
      for (const text of comparedTexts(region)) if (!texts.has(text)) texts.set(text, region);
    if (texts.size === 0) return [];
    const isUnleash = (flag: FlagSnapshot): boolean =>
      lookup.projects.some(
        ({ system, project, systemType }) =>
          systemType === 'unleash' && system === flag.ref.system && project === flag.ref.project,
      );
    if (!flags.every((flag) => hasTextVariants(flag, isUnleash(flag)))) return [];
    const known = variantsOf(flags);
    return [...texts].flatMap(([text, { startLine, startColumn, endLine, endColumn }]): Finding[] => {
      if (never.has(text) || known.has(text) || text === reference.defaultValue) return [];
      const near = new NearKeys([...known]).nearest(text);
      // A default that cannot be read may be this very text; Unleash's variants have none.
      if (near === null && reference.defaultValue === undefined && !flags.every(isUnleash)) return [];
      const side = { line: startLine, column: startColumn, endLine, endColumn };
      return [
        {
          ...said(reference.key, text, { near, shown: shownOf(flags) }, l10n),
          related: [{ place: placed(side), message: l10n.t('What is decided by that') }],
        },
      ];
    });
  },
};

function said(
  key: string,
  text: string,
  { near, shown }: { readonly near: string | null; readonly shown: readonly string[] },
  l10n: L10n,
): Omit<Finding, 'related'> {
  if (near !== null)
    return {
      message: l10n.t('Flag {0} has no variant {1}. Did you mean {2}?', quoted(key), quoted(text), quoted(near)),
      fixes: [{ kind: 'replaceVariant', from: text, to: near }],
    };
  const names = quotedList(shown.length > mostNamed ? [...shown.slice(0, mostNamed), '…'] : shown);
  return { message: l10n.t('Flag {0} has no variant {1}. It has {2}.', quoted(key), quoted(text), names) };
}

function comparedTexts({ when }: GuardedRegion): readonly string[] {
  const values = when.is === 'oneOf' ? when.values : when.is === 'equal' || when.is === 'different' ? [when.value] : [];
  return values.filter((value) => typeof value === 'string');
}

/**
 * Only texts are told apart by texts. Variants of Unleash go by name, and are known once its details have been asked:
 * before, and without any, there are its two words for on and off.
 */
function hasTextVariants({ type, variants, unreadable }: FlagSnapshot, isUnleash: boolean): boolean {
  if (unreadable !== null || variants.length === 0) return false;
  return isUnleash ? variants.some(({ name }) => name !== 'enabled' && name !== 'disabled') : type === 'string';
}

/** Values that are texts, then names: either may be what the code compares. */
function variantsOf(flags: readonly FlagSnapshot[]): ReadonlySet<string> {
  const variants = flags.flatMap((flag) => flag.variants);
  return new Set([...variants.flatMap(({ value }) => textIn(value)), ...variants.map(({ name }) => name)]);
}

/** What it has, in one kind of words: values where they are texts, else names. */
function shownOf(flags: readonly FlagSnapshot[]): readonly string[] {
  const variants = flags.flatMap((flag) => flag.variants);
  const values = variants.flatMap(({ value }) => textIn(value));
  return [...new Set(values.length > 0 ? values : variants.map(({ name }) => name))];
}

const textIn = (value: Json): readonly string[] => (typeof value === 'string' ? [value] : []);
