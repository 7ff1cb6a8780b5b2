import * as vscode from 'vscode';
import type { CodeEvents, CodeMethods, IndexSummary, KeyPlaces } from '../code/api';
import { wholeFacts } from '../code/wholeFacts';
import type { FileFacts } from '../model/reference';
import type { Clock } from '../platform/clock';
import { DisposableStack, type Disposable } from '../platform/disposable';
import { Emitter, type Event } from '../platform/emitter';
import type { Log } from '../platform/log';
import { RpcError } from '../platform/rpc';
import { codeFiles, isCodeDocument } from './documentSelectors';
import { EditTracker, type Spot } from './editTracker';
import type { HeldReferences, MovedReferences } from './movedReferences';
import type { SupervisedWorker } from './supervisedWorker';
import { isVirtualPath, workspacePlace, type WorkspacePlace } from './workspacePlace';

/** An edit is sent when typing rests this long, in milliseconds. */
const editRest = 50;
const fileRest = 100;
/** Larger documents than this are left alone: VS Code itself stops tokenizing there. */
const largestDocument = 20_000_000;

interface OpenDocument {
  readonly document: vscode.TextDocument;
  readonly place: WorkspacePlace;
  readonly edits: EditTracker;
  facts: FileFacts | null;
  /** Of the worker's answer that `facts` are; null when it came from a worker that is gone. */
  serial: number | null;
  /** The document's version that `facts` are of. */
  factsVersion: number;
  timer: Disposable | undefined;
}

/**
 * What the finder knows of the open documents and of the folders, kept fresh. Nothing here waits on the typing path:
 * an edit is noted, and sent to the worker when typing rests.
 */
export class CodeIndex implements Disposable {
  readonly #held = new DisposableStack();
  readonly #open = new Map<string, OpenDocument>();
  readonly #summaries = new Map<string, IndexSummary>();
  readonly #changedFiles = new Map<string, Set<string>>();
  #fileTimer: Disposable | undefined;
  #knownKeys: readonly string[] = [];
  /** How often a worker was started: one knows nothing of what another told. */
  #starts = 0;
  readonly #factsChanged: Emitter<readonly string[]>;
  readonly #indexChanged: Emitter<void>;
  /** Documents, by URI, whose facts are new. */
  readonly onDidChangeFacts: Event<readonly string[]>;
  /** A folder's index is complete, or references in it moved. */
  readonly onDidChangeIndex: Event<void>;

  constructor(
    private readonly of: {
      readonly worker: SupervisedWorker<CodeMethods, CodeEvents>;
      readonly clock: Clock;
      readonly log: Log;
      /** Globs of a folder that the finder leaves out. */
      exclude(root: string): readonly string[];
    },
  ) {
    const report = (error: unknown): void => of.log.error('A listener failed', error);
    this.#factsChanged = new Emitter(report);
    this.#indexChanged = new Emitter(report);
    this.onDidChangeFacts = this.#factsChanged.event;
    this.onDidChangeIndex = this.#indexChanged.event;
    this.#held.add(of.worker);
    this.#held.add(
      of.worker.onDidStart((client) => {
        client.on('updated', ({ root, paths }) => void this.#refresh(root, paths));
        this.#starts++;
        this.#indexAll();
        for (const open of this.#open.values()) {
          open.serial = null;
          void this.#send(open);
        }
      }),
    );
    this.#listen();
  }

  start(): void {
    for (const document of vscode.workspace.textDocuments) this.#add(document);
    this.of.worker.start();
  }

  /** Facts of the text of the document as it is or was a moment ago; null when not scanned yet. */
  facts(document: vscode.TextDocument): FileFacts | null {
    return this.#open.get(document.uri.toString())?.facts ?? null;
  }

  /** Where a 0-based position of the document's facts is in its text now; undefined when that text was replaced. */
  now(document: vscode.TextDocument, spot: Spot): Spot | undefined {
    const open = this.#open.get(document.uri.toString());
    return open ? open.edits.now(spot, open.factsVersion) : spot;
  }

