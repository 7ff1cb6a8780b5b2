import type { LanguageName } from './fixtures';

/** Columns of the table of languages, in their order. Each is a test of `suites/languages.test.ts` for every language. */
export const features = {
  inline: 'State beside the call',
  hover: 'Hover',
  definition: 'Definition',
  references: 'References',
  fromFlagFile: 'References from the flag file',
  highlights: 'Highlights',
  renameKey: 'Rename spares the key',
  renameConstant: 'Rename of the constant',
  region: 'Region to its flag',
  callersOfFlag: 'Callers of the flag',
  callersOfWrapper: 'Callers of the wrapper',
  completeKey: 'Completion of keys',
  completeWrapped: 'Completion in wrappers',
  completeVariant: 'Completion of variants',
  snippet: 'Calls in the style of the file',
  wrap: 'Wrap in a flag',
  undefinedFlag: 'Undefined flag told',
} as const;

export type FeatureName = keyof typeof features;
export const featureNames = Object.keys(features) as readonly FeatureName[];

interface Absence {
  /** What the table says: absent, or there in some versions of VS Code only. */
  readonly cell: 'absent' | 'by version';
  /** What a person is told instead. */
  readonly says: RegExp;
}

const noCall = /Wrap in flag is not offered/;
/** Vue's and Svelte's composables hand out what is watched, which is no condition. */
const withoutConditions = 'vue svelte'.split(' ');
const noRename = /No extension here renames/;
const withoutRename = 'vue svelte python go java kotlin csharp ruby rust php swift'.split(' ');

/**
 * Where a feature does not work in VS Code as it comes, with no extension for the language; undefined where it works. The
 * test then holds that it does not, and that it says so, so that neither is claimed without a test. Renaming a name is the
 * language's own extension's: VS Code comes with one for TypeScript and JavaScript, and some versions have one for HTML.
 */
export function absent(feature: FeatureName, language: LanguageName): Absence | undefined {
  if (feature === 'wrap' && withoutConditions.includes(language)) return { cell: 'absent', says: noCall };
  if (feature !== 'renameConstant') return undefined;
  if (language === 'html') return { cell: 'by version', says: noRename };
  return withoutRename.includes(language) ? { cell: 'absent', says: noRename } : undefined;
}
