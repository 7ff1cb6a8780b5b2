import { describe, expect, it } from 'vitest';
import type { ChangeRequest } from '../../../src/change/api';
import { withStep } from '../../../src/change/entry';
import { Journal } from '../../../src/change/journal';
import type { ApplyResult, Intent } from '../../../src/model/change';
import type { L10n } from '../../../src/platform/l10n';
import { memoryL10n } from '../../../src/platform/memory/l10n';
import { bench, home, never, onDisk, type Bench } from './bench';
import { production, ref, World } from './fakeFlagSystem';

const ask = (on: Bench, intent: Intent, over: Partial<ChangeRequest> = {}): ChangeRequest => ({
  ref,
  environment: production,
  intent,
  seen: on.system.state(),
  through: 'sidebar',
  ...over,
});

/** Time goes by for what waits for it by now. */
async function pass({ clock }: Bench, ms: number): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
  await clock.advance(ms);
}

describe('a change', () => {
  it('asks once, journals before it writes, writes, reads back, and says so', async () => {
    const journalAtWrite: string[] = [];
    const on: Bench = bench({
      system: {
        around: async (write) => {
          const [name] = await onDisk(on.files);
          journalAtWrite.push((JSON.parse(on.files.text(`${home}/journal/${name!}`)) as { status: string }).status);
          return write();
        },
      },
    });
    const outcome = await on.changes.change(
      ask(on, { kind: 'kill' }, { facts: ['300 requests/min', 'errors 4.1%'] }),
      never,
    );
    expect(outcome.kind).toBe('done');
    expect(journalAtWrite).toEqual(['applying']);
    expect(on.world.share).toBe(0);
    expect(on.world.writes).toHaveLength(1);
    expect(on.person.asked).toHaveLength(1);
    expect(on.person.asked[0]).toMatchObject({
      title: 'Kill "new-checkout" in production?',
      detail: 'Now 25% get "on" (300 requests/min, errors 4.1%). After: everyone gets "off". SDKs follow within 5 s.',
      action: 'Kill',
      requirement: { kind: 'modal', reasonOptional: true },
    });
    const { entries } = await on.changes.list();
    expect(entries).toHaveLength(1);
    expect(entries[0]!.steps.map(({ status, words }) => `${status}: ${words}`)).toEqual([
      'consented: Consented to',
      'applying: Being sent',
      'written: Written',
      'written: Read back as planned',
    ]);
    expect(entries[0]!.consent).toEqual({ who: 'ana', at: on.clock.now(), through: 'sidebar', reason: 'errors' });
  });

  it('keeps its journal to its owner', async () => {
    const on = bench();
    await on.changes.change(ask(on, { kind: 'kill' }), never);
    const [name] = await onDisk(on.files);
    expect((await on.files.stat(`${home}/journal/${name!}`))?.mode).toBe(0o600);
  });

  it('sends nothing when the person says no, and leaves no entry', async () => {
    const on = bench();
    on.person.answer = null;
    expect(await on.changes.change(ask(on, { kind: 'kill' }), never)).toEqual({ kind: 'cancelled' });
    expect(on.world.writes).toEqual([]);
    expect(await onDisk(on.files)).toEqual([]);
  });

  it('sends nothing when the question was withdrawn while it stood', async () => {
    const on = bench();
    const controller = new AbortController();
    on.person.ask = async () => {
      controller.abort();
      return on.person.answer;
    };
    expect(await on.changes.change(ask(on, { kind: 'kill' }), controller.signal)).toEqual({ kind: 'cancelled' });
    expect(on.world.writes).toEqual([]);
  });

  it('wants the name typed for up in a protected environment, and refuses an empty reason there', async () => {
    const on = bench();
    on.person.answer = { who: 'ana', at: 1, through: 'x', reason: '  ' };
    const up = ask(on, { kind: 'percentage', variant: 'on', share: 0.5 });
    expect(await on.changes.change(up, never)).toMatchObject({ kind: 'refused' });
    expect(on.person.asked[0]?.requirement).toMatchObject({ kind: 'typed', flagName: 'new-checkout' });
    expect(on.world.writes).toEqual([]);
  });

  it.each([
    ['a read-only environment', { readOnly: true }, 'production is read-only by configuration.'],
    [
      'a state that cannot be written',
      { writable: { kind: 'no' as const, reason: 'the file is outside the workspace' } },
      '"new-checkout" cannot be changed in production: the file is outside the workspace',
    ],
  ])('refuses %s without asking', async (_name, system, words) => {
    const on = bench({ system });
    expect(await on.changes.change(ask(on, { kind: 'kill' }), never)).toEqual({ kind: 'refused', entry: null, words });
    expect(on.person.asked).toEqual([]);
    expect(on.world.writes).toEqual([]);
  });

  it('sends nothing when the journal cannot be written first', async () => {
    const on = bench();
    on.files.writeAtomic = () => Promise.reject(new Error('no space left on device'));
    const outcome = await on.changes.change(ask(on, { kind: 'kill' }), never);
    expect(outcome).toMatchObject({ kind: 'refused' });
    expect('words' in outcome && outcome.words).toContain('no space left on device');
    expect(on.world.writes).toEqual([]);
  });

  it('shows three sides when somebody else was faster between question and answer', async () => {
    const on = bench();
    on.person.ask = async () => {
      on.world.set(0.5, 'somebody else');
      return on.person.answer;
    };
    const outcome = await on.changes.change(ask(on, { kind: 'kill' }), never);
    expect(outcome).toMatchObject({
      kind: 'conflict',
      sides: { base: '{"on":0.25}', mine: '{"on":0}', theirs: '{"on":0.5}' },
      entry: { status: 'conflict' },
    });
    expect(on.world.share).toBe(0.5);
  });

  it('asks nothing when the state shown is no longer there', async () => {
    const on = bench();
    const request = ask(on, { kind: 'kill' });
    on.world.set(0.5, 'somebody else');
    expect(await on.changes.change(request, never)).toMatchObject({
      kind: 'conflict',
      entry: null,
      sides: { base: '{"on":0.25}', mine: null, theirs: '{"on":0.5}' },
    });
    expect(on.person.asked).toEqual([]);
  });

  it('settles an answer that was lost by asking what became of the change', async () => {
    const lost = bench({
      system: {
        around: async (write) => {
          write();
          throw new Error('connection reset');
        },
      },
    });
    expect(await lost.changes.change(ask(lost, { kind: 'kill' }), never)).toMatchObject({
      kind: 'done',
      entry: { status: 'written' },
    });
    const never_ = bench({ system: { around: () => Promise.reject(new Error('connection reset')) } });
    expect(await never_.changes.change(ask(never_, { kind: 'kill' }), never)).toMatchObject({
      kind: 'refused',
      words: 'The flag is as it was before.',
    });
  });

  it.each([
    ['made', (write: () => ApplyResult): unknown => void write(), 'done', 1],
    ['not made', (): unknown => ({ kind: 'done', ok: true }), 'refused', 0],
  ])('an answer that is none is settled by asking: it was %s', async (_name, answer, kind, writes) => {
    const on = bench({ system: { around: async (write) => answer(write) as ApplyResult } });
    const outcome = await on.changes.change(ask(on, { kind: 'kill' }), never);
    expect(outcome.kind).toBe(kind);
    expect(on.world.writes).toHaveLength(writes);
    expect((await on.changes.list()).entries).toHaveLength(1);
  });

  it('says that it is not known, never that nothing was sent, when all goes wrong after sending', async () => {
    const on = bench({ system: { around: async (write) => void write() as unknown as ApplyResult } });
    on.system.inquire = () => Promise.reject(new Error('connection reset'));
    const changing = on.changes.change(ask(on, { kind: 'kill' }), never);
    for (let seconds = 0; seconds < 5; seconds++) await pass(on, 1_000);
    const outcome = await changing;
    expect(outcome).toMatchObject({ kind: 'unknown', entry: { status: 'unknown' } });
    expect('words' in outcome && outcome.words).toMatch(/^It is not known what became of this change: /);
    expect((await on.changes.list()).entries.map(({ status }) => status)).toEqual(['unknown']);
    expect(on.changes.inFlight(ref, production)).toBeNull();
  });

  it('is chased, though nothing else happens: less and less often until it is known', async () => {
    const on = bench({ system: { around: async (write) => void write() as unknown as ApplyResult } });
    const inquire = on.system.inquire.bind(on.system);
    let asked = 0;
    on.system.inquire = () => Promise.reject(new Error(`connection reset ${String((asked += 1))}`));
    await on.changes.resume();
    const changing = on.changes.change(ask(on, { kind: 'kill' }), never);
    for (let seconds = 0; seconds < 5; seconds++) await pass(on, 1_000);
    expect(await changing).toMatchObject({ kind: 'unknown' });
    const settled = async (): Promise<void> => {
      for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve));
    };
    await settled();
    const before = asked;
    for (let seconds = 0; seconds < 120; seconds++) {
      await pass(on, 1_000);
      await settled();
    }
    expect(asked - before).toBeGreaterThan(1);
    expect(asked - before).toBeLessThan(10);
    on.system.inquire = inquire;
    for (let seconds = 0; seconds < 200; seconds++) {
      await pass(on, 1_000);
      await settled();
    }
    expect((await on.changes.list()).entries.map(({ status }) => status)).toEqual(['written']);
    expect(on.world.writes).toHaveLength(1);
  });

  it('that was not made is not given out for made because the same was done again', async () => {
    let answers = false;
    const on = bench({
      system: { around: async (write) => (answers ? write() : (undefined as unknown as ApplyResult)) },
    });
    const inquire = on.system.inquire.bind(on.system);
    on.system.inquire = () => Promise.reject(new Error('connection reset'));
    const lost = on.changes.change(ask(on, { kind: 'kill' }), never);
    for (let seconds = 0; seconds < 5; seconds++) await pass(on, 1_000);
    expect(await lost).toMatchObject({ kind: 'unknown' });
    answers = true;
    expect(await on.changes.change(ask(on, { kind: 'kill' }), never)).toMatchObject({ kind: 'done' });
    on.system.inquire = inquire;
    await on.changes.resume();
    const { entries } = await on.changes.list();
    expect(entries.map(({ status }) => status)).toEqual(['written', 'abandoned']);
    expect(on.world.writes).toHaveLength(1);
  });

  it.each([
    ['an answer', true, ['written', 'abandoned']],
    ['none', false, ['unknown', 'unknown']],
  ])('that was not made is not given out for made by a change that gets %s while it is asked for', async (...of) => {
    const [, isAnswered, statuses] = of;
    const settled = (): Promise<void> => new Promise((done) => setImmediate(done));
    const lose = (): ApplyResult => undefined as unknown as ApplyResult;
    let around: (write: () => ApplyResult) => ApplyResult = lose;
    const on = bench({ system: { around: (write) => Promise.resolve(around(write)) } });
    const inquire = on.system.inquire.bind(on.system);
    const isSilent = (): Promise<ApplyResult> => Promise.reject(new Error('connection reset'));
    on.system.inquire = isSilent;
    const lost = on.changes.change(ask(on, { kind: 'kill' }), never);
    for (let seconds = 0; seconds < 5; seconds++) await pass(on, 1_000);
    expect(await lost).toMatchObject({ kind: 'unknown' });
    around = (write) => (isAnswered ? write() : (write(), lose()));
    // What was listed before the question does not have the change that is made during it.
    on.system.inquire = async (...asked: Parameters<typeof inquire>) => {
      on.system.inquire = isSilent;
      const again = on.changes.change(ask(on, { kind: 'kill' }), never);
      for (let seconds = 0; seconds < 5; seconds++) await pass(on, 1_000);
      await again;
      return inquire(...asked);
    };
    await on.changes.resume();
    expect((await on.changes.list()).entries.map(({ status }) => status)).toEqual(statuses);
    expect(on.world.writes).toHaveLength(1);
    on.system.inquire = inquire;
    for (let seconds = 0; seconds < 200; seconds++) {
      await pass(on, 1_000);
      await settled();
    }
    expect((await on.changes.list()).entries.map(({ status }) => status)).toEqual(['written', 'abandoned']);
    on.changes.dispose();
  });

  it('that was made is not taken for a later one of the same kind, where one in between started from what it wrote', async () => {
    let isLost = true;
    const around = (write: () => ApplyResult): ApplyResult => {
      const result = write();
      return isLost ? (undefined as unknown as ApplyResult) : result;
    };
    const on = bench({ system: { around: (write) => Promise.resolve(around(write)) } });
    const inquire = on.system.inquire.bind(on.system);
    on.system.inquire = () => Promise.reject(new Error('connection reset'));
    const lost = on.changes.change(ask(on, { kind: 'kill' }), never);
    for (let seconds = 0; seconds < 5; seconds++) await pass(on, 1_000);
    expect(await lost).toMatchObject({ kind: 'unknown' });
    isLost = false;
    for (const intent of [{ kind: 'switch', on: true }, { kind: 'kill' }] as const)
      expect(await on.changes.change(ask(on, intent), never)).toMatchObject({ kind: 'done' });
    on.system.inquire = inquire;
    await on.changes.resume();
    expect((await on.changes.list()).entries.map(({ status }) => status)).toEqual(['written', 'written', 'written']);
    expect(on.world.writes).toHaveLength(3);
  });

  it.each([
    ['the result is put into words', 'Written'],
    ['it is read back', 'Read back as planned'],
  ])('an unforeseen error when %s is settled by asking what became of the change', async (_name, words) => {
    let failed = false;
    const t: L10n['t'] = (message, ...values) => {
      if (message === words && !failed) {
        failed = true;
        throw new Error('unforeseen');
      }
      return memoryL10n.t(message, ...values);
    };
    const on = bench({ options: { l10n: { ...memoryL10n, t } } });
    const outcome = await on.changes.change(ask(on, { kind: 'kill' }), never);
    expect(failed).toBe(true);
    expect(outcome).toMatchObject({ kind: 'done', entry: { status: 'written' } });
    expect(on.world.writes).toHaveLength(1);
    expect((await on.changes.list()).entries).toMatchObject([{ status: 'written' }]);
    expect(on.log.lines.map(({ error }) => String(error))).toContain('Error: unforeseen');
  });

  it('reports an approval that was opened, with where to find it', async () => {
    const on = bench({
      system: { approval: 'required', around: async () => ({ kind: 'requested', link: 'https://flags.example/1' }) },
    });
    expect(await on.changes.change(ask(on, { kind: 'kill' }), never)).toMatchObject({
      kind: 'requested',
      link: 'https://flags.example/1',
      entry: { status: 'requested' },
    });
    expect(on.person.asked[0]?.detail).toContain('Others have to approve it');
  });

  it('says at the flag what is under way', async () => {
    const said: (string | undefined)[] = [];
    const on: Bench = bench({
      system: {
        around: async (write) => {
          said.push(on.changes.inFlight(ref, production)?.words);
          return write();
        },
      },
    });
    await on.changes.change(ask(on, { kind: 'switch', on: false }), never);
    expect(said).toEqual(['turning off…']);
  });
});

