import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { languageOf } from '../../../../src/code/languages/table';
import { sdks } from '../../../../src/code/sdks/table';
import type { Family } from '../../../../src/code/summary';
import { finderOf } from '../finderHarness';

/**
 * `test/fixtures/sdks/<vendor>/`: code as it uses an SDK. Each file is a workspace of its own, and so is each folder. A
 * comment that begins with `=` tells the rows of its line: `//= key via` (then `likely` or `dynamic` where not certain,
 * and `@server` or the like where it is evaluated), more of them parted by `;`. What has no such comment asks for no flag.
 */
const folder = new URL('../../../fixtures/sdks/', import.meta.url);
const comment = /(?:\/\/|\/\*|#|<!--)=\s*(.*?)\s*(?:\*\/.*|-->.*)?$/;

const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  .map((path) => path.replaceAll('\\', '/'))
  .filter((path) => /\/[^/]+\.\w+$/.test(path))
  .sort();

/** Files by workspace: `posthog/node.ts`, `openfeature/generatedReact`. */
const workspaces = new Map<string, string[]>();
for (const path of files) {
  const name = path.split('/').slice(0, 2).join('/');
  workspaces.set(name, [...(workspaces.get(name) ?? []), path]);
}

/** Those whose SDKs are all held by fixtures here. */
const families: ReadonlySet<Family> = new Set(sdks.map(({ family }) => family));

/** Kotlin reads what Java's rows say in its own syntax. */
const languages = (path: string): string[] => [languageOf(path)?.family ?? '', languageOf(path)?.id ?? ''];

const sourceOf = (path: string): string => `src/${path.split('/').slice(1).join('/')}`;

function told(path: string, text: string): string[] {
  return text.split('\n').flatMap((line, i) =>
    (comment.exec(line)?.[1] ?? '')
      .split(';')
      .filter((row) => row.trim() !== '')
      .map((row) => `${path}:${String(i + 1)}: ${row.trim()}`),
  );
}

describe('fixtures of SDKs', () => {
  it.each([...workspaces])('%s', async (_, paths) => {
    const texts = paths.map((path) => [sourceOf(path), readFileSync(new URL(path, folder), 'utf8')] as const);
    const expected = texts.flatMap(([path, text]) => told(path, text));
    const finder = await finderOf(Object.fromEntries(texts));
    const rows = finder
      .references()
      .filter(({ kind }) => kind === 'evaluation')
      .map(({ path, line, key, pattern, via, certainty, evaluatedOn }) => {
        const sure = certainty === 'certain' ? '' : ` ${certainty}`;
        const row = `${path}:${String(line)}: ${key ?? `/${pattern ?? ''}/`} ${via}${sure}`;
        return expected.includes(`${row} @${evaluatedOn}`) ? `${row} @${evaluatedOn}` : row;
      });
    expect(rows.sort()).toEqual(expected.sort());
  });

  it('there are some for each vendor and language of these that it has rows for', () => {
    const there = new Set(files.flatMap((path) => languages(path).map((one) => `${path.split('/')[0] ?? ''} ${one}`)));
    const rows = sdks.flatMap(({ id, family }) =>
      families.has(family) ? [`${id} ${family}`, ...(family === 'java' ? [`${id} kotlin`] : [])] : [],
    );
    expect([...new Set(rows)].filter((row) => !there.has(row))).toEqual([]);
  });
});
