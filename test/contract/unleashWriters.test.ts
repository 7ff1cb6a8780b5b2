import { afterAll, beforeAll, expect, it } from 'vitest';
import type { UnleashSystem } from '../../src/flags/unleash/system';
import type { ApplyResult, Intent } from '../../src/model/change';
import type { FlagState } from '../../src/model/flag';
import { startUnleash, unleashDatabases, unleashHow, unleashNeeds } from '../servers/unleash.mjs';
import { describeServer } from './metricBackend';
import { environmentRef, place, ref, rollout, stateOf, UnleashWorld } from './unleashWorld';

/** Both kinds of write in turn; SIGHTGLASS_ROUNDS=1000 for the figures of a release. */
const rounds = Number(process.env.SIGHTGLASS_ROUNDS ?? 100);

/**
 * What really happened, row by row, in the order of the row locks: written by the database itself, which knows nothing
 * of events.
 */
const witness = `
  create table witness(seq bigserial primary key, what text, was text, is_now text);
  create function witness_rollout() returns trigger language plpgsql as $$ begin
    insert into witness(what, was, is_now) values ('rollout', old.parameters->>'rollout', new.parameters->>'rollout');
    return new; end $$;
  create function witness_switch() returns trigger language plpgsql as $$ begin
    insert into witness(what, was, is_now) values ('switch', old.enabled::text, new.enabled::text);
    return new; end $$;
  create trigger witness_rollout after update on feature_strategies for each row execute function witness_rollout();
  create trigger witness_switch after update on feature_environments for each row execute function witness_switch();
`;

interface Row {
  readonly what: string;
  readonly was: string;
  readonly is_now: string;
}

for (const database of unleashDatabases()) {
  const needs = unleashNeeds(database);
  describeServer(`two writers of Unleash on ${database}`, needs === null, needs ?? '', unleashHow, () => {
    let server: Awaited<ReturnType<typeof startUnleash>>;
    let world: UnleashWorld;
    let system: UnleashSystem;
    let rival: string;
    let strategy: string;
    const { signal } = new AbortController();

    beforeAll(async () => {
      server = await startUnleash({ database });
      world = new UnleashWorld(server.url);
      system = world.system();
      rival = await world.person('rival', 1);
      await world.flag('raced', [rollout('raced', 50)]);
      const { raw } = await stateOf(system, 'raced');
      strategy = (JSON.parse(raw) as { strategies: { id: string }[] }).strategies[0]?.id ?? '';
      await server.sql(witness);
    }, 240_000);
    afterAll(async () => {
      world.dispose();
      await server.stop();
    }, 30_000);

    const rows = async (): Promise<readonly Row[]> => {
      const found = await server.sql('select what, was, is_now from witness order by seq');
      await server.sql('truncate witness');
      return found as unknown as Row[];
    };
    const pause = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms));
    const patch = (value: string): Promise<unknown> =>
      world.api(
        'PATCH',
        `${place('raced')}/strategies/${strategy}`,
        [{ op: 'replace', path: '/parameters/rollout', value }],
        rival,
      );

    let theirMs = 60;
    /** Our change, with another's about when our write goes out: before it, while it is made, or after. */
    async function race(seen: FlagState, intent: Intent, theirs: () => Promise<unknown>): Promise<ApplyResult> {
      const plan = await system.plan(ref('raced'), environmentRef(), intent, seen, signal);
      await rows();
      let late: Promise<unknown> = Promise.resolve();
      world.recorder.hold = async ({ method }) => {
        if (method === 'GET') return;
        world.recorder.hold = null;
        const began = performance.now();
        late = theirs().then(() => (theirMs = theirMs * 0.8 + Math.min(performance.now() - began, 2_000) * 0.2));
        await pause(Math.random() * theirMs * 1.3);
      };
      const result = await system.apply(plan, 'c', signal);
      await late;
      return result;
    }

    it(`overwrites made = overwrites reported, in ${rounds} rounds`, { timeout: 60_000 + rounds * 3_000 }, async () => {
      const tally = { made: 0, reported: 0, conflicts: 0, applied: 0 };
      const wrong: string[] = [];
      for (let round = 0; round < rounds; round++) {
        const now = await stateOf(system, 'raced');
        const toggles = round % 2 === 1;
        const theirValue = `${(round % 89) + 5}.${String(round).padStart(5, '0')}`;
        const on = now.switch === 'on';
        const share = (((round * 7) % 97) + 1) / 100;
        const mine = String(Math.round(share * 100));
        const result = toggles
          ? await race(now, { kind: 'switch', on: !on }, async () => {
              // There and back again: one that is the same as ours would be no overwrite.
              await world.api('POST', `${place('raced')}/${on ? 'off' : 'on'}`, undefined, rival);
              await world.api('POST', `${place('raced')}/${on ? 'on' : 'off'}`, undefined, rival);
            })
          : await race(now, { kind: 'percentage', variant: 'enabled', share }, () => patch(theirValue));
        const seen = await rows();
        const made = toggles
          ? // Off, on and off again: the last of them is ours, and theirs was in between.
            result.kind === 'applied' && seen.filter(({ what }) => what === 'switch').length === 3
          : seen.some(({ what, was, is_now }) => what === 'rollout' && was === theirValue && is_now === mine);
        const overwrote = result.kind === 'applied' ? (result.overwrote ?? []) : [];
        const reported = overwrote.length > 0;
        if (overwrote.some(({ who }) => who !== 'rival')) wrong.push(`round ${round}: ${JSON.stringify(overwrote)}`);
        if (made !== reported)
          wrong.push(`round ${round} (${toggles ? 'switch' : 'share'}): ${JSON.stringify({ result, seen })}`);
        tally.made += Number(made);
        tally.reported += Number(reported);
        tally.conflicts += Number(result.kind === 'conflict');
        tally.applied += Number(result.kind === 'applied');
      }
      console.log(`Unleash on ${database}, ${rounds} rounds: ${JSON.stringify(tally)}`);
      expect(wrong).toEqual([]);
      expect(tally.applied + tally.conflicts).toBeGreaterThan(rounds * 0.9);
      expect(tally.reported).toBe(tally.made);
      // Rounds in which nobody met anybody show nothing.
      expect(tally.made + tally.conflicts).toBeGreaterThan(0);
    });
  });
}
