import { expect, it } from 'vitest';
import { Tidying } from '../../../src/code/tidying';
import type { FileSummary } from '../../../src/code/summary';

/** A summary of one piece, whose list has room for more than is in it; tidy once that is a list of its own. */
function loose(): { readonly summary: FileSummary; readonly isTidy: () => boolean } {
  const exports: unknown[] = [{ n: 'a', local: 'a' }];
  const piece = { exports };
  return {
    summary: { pieces: [piece] } as unknown as FileSummary,
    isTidy: () => piece.exports !== exports,
  };
}

function later() {
  const waiting: (() => void)[] = [];
  const tools = {
    later: (_ms: number, run: () => void) => void waiting.push(run),
    now: () => performance.now(),
    breathe: () => Promise.resolve(),
  };
  return { waiting, tools };
}

it('makes summaries small later, all of them, and again when others come', async () => {
  const { waiting, tools } = later();
  const tidying = new Tidying(tools);
  const [first, second] = [loose(), loose()];
  tidying.add(first.summary);
  tidying.add(second.summary);
  expect(waiting).toHaveLength(1);
  expect(first.isTidy()).toBe(false);
  waiting.shift()?.();
  await expect.poll(() => first.isTidy() && second.isTidy()).toBe(true);
  const third = loose();
  tidying.add(third.summary);
  expect(waiting).toHaveLength(1);
  waiting.shift()?.();
  await expect.poll(() => third.isTidy()).toBe(true);
});

it('does not wait while very many are read: the oldest is made small for each that comes', () => {
  const { tools } = later();
  const tidying = new Tidying(tools);
  const summaries = Array.from({ length: 520 }, loose);
  for (const { summary } of summaries) tidying.add(summary);
  expect(summaries.map(({ isTidy }) => isTidy()).lastIndexOf(true)).toBe(7);
});
