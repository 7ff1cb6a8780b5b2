import { describe, expect, it } from 'vitest';
import { compact } from '../../../src/code/compact';
import { readText } from '../../../src/code/readSource';
import { installedGrammars } from './finderHarness';

const source = `import { OpenFeature } from '@openfeature/server-sdk';
export const KEYS = { NEW: 'new-checkout', OLD: 'old' } as const;
export class Shop {
  sells(user: string) { if (OpenFeature.getClient().getBooleanValue(KEYS.NEW, false)) return user; return null; }
}
export function empty() {}
`;

describe('compact', () => {
  it('leaves what a summary says as it is', async () => {
    const summary = await readText('src/a.ts', source, 'whole', installedGrammars);
    const before = structuredClone(summary);
    compact(summary);
    expect(summary).toEqual(before);
  });

  it('has one empty list for all, but for those that a piece is known by', async () => {
    const summary = await readText('src/a.ts', source, 'whole', installedGrammars);
    compact(summary);
    const { pieces } = summary;
    expect(pieces.length).toBeGreaterThan(2);
    const empty = pieces.flatMap(({ reads, stars }) => [reads, stars]).filter(({ length }) => length === 0);
    expect(empty.length).toBeGreaterThan(2);
    expect(new Set(empty).size).toBe(1);
    for (const field of ['decls', 'fns', 'calls', 'guards'] as const)
      expect(new Set(pieces.map((piece) => piece[field])).size).toBe(pieces.length);
  });
});
