import type { CodeEvents, CodeMethods } from './api';
import { RootIndex, type Tools } from './rootIndex';

/** The finder of all roots: what {@link CodeMethods} asks, answered. Requests of one root are answered in order. */
export class CodeServer {
  readonly #roots = new Map<string, RootIndex>();
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
    changed: ({ root, paths }) => this.#inOrder(root, (index) => index.changed(paths)),
    edit: ({ root, path, text, version }) => this.#root(root).edit(path, text, version),
    close: ({ root, path }) => this.#inOrder(root, (index) => index.close(path)),
    facts: ({ root, path }) => this.#root(root).facts(path),
    references: async ({ root, key, limit }) => this.#root(root).references(key, limit),
    forget: async ({ root }) => {
      const index = this.#roots.get(root);
      this.#roots.delete(root);
      this.#queues.delete(root);
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
