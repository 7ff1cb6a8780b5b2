import { readFile, stat, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { Ajv } from 'ajv';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseCommandLine } from '../../../src/cli/commandLine';
import { help } from '../../../src/cli/help';
import { reasonCodes } from '../../../src/review/report';
import { markdownMarker } from '../../../src/review/formats/markdown';
import {
  asking,
  changesOf,
  configuration,
  flagFile,
  head,
  impactOn,
  production,
  reasonsOf,
  reviewBench,
  type Bench,
} from './reviewRepository';

const require = createRequire(import.meta.url);
let bench: Bench;
beforeAll(async () => {
  bench = await reviewBench();
});
afterAll(() => bench.dispose());

const dev = { name: 'dev', kind: 'live', source: ['dev.flagd.json'] };
const sided = (old: string, fresh: string): string => `${head}export async function pay(): Promise<string> {
  if (await client.getBooleanValue('done', false)) {
    return '${fresh}';
  } else {
    return '${old}';
  }
}
export async function ship(): Promise<string> {
  if (await client.getBooleanValue('later', false)) {
    return '${fresh}';
  }
  return 'always';
}
`;

describe('review: flags of a change', () => {
  it('says what is on already, off, left behind and changed in its definition, in order', async () => {
    const repository = await bench.repository('sides');
    const states = { done: 'on', later: 'off', split: 25 } as const;
    await repository.commit({
      '.sightglass.json': configuration([production, dev]),
      'flags.flagd.json': flagFile(states),
      'dev.flagd.json': flagFile({ ...states, later: 'on' }),
      'src/sides.ts': sided('old', 'new'),
      'src/split.ts': asking('split'),
    });
    await repository.commit({
      'flags.flagd.json': flagFile({ ...states, split: 50 }),
      'src/sides.ts': sided('older', 'newer'),
      'src/more.ts': asking('done', 'split'),
    });
    const report = await repository.report('--base', 'HEAD~1');
    expect(reasonsOf(report)).toEqual([
      'live-on-deploy done',
      'live-on-deploy split',
      'definition-changed split',
      'dead-side-edited done',
      'behind-off-flag later',
    ]);
    const evidence = Object.fromEntries(report.reasons.map((one) => [`${one.code} ${one.key ?? ''}`, one.evidence]));
    expect(evidence['live-on-deploy split']).toEqual(['production: 25% "on", split by targetingKey (protected)']);
    expect(evidence['definition-changed split']).toEqual([
      'production: 25% "on", split by targetingKey, then 50% "on", split by targetingKey',
    ]);
    expect(evidence['dead-side-edited done']).toHaveLength(2);
    expect(report.reasons.find(({ code }) => code === 'definition-changed')?.places).toMatchObject([
      { side: 'head', path: 'flags.flagd.json', line: 19 },
    ]);
    // On in dev, off in production: it is reached in one of them.
    expect(evidence['behind-off-flag later']).toEqual(['production: everybody gets the off variant']);
    expect(report.reasons.find(({ code }) => code === 'dead-side-edited')?.places).toMatchObject([
      { path: 'src/sides.ts', line: 7 },
    ]);
  });

  it('says who owns nothing any more: removed while some get one side', async () => {
    const repository = await bench.repository('served');
    await repository.commit({
      '.sightglass.json': configuration([production]),
      'flags.flagd.json': flagFile({ split: 25, done: 'on' }),
      'src/a.ts': asking('split', 'done'),
      'src/b.ts': asking('done'),
    });
    await repository.commit({ 'src/a.ts': asking() });
    const report = await repository.report('--base', 'HEAD~1');
    expect(changesOf(report)).toEqual(['done: removed', 'split: extinct']);
    expect(reasonsOf(report)).toEqual(['removed-while-served split', 'flag-extinct split']);
    expect(impactOn(report, 'done')?.left).toMatchObject({ count: 1, places: [{ path: 'src/b.ts', line: 4 }] });
  });

  it('takes the configuration of the base, whatever the change says of it', async () => {
    const repository = await bench.repository('configured');
    const lax = { ...production, name: 'lax', protected: false };
    await repository.commit({
      '.sightglass.json': configuration([production]),
      'flags.flagd.json': flagFile({ done: 'on' }),
      'src/a.ts': asking(),
    });
    await repository.commit({ '.sightglass.json': configuration([lax]), 'src/a.ts': asking('done') });
    const report = await repository.report('--base', 'HEAD~1');
    expect(impactOn(report, 'done')?.flags[0]?.environments.map(({ name }) => name)).toEqual(['production']);
    expect(reasonsOf(report)).toEqual(['live-on-deploy done']);
  });

  it('tells a span that nobody starts any more', async () => {
    const spans = (body: string): string =>
      `import { trace } from '@opentelemetry/api';\nexport const pay = () => ${body};\n`;
    const repository = await bench.repository('spans');
    await repository.commit({ 'src/a.ts': spans("trace.getTracer('t').startActiveSpan('charge card', () => 1)") });
    await repository.commit({ 'src/a.ts': spans('1') });
    const report = await repository.report('--base', 'HEAD~1');
    expect(report.removedSpans).toMatchObject([{ name: 'charge card', place: { side: 'base', line: 2 } }]);
    expect(reasonsOf(report)).toEqual(['telemetry-removed']);
  });

  it('names what could not be asked', async () => {
    const repository = await bench.repository('unasked');
    const server = {
      systems: [
        {
          id: 'unleash',
          type: 'unleash',
          url: 'http://127.0.0.1:9',
          projects: [{ name: 'default', environments: [{ name: 'production', kind: 'live' }] }],
        },
      ],
    };
    await repository.commit({ '.sightglass.json': JSON.stringify(server), 'src/a.ts': asking() });
    await repository.commit({ 'src/a.ts': asking('unseen') });
    const report = await repository.report('--base', 'HEAD~1');
    expect(impactOn(report, 'unseen')?.known).toBe('unknown');
    expect(reasonsOf(report)).toEqual([]);
    expect(new Set(report.missing.map(({ source }) => source))).toEqual(new Set(['flags', 'telemetry', 'consumers']));
  });
});

