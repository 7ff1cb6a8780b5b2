import { languages } from '../languages/table';
import { serviceMentions } from '../flagNames';
import { distinctiveNames, mentions } from '../sdks/table';

const distinct = (of: (language: (typeof languages)[number]) => readonly string[]): string[] => [
  ...new Set(languages.flatMap(of)),
];

/**
 * What makes a file worth parsing, written so that ripgrep's engine and JavaScript's read it alike. A superset of what
 * can match: what SDKs and their clients are called by, methods that only a flag SDK has, URLs of OFREP, and what each
 * language adds.
 */
export const candidatePattern: string = shortened([
  ...mentions,
  ...serviceMentions,
  'ofrep/v1/evaluate/flags/',
  ...distinctiveNames,
  '\\.variation(Detail)?\\(',
  ...distinct(({ candidates }) => candidates),
]).join('|');

/** Leaves out words that hold another one: engines look for few words faster than for many. */
function shortened(patterns: readonly string[]): string[] {
  const words = new Set(patterns.filter((pattern) => /^[\w/@-]+$/.test(pattern)));
  const holdsAnother = (one: string): boolean => [...words].some((word) => word !== one && one.includes(word));
  return [...new Set(patterns)].filter((one) => !words.has(one) || !holdsAnother(one));
}

/** Files that call one of these names, which may be written in any letters. */
export function callersPattern(names: readonly string[]): string {
  return names
    .map((name) => {
      const word = name.replace(/[$()*+.?[\\\]^{|}]/g, '\\$&');
      return `${/^\w/.test(name) ? '\\b' : ''}${word}${/\w$/.test(name) ? '\\b' : ''}`;
    })
    .join('|');
}

/** More known keys than this are not looked for where nothing else tells of a flag: engines need time by their number. */
const mostKeys = 2_000;
const saying =
  '([fF]lag|FLAG|[fF]eature|FEATURE|[tT]oggle|TOGGLE|[eE]xperiment|EXPERIMENT|[gG]ate|GATE|[vV]ariant|VARIANT)';

/** Files that write one of these keys behind a word that tells of flags; null without keys that can be looked for. */
export function writingPattern(keys: readonly string[]): string | null {
  // No line holds a line's end, and no engine takes one, or a zero byte, in what it is asked for.
  const told = keys.filter((key) => key.length > 2 && key.length <= 256 && !/\p{Cc}/u.test(key)).slice(0, mostKeys);
  if (told.length === 0) return null;
  const any = told.map((key) => key.replace(/[$()*+.?[\\\]^{|}]/g, '\\$&')).join('|');
  return `${saying}.{0,200}["'\`:](${any})(["'\`]|\\b)`;
}

/** Files that declare one of these names for others, in languages whose paths do not tell. */
export function declaringPattern(names: readonly string[]): string {
  const all = names.join('|');
  return languages.flatMap(({ declares }) => declares?.written(all) ?? []).join('|');
}

/** Never read, whatever the ignore files say. Globs as ripgrep's `--glob '!…'`. */
export const alwaysExcluded: readonly string[] = [
  '**/node_modules/**',
  '**/.git/**',
  ...distinct(({ excluded }) => excluded),
];
