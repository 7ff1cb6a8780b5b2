import { describe, expect, it } from 'vitest';
import type { ChangeOutcome, ChangeRequest } from '../../../src/change/api';
import { MemoryHash } from '../../../src/platform/memory/hash';
import { bench, never, onDisk, type Bench } from './bench';
import { production, ref } from './fakeFlagSystem';

const kill = (on: Bench): ChangeRequest => ({
  ref,
  environment: production,
  intent: { kind: 'kill' },
  seen: on.system.state(),
  through: 'sidebar',
});

/** Two windows of one person over one flag and one journal. Ids are drawn from one source, as random ones are. */
function windows(system: Parameters<typeof bench>[0] = {}): readonly [Bench, Bench] {
  const options = { hash: new MemoryHash() };
  const first = bench({ ...system, options });
  const { world, clock, files } = first;
  return [first, bench({ ...system, world, clock, files, options })];
}

/** Both are asked, and only then both say yes. */
async function bothConfirm(
  [first, second]: readonly [Bench, Bench],
  change: (on: Bench) => Promise<ChangeOutcome>,
): Promise<readonly ChangeOutcome[]> {
  let asked = 0;
  let confirm = (): void => undefined;
  const confirmed = new Promise<void>((resolve) => (confirm = resolve));
  for (const { person } of [first, second]) {
    const answer = person.ask.bind(person);
    person.ask = async (request) => {
      if (++asked === 2) confirm();
      await confirmed;
      return answer(request);
    };
  }
  return Promise.all([change(first), change(second)]);
}

describe('two windows that are given a yes to the same change', () => {
  it('write once and journal once, and both say it is done', async () => {
    const both = windows();
    const [first, second] = both;
    const outcomes = await bothConfirm(both, (on) => on.changes.change(kill(on), never));
    expect(outcomes.map(({ kind }) => kind)).toEqual(['done', 'done']);
    expect(first.world.writes).toHaveLength(1);
    expect(await onDisk(first.files)).toHaveLength(1);
    expect(first.person.asked.length + second.person.asked.length).toBe(2);
    const words = outcomes.map((outcome) => ('words' in outcome ? outcome.words : ''));
    expect(words.sort()).toEqual(['This very change was made in another window meanwhile', 'Written']);
    const entries = outcomes.map((outcome) => ('entry' in outcome ? outcome.entry?.id : undefined));
    expect(entries[0]).toBe(entries[1]);
  });

  it('undo it once too', async () => {
    const both = windows();
    const [first] = both;
    await first.changes.change(kill(first), never);
    await first.clock.advance(1_000);
    const [made] = (await first.changes.list()).entries;
    const outcomes = await bothConfirm(both, (on) => on.changes.undo(made!.id, 'journal', never));
    expect(outcomes.map(({ kind }) => kind)).toEqual(['done', 'done']);
    expect(first.world.writes).toHaveLength(2);
    expect(first.world.share).toBe(0.25);
    expect(await onDisk(first.files)).toHaveLength(2);
  });

  it('are told apart from a yes that comes after the change was taken back', async () => {
    const [first, second] = windows();
    let sayYes = (): void => undefined;
    const answer = second.person.ask.bind(second.person);
    second.person.ask = async (request) => {
      await new Promise<void>((resolve) => (sayYes = resolve));
      return answer(request);
    };
    const late = second.changes.change(kill(second), never);
    const made = await first.changes.change(kill(first), never);
    await first.clock.advance(1_000);
    expect(made.kind === 'done' && (await first.changes.undo(made.entry.id, 'journal', never)).kind).toBe('done');
    await first.clock.advance(1_000);
    sayYes();
    // The flag is another version of what it was: nothing is lost, and the person is told.
    expect(await late).toMatchObject({ kind: 'conflict' });
    expect(await onDisk(first.files)).toHaveLength(3);
  });

  it('take nothing for made where the flag was changed again since', async () => {
    const [first, second] = windows();
    let sayYes = (): void => undefined;
    const answer = second.person.ask.bind(second.person);
    second.person.ask = async (request) => {
      await new Promise<void>((resolve) => (sayYes = resolve));
      return answer(request);
    };
    const late = second.changes.change(kill(second), never);
    await first.changes.change(kill(first), never);
    first.world.set(0.5, 'by hand');
    sayYes();
    expect(await late).toMatchObject({ kind: 'conflict', sides: { theirs: '{"on":0.5}' } });
    expect(first.world.share).toBe(0.5);
  });

  it('a window that hangs in the middle holds the other up, and then nothing is sent', async () => {
    let hung = (): void => undefined;
    const hangs = new Promise<void>((resolve) => (hung = resolve));
    const both = windows();
    const [first, second] = both;
    const locked = { ...second.options, files: Object.create(second.files) as typeof second.files };
    locked.files.withLock = (path, waitMs, run) =>
      second.files.withLock(path, path.endsWith('.place') ? 0 : waitMs, run);
    const waits = bench({ world: first.world, clock: first.clock, files: first.files, options: locked });
    const slow = bench({
      world: first.world,
      clock: first.clock,
      files: first.files,
      options: { hash: first.options.hash },
      system: { around: async (write) => hangs.then(write) },
    });
    const sending = slow.changes.change(kill(slow), never);
    await expect.poll(() => onDisk(first.files).then((names) => names.length)).toBe(1);
    expect(await waits.changes.change(kill(waits), never)).toMatchObject({ kind: 'refused', entry: null });
    expect(first.world.writes).toEqual([]);
    hung();
    expect((await sending).kind).toBe('done');
    expect(first.world.writes).toHaveLength(1);
  });
});
