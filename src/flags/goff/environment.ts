import type { EnvironmentConfig } from '../../model/config';
import type { Environment } from '../../model/flag';
import type { Problem } from '../../model/problem';
import { baseAddress } from '../../platform/addresses';
import type { L10n } from '../../platform/l10n';
import type { Remote } from '../../platform/remotes';
import type { SystemDeps, SystemOptions } from '../deps';
import { fileOf } from '../environments';
import { FileEnvironment, isOnAnotherMachine } from '../files/fileEnvironment';
import { FileSource } from '../files/fileSource';
import type { FlagSource } from '../files/flagSource';
import { MAX_FLAG_FILE_BYTES } from '../files/readFlagText';
import { FRESHNESS } from '../liveProject';
import { OfrepClient } from '../ofrep/ofrepClient';
import type { Definition } from './definition';
import type { GoffFile } from './flagFile';
import { goffFormat } from './format';
import { RelaySource } from './relaySource';

/** The relay reads its files anew this often unless told otherwise (`pollingInterval`). */
const RELAY_POLL_MS = 60_000;
const isAddress = (source: string): boolean => /^[a-z][a-z0-9+.-]+:\/\//i.test(source);

export const relayWords = (address: string, { t }: L10n): string =>
  t('It is read from the relay {0}, which nobody can write to. Change the flag in the files that it reads.', address);

/** One environment: its sources in the order of the configuration, later ones winning, as the relay has its retrievers. */
export class GoffEnvironment extends FileEnvironment<GoffFile> {
  readonly sources: readonly FlagSource<GoffFile>[];
  /** The relay that serves this environment: named by `ofrep`, else the source itself. */
  readonly dataPlane: OfrepClient | null;
  readonly #of: Environment;
  readonly #relays: readonly RelaySource[];
  readonly #unsupported: readonly string[];

  /** `changed` is called when a source has something new. */
  constructor(
    environment: Environment,
    config: EnvironmentConfig,
    options: Pick<SystemOptions, 'system' | 'folder'>,
    deps: SystemDeps,
    changed: () => void,
  ) {
    super(environment, config, deps);
    this.#of = environment;
    const remote = (url: string): Remote =>
      deps.remotes.remote({ id: options.system, type: 'goff', url, authorization: 'bearer', tokenOptional: true });
    const maxBytes = (config.maxMegabytes ?? 0) * 1024 * 1024 || MAX_FLAG_FILE_BYTES;
    const unsupported: string[] = [];
    this.sources = config.source.flatMap((source): FlagSource<GoffFile>[] => {
      if (!isAddress(source)) {
        const path = deps.paths.resolve(options.folder, fileOf(source));
        if (!isOnAnotherMachine(path, deps)) return [new FileSource(path, goffFormat(deps), deps, changed)];
      }
      const base = baseAddress(source);
      if (base) {
        const name = `${base.origin}${base.path}`;
        return [new RelaySource({ remote: remote(source), name, maxBytes }, deps, changed)];
      }
      unsupported.push(source);
      return [];
    });
    this.#unsupported = unsupported;
    this.#relays = this.sources.filter((source) => source instanceof RelaySource);
    const serves =
      config.ofrep ?? config.source.findLast((source) => baseAddress(source) !== null && isAddress(source));
    this.dataPlane = serves === undefined ? null : new OfrepClient(remote(serves), deps.l10n);
  }

  /** With how often its relay is asked, where that does not push, and how often the relay looks at its files. */
  get environment(): Environment {
    const { t, locale } = this.deps.l10n;
    const pollMs = this.#of.pollMs ?? (this.#of.kind === 'live' ? RELAY_POLL_MS : null);
    if (this.pushed) return { ...this.#of, pollMs };
    const askedMs = FRESHNESS.refreshMs;
    const seconds = new Intl.NumberFormat(locale).format(askedMs / 1000);
    return { ...this.#of, pollMs, askedMs, sourceName: t('{0}, asked every {1} s', this.#of.sourceName, seconds) };
  }

  get pushed(): boolean {
    return this.#relays.every(({ pushed }) => pushed);
  }

  get problems(): readonly Problem[] {
    const { t } = this.deps.l10n;
    return [
      ...this.#unsupported.map((source): Problem => ({
        severity: 'error',
        code: 'goff.source',
        message: t(
          '"{0}" cannot be read. Name a flag file (YAML or JSON), or the address of a relay without a key (http://host:1031), in "source".',
          // A password or a key in it is not for the screen.
          source.replace(/\/\/[^/]*@/, '//').replace(/[?#].*$/, ''),
        ),
      })),
      ...this.sources.flatMap((source) => source.problems),
    ];
  }

  /** The definitions in force at `now`, by key. */
  definitions(now: number): Map<string, Definition> {
    return new Map(this.sources.flatMap(({ file }) => [...(file?.at(now).definitions ?? [])]));
  }

  protected serverWords(address: string): string {
    return relayWords(address, this.deps.l10n);
  }
}
