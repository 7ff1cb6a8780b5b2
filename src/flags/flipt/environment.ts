import type { EnvironmentConfig } from '../../model/config';
import type { Environment } from '../../model/flag';
import type { Problem } from '../../model/problem';
import type { SystemDeps, SystemOptions } from '../deps';
import { fileOf } from '../environments';
import { FileEnvironment, isOnAnotherMachine } from '../files/fileEnvironment';
import { FileSource } from '../files/fileSource';
import type { FlagSource } from '../files/flagSource';
import { OfrepClient } from '../ofrep/ofrepClient';
import type { Turns } from '../turns';
import type { Definition } from './definition';
import type { FliptFile } from './flagFile';
import { namedSegments, type Segments } from './flagModel';
import { fliptFormat } from './format';
import { ServedEnvironments } from './servedEnvironments';

/** What a header can hold. An environment that is named otherwise here is none of Flipt's. */
const IN_HEADER = /^[!-~]+$/;

/** The files of an environment put together. */
interface Merged {
  readonly of: readonly FliptFile[];
  readonly definitions: ReadonlyMap<string, Definition>;
  readonly problems: readonly Problem[];
}

/** One environment whose flags stand in files of features, as Flipt reads them out of a repository. */
export class FliptEnvironment extends FileEnvironment<FliptFile> {
  readonly sources: readonly FlagSource<FliptFile>[];
  /** The Flipt that serves this environment, where the configuration names one. */
  readonly dataPlane: OfrepClient | null;
  /** What it has of environments. */
  readonly served: ServedEnvironments | null;
  /** Files are watched. */
  readonly pushed = true;
  readonly #unsupported: readonly string[];
  #merged: Merged = { of: [], definitions: new Map(), problems: [] };

  /** `changed` is called when a source has something new. */
  constructor(
    readonly environment: Environment,
    config: EnvironmentConfig,
    options: Pick<SystemOptions, 'system' | 'folder' | 'project'>,
    deps: SystemDeps,
    changed: () => void,
  ) {
    super(environment, config, deps);
    const format = fliptFormat(options.project.name, deps);
    const unsupported: string[] = [];
    this.sources = config.source.flatMap((source): FlagSource<FliptFile>[] => {
      const path = deps.paths.resolve(options.folder, fileOf(source));
      if (!/^[a-z][a-z0-9+.-]+:\/\//i.test(source) && !isOnAnotherMachine(path, deps))
        return [new FileSource(path, format, deps, changed)];
      unsupported.push(source);
      return [];
    });
    this.#unsupported = unsupported;
    const { ofrep } = config;
    const of = { id: options.system, type: 'flipt', authorization: 'bearer', tokenOptional: true } as const;
    const remote = ofrep === undefined ? null : deps.remotes.remote({ ...of, url: ofrep });
    this.served = remote && new ServedEnvironments(remote, deps.clock);
    // Without them Flipt evaluates in its namespace `default`, and in the environment that is its default.
    const headers = {
      'x-flipt-namespace': options.project.name,
      ...(IN_HEADER.test(environment.ref.name) && { 'x-flipt-environment': environment.ref.name }),
    };
    this.dataPlane = remote && new OfrepClient(remote, deps.l10n, headers);
  }

  get problems(): readonly Problem[] {
    const { t } = this.deps.l10n;
    return [
      ...this.#unsupported.map((source): Problem => ({
        severity: 'error',
        code: 'flipt.source',
        message: t(
          '"{0}" cannot be read. Name a file of features in "source"; the address of a Flipt server stands in "url" of the system.',
          // A password or a key in it is not for the screen.
          source.replace(/\/\/[^/]*@/, '//').replace(/[?#].*$/, ''),
        ),
      })),
      ...this.sources.flatMap((source) => source.problems),
      ...this.#merged.problems,
    ];
  }

  /** The definitions in force, by key, each read among the segments of all sources. */
  definitions(): ReadonlyMap<string, Definition> {
    return this.#merged.definitions;
  }

  override async load(turns: Turns, signal: AbortSignal): Promise<void> {
    await super.load(turns, signal);
    await this.#merge(turns, signal);
  }

  override refusalOf(path: string): Problem | null {
    return super.refusalOf(path) ?? this.#merged.problems[0] ?? null;
  }

  protected serverWords(address: string): string {
    return this.deps.l10n.t('{0} is no file.', address);
  }

  /** What is in force stays until the new one is there whole. */
  async #merge(turns: Turns, signal: AbortSignal): Promise<void> {
    const files = this.sources.flatMap(({ file }) => file ?? []);
    const { of } = this.#merged;
    if (files.length === of.length && files.every((file, at) => file === of[at])) return;
    const segments = new Map(files.flatMap((file) => [...file.segments]));
    const definitions = new Map<string, Definition>();
    for (const file of files) {
      const among = files.length === 1 ? file : await file.among(segments, turns, signal);
      for (const [key, definition] of among.definitions) definitions.set(key, definition);
    }
    const problems: Problem[] = [];
    for (const definition of definitions.values()) {
      const problem = this.#unknownSegment(definition, segments);
      if (problem) problems.push(problem);
      if (turns.over) await turns.rest(signal);
    }
    this.#merged = { of: files, definitions, problems };
  }

  /** Flipt takes none of the flags of a namespace while one of them names a segment that there is none of. */
  #unknownSegment({ flag, path, line, key }: Definition, known: Segments): Problem | null {
    const missing = namedSegments(flag).find((segment) => !known.has(segment));
    if (missing === undefined) return null;
    const message = this.deps.l10n.t(
      '"{0}" names the segment "{1}", which no source of "{2}" defines. Without it Flipt refuses all flags of the namespace.',
      key,
      missing,
      this.environment.ref.name,
    );
    return { severity: 'error', code: 'flipt.segment', message, path, line, column: 1, key };
  }
}