  summary(root: string): IndexSummary | undefined {
    return this.#summaries.get(root);
  }

  get roots(): readonly string[] {
    return (vscode.workspace.workspaceFolders ?? []).map((folder) => folder.uri.fsPath);
  }

  /** Keys of the connected systems; the index is brought up to date when they changed. */
  setKnownKeys(keys: readonly string[]): void {
    const sorted = [...new Set(keys)].sort();
    if (sorted.length === this.#knownKeys.length && sorted.every((key, at) => key === this.#knownKeys[at])) return;
    this.#knownKeys = sorted;
    if (this.of.worker.state.kind === 'running') this.#indexAll();
  }

  /** References of one key in all folders, or of all keys; at most `limit` a folder. */
  async references(
    key: string | undefined,
    limit: number,
  ): Promise<readonly { readonly root: string; readonly files: readonly FileFacts[] }[]> {
    return Promise.all(
      this.roots.map(async (root) => {
        const files = await this.of.worker.call('references', { root, limit, ...(key === undefined ? {} : { key }) });
        return { root, files: files.filter((file) => !isVirtualPath(file.path)) };
      }),
    );
  }

  /** Every place that names a key in all folders; at most `limit` a folder. */
  async placesOfKey(
    key: string,
    limit: number,
  ): Promise<readonly { readonly root: string; readonly files: readonly KeyPlaces[] }[]> {
    return Promise.all(
      this.roots.map(async (root) => {
        const files = await this.of.worker.call('placesOfKey', { root, key, limit });
        return { root, files: files.filter((file) => !isVirtualPath(file.path)) };
      }),
    );
  }

  /**
   * References of all folders that are others than those that are held: of a folder that is not held, or of which another
   * worker told, all there are. At most `limit` a folder.
   */
  async referencesSince(held: HeldReferences | undefined, limit: number): Promise<MovedReferences> {
    const starts = this.#starts;
    const roots = await Promise.all(
      this.roots.map(async (root) => {
        const since = (held?.starts === starts ? held.revisions.get(root) : undefined) ?? null;
        const { files, ...rest } = await this.of.worker.call('referencesSince', { root, since, limit });
        return { root, isWhole: since === null, ...rest, files: files.filter(({ path }) => !isVirtualPath(path)) };
      }),
    );
    // Of what was cut nobody knows which files were left out: it is asked for whole again.
    const revisions = new Map(roots.flatMap(({ root, revision, isCut }) => (isCut ? [] : [[root, revision] as const])));
    return { held: { starts, revisions }, roots };
  }

  /** Which of these keys stand in the text of some source file, whatever they are there. */
  async written(keys: readonly string[]): Promise<readonly string[]> {
    const found = await Promise.all(
      this.roots.map((root) => this.of.worker.call('written', { root, keys, exclude: this.of.exclude(root) })),
    );
    return [...new Set(found.flat())];
  }

  /** Scans everything again. */
  refresh(): void {
    this.#indexAll();
    for (const open of this.#open.values()) void this.#send(open);
  }

  dispose(): void {
    this.#fileTimer?.dispose();
    for (const open of this.#open.values()) open.timer?.dispose();
    this.#held.dispose();
    this.#factsChanged.dispose();
    this.#indexChanged.dispose();
  }

  #listen(): void {
    const { workspace } = vscode;
    this.#held.add(workspace.onDidOpenTextDocument((document) => this.#add(document)));
    this.#held.add(workspace.onDidCloseTextDocument((document) => this.#remove(document)));
    this.#held.add(
      workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
        const open = this.#open.get(document.uri.toString());
        if (!open || contentChanges.length === 0) return;
        open.edits.record(document.version, contentChanges);
        open.timer?.dispose();
        open.timer = this.of.clock.after(editRest, () => void this.#send(open));
      }),
    );
    const watcher = this.#held.add(workspace.createFileSystemWatcher(codeFiles));
    const note = (uri: vscode.Uri): void => this.#noteFile(uri);
    this.#held.add(watcher.onDidCreate(note));
    this.#held.add(watcher.onDidChange(note));
    this.#held.add(watcher.onDidDelete(note));
    this.#held.add(
      workspace.onDidChangeWorkspaceFolders(({ removed }) => {
        // What is forgotten counts its revisions from the start again.
        if (removed.length > 0) this.#starts++;
        for (const folder of removed) {
          this.#summaries.delete(folder.uri.fsPath);
          this.of.worker.call('forget', { root: folder.uri.fsPath }).catch(this.#quiet);
        }
        this.#indexAll();
        for (const document of workspace.textDocuments) this.#add(document);
      }),
    );
  }