describe('a reason given afterwards', () => {
  it('takes the place of the one that was suggested, which stays among the steps, and sends nothing', async () => {
    const on = bench();
    await on.changes.change(ask(on, { kind: 'kill' }), never);
    const [made] = (await on.changes.list()).entries;
    await on.clock.advance(1_000);
    await on.changes.giveReason(made!.id, '  the bank is down\u202e  ');
    const [entry] = (await on.changes.list()).entries;
    expect(entry?.consent).toEqual({ ...made?.consent, reason: 'the bank is down' });
    expect(entry?.steps.map(({ words }) => words)).toContain('Reason given afterwards, in place of: errors');
    expect(entry?.status).toBe('written');
    expect(on.world.writes).toHaveLength(1);
  });

  it('is not lost to another window that writes the entry at the same time, nor the other way round', async () => {
    const on = bench();
    await on.changes.change(ask(on, { kind: 'kill' }), never);
    const [made] = (await on.changes.list()).entries;
    const other = new Journal(on.options);
    await Promise.all([
      on.changes.giveReason(made!.id, 'the bank is down'),
      other.update(made!.id, (fresh) => withStep(fresh, { at: 1, status: 'verified', words: 'seen' })),
    ]);
    const entry = await other.read(made!.id);
    expect(entry).toMatchObject({ status: 'verified', consent: { reason: 'the bank is down' } });
    expect(entry?.steps.map(({ words }) => words)).toContain('seen');
  });

  it.each([
    ['no such change', '20261122T231822123Z-9f3a2c1d', 'why'],
    ['no entry at all', '../../etc/passwd', 'why'],
    ['nothing said', null, '   '],
    ['too much said', null, 'x'.repeat(2_001)],
  ])('is not taken: %s', async (_name, id, reason) => {
    const on = bench();
    await on.changes.change(ask(on, { kind: 'kill' }), never);
    const [made] = (await on.changes.list()).entries;
    expect(await on.changes.giveReason(id ?? made!.id, reason)).toBeUndefined();
    expect((await on.changes.list()).entries[0]?.consent.reason).toBe('errors');
  });
});

