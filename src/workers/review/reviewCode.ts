import { mostBytes } from '../../code/bounds';
import { languageOf } from '../../code/languages/table';
import { RootIndex } from '../../code/rootIndex';
import { decodeSource } from '../../code/scan/decode';
import { writtenKeys } from '../../code/scan/writtenKeys';
import type { Tools } from '../../code/tools';
import type { FileFacts } from '../../model/reference';
import type { L10n } from '../../platform/l10n';
import type { CodeSide } from '../../review/input';
import type { Missing } from '../../review/report';
import { oneLine } from '../../view/text';
import { everything } from '../finderTools';
import type { RevisionFiles } from './revisionFiles';
import { lookedAt } from './revisionSearch';
import type { RevisionTree } from './revisionTree';

/** What a file that starts spans has in it somewhere. */
const mayStartSpans = /span/i;
/** Code paths of more files than this are not looked at. */
const mostFiles = 5_000;

export interface ReviewedCode {
  readonly before: CodeSide;
  readonly after: CodeSide;
  readonly written: ReadonlySet<string> | null;
  readonly missing: readonly Missing[];
  /** Everything could be searched and read: the same question would have the same answer again. */
  readonly isWhole: boolean;
}

/**
 * What the finder knows of the repository without and with the change. It is read once as it was; then the files of the
 * change are taken in, and whatever follows from them.
 */
export async function reviewedCode(of: {
  readonly tools: Tools;
  readonly revision: RevisionFiles;
  readonly top: string;
  readonly before: RevisionTree;
  readonly after: RevisionTree;
  readonly changed: ReadonlySet<string>;
  readonly knownKeys: readonly string[];
  readonly exclude: readonly string[];
  /** Whether functions are wanted, which costs reading all of every changed file; else only those that start spans. */
  readonly codePaths: boolean;
  readonly l10n: L10n;
  readonly signal: AbortSignal;
}): Promise<ReviewedCode> {
  const { tools, revision, top: root, exclude, l10n, signal } = of;
  const changed = new Set([...of.changed].filter(lookedAt(exclude)));
  const missing: Missing[] = [];
  const miss = (words: string): void => void missing.push({ source: 'code', words });
  const sources = [...changed].filter((path) => languageOf(path)).sort();
  const looked = sources.slice(0, mostFiles);
  if (looked.length < sources.length)
    miss(l10n.t('Functions of {0} of {1} changed files were looked at.', looked.length, sources.length));

  revision.tree = of.before;
  const request = { root, knownKeys: of.knownKeys, exclude };
  const index = new RootIndex(request, tools, { progress: () => undefined, updated: () => undefined });
  const summary = await index.index(request, signal);
  // What is kept is of the base, which is the same at the next push.
  if (summary.parsed > 0) await index.persist();
  for (const note of summary.notes) miss(note);
  const side = async (): Promise<CodeSide> => {
    const references = index.references(undefined, everything);
    const facts = new Map<string, FileFacts>(references.map((file) => [file.path, file]));
    for (const path of looked) {
      signal.throwIfAborted();
      if (revision.tree.get(path)?.kind !== 'file') continue;
      if (!of.codePaths && !(await isWorthReading(path, revision))) continue;
      const file = await index.facts(path);
      if (file) facts.set(path, file);
    }
    return { files: [...facts.values()] };
  };
  const before = await side();
  revision.tree = of.after;
  await index.changed([...changed], signal);
  const after = await side();
  const unread = unreadOf(after, changed);
  for (const { path, why } of unread.slice(0, mostUnread))
    miss(l10n.t('{0} was not read whole: {1}', oneLine(path), why));
  if (unread.length > mostUnread) miss(l10n.t('So were {0} more files.', unread.length - mostUnread));

  const gone = keysOf(before);
  for (const key of keysOf(after)) gone.delete(key);
  const written = await writtenKeys(tools, { root, keys: [...gone], exclude }, signal).catch((error: unknown) => {
    miss(l10n.t('Texts could not be searched for keys: {0}', error instanceof Error ? error.message : String(error)));
    return null;
  });
  await index.dispose();
  const isWhole = written !== null && summary.notes.length === 0;
  return { before, after, written: written && new Set(written), missing, isWhole };
}

async function isWorthReading(path: string, revision: RevisionFiles): Promise<boolean> {
  const data = await revision.content(path, mostBytes);
  return mayStartSpans.test((data && decodeSource(data)) ?? '');
}

const mostUnread = 10;

function unreadOf(
  { files }: CodeSide,
  changed: ReadonlySet<string>,
): { readonly path: string; readonly why: string }[] {
  return (files as readonly FileFacts[]).flatMap(({ path, truncated }) =>
    truncated !== null && changed.has(path) ? [{ path, why: truncated }] : [],
  );
}

const keysOf = ({ files }: CodeSide): Set<string> =>
  new Set(files.flatMap(({ references }) => references.flatMap(({ key }) => key ?? [])));
