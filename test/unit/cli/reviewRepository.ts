import { execFileSync } from 'node:child_process';
import { cp, mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { grammarFile, installedGrammar, installedRuntime, runtimeFiles } from '../../../grammars.mjs';
import { parseReviewOptions } from '../../../src/cli/review/reviewOptions';
import { reviewCommand } from '../../../src/cli/review/reviewCommand';
import { memoryL10n } from '../../../src/platform/memory/l10n';
import { makeHome } from '../../../src/platform/node/home';
import { http2Grpc } from '../../../src/platform/node/http2Grpc';
import { createUndiciHttp } from '../../../src/platform/node/undiciHttp';
import type { FlagImpact, Report } from '../../../src/review/report';

/** A folder with grammars, in which repositories are made. */
export interface Bench {
  readonly folder: string;
  repository(name: string): Promise<Repository>;
  dispose(): Promise<void>;
}

export async function reviewBench(): Promise<Bench> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'sightglass-review-')));
  await mkdir(join(folder, 'grammars'));
  for (const name of ['typescript', 'tsx', 'javascript'])
    await cp(installedGrammar(name), join(folder, 'grammars', grammarFile(name)));
  for (const name of runtimeFiles) await cp(installedRuntime(name), join(folder, 'grammars', name));
  return {
    folder,
    repository: (name) => Repository.made(folder, name),
    dispose: () => rm(folder, { recursive: true, force: true }),
  };
}

export interface Reviewed {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

export class Repository {
  /** Of the process that reviews. */
  variables: Readonly<Record<string, string>> = {};

  constructor(
    private readonly bench: string,
    readonly folder: string,
  ) {}

  static async made(bench: string, name: string): Promise<Repository> {
    const repository = new Repository(bench, join(bench, name));
    await mkdir(repository.folder, { recursive: true });
    repository.git('init', '-q', '-b', 'main');
    return repository;
  }

  git(...args: string[]): string {
    const who = ['-c', 'user.name=somebody', '-c', 'user.email=somebody@example.com', '-c', 'commit.gpgsign=false'];
    return execFileSync('git', [...who, '-c', 'protocol.file.allow=always', ...args], {
      cwd: this.folder,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_SYSTEM: '/dev/null' },
    });
  }

  /** Writes files; null removes one. */
  async write(files: Readonly<Record<string, string | Uint8Array | null>>): Promise<void> {
    for (const [path, content] of Object.entries(files)) {
      const at = join(this.folder, path);
      if (content === null) await rm(at, { force: true });
      else {
        await mkdir(dirname(at), { recursive: true });
        await writeFile(at, content);
      }
    }
  }

  async commit(files: Readonly<Record<string, string | Uint8Array | null>>, message = 'change'): Promise<string> {
    await this.write(files);
    this.git('add', '-A');
    this.git('commit', '-q', '--allow-empty', '-m', message);
    return this.git('rev-parse', 'HEAD').trim();
  }

  async review(...args: string[]): Promise<Reviewed> {
    let [out, err] = ['', ''];
    const code = await reviewCommand(
      parseReviewOptions([...args]),
      {
        cwd: this.folder,
        version: '1.2.3',
        who: 'a person',
        home: () => makeHome(join(this.bench, 'home')),
        http: createUndiciHttp({}),
        grpc: http2Grpc,
        variables: this.variables,
        l10n: memoryL10n,
        prompt: null,
        signal: new AbortController().signal,
        out: (text) => void (out += text),
        err: (text) => void (err += text),
      },
      join(this.bench, 'grammars'),
    );
    return { code, out, err };
  }

  async report(...args: string[]): Promise<Report> {
    return JSON.parse((await this.review(...args, '--format', 'json')).out) as Report;
  }
}

/** `example-flag: added`, of every flag of a report. */
export const changesOf = ({ flags }: Report): readonly string[] => flags.map(({ key, change }) => `${key}: ${change}`);

export const impactOn = ({ flags }: Report, key: string): FlagImpact | undefined =>
  flags.find((flag) => flag.key === key);

/** `live-on-deploy done`, in order. */
export const reasonsOf = ({ reasons }: Report): readonly string[] =>
  reasons.map(({ code, key }) => (key === null ? code : `${code} ${key}`));

export const head = `import { OpenFeature } from '@openfeature/server-sdk';
const client = OpenFeature.getClient();
`;

/** A function that asks for flags, a line each. */
export const asking = (...keys: readonly string[]): string =>
  `${head}export async function page(): Promise<void> {
${keys.map((key) => `  await client.getBooleanValue('${key}', false);\n`).join('')}}
`;

const split = (on: number) => ({
  fractional: [
    ['on', on],
    ['off', 100 - on],
  ],
});

/** A flag file of flagd: by key `on`, `off`, or a share in percent. */
export function flagFile(flags: Readonly<Record<string, 'on' | 'off' | number>>): string {
  const entries = Object.entries(flags).map(([key, state]) => [
    key,
    {
      state: 'ENABLED',
      variants: { on: true, off: false },
      defaultVariant: state === 'on' ? 'on' : 'off',
      ...(typeof state === 'number' && { targeting: split(state) }),
    },
  ]);
  return `${JSON.stringify({ flags: Object.fromEntries(entries) }, null, 2)}\n`;
}

export const configuration = (environments: readonly object[]): string =>
  JSON.stringify({ systems: [{ id: 'flags', type: 'flagd', projects: [{ name: 'shop', environments }] }] });

export const production = { name: 'production', kind: 'live', protected: true, source: ['flags.flagd.json'] };
