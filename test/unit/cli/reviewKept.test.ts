import { createHash } from 'node:crypto';
import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  asking,
  changesOf,
  configuration,
  flagFile,
  head,
  production,
  reviewBench,
  type Bench,
} from './reviewRepository';

let bench: Bench;
beforeAll(async () => {
  bench = await reviewBench();
});
afterAll(() => bench.dispose());

const storage = (): string => join(bench.folder, 'home', 'review');
const keptFiles = async (): Promise<string[]> =>
  (await readdir(storage()).catch(() => [])).filter((name) => name.startsWith('code-'));
const forget = (): Promise<void> => rm(storage(), { recursive: true, force: true });

const constants = (key: string): string => `export const FLAGS = { NEW: '${key}' } as const;\n`;
const using = `${head}import { FLAGS } from './flags';
export async function use(): Promise<void> {
  await client.getBooleanValue(FLAGS.NEW, false);
}
`;
const traced = `import { trace } from '@opentelemetry/api';
export const pay = (): unknown => trace.getTracer('shop').startActiveSpan('charge card', (span) => span.end());
`;

async function changedShop(name: string) {
  const repository = await bench.repository(name);
  await repository.commit({
    '.sightglass.json': configuration([production]),
    'flags.flagd.json': flagFile({ done: 'on', other: 25, second: 'off' }),
    'src/flags.ts': constants('done'),
    'src/use.ts': using,
    'src/again.ts': asking('done', 'other'),
    'src/moved.ts': asking('second'),
    'src/gone.ts': asking('other'),
    'src/pay.ts': traced,
  });
  await repository.commit({
    'src/flags.ts': constants('other'),
    'src/moved.ts': null,
    'src/renamed.ts': asking('second', 'nowhere'),
    'src/gone.ts': null,
    'src/pay.ts': 'export const pay = (): number => 1;\n',
  });
  return repository;
}

describe('review: what is kept of the code of a change', () => {
  it('gives the same report as all of it read anew, and as only the base known', async () => {
    const repository = await changedShop('kept');
    const told = async (...args: string[]): Promise<object> => ({ ...(await repository.report(...args)), madeAt: 0 });
    const asked = ['--base', 'HEAD~1', '--head', 'HEAD'] as const;
    await forget();
    const cold = await told(...asked);
    expect(cold).toMatchObject({ removedSpans: [{ name: 'charge card' }], files: { changed: 4 } });
    const [kept = ''] = await keptFiles();
    expect(await told(...asked)).toEqual(cold);
    await rm(join(storage(), kept));
    expect(await told(...asked)).toEqual(cold);
    // What is not checked out is read from git.
    repository.git('checkout', '-q', 'HEAD~1');
    expect(await told('--base', 'main~1', '--head', 'main')).toMatchObject({ ...cold, base: {}, head: {} });
    await forget();
    expect(await told('--base', 'main~1', '--head', 'main')).toMatchObject({ ...cold, base: {}, head: {} });
    expect(await keptFiles()).toEqual([kept]);
  });

  it('is used for the very same question alone, and where it is as it was written', async () => {
    const repository = await changedShop('asked');
    await forget();
    const asked = ['--base', 'HEAD~1', '--head', 'HEAD'] as const;
    const cold = changesOf(await repository.report(...asked));
    const [name = ''] = await keptFiles();
    const path = join(storage(), name);
    const [, body = ''] = (await readFile(path, 'utf8')).split('\n');
    const other = body.replaceAll('"second"', '"planted"');
    const signed = (text: string): string => `${createHash('sha256').update(text).digest('hex')}\n${text}`;
    await writeFile(path, signed(other));
    expect(changesOf(await repository.report(...asked))).toEqual(cold.map((one) => one.replace('second', 'planted')));
    await writeFile(path, `${signed(body).split('\n')[0] ?? ''}\n${other}`);
    expect(changesOf(await repository.report(...asked))).toEqual(cold);
    await writeFile(path, signed(other));
    expect(changesOf(await repository.report(...asked, '--exclude', 'elsewhere/**'))).toEqual(cold);
    await repository.commit({ 'src/third.ts': asking('done') });
    const after = changesOf(await repository.report('--base', 'HEAD~2', '--head', 'HEAD'));
    expect(after).not.toContain('planted: edited');
    expect(after.join()).not.toContain('planted');
  });

  it('is of commits alone: what lies on disk has no name, and is read anew', async () => {
    const repository = await changedShop('disk');
    await forget();
    await repository.write({ 'src/again.ts': asking('done') });
    expect(changesOf(await repository.report('--base', 'HEAD'))).toEqual(['other: removed']);
    await repository.write({ 'src/again.ts': asking('done', 'other', 'second') });
    expect(changesOf(await repository.report('--base', 'HEAD'))).toEqual(['second: added']);
    expect(await keptFiles()).toEqual([]);
  });

  it('is let go of where there are too many, the eldest first', async () => {
    const repository = await changedShop('many');
    await forget();
    for (let at = 0; at < 11; at++) {
      await repository.commit({ 'src/again.ts': asking(`key-${String(at)}`) });
      await repository.report('--base', 'HEAD~1', '--head', 'HEAD');
    }
    expect(await keptFiles()).toHaveLength(8);
  });
});
