import type { CodeEvents, CodeMethods } from './api';
import { EditAnswers } from './editAnswers';
import { ReferenceRevisions } from './referenceRevisions';
import { RootIndex } from './rootIndex';
import { writtenKeys } from './scan/writtenKeys';
import type { Tools } from './tools';

/** The finder of all roots: what {@link CodeMethods} asks, answered. Requests of one root are answered in order. */
export class CodeServer {
  readonly #roots = new Map<string, RootIndex>();
  readonly #answers = new EditAnswers();
  readonly #revisions = new Map<string, ReferenceRevisions>();
  readonly #queues = new Map<string, Promise<unknown>>();

  constructor(
    private readonly tools: Tools,
    private readonly emit: <Name extends keyof CodeEvents>(name: Name, payload: CodeEvents[Name]) => void,
  ) {}

  readonly methods: {
    readonly [Name in keyof CodeMethods]: (
      request: Parameters<CodeMethods[Name]>[0],
      signal: AbortSignal,
    ) => ReturnType<CodeMethods[Name]>;
  } = {
    index: (request, signal) => this.#root(request.root).index(request, signal),
    changed: ({ root, paths }, signal) => this.#inOrder(root, (index) => index.changed(paths, signal)),
    edit: async ({ root, path, text, version, held }) =>
      this.#answers.answer(root, await this.#root(root).edit(path, text, version), held),
    close: ({ root, path }) => {
      this.#answers.forget(root, path);
      return this.#inOrder(root, (index) => index.close(path));
    },
    facts: ({ root, path }) => this.#root(root).facts(path),
    references: async ({ root, key, limit }) => this.#root(root).references(key, limit),
    placesOfKey: async ({ root, key, limit }) => this.#root(root).questions.placesOfKey(key, limit),
    referencesSince: async ({ root, since, limit }) => {
      const files = this.#root(root).references(undefined, limit);
      const revisions = this.#revisions.get(root) ?? new ReferenceRevisions();
      this.#revisions.set(root, revisions);
      const isCut = files.reduce((sum, { references }) => sum + references.length, 0) >= limit;
      const { revision, changed, gone } = revisions.since(this.#root(root).questions.lists(), since);
      return { revision, files: files.filter(({ path }) => changed.has(path)), gone, isCut };
    },
    explain: ({ root, path, line }) => this.#root(root).explain(path, line),
    atCursor: ({ root, ...at }, signal) => this.#root(root).questions.atCursor(at, signal),
    wrapPlace: ({ root, ...at }, signal) => this.#root(root).questions.wrapPlace(at, signal),
    wrapperAt: async ({ root, ...at }) => this.#root(root).questions.wrapperAt(at),
    callers: async ({ root, of }) => this.#root(root).questions.callers(of),
    written: (request, signal) => writtenKeys(this.tools, request, signal),
    forget: async ({ root }) => {
      const index = this.#roots.get(root);
      this.#roots.delete(root);
      this.#queues.delete(root);
      this.#revisions.delete(root);
      this.#answers.forget(root);
      await index?.dispose();
    },
  };

  #root(root: string): RootIndex {
    let index = this.#roots.get(root);
    if (!index) {
      const listener = {
        progress: (done: number, total: number) => this.emit('progress', { root, done, total }),
        updated: (paths: readonly string[]) => this.emit('updated', { root, paths }),
      };
      index = new RootIndex({ root, knownKeys: [], exclude: [] }, this.tools, listener);
      this.#roots.set(root, index);
    }
    return index;
  }

  #inOrder(root: string, run: (index: RootIndex) => Promise<void>): Promise<void> {
    const turn = (this.#queues.get(root) ?? Promise.resolve()).catch(() => undefined).then(() => run(this.#root(root)));
    this.#queues.set(root, turn);
    return turn;
  }
}