  #add(document: vscode.TextDocument): void {
    const id = document.uri.toString();
    const place = isCodeDocument(document) ? workspacePlace(document.uri) : undefined;
    if (!place || this.#open.has(id)) return;
    const open: OpenDocument = {
      document,
      place,
      edits: new EditTracker(),
      facts: null,
      serial: null,
      factsVersion: document.version,
      timer: undefined,
    };
    this.#open.set(id, open);
    void this.#send(open);
  }

  #remove(document: vscode.TextDocument): void {
    const open = this.#open.get(document.uri.toString());
    if (!open) return;
    open.timer?.dispose();
    this.#open.delete(document.uri.toString());
    this.of.worker.call('close', { root: open.place.root, path: open.place.path }).catch(this.#quiet);
  }

  async #send(open: OpenDocument): Promise<void> {
    const { document, place } = open;
    if (document.isClosed || this.of.worker.state.kind !== 'running') return;
    const text = document.getText();
    if (text.length > largestDocument) return;
    const version = document.version;
    const { facts: held, serial } = open;
    try {
      const answer = await this.of.worker.call('edit', { ...place, text, version: String(version), held: serial });
      this.#take(open, wholeFacts(answer, held), answer.serial, version);
    } catch (error) {
      this.#quiet(error);
    }
  }

  #take(open: OpenDocument, facts: FileFacts, serial: number, version: number): void {
    const id = open.document.uri.toString();
    if (this.#open.get(id) !== open || version < open.factsVersion) return;
    open.facts = facts;
    open.serial = serial;
    open.factsVersion = version;
    open.edits.settle(version);
    this.#factsChanged.fire([id]);
  }

  async #refresh(root: string, paths: readonly string[]): Promise<void> {
    const moved = new Set(paths);
    this.#indexChanged.fire();
    for (const open of this.#open.values())
      if (open.place.root === root && moved.has(open.place.path)) await this.#send(open);
  }

  #indexAll(): void {
    for (const root of this.roots) {
      this.of.worker
        .call('index', { root, knownKeys: this.#knownKeys, exclude: this.of.exclude(root) })
        .then((summary) => {
          this.#summaries.set(root, summary);
          this.of.log.info(
            `Indexed ${summary.candidates} of ${summary.files} files in ${summary.milliseconds} ms (${summary.engine}), ${summary.references} references`,
          );
          this.#indexChanged.fire();
          // Constants and wrappers of other files are known only now.
          for (const open of this.#open.values()) if (open.place.root === root) void this.#send(open);
        })
        .catch(this.#quiet);
    }
  }

  #noteFile(uri: vscode.Uri): void {
    const place = workspacePlace(uri);
    if (!place || /(^|\/)(node_modules|\.git)\//.test(place.path)) return;
    const paths = this.#changedFiles.get(place.root) ?? new Set();
    this.#changedFiles.set(place.root, paths.add(place.path));
    this.#fileTimer ??= this.of.clock.after(fileRest, () => {
      this.#fileTimer = undefined;
      for (const [root, changed] of this.#changedFiles)
        this.of.worker.call('changed', { root, paths: [...changed] }).catch(this.#quiet);
      this.#changedFiles.clear();
    });
  }

  /** The worker going is said by its supervisor; everything else is worth a line. */
  readonly #quiet = (error: unknown): void => {
    if (!(error instanceof RpcError && (error.remoteName === 'Closed' || error.remoteName === 'Cancelled')))
      this.of.log.error('The finder did not answer', error);
  };
}