describe('undo', () => {
  it('takes a change back with a question of its own direction, and marks both entries', async () => {
    const on = bench();
    await on.changes.change(ask(on, { kind: 'kill' }), never);
    const [done] = (await on.changes.list()).entries;
    await on.clock.advance(1_000);
    const outcome = await on.changes.undo(done!.id, 'journal', never);
    expect(outcome.kind).toBe('done');
    // Back up in a protected environment: the name has to be typed.
    expect(on.person.asked[1]).toMatchObject({ title: 'Undo the change of "new-checkout" in production?' });
    expect(on.person.asked[1]?.requirement.kind).toBe('typed');
    expect(on.world.share).toBe(0.25);
    const { entries } = await on.changes.list();
    expect(entries.map(({ undoes, undoneBy }) => [undoes, undoneBy])).toEqual([
      [done!.id, null],
      [null, entries[0]!.id],
    ]);
    expect(await on.changes.undo(done!.id, 'journal', never)).toMatchObject({
      kind: 'refused',
      words: 'This change was undone already.',
    });
  });

  it('works after a restart, from the journal alone', async () => {
    const before = bench();
    await before.changes.change(ask(before, { kind: 'kill' }), never);
    before.changes.dispose();
    const after = bench({ world: before.world, files: before.files, clock: before.clock });
    await after.changes.resume();
    const [done] = after.changes.listing.entries;
    expect(after.changes.undoable(done!)).toBe(true);
    expect(await after.changes.undo(done!.id, 'journal', never)).toMatchObject({ kind: 'done' });
    expect(after.world.share).toBe(0.25);
  });

  it('is refused with words once the flag is no longer what the change wrote', async () => {
    const on = bench();
    await on.changes.change(ask(on, { kind: 'kill' }), never);
    await on.changes.resume();
    const [done] = on.changes.listing.entries;
    on.world.set(0.5, 'somebody else');
    expect(await on.changes.undo(done!.id, 'journal', never)).toEqual({
      kind: 'refused',
      entry: null,
      words: 'The flag was changed since.',
    });
    await on.changes.resume();
    expect(on.changes.undoable(done!)).toBe(false);
    expect(on.person.asked).toHaveLength(1);
  });

  it('goes the same way when it is asked for as an intent', async () => {
    const on = bench();
    await on.changes.change(ask(on, { kind: 'kill' }), never);
    const [done] = (await on.changes.list()).entries;
    await on.clock.advance(1_000);
    const outcome = await on.changes.change(ask(on, { kind: 'undo', changeId: done!.id }), never);
    expect(outcome).toMatchObject({ kind: 'done', entry: { undoes: done!.id } });
  });

  it('refuses a change that is not in the journal, or was never made', async () => {
    const on = bench();
    expect(await on.changes.undo('../../etc/passwd', 'link', never)).toMatchObject({ kind: 'refused' });
    on.person.ask = async () => {
      on.world.set(0.5, 'somebody else');
      return on.person.answer;
    };
    await on.changes.change(ask(on, { kind: 'kill' }), never);
    const [conflict] = (await on.changes.list()).entries;
    expect(await on.changes.undo(conflict!.id, 'link', never)).toMatchObject({
      kind: 'refused',
      words: 'This change was not made, so there is nothing to undo.',
    });
  });
});

