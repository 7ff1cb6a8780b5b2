import type { FileFacts, Reference } from '../model/reference';
import type { AskedAtCursor, CallIn, CallingFunction, CodeMethods, KeyPlaces, WrapPlace } from './api';
import { wrapPlace } from './authoring/wrapPlace';
import { askedAbout } from './cursor/askedAtCursor';
import { mostAskedMs } from './bounds';
import { cursorMark, repairs, type Repair } from './cursor/repairs';
import { Deadline } from './extract/deadline';
import type { FileEntries } from './fileEntries';
import { placesOfKey } from './keyPlaces';
import { languageOf } from './languages/table';
import { linkFile, linkPieces } from './linkFile';
import type { OpenDocument } from './openDocument';
import { FileView } from './resolve/view';
import type { Wrapper } from './resolve/wrappers';
import { isShapeName } from './sdks/table';
import type { Piece } from './summary';
import { callersOfKey, callersOfWrapper, wrapperAt } from './wrapperCalls';
import type { Workspace } from './workspace';
import type { WorkspaceState } from './workspaceState';

type Asked<Name extends keyof CodeMethods> = Omit<Parameters<CodeMethods[Name]>[0], 'root'>;

/** Read for what is at a cursor: longer texts are not written by hand. */
const longestWritten = 2 * 1024 * 1024;

/** What is asked of one root at a place of a document. Nothing here changes what the index holds. */
export class RootQuestions {
  constructor(
    private readonly entries: FileEntries,
    private readonly state: WorkspaceState,
    private readonly now: () => number,
    private readonly edit: (path: string, text: string, version: string) => Promise<FileFacts>,
  ) {}

  async atCursor(
    { path, text, version, offset }: Asked<'atCursor'>,
    signal: AbortSignal,
  ): Promise<AskedAtCursor | null> {
    const language = languageOf(path);
    if (!language || text.length > longestWritten || offset > text.length) return null;
    if (!this.entries.open.has(path)) await this.edit(path, text, version);
    signal.throwIfAborted();
    const open = this.entries.open.get(path);
    if (!open) return null;
    const { family, host } = language;
    const mayAsk = (name: string): boolean =>
      isShapeName(family, name) || this.state.wrappers.has(name) || isAlias(open, name);
    for (const repair of repairs({ text, offset, family, embedded: host !== undefined, mayAsk })) {
      const asked = this.#askedIn(open, repair);
      if (asked) return asked;
    }
    return null;
  }

  #askedIn(open: OpenDocument, repair: Repair): AskedAtCursor | null {
    const summary = open.asIf(repair.text);
    if (!summary) return null;
    const view = new FileView(summary);
    const workspace = this.#workspaceFor(view);
    const known = new Set(open.summary.pieces.map(({ fns }) => fns));
    const { at } = repair;
    const own = summary.pieces.filter(({ base, length }) => base <= at && at <= base + length);
    const fresh = summary.pieces.filter((piece) => own.includes(piece) || !known.has(piece.fns));
    const deadline = new Deadline(this.now, mostAskedMs);
    const linked = linkPieces(view, workspace, fresh, deadline);
    const asked = askedAbout(linked, repair);
    if (asked) return asked;
    // What a constant holds, and what a result is compared with, is asked for anywhere in the file.
    const isHeld = own.some(holdsMark);
    const again = (): AskedAtCursor | null =>
      askedAbout(isHeld ? linkFile(view, workspace, { deadline }) : linkPieces(view, workspace, own, deadline), repair);
    if (linked.wrappers.length > 0) return this.#withWrappers(view.path, linked.wrappers, again);
    return isHeld ? again() : null;
  }

  /** Wrappers in what is being written are known by the functions of this text only. */
  #withWrappers<T>(path: string, more: readonly Wrapper[], ask: () => T): T {
    const { wrappers } = this.state;
    const before = wrappers.inFile(path);
    const makers = this.entries.get(path)?.linked?.bagMakers ?? [];
    wrappers.set(path, [...before, ...more], makers);
    try {
      return ask();
    } finally {
      wrappers.set(path, before, makers);
    }
  }

  #workspaceFor({ path }: FileView): Workspace {
    const workspace = this.state.workspaceFor(path);
    return { ...workspace, isKnown: (key) => key.includes(cursorMark) || workspace.isKnown(key) };
  }

  async wrapPlace({ path, text, version, from, to }: Asked<'wrapPlace'>, signal: AbortSignal): Promise<WrapPlace> {
    const language = languageOf(path);
    if (!language) return { refused: 'language', name: null };
    if (text.length > longestWritten) return { refused: 'unread', name: null };
    const { references } = await this.edit(path, text, version);
    signal.throwIfAborted();
    const open = this.entries.open.get(path);
    const place = open?.look((seen) => wrapPlace({ ...seen, summary: open.summary }, { from, to }, references));
    return place ?? { refused: 'unread', name: null };
  }

  wrapperAt({ path, line, column }: Asked<'wrapperAt'>): CallingFunction | null {
    return wrapperAt(this.entries, this.state.wrappers, { path, line, column });
  }

  /** Lists of the files that have references, by path: the same list as long as its file was not linked again. */
  lists(): ReadonlyMap<string, readonly Reference[]> {
    const lists = new Map<string, readonly Reference[]>();
    for (const [path, { linked }] of this.entries.all())
      if (linked && linked.references.length > 0) lists.set(path, linked.references);
    return lists;
  }

  placesOfKey(key: string, limit: number): readonly KeyPlaces[] {
    return placesOfKey(this.entries, key, limit);
  }

  callers(of: Asked<'callers'>['of']): readonly CallIn[] {
    return 'key' in of ? callersOfKey(this.entries, of.key) : callersOfWrapper(this.entries, this.state.wrappers, of);
  }
}

/** What a file imports under a name of its own may be one that asks. */
function isAlias(open: OpenDocument, name: string): boolean {
  return open.summary.pieces.some(({ decls }) =>
    decls.some(({ kind, n, x }) => kind === 'import' && n === name && x !== undefined && x !== n),
  );
}

/** Whether the mark is in something that other parts of the file may read: a constant, a member, a comparison. */
function holdsMark({ decls, members, guards }: Piece): boolean {
  return JSON.stringify([decls, members, guards]).includes(cursorMark);
}
