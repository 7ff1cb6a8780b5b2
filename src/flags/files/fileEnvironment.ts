import type { EnvironmentConfig } from '../../model/config';
import type { Environment, SilentEnvironment, Writable } from '../../model/flag';
import type { Problem } from '../../model/problem';
import type { Disposable } from '../../platform/disposable';
import type { RemoteError } from '../../platform/remotes';
import type { SystemDeps } from '../deps';
import type { OfrepClient } from '../ofrep/ofrepClient';
import type { Turns } from '../turns';
import type { FlagsOfFile } from './flagFileFormat';
import type { FlagSource } from './flagSource';
import { Silence } from './silence';
import { isWithin } from './within';

/** One environment whose flags are in files, or at servers that read files: its sources in the order of the configuration. */
export abstract class FileEnvironment<File extends FlagsOfFile = FlagsOfFile> implements Disposable {
  abstract readonly environment: Environment;
  abstract readonly sources: readonly FlagSource<File>[];
  /** The data plane that serves this environment, where the configuration names one. */
  abstract readonly dataPlane: OfrepClient | null;
  /** True when every change of a source is told at once; false when some are asked for. */
  abstract readonly pushed: boolean;
  /** What is wrong with its sources and what is in them. */
  abstract readonly problems: readonly Problem[];
  readonly #silence: Silence;
  readonly #writable = new Map<string, Writable>();

  constructor(
    private readonly configured: Environment,
    readonly config: EnvironmentConfig,
    protected readonly deps: SystemDeps,
  ) {
    this.#silence = new Silence(configured.ref);
  }

  /** Why what a server gave cannot be written there; `address` as people write it. */
  protected abstract serverWords(address: string): string;

  async load(turns: Turns, signal: AbortSignal): Promise<void> {
    // All are asked at once: one that is slow does not add to another's wait.
    await Promise.all([
      ...this.sources.map((source) => source.load(turns, signal)),
      ...this.sources.map(async (source) => this.#writable.set(source.path, await this.#writableOf(source))),
    ]);
    this.#silence.look(this.sources, this.deps.clock.now());
  }

  setPaused(paused: boolean): void {
    for (const source of this.sources) source.setPaused?.(paused);
  }

  dispose(): void {
    for (const source of this.sources) source.dispose();
  }

  get reached(): boolean {
    return this.sources.some((source) => source.reached);
  }

  /** Set while one of the sources does not answer. */
  get silent(): SilentEnvironment | null {
    return this.#silence.found;
  }

  /** Why a server was not even asked, where that is so. */
  get refusal(): RemoteError | null {
    return this.sources.find((source) => source.refusal)?.refusal ?? null;
  }

  /** For which whoever reads a file takes none of its flags, so that a change of it reaches nobody. */
  refusalOf(path: string): Problem | null {
    return this.sources.find((source) => source.path === path)?.file?.refusal ?? null;
  }

  get version(): string {
    const writable = [...this.#writable.values()].map(({ kind }) => kind).join();
    return `${this.sources.map((source) => source.version).join('|')}:${writable}`;
  }

  writable(path: string): Writable {
    return this.#writable.get(path) ?? { kind: 'unknown' };
  }

  async #writableOf({ kind, path }: FlagSource<File>): Promise<Writable> {
    const { l10n, readOnlyReason, workspaceFolders } = this.deps;
    if (kind !== 'file') return { kind: 'no', reason: this.serverWords(path) };
    const reason = readOnlyReason();
    if (reason !== null) return { kind: 'no', reason };
    if (this.configured.readOnly) return { kind: 'no', reason: l10n.t('.sightglass.json says it is read-only.') };
    return (await isWithin(path, workspaceFolders(), this.deps))
      ? { kind: 'yes' }
      : { kind: 'no', reason: l10n.t('{0} is outside the folders of this window.', path) };
  }
}

/**
 * A share (`\\\\host\\share`), which Windows would sign in to as soon as it is looked at: a repository must not choose
 * whom to. One that the reader opened as a folder is theirs.
 */
export function isOnAnotherMachine(file: string, { paths, workspaceFolders }: SystemDeps): boolean {
  return /^[\\/]{2}(?![\\/])/.test(file) && !workspaceFolders().some((folder) => paths.isInside(folder, file));
}