describe('forged arguments', () => {
  it('never carry consent: whatever is claimed, the person is asked, and a no sends nothing', async () => {
    const on = bench();
    on.person.answer = null;
    const consent = { who: 'root', at: 1, through: 'link', reason: 'trust me' };
    const forged = {
      ...ask(on, { kind: 'kill' }),
      consent,
      consented: true,
      yes: true,
      requirement: { kind: 'modal' },
      plan: { direction: 'off', native: '1' },
      environmentProtected: false,
      status: 'consented',
    };
    expect(await on.changes.change(forged, never)).toEqual({ kind: 'cancelled' });
    expect(on.person.asked).toHaveLength(1);
    expect(on.person.asked[0]?.requirement).toMatchObject({ kind: 'modal', reasonOptional: true });
    expect(on.world.writes).toEqual([]);
    expect(await onDisk(on.files)).toEqual([]);
  });

  it.each([
    ['nothing', undefined],
    ['null', null],
    ['a string', 'kill'],
    ['an unknown intent', { intent: { kind: 'delete' } }],
    ['a share out of range', { intent: { kind: 'percentage', variant: 'on', share: 25 } }],
    ['an intent with consent only', { intent: { kind: 'consented' } }],
    ['a key that is no text', { ref: { system: 'flags', project: 'shop', key: 7 } }],
    ['an endless key', { ref: { system: 'flags', project: 'shop', key: 'x'.repeat(5_000) } }],
    ['another system', { ref: { system: 'other', project: 'shop', key: 'new-checkout' } }],
    ['a flag that is not there', { ref: { system: 'flags', project: 'shop', key: 'nope' } }],
    ["another project's environment", { environment: { system: 'flags', project: 'bank', name: 'production' } }],
    ['an undo of nothing', { intent: { kind: 'undo', changeId: 'forged' } }],
  ])('%s is refused without asking', async (_name, over) => {
    const on = bench();
    const request = typeof over === 'object' && over !== null ? { ...ask(on, { kind: 'kill' }), ...over } : over;
    const outcome = await on.changes.change(request as ChangeRequest, never);
    expect(outcome.kind).toBe('refused');
    expect(on.person.asked).toEqual([]);
    expect(on.world.writes).toEqual([]);
  });

  it('a forged picture of the state does not get into the question', async () => {
    const on = bench();
    const seen = { ...on.system.state(), raw: 'all is well', offVariant: 'on' };
    await on.changes.change(ask(on, { kind: 'kill' }, { seen }), never);
    expect(on.person.asked[0]?.plan.before.text).toBe('{"on":0.25}');
  });

  it('control and direction characters of facts and surfaces do not get into the question or the journal', async () => {
    const on = bench();
    const facts = ['errors 0%\u202e\n\nTurn on in staging'];
    await on.changes.change(ask(on, { kind: 'kill' }, { facts, through: 'link\u0007\u202e' }), never);
    expect(on.person.asked[0]?.detail).not.toMatch(/[\u202e\n]/);
    expect((await on.changes.list()).entries[0]?.consent.through).toBe('link');
  });

  it('a forged journal entry writes nothing by itself, and its undo asks', async () => {
    const real = bench();
    await real.changes.change(ask(real, { kind: 'kill' }), never);
    const [name] = await onDisk(real.files);
    const entry = JSON.parse(real.files.text(`${home}/journal/${name!}`)) as Record<string, unknown>;
    for (const status of ['consented', 'applying', 'unknown', 'written']) {
      const victim = bench({ world: new World(0) });
      victim.person.answer = null;
      victim.files.set(`${home}/journal/${name!}`, JSON.stringify({ ...entry, status }), 0o600);
      await victim.changes.resume();
      expect(victim.world.writes).toEqual([]);
      await victim.changes.undo(name!.replace('.json', ''), 'link', never);
      expect(victim.world.writes).toEqual([]);
      victim.changes.dispose();
    }
  });
});
