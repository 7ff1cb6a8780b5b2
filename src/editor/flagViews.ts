import * as vscode from 'vscode';
import type { JournalEntry } from '../model/change';
import { DisposableStack, type Disposable } from '../platform/disposable';
import { Emitter, type Event } from '../platform/emitter';
import type { Log } from '../platform/log';
import { flagTree } from '../view/flagTree';
import type { WorkspaceFacts } from '../view/input';
import { anyChange, filterInWords, isSame, isWanted, type JournalFilter } from '../view/journalFilter';
import { journalRows } from '../view/journalRows';
import type { FlagTree, JournalRow, TreeNode } from '../view/output';
import type { CodeIndex } from './codeIndex';
import type { UnreferencedFlags } from './diagnostics/unreferencedFlags';
import type { FrontDocument } from './frontDocument';
import type { FlagReferences } from './flagReferences';
import type { Servers } from './servers';
import type { FlagTreeSource } from './surfaces/flagsTree';
import type { JournalSource } from './surfaces/journalTree';
import { viewContext, type ViewContextOf } from './viewContext';

export interface FlagViewsOf extends ViewContextOf {
  readonly code: CodeIndex;
  readonly references: FlagReferences;
  readonly front: FrontDocument;
  readonly log: Log;
  readonly me: string;
  readonly servers: Pick<Servers, 'waiting' | 'onDidChange'>;
  readonly unreferenced: UnreferencedFlags;
  workspace(): WorkspaceFacts;
  starting(): boolean;
  readonly onDidChangeWorkspace: Event<void>;
}

/**
 * Rows are redrawn when told, and a click on a row that is being redrawn is lost. What a flag is shows at once; numbers
 * that merely moved wait until this many milliseconds after the last redraw.
 */
const numbersEvery = 4000;

/** How often relative times in the trees are looked at again, in milliseconds. */
const agesEvery = 30_000;

/** The Flags view and the Journal view, decided again when something they rest on changed, told on when they differ. */
export class FlagViews implements FlagTreeSource, JournalSource, Disposable {
  readonly #held = new DisposableStack();
  readonly #treeChanged: Emitter<void>;
  readonly #journalChanged: Emitter<void>;
  readonly onDidChangeTree: Event<void>;
  readonly onDidChangeJournal: Event<void>;
  #filter = '';
  #journalFilter = anyChange;
  /** Sections whose flags were asked for: rows of others are not made to see whether they differ. */
  readonly #opened = new Set<string>();
  #tree: FlagTree;
  #rows: readonly JournalRow[];
  #told = { shape: '', tree: '', journal: '', at: -Infinity };
  #soon: Disposable | undefined;
  #later: Disposable | undefined;

