import type { Problem } from '../../model/problem';
import type { Hash } from '../../platform/hash';
import type { L10n } from '../../platform/l10n';
import type { DefinedFlag } from '../files/definedFlag';
import type { Issue } from '../issue';
import type { YamlItem } from '../yaml/yamlItems';
import { printsBeside, type FliptFlag, type Segments } from './flagModel';
import { readFlag } from './flagSchema';
import { readState, type Reading } from './reading';

/** A flag as one file defines it. When `unreadable` is set the rest holds what could be read. */
export interface Definition extends DefinedFlag, Reading {
  readonly flag: FliptFlag | null;
  /** It shares text with others of its file (anchors of YAML), or stands behind something else on its line. */
  readonly tied: boolean;
  /** Of the document it stands in; null: the newest. */
  readonly format: string | null;
  /** No other flag stands in its document. */
  readonly alone: boolean;
}

/** One flag of a file, taken out of its text. */
export interface Entry extends YamlItem {
  readonly key: string;
  readonly format: string | null;
  readonly alone: boolean;
}

export interface DefinitionContext {
  readonly path: string;
  /** Segments of the namespace that this file defines. */
  readonly segments: Segments;
  /** A problem of a flag at its place. */
  readonly place: (entry: Entry, at: Issue['path'], message: string) => Problem;
  readonly lineAt: (offset: number) => number;
  readonly hash: Hash;
  readonly l10n: L10n;
}

const MAX_TAGS = 32;

export function readDefinition(entry: Entry, context: DefinitionContext): Definition {
  const { key, text, offset, tied, format, alone } = entry;
  const { path, l10n, lineAt, segments } = context;
  const { flag, issues } = readFlag(entry.value, format);
  const [first] = issues;
  const reading = flag && !first ? readState(flag, segments, l10n) : nothing;
  const start = offset + text.search(/\S/);
  return {
    ...reading,
    key,
    text,
    offset,
    path,
    remote: false,
    line: lineAt(start),
    endLine: lineAt(offset + text.trimEnd().length),
    version: versionOf(flag, text, context),
    description: flag?.description ?? null,
    owner: words(flag?.metadata.owner) ?? words(flag?.metadata.team),
    tags: tagsOf(flag?.metadata.tags),
    unreadable: first ? context.place(entry, first.path, refusedWords(key, first, l10n)) : null,
    refusesFile: first !== undefined,
    flag,
    tied,
    format,
    alone,
  };
}

/** The same where other segments are known: those of other files of the namespace. */
export function readAmong(definition: Definition, context: DefinitionContext): Definition {
  const { flag, text, unreadable } = definition;
  if (!flag || unreadable) return definition;
  const reading = readState(flag, context.segments, context.l10n);
  return { ...definition, ...reading, version: versionOf(flag, text, context) };
}

const versionOf = (flag: FliptFlag | null, text: string, { path, segments, hash }: DefinitionContext): string =>
  hash.sha256(`${path}\n${text}\n${printsBeside(flag, segments, hash)}`).slice(0, 20);

const nothing: Reading = {
  type: 'unknown',
  variants: [],
  hasSwitch: false,
  disabled: false,
  rules: [],
  defaultRule: { kind: 'codeDefault' },
  effective: {
    kind: 'unknown',
    shares: null,
    defaultShares: null,
    ruleCount: 0,
    randomised: 'no',
    unreachable: [],
  },
};

const refusedWords = (key: string, { message }: Issue, { t }: L10n): string =>
  t('Flag "{0}" cannot be read: {1} Flipt refuses the whole file until this is mended.', key, message);

const words = (value: unknown): string | null => (typeof value === 'string' && value !== '' ? value : null);

/** By convention in `metadata`, as a list or in one text. */
export function tagsOf(value: unknown): string[] {
  const tags = Array.isArray(value)
    ? value.filter((tag) => typeof tag === 'string')
    : (words(value) ?? '').split(/[\s,;]+/);
  return tags.filter(Boolean).slice(0, MAX_TAGS);
}
