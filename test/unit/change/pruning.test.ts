import { describe, expect, it } from 'vitest';
import { Journal } from '../../../src/change/journal';
import { pruneJournal } from '../../../src/change/pruning';
import type { ChangeStatus, JournalEntry } from '../../../src/model/change';
import { bench, home, never, onDisk, type Bench } from './bench';
import { production, ref } from './fakeFlagSystem';

const day = 24 * 60 * 60_000;

/** A journal with one real entry to copy, and the means to put copies of any age there. */
async function journalled(): Promise<{
  on: Bench;
  journal: Journal;
  put: (ageDays: number, over?: { key?: string; status?: ChangeStatus }) => string;
}> {
  const on = bench();
  const seen = on.system.state();
  await on.changes.change({ ref, environment: production, intent: { kind: 'kill' }, seen, through: 'x' }, never);
  on.changes.dispose();
  await on.changes.closed();
  const [name] = await onDisk(on.files);
  const entry = JSON.parse(on.files.text(`${home}/journal/${name!}`)) as JournalEntry;
  await on.files.remove(`${home}/journal/${name!}`);
  let count = 0;
  return {
    on,
    journal: new Journal(on.options),
    put: (ageDays, { key = ref.key, status = 'written' } = {}) => {
      const at = new Date(on.clock.now() - ageDays * day).toISOString().replace(/[-:.]/g, '');
      const id = `${at}-${(count++).toString(16).padStart(8, '0')}`;
      const plan = { ...entry.plan, ref: { ...entry.plan.ref, key } };
      on.files.set(`${home}/journal/${id}.json`, JSON.stringify({ ...entry, id, status, plan }), 0o600);
      return id;
    },
  };
}

const many = (count: number, of: (index: number) => string): string[] =>
  Array.from({ length: count }, (_, at) => of(at));

describe('pruning', () => {
  it('removes what is older than 90 days beyond the newest 1,000, oldest first, and nothing else', async () => {
    const { on, journal, put } = await journalled();
    const young = many(600, () => put(1));
    const old = many(450, (index) => put(100 + index));
    const removed: string[] = [];
    const remove = on.files.remove.bind(on.files);
    on.files.remove = (path) => {
      removed.push(path);
      return remove(path);
    };
    expect(await pruneJournal(journal, on.clock.now(), never)).toBe(50);
    const left = await journal.ids();
    expect(new Set(left)).toEqual(new Set([...young, ...old.slice(0, 400)]));
    expect(removed).toEqual([...removed].sort());
    expect(await pruneJournal(journal, on.clock.now(), never)).toBe(0);
  });

  it('keeps everything of the last 90 days, however much it is', async () => {
    const { on, journal, put } = await journalled();
    many(1_200, () => put(89));
    expect(await pruneJournal(journal, on.clock.now(), never)).toBe(0);
    expect(await journal.ids()).toHaveLength(1_200);
  });

  it('never removes what is unsettled, may still be taken back, or cannot be read', async () => {
    const { on, journal, put } = await journalled();
    const kept = [
      put(200, { key: 'open', status: 'consented' }),
      put(200, { key: 'open', status: 'applying' }),
      put(200, { key: 'open', status: 'unknown' }),
      put(200, { key: 'open', status: 'requested' }),
      put(200, { key: 'last-of-its-flag', status: 'verified' }),
    ];
    const gone = [
      put(201, { key: 'last-of-its-flag', status: 'verified' }),
      put(200, { key: 'refused', status: 'refused' }),
      put(200, { key: 'refused', status: 'abandoned' }),
      put(200, { key: 'refused', status: 'conflict' }),
    ];
    const torn = `${put(200).split('-')[0]}-ffffffff`;
    on.files.set(`${home}/journal/${torn}.json`, '{"format":1');
    many(1_000, () => put(1));
    // The entry put there for the torn one's time has newer ones at its flag.
    expect(await pruneJournal(journal, on.clock.now(), never)).toBe(gone.length + 1);
    const left = await journal.ids();
    for (const id of [...kept, torn]) expect(left).toContain(id);
    for (const id of gone) expect(left).not.toContain(id);
  });

  it('is done at the start of a window, behind what the start is for', async () => {
    const { on, put } = await journalled();
    many(1_000, () => put(1));
    const old = put(200);
    const next = bench({ world: on.world, clock: on.clock, files: on.files });
    await next.changes.resume();
    next.changes.dispose();
    await next.changes.closed();
    // Closing comes before it here: a window that ends removes nothing half-way.
    const again = bench({ world: on.world, clock: on.clock, files: on.files });
    await again.changes.resume();
    await expect.poll(() => on.files.stat(`${home}/journal/${old}.json`)).toBeUndefined();
    again.changes.dispose();
  });
});