  constructor(private readonly of: FlagViewsOf) {
    const report = (error: unknown): void => of.log.error('A view failed', error);
    this.#treeChanged = new Emitter(report);
    this.#journalChanged = new Emitter(report);
    this.onDidChangeTree = this.#treeChanged.event;
    this.onDidChangeJournal = this.#journalChanged.event;
    this.#tree = this.#decideTree();
    this.#rows = this.#decideJournal();
    const again = (): void => this.#decideSoon();
    for (const event of [
      of.flags.onDidChange,
      of.feed.onDidChange,
      of.changes.onDidChange.bind(of.changes),
      of.choices.onDidChange,
      of.code.onDidChangeFacts,
      of.onDidChangeWorkspace,
      of.servers.onDidChange,
      of.unreferenced.onDidChange,
      of.front.onDidChange,
    ])
      this.#held.add(event(again));
    // References stand below what the signature looks at.
    this.#held.add(
      of.references.onDidChange(() => {
        this.#told.tree = '';
        again();
      }),
    );
    this.#held.add(of.clock.every(agesEvery, again));
  }

  tree(): FlagTree {
    return this.#tree;
  }

  opened(id: string): void {
    if (this.#opened.has(id) || !this.#tree.sections.some((section) => section.id === id)) return;
    this.#opened.add(id);
    // What is drawn now is what later ones are compared with; where another is due already, it has these as well.
    if (!this.#later && this.#told.tree !== '') this.#told = { ...this.#told, ...this.#signatures() };
  }

  rows(): readonly JournalRow[] {
    return this.#rows;
  }

  description(): string {
    const { l10n, choices } = this.of;
    const { welcome } = this.#tree;
    // Their texts name what was found or what is wrong, which a welcome text of the manifest cannot.
    if (welcome && (welcome.cause === 'detected' || welcome.cause === 'connectedButEmpty')) return welcome.text;
    return [
      choices.environment?.name,
      l10n.t('{0} min', choices.windowMinutes),
      this.#filter === '' ? undefined : l10n.t('filter: {0}', this.#filter),
    ]
      .filter((part) => part !== undefined)
      .join(' · ');
  }

  starting(): boolean {
    return this.of.starting();
  }

  get filter(): string {
    return this.#filter;
  }

  setFilter(text: string): void {
    this.#filter = text;
    void vscode.commands.executeCommand('setContext', 'sightglass.filtered', text !== '');
    this.#decideSoon();
  }

  get journalFilter(): JournalFilter {
    return this.#journalFilter;
  }

  setJournalFilter(filter: JournalFilter): void {
    this.#journalFilter = filter;
    void vscode.commands.executeCommand('setContext', 'sightglass.journalFiltered', filter !== anyChange);
    this.#decideSoon();
  }

  journalDescription(): string {
    const words = filterInWords(this.#journalFilter, this.of.l10n);
    return words === '' ? '' : this.of.l10n.t('filter: {0}', words);
  }

  dispose(): void {
    this.#soon?.dispose();
    this.#later?.dispose();
    this.#held.dispose();
    this.#treeChanged.dispose();
    this.#journalChanged.dispose();
  }

  #decideSoon(): void {
    this.#soon ??= this.of.clock.after(50, () => {
      this.#soon = undefined;
      this.#tree = this.#decideTree();
      this.#tellTree();
      this.#rows = this.#decideJournal();
      const journal = JSON.stringify([this.journalDescription(), this.#rows]);
      if (journal !== this.#told.journal) {
        this.#told.journal = journal;
        this.#journalChanged.fire();
      }
    });
  }

  #tellTree(): void {
    const { shape, tree } = this.#signatures();
    if (tree === this.#told.tree) return;
    const wait = this.#told.at + numbersEvery - this.of.clock.monotonic();
    if (shape === this.#told.shape && this.#told.tree !== '' && wait > 0) {
      this.#later ??= this.of.clock.after(wait, () => {
        this.#later = undefined;
        this.#tellTree();
      });
      return;
    }
    this.#told = { ...this.#told, shape, tree, at: this.of.clock.monotonic() };
    this.#treeChanged.fire();
  }

  #signatures(): { readonly shape: string; readonly tree: string } {
    const around = `${this.description()}${String(this.of.starting())}`;
    const { shape, tree } = signatures(this.#tree, this.#opened);
    return { shape: `${shape}${around}`, tree: `${tree}${around}` };
  }

  #decideTree(): FlagTree {
    const { changes, references, code } = this.of;
    const document = this.of.front.current;
    return flagTree({
      ...viewContext(this.of, null),
      file: document ? code.facts(document) : null,
      filter: this.#filter,
      journal: changes.listing.entries,
      references: (ref) => references.get(ref),
      undoable: (entry) => changes.undoable(entry),
      workspace: this.of.workspace(),
      servers: this.of.servers.waiting,
      unreferenced: this.of.unreferenced.ids,
    });
  }

  #decideJournal(): readonly JournalRow[] {
    const { changes, flags, clock, l10n, me } = this.of;
    return journalRows({
      entries: changes.listing.entries.filter((entry) => isWanted(entry, this.#journalFilter, isSame)),
      now: clock.now(),
      l10n,
      me,
      undoable: (entry: JournalEntry) => changes.undoable(entry),
      environmentName: (ref) =>
        flags.environmentsFor(ref).find((environment) => environment.ref.name === ref.name)?.ref.name ?? ref.name,
    });
  }
}

/**
 * What the tree shows without opening more than is open: sections, and the flags of those that are `opened`. The shape
 * of it is only what a flag is: descriptions' digits left out.
 */
function signatures(
  { sections, welcome, regressing }: FlagTree,
  opened: ReadonlySet<string>,
): { readonly shape: string; readonly tree: string } {
  const shape: unknown[] = [welcome?.cause, regressing];
  const descriptions: string[] = [];
  const add = ({ id, label, description, icon, contextValue }: TreeNode): void => {
    shape.push(id, label, description.replace(/\p{N}+/gu, '0'), icon, contextValue);
    descriptions.push(description);
  };
  for (const section of sections) {
    add(section);
    if (opened.has(section.id)) for (const row of section.children()) add(row);
    shape.push(null);
  }
  const words = JSON.stringify(shape);
  return { shape: words, tree: `${words}${JSON.stringify(descriptions)}` };
}
