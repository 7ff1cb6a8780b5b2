import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { mostParseMs, mostReadMs } from '../../../../src/code/bounds';
import { Deadline } from '../../../../src/code/extract/deadline';
import { summarize } from '../../../../src/code/extract/summarize';
import { codeIn } from '../../../../src/code/languages/codeIn';
import { languageOf } from '../../../../src/code/languages/table';
import type { FileSummary } from '../../../../src/code/summary';
import { fileFactsSchema } from '../../../../src/model/reference';
import { finderOf, installedGrammars, root, type Finder } from '../finderHarness';
import { plain, samples, written } from './samples';

/** Milliseconds that one file may take: its parse, its reading, and the rest on a machine that does much else. */
const bound = mostParseMs + mostReadMs + 20_000;

let version = 0;

async function answers(path: string, text: string, finder: Finder): Promise<string | null> {
  const from = performance.now();
  const facts = await finder.index.edit(path, text, String(++version));
  expect(performance.now() - from).toBeLessThan(bound);
  expect(() => fileFactsSchema.parse(facts)).not.toThrow();
  return facts.truncated;
}

const nests = ['(', '[', '{', 'f(', 'a.b().', 'if (a) {\n', '<div><p>', '"#{', '`${', 'a + '];

describe.each(samples.map((sample) => [sample.path, sample] as const))('%s', (path, sample) => {
  const text = written(sample, plain)[path] ?? '';
  let finder: Finder;
  beforeAll(async () => {
    finder = await finderOf({ 'a.ts': '' });
  });

  it('takes random bytes, from disk and in an editor', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ minLength: 1, maxLength: 3_000 }), async (bytes) => {
        finder.files.set(`${root}/${path}`, bytes);
        await finder.index.changed([path]);
        const facts = await finder.index.facts(path);
        expect(() => fileFactsSchema.nullish().parse(facts)).not.toThrow();
        await answers(path, String.fromCharCode(...bytes), finder);
        await answers(path, `${text}${String.fromCharCode(...bytes)}${text}`, finder);
      }),
      { numRuns: 4 },
    );
  });

  it('takes a good file that is cut anywhere', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(text.length), async (at) => {
        expect(await answers(path, text.slice(0, at), finder)).toBeNull();
      }),
      { numRuns: 12 },
    );
  });

  it('takes a line of 5 MB, alone and behind short ones', async () => {
    const line = `"${'x'.repeat(5 * 1024 * 1024)}"\n`;
    expect(await answers(path, `${text}${line}`, finder)).toBe('minified');
    await answers(path, `${text}${'\n'.repeat(300)}${line}`, finder);
  });

  it('takes what nests deeply, and reads the next file', async () => {
    for (const [i, part] of nests.entries())
      if (i % 5 === path.length % 5) await answers(path, `${text}\n${part.repeat(4_000)}`, finder);
    const next = await finderOf(written(sample, plain));
    expect(next.references().filter(({ kind }) => kind === 'evaluation')).toHaveLength(sample.keys.length);
  });

  it('keeps what it read until its time is over', async () => {
    const language = languageOf(path);
    if (!language) throw new Error('no language');
    const { source, extractor, grammar } = codeIn(language, text.repeat(30));
    const read = async (enough: number): Promise<FileSummary> =>
      installedGrammars.parsing(language, grammar, (parser) => {
        const tree = parser.parse(source);
        let asked = 0;
        const deadline = new Deadline(() => (asked++ < enough ? 0 : mostReadMs + 1), mostReadMs);
        const summary = summarize(extractor, path, source, (goesOn) => parser.read(tree, source, goesOn), deadline);
        tree.delete();
        return summary;
      });
    const [none, some, whole] = [await read(1), await read(2), await read(Infinity)];
    expect(whole.truncated).toBeNull();
    const why = 'reading it takes longer than 5 seconds; what was found until then is shown';
    expect([none.truncated, some.truncated]).toEqual([why, why]);
    expect(some.pieces[0]).toEqual(whole.pieces[0]);
    const places = ({ pieces }: FileSummary): number[] => pieces.map(({ base }) => base);
    expect([places(none), places(some)]).toEqual([places(whole), places(whole)]);
    expect(none.pieces.every(({ calls, fns }) => calls.length + fns.length === 0)).toBe(true);
  });
});
