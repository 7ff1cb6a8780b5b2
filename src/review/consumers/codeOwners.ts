import type { GlobWork } from '../../platform/pathGlob';
import { ownerPattern, type OwnerMatch } from './ownerPattern';

export interface OwnerRule {
  /** GitLab's sections are answered each for itself; null: outside of any. */
  readonly section: string | null;
  readonly owners: readonly string[];
  /** GitLab's `!pattern`: what matches has no owner in its section, whatever rules say behind it. */
  readonly excludes: boolean;
  readonly matches: OwnerMatch;
}

/** Where the file may stand, in the order in which GitHub and then GitLab look; the first there is counts. */
export const ownersPaths = ['.github/CODEOWNERS', 'CODEOWNERS', 'docs/CODEOWNERS', '.gitlab/CODEOWNERS'] as const;
/** GitHub takes no larger one. */
export const mostOwnersBytes = 3 * 1024 * 1024;
const mostRules = 5_000;
const longestOwner = 200;
const longestPattern = 1_000;

/** `@user`, `@org/team`, GitLab's `@@role`, or an e-mail address. */
const isOwner = (word: string): boolean =>
  word.length <= longestOwner && (/^@@?[\w.-]+(?:\/[\w./-]+)*$/.test(word) || /^[^\s@]+@[^\s@]+$/.test(word));

/** `[Section]`, `^[Optional][2] @default-owner`. */
const sectionLine = /^\^?\[([^\]]+)\](?:\[\d+\])?(.*)$/;

/**
 * The rules of a CODEOWNERS file of GitHub or GitLab, in their order. A rule without owners takes them away again, but
 * in a section of GitLab's with owners of its own, whose owners it then has. `!` excludes on GitLab alone: where it is known
 * to be read there (`isGitLab`), or has sections; GitHub goes past such a line. `left`: rules that were too many, or too long.
 */
export function readCodeOwners(
  text: string,
  isGitLab = false,
): { readonly rules: readonly OwnerRule[]; readonly left: number } {
  const rules: OwnerRule[] = [];
  let left = 0;
  let section: string | null = null;
  let sectionOwners: readonly string[] = [];
  for (const raw of text.split(/\r?\n/)) {
    const line = raw.trim();
    if (line === '' || line.startsWith('#')) continue;
    const heading = sectionLine.exec(line);
    if (heading) {
      // Sections of one name are one.
      section = (heading[1] ?? '').trim().toLowerCase();
      sectionOwners = ownersIn(wordsOf(heading[2] ?? ''));
      continue;
    }
    const [written = '', ...words] = wordsOf(line);
    const excludes = written.startsWith('!');
    const pattern = excludes ? written.slice(1) : written;
    if (rules.length >= mostRules || pattern.length > longestPattern) {
      left += 1;
      continue;
    }
    const owners = ownersIn(words);
    rules.push({
      section,
      owners: owners.length === 0 ? sectionOwners : owners,
      excludes,
      matches: ownerPattern(pattern.replace(/\\([ #])/g, '$1')),
    });
  }
  const isTold = isGitLab || rules.some((rule) => rule.section !== null);
  return { rules: isTold ? rules : rules.filter(({ excludes }) => !excludes), left };
}

/** Whose a path is: of the last rule that matches, in each section. null: that took more work than was left. */
export function ownersOf(rules: readonly OwnerRule[], path: string, work?: GlobWork): readonly string[] | null {
  const last = new Map<string | null, readonly string[]>();
  const parts = path.split('/');
  const excluded = new Set<string | null>();
  for (const { section, owners, excludes, matches } of rules)
    if (matches(path, parts, work)) {
      if (excludes) excluded.add(section);
      else last.set(section, owners);
    }
  for (const section of excluded) last.delete(section);
  return work && work.left <= 0 ? null : [...new Set([...last.values()].flat())];
}

/** Words of a line up to a comment; a space behind a backslash parts none. */
function wordsOf(line: string): string[] {
  const words = line.match(/(?:\\.|[^\s\\]|\\$)+/g) ?? [];
  const comment = words.findIndex((word, index) => index > 0 && word.startsWith('#'));
  return comment < 0 ? words : words.slice(0, comment);
}

const ownersIn = (words: readonly string[]): string[] => words.filter(isOwner);
