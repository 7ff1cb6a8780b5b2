import type { EnvironmentConfig } from '../../model/config';
import type { Environment, Writable } from '../../model/flag';
import type { Problem } from '../../model/problem';
import type { SystemDeps } from '../deps';
import { fileOf } from '../environments';
import type { Turns } from '../turns';
import type { Definition } from './definition';
import type { FlagFile } from './flagFile';
import { FlagSource } from './source';
import { isWithin } from './within';

/**
 * A share (`\\host\share`), which Windows would sign in to as soon as it is looked at: a repository must not choose
 * whom to. One that the reader opened as a folder is theirs.
 */
function isOnAnotherMachine(source: string, { paths, workspaceFolders }: SystemDeps): boolean {
  const file = fileOf(source);
  return /^[\\/]{2}(?![\\/])/.test(file) && !workspaceFolders().some((folder) => paths.isInside(folder, file));
}

/** One environment: its files in the order of the configuration, merged as flagd merges its sources. */
export class FlagdEnvironment {
  readonly environment: Environment;
  readonly config: EnvironmentConfig;
  readonly sources: readonly FlagSource[];
  readonly #deps: SystemDeps;
  readonly #unsupported: readonly string[];
  #writable = new Map<string, Writable>();

  constructor(environment: Environment, config: EnvironmentConfig, folder: string, deps: SystemDeps) {
    this.environment = environment;
    this.config = config;
    this.#deps = deps;
    const isNoFile = (source: string): boolean =>
      /^(?!file:)[a-z][a-z0-9+.-]+:/i.test(source) || isOnAnotherMachine(source, deps);
    this.#unsupported = config.source.filter(isNoFile);
    this.sources = config.source
      .filter((source) => !isNoFile(source))
      .map((source) => new FlagSource(deps.paths.resolve(folder, fileOf(source)), deps));
  }

  async load(turns: Turns, signal: AbortSignal): Promise<void> {
    for (const source of this.sources) {
      await source.load(turns, signal);
      this.#writable.set(source.path, await this.#writableOf(source.path));
    }
  }

  get reached(): boolean {
    return this.sources.some((source) => source.reached);
  }

  get version(): string {
    const writable = [...this.#writable.values()].map(({ kind }) => kind).join();
    return `${this.sources.map((source) => source.version).join('|')}:${writable}`;
  }

  get problems(): readonly Problem[] {
    const { t } = this.#deps.l10n;
    return [
      ...this.#unsupported.map((source): Problem => ({
        severity: 'error',
        code: 'flagd.source',
        message: t('"{0}" is no file. This flag system reads files; name one in "source".', source),
      })),
      ...this.sources.flatMap((source) => source.problems),
      ...this.#shadowed(),
    ];
  }

  /**
   * The definitions in force, by key: a later source takes precedence over those before it
   * (flagd's docs/concepts/syncs.md, "Merging"). Evaluators and metadata stay with their own file.
   */
  definitions(): Map<string, Definition> {
    const merged = new Map<string, Definition>();
    for (const { file } of this.sources)
      for (const [key, definition] of file?.definitions ?? []) merged.set(key, definition);
    return merged;
  }

  sourceOf(definition: Definition): FlagSource | undefined {
    return this.sources.find((source) => source.path === definition.path);
  }

  /** The file in force for a key among files just read (in the order of the sources). */
  static winner(files: readonly FlagFile[], key: string): FlagFile | undefined {
    return files.findLast((file) => file.definitions.has(key));
  }

  writable(path: string): Writable {
    return this.#writable.get(path) ?? { kind: 'unknown' };
  }

  async #writableOf(path: string): Promise<Writable> {
    const { t } = this.#deps.l10n;
    const reason = this.#deps.readOnlyReason();
    if (reason !== null) return { kind: 'no', reason };
    if (this.environment.readOnly) return { kind: 'no', reason: t('.sightglass.json says it is read-only.') };
    return (await isWithin(path, this.#deps.workspaceFolders(), this.#deps))
      ? { kind: 'yes' }
      : { kind: 'no', reason: t('{0} is outside the folders of this window.', path) };
  }

  /** A flag of another flag set under the same key is not lost: callers with a selector still get it. */
  #shadowed(): Problem[] {
    const { t } = this.#deps.l10n;
    const sets = new Map<string, Definition>();
    const problems: Problem[] = [];
    for (const { file } of this.sources)
      for (const [key, definition] of file?.definitions ?? []) {
        const before = sets.get(key);
        sets.set(key, definition);
        if (!before || before.flagSetId === definition.flagSetId) continue;
        problems.push({
          severity: 'info',
          code: 'flagd.flagSet',
          path: before.path,
          line: before.line,
          message: t(
            '"{0}" is also defined in {1} in another flag set. Shown is the later one; callers that select a flag set may get this one.',
            key,
            definition.path,
          ),
        });
      }
    return problems;
  }
}