describe('review: formats and exit codes', () => {
  const hostile = '](javascript:alert(1)) @everyone #1 <img src=x> | `x` ${y}';
  async function changed() {
    const repository = await bench.repository('formats');
    if (!(await stat(join(repository.folder, 'src')).catch(() => null))) {
      await repository.commit({
        '.sightglass.json': configuration([production]),
        'flags.flagd.json': flagFile({ done: 'on' }),
      });
      await repository.commit({ 'src/a.ts': asking('done', hostile) });
    }
    return repository;
  }

  it('is a comment that begins with its marker, in which nothing from outside is mark-up', async () => {
    const repository = await changed();
    const { out } = await repository.review('--base', 'HEAD~1');
    expect(out.startsWith(`${markdownMarker}\n`)).toBe(true);
    expect(out).not.toContain('<img');
    expect(out).not.toContain('](');
    expect(out).not.toMatch(/@everyone|#1\b/);
    // Every row of a table has as many cells.
    const rows = out.split('\n').filter((line) => line.startsWith('| '));
    expect(new Set(rows.map((row) => row.split(' | ').length)).size).toBeLessThanOrEqual(2);
  });

  it('is a log that the schema of SARIF 2.1.0 allows', async () => {
    const repository = await changed();
    const file = join(
      dirname(require.resolve('@microsoft/jest-sarif/package.json')),
      'lib/schemas/sarif-2.1.0-rtm.5.json',
    );
    const schema = JSON.parse(await readFile(file, 'utf8')) as Record<string, unknown>;
    delete schema.$schema;
    delete schema.id;
    const validate = new Ajv({ strict: false, validateFormats: false, unicodeRegExp: false }).compile(schema);
    const { out } = await repository.review('--base', 'HEAD~1', '--format', 'sarif');
    const log = JSON.parse(out) as { runs: { results: { ruleId: string }[] }[] };
    expect(validate(log), JSON.stringify(validate.errors)).toBe(true);
    expect(log.runs[0]?.results.map(({ ruleId }) => ruleId)).toEqual(['flag-unknown', 'live-on-deploy']);
  });

  it('is a page without scripts, in which nothing from outside is mark-up', async () => {
    const repository = await changed();
    const { out } = await repository.review('--base', 'HEAD~1', '--format', 'html');
    expect(out).toContain("default-src 'none'");
    expect(out).not.toContain('<img');
    expect(out).not.toContain('<script');
  });

  it('ends with 1 for what --fail-on names, and 0 for what it does not', async () => {
    const repository = await changed();
    const codeOf = async (failOn: string): Promise<number> =>
      (await repository.review('--base', 'HEAD~1', '--fail-on', failOn)).code;
    expect(await codeOf('never')).toBe(0);
    expect(await codeOf('error')).toBe(1);
    expect(await codeOf('live-on-deploy')).toBe(1);
    expect(await codeOf('flag-extinct,telemetry-removed')).toBe(0);
  });

  it('is explained, every reason and option', async () => {
    const page = await readFile(join(import.meta.dirname, '../../../docs/review.md'), 'utf8');
    expect(reasonCodes.filter((code) => !page.includes(`| \`${code}\` `))).toEqual([]);
    const options = ['base', 'head', 'staged', 'format', 'fail-on', 'window', 'busy'];
    expect(options.filter((name) => !page.includes(`--${name}`) || !help.includes(`--${name}`))).toEqual([]);
  });

  it('says how it is asked', () => {
    expect(() => parseCommandLine(['review'])).toThrow('review wants --base');
    expect(() => parseCommandLine(['review', '--base', 'a', '--fail-on', 'everything'])).toThrow(
      '--fail-on wants one of',
    );
    expect(() => parseCommandLine(['review', '--base', 'a', '--head', 'b', '--staged'])).toThrow(
      'two different things',
    );
  });
});

describe('review: nothing of the repository is run', () => {
  it('runs no hook, filter, external diff, textconv or file system monitor', async () => {
    const repository = await bench.repository('programs');
    const proof = join(bench.folder, 'was-run');
    const program = join(repository.folder, '.git', 'evil.sh');
    await repository.commit({ '.gitattributes': '*.ts filter=evil diff=evil\n', 'src/a.ts': asking('one') });
    await writeFile(program, `#!/bin/sh\necho run >> '${proof}'\ncat\n`, { mode: 0o755 });
    for (const [name, value] of [
      ['filter.evil.clean', program],
      ['filter.evil.smudge', program],
      ['filter.evil.process', program],
      ['filter.evil.required', 'true'],
      ['diff.evil.textconv', program],
      ['diff.evil.command', program],
      ['diff.external', program],
      ['core.fsmonitor', program],
      ['core.hooksPath', dirname(program)],
      ['core.pager', program],
    ] as const)
      repository.git('config', name, value);
    await repository.write({ 'src/a.ts': asking('one', 'two') });
    expect(changesOf(await repository.report('--base', 'main'))).toEqual(['two: added']);
    expect(await stat(proof).catch(() => null)).toBeNull();
    // The proof can fail: git itself runs them.
    repository.git('config', '--unset', 'filter.evil.process');
    repository.git('diff', '--stat');
    expect(await stat(proof).catch(() => null)).not.toBeNull();
  });
});
