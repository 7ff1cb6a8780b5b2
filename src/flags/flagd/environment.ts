import type { EnvironmentConfig } from '../../model/config';
import type { Environment } from '../../model/flag';
import type { Problem } from '../../model/problem';
import type { L10n } from '../../platform/l10n';
import type { Remote } from '../../platform/remotes';
import type { SystemDeps, SystemOptions } from '../deps';
import { OfrepClient } from '../ofrep/ofrepClient';
import type { Definition } from './definition';
import { FileEnvironment, isOnAnotherMachine } from '../files/fileEnvironment';
import { FileSource } from '../files/fileSource';
import { MAX_FLAG_FILE_BYTES } from '../files/readFlagText';
import type { FlagFile } from './flagFile';
import { flagdFormat } from './format';
import type { FlagSource } from '../files/flagSource';
import { HttpSource } from './httpSource';
import { sourceAddress } from './sourceAddress';
import { SyncSource } from './syncSource';

function sourceOf(
  source: string,
  config: EnvironmentConfig,
  options: Pick<SystemOptions, 'system' | 'folder'>,
  deps: SystemDeps,
  changed: () => void,
): FlagSource<FlagFile> | null {
  const address = sourceAddress(source);
  if (address.kind === 'file')
    return isOnAnotherMachine(address.path, deps)
      ? null
      : new FileSource(deps.paths.resolve(options.folder, address.path), flagdFormat(deps), deps, changed);
  if (address.kind === 'unknown') return null;
  const remote = remoteOf(address.base, options, deps);
  const maxBytes = config.maxMegabytes === undefined ? MAX_FLAG_FILE_BYTES : config.maxMegabytes * 1024 * 1024;
  return address.kind === 'http'
    ? new HttpSource({ ...address, maxBytes, remote }, deps, changed)
    : new SyncSource({ ...address, maxBytes, remote }, deps, changed);
}

function remoteOf(url: string, { system }: Pick<SystemOptions, 'system'>, deps: SystemDeps): Remote {
  return deps.remotes.remote({ id: system, type: 'flagd', url, authorization: 'bearer', tokenOptional: true });
}

export const readFromServerWords = (address: string, { t }: L10n): string =>
  t('It is read from {0}, which nobody can write to. Change the flag where that reads it from.', address);

/** One environment: its sources in the order of the configuration, merged as flagd merges its own. */
export class FlagdEnvironment extends FileEnvironment<FlagFile> {
  readonly sources: readonly FlagSource<FlagFile>[];
  readonly dataPlane: OfrepClient | null;
  readonly #unsupported: readonly string[];

  /** `changed` is called when a source has something new. */
  constructor(
    readonly environment: Environment,
    config: EnvironmentConfig,
    options: Pick<SystemOptions, 'system' | 'folder'>,
    deps: SystemDeps,
    changed: () => void,
  ) {
    super(environment, config, deps);
    const made = config.source.map((source) => ({ source, made: sourceOf(source, config, options, deps, changed) }));
    this.dataPlane =
      config.ofrep === undefined ? null : new OfrepClient(remoteOf(config.ofrep, options, deps), deps.l10n);
    this.#unsupported = made.flatMap(({ source, made }) => (made ? [] : [source]));
    this.sources = made.flatMap(({ made }) => made ?? []);
  }

  get pushed(): boolean {
    return this.sources.every(({ kind }) => kind !== 'http');
  }

  get problems(): readonly Problem[] {
    const { t } = this.deps.l10n;
    return [
      ...this.#unsupported.map((source): Problem => ({
        severity: 'error',
        code: 'flagd.source',
        message: t(
          '"{0}" cannot be read. Name a flag file, a URL without a password (https://…) or flagd\'s sync stream (grpc://host:8015) in "source".',
          // A password in it is not for the screen.
          source.replace(/\/\/[^/]*@/, '//'),
        ),
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

  sourceOf(definition: Definition): FlagSource<FlagFile> | undefined {
    return this.sources.find((source) => source.path === definition.path);
  }

  /** The file in force for a key among files just read (in the order of the sources). */
  static winner(files: readonly FlagFile[], key: string): FlagFile | undefined {
    return files.findLast((file) => file.definitions.has(key));
  }

  protected serverWords(address: string): string {
    return readFromServerWords(address, this.deps.l10n);
  }

  /** A flag of another flag set under the same key is not lost: callers with a selector still get it. */
  #shadowed(): Problem[] {
    const { t } = this.deps.l10n;
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
          ...(!before.remote && { path: before.path, line: before.line }),
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
