import { describe, expect, it } from 'vitest';
import { isMade } from '../../../src/change/entry';
import type { JournalEntry } from '../../../src/model/change';
import { MemoryClock } from '../../../src/platform/memory/clock';
import { MemoryFiles } from '../../../src/platform/memory/files';
import { bench, home, never } from './bench';
import { production, ref, World } from './fakeFlagSystem';
import { KilledProcess } from './killedProcess';

const moreStepsThanThereAre = 40;

interface Wreck {
  readonly world: World;
  readonly files: MemoryFiles;
  readonly clock: MemoryClock;
  readonly locks: Map<string, KilledProcess>;
  /** What the person at the keyboard saw last, if anything. */
  readonly outcome: string | undefined;
  readonly killed: boolean;
}

/** A change, and then its undo, in a process that is killed at step `at`. */
async function killedAt(at: number, moment: 'before' | 'after'): Promise<Wreck> {
  const world = new World();
  const clock = new MemoryClock();
  const files = new MemoryFiles(() => clock.now());
  const locks = new Map<string, KilledProcess>();
  const victim = new KilledProcess(at, moment);
  const on = bench({
    world,
    clock,
    files,
    system: { around: (write) => victim.step(write) },
    options: { files: victim.files(files, locks) },
  });
  let outcome: string | undefined;
  const work = async (): Promise<void> => {
    await on.changes.resume();
    const seen = on.system.state();
    const done = await on.changes.change(
      { ref, environment: production, intent: { kind: 'kill' }, seen, through: 'sidebar' },
      never,
    );
    outcome = done.kind;
    if (done.kind !== 'done') return;
    await clock.advance(1_000);
    outcome = (await on.changes.undo(done.entry.id, 'journal', never)).kind;
    await clock.advance(1_000);
  };
  await Promise.race([work(), victim.killed]);
  victim.dead = true;
  return { world, files, clock, locks, outcome, killed: victim.steps >= at };
}

/** The next start, and what its journal says. */
async function nextStart(wreck: Wreck): Promise<{ entries: readonly JournalEntry[]; unreadable: number }> {
  const next = new KilledProcess(Infinity, 'before');
  const on = bench({ ...wreck, options: { files: next.files(wreck.files, wreck.locks) } });
  await on.changes.resume();
  await wreck.clock.advance(200);
  const { entries, unreadable } = await on.changes.list();
  on.changes.dispose();
  return { entries, unreadable: unreadable.length };
}

describe.each(['before', 'after'] as const)('killed %s the effect of a step', (moment) => {
  it('the next start tells the truth, whichever step it was, and sends nothing', async () => {
    const told = new Set<string>();
    let at = 1;
    for (; at < moreStepsThanThereAre; at++) {
      const wreck = await killedAt(at, moment);
      if (!wreck.killed) break;
      const writesThen = [...wreck.world.writes];
      const { entries, unreadable } = await nextStart(wreck);
      const context = `step ${at}: ${JSON.stringify(entries.map(({ id, status }) => [id, status]))}`;
      expect(unreadable, context).toBe(0);
      expect(wreck.world.writes, context).toEqual(writesThen);
      // Exactly the writes that happened are told as made, and nothing is left open.
      const made = entries.filter(isMade).map(({ id }) => id);
      expect(made.reverse(), context).toEqual(writesThen);
      for (const entry of entries) {
        expect(isMade(entry) || entry.status === 'abandoned', context).toBe(true);
        told.add(entry.status);
      }
      if (made.length === 2) expect(entries[1]?.undoneBy, context).toBe(entries[0]?.id);
    }
    expect(at).toBeGreaterThan(12);
    expect(at).toBeLessThan(moreStepsThanThereAre);
    expect(told).toContain('abandoned');
    expect(told).toContain('written');
  });

  it('a change that was made can still be taken back', async () => {
    for (let at = 1; at < moreStepsThanThereAre; at++) {
      const wreck = await killedAt(at, moment);
      if (!wreck.killed) break;
      if (wreck.world.writes.length !== 1) continue;
      const next = new KilledProcess(Infinity, 'before');
      const on = bench({ ...wreck, options: { files: next.files(wreck.files, wreck.locks) } });
      await wreck.clock.advance(1_000);
      await on.changes.resume();
      const [entry] = on.changes.listing.entries.filter(isMade);
      expect(on.changes.undoable(entry!)).toBe(true);
      expect((await on.changes.undo(entry!.id, 'journal', never)).kind).toBe('done');
      expect(wreck.world.share).toBe(0.25);
      on.changes.dispose();
    }
  });
});

describe('a change that another living window is making', () => {
  it('is left to it, shown at its flag, and taken over when that window is killed', async () => {
    const world = new World();
    const clock = new MemoryClock();
    const files = new MemoryFiles(() => clock.now());
    const locks = new Map<string, KilledProcess>();
    const busy = new KilledProcess(Infinity, 'before');
    let atWrite = (): void => undefined;
    const reached = new Promise<void>((resolve) => (atWrite = resolve));
    const first = bench({
      world,
      clock,
      files,
      system: {
        around: async (write) => {
          write();
          atWrite();
          return new Promise<never>(() => undefined);
        },
      },
      options: { files: busy.files(files, locks) },
    });
    const seen = first.system.state();
    void first.changes.change({ ref, environment: production, intent: { kind: 'kill' }, seen, through: 'x' }, never);
    await reached;

    const other = new KilledProcess(Infinity, 'before');
    const second = bench({ world, clock, files, options: { files: other.files(files, locks) } });
    await second.changes.resume();
    expect(second.changes.listing.entries[0]?.status).toBe('applying');
    expect(second.changes.inFlight(ref, production)?.words).toBe('turning off…');

    busy.dead = true;
    await clock.advance(5_000);
    await expect.poll(() => second.changes.listing.entries[0]?.status).toBe('written');
    second.changes.dispose();
  });
});

describe('a change of a repository that is not open here', () => {
  it('is left as it is', async () => {
    const wreck = await killedAt(7, 'after');
    const stranger = bench({
      ...wreck,
      options: { systems: { ...bench().options.systems, systemForPlan: () => undefined } },
    });
    const text = (): Promise<string[]> =>
      wreck.files
        .list(`${home}/journal`)
        .then((names) =>
          names
            .filter(({ name }) => name.endsWith('.json'))
            .map(({ name }) => wreck.files.text(`${home}/journal/${name}`)),
        );
    const before = await text();
    expect(before.join()).toContain('"status": "applying"');
    await stranger.changes.resume();
    expect(await text()).toEqual(before);
    stranger.changes.dispose();
  });
});
