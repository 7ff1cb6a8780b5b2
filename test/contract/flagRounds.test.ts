import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { FlagdSystem } from '../../src/flags/flagd/system';
import { PlanError } from '../../src/flags/system';
import type { ApplyResult, Plan } from '../../src/model/change';
import type { RunningFlagd } from '../servers/flagd.mjs';
import { describeFlagds, flagdAt, Folder, never, qa, refOf, Watched } from './flagdWorld';

/** SIGHTGLASS_ROUNDS=1000 for the figures; few in the tests of every day. */
const rounds = Number(process.env.SIGHTGLASS_ROUNDS ?? 25);
const timeout = 60_000 + rounds * 500;
const keys = ['first', 'second'];

const text = `{
  "flags": {
    "first": { "state": "ENABLED", "variants": { "on": true, "off": false }, "defaultVariant": "off", "targeting": { "fractional": [["on", 0], ["off", 100]] } },
    "second": { "state": "ENABLED", "variants": { "on": true, "off": false }, "defaultVariant": "off", "targeting": { "fractional": [["on", 0], ["off", 100]] } },
    "theirs": { "state": "ENABLED", "variants": { "on": true, "off": false }, "defaultVariant": "off", "metadata": { "owner": "nobody" } }
  }
}
`;

/** Raises or lowers one flag to a share it does not have; as a person would, again when it was changed meanwhile. */
async function write(system: FlagdSystem, key: string, share: number): Promise<{ plan: Plan; result: ApplyResult }> {
  for (let tries = 1; ; tries++) {
    try {
      const { flags } = await system.snapshot(never);
      const seen = flags.find(({ ref }) => ref.key === key)?.states[0];
      if (!seen) throw new PlanError('unknownFlag', key);
      const plan = await system.plan(refOf(key), qa, { kind: 'percentage', variant: 'on', share }, seen, never);
      return { plan, result: await system.apply(plan, `${key}-${String(share)}`, never) };
    } catch (error) {
      // A writer in place leaves half a file for a moment.
      if (!PlanError.is(error) || tries === 20) throw error;
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  }
}

const shareOf = (content: string, key: string): number =>
  Number(new RegExp(`"${key}".*?\\["on", (\\d+)\\]`).exec(content)?.[1]) / 100;
const shareAt = (round: number): number => ((round % 99) + 1) / 100;

describe(`${String(rounds)} rounds on one flag file`, () => {
  let folder: Folder;
  let path: string;
  const open: { dispose(): void }[] = [];
  beforeEach(() => {
    folder = new Folder();
    path = folder.file('f.json');
    writeFileSync(path, text);
  });
  afterEach(() => {
    for (const each of open.splice(0)) each.dispose();
    folder.remove();
  });
  const writer = (): FlagdSystem => {
    const system = flagdAt(folder.path, { source: ['f.json'] });
    open.push(system);
    return system;
  };

  describeFlagds('two Sightglass writers beside it lose nothing', (start) => {
    it('in any round, and it serves the end', { timeout }, async () => {
      const server: RunningFlagd = await start({ sources: [`file:${path}`] });
      try {
        const writers = keys.map((key) => ({ key, system: writer() }));
        for (let round = 0; round < rounds; round++) {
          const share = shareAt(round);
          const made = await Promise.all(writers.map(({ key, system }) => write(system, key, share)));
          for (const { result } of made)
            expect(result).toEqual({ kind: 'applied', version: expect.any(String) as string });
          const content = readFileSync(path, 'utf8');
          expect(keys.map((key) => shareOf(content, key))).toEqual([share, share]);
        }
        const of = new Watched(flagdAt(folder.path, { source: [server.sync] }), folder.path);
        open.push(of);
        const served = (key: string): number | undefined => of.flag(key)?.states[0]?.effective.defaultShares?.on;
        const last = shareAt(rounds - 1);
        await of.until('it serves the end', () => keys.every((key) => served(key) === last));
      } finally {
        await server.stop();
      }
    });
  });

  describe.runIf(process.platform === 'linux')('against a writer that ignores the lock', () => {
    it.each(['rename', 'inPlace'])('(%s) every overwrite is reported', { timeout }, async (how) => {
      const rogue: ChildProcess = fork(join(import.meta.dirname, 'rogueWriter.mjs'), [path, how]);
      const figures = { ours: 0, told: 0, theirs: 0, named: 0, untold: [] as string[], invented: [] as string[] };
      try {
        await once(rogue, 'message');
        const system = writer();
        let took = 50;
        for (let round = 0; round < rounds; round++) {
          const share = shareAt(round);
          const theirs = once(rogue, 'message');
          // Aimed at the end of ours, where the two can meet; every third reads before ours and writes after it.
          const waitMs = took * (0.5 + (round % 25) / 40);
          const thinkMs = round % 3 === 0 ? round % 20 : 0;
          const began = performance.now();
          rogue.send({ round, waitMs, thinkMs });
          const { plan, result } = await write(system, 'first', share);
          took = took * 0.8 + (performance.now() - began) * 0.2;
          await theirs;
          const content = readFileSync(path, 'utf8');
          const at = `${how} ${String(round)}: ${JSON.stringify(result)}`;
          // Both wrote: what the file does not hold at the end was overwritten by the other.
          const lostTheirs = !content.includes(`"owner": "round ${String(round)}"`);
          const lostOurs = shareOf(content, 'first') !== share;
          const told = result.kind === 'applied' && (result.overwrote?.length ?? 0) > 0;
          // What stays open (half a file was there just then) is asked for afterwards, as the product does.
          const known = result.kind === 'applied' || result.kind === 'unknown';
          const named = !known || (await system.inquire(plan, never)).kind !== 'applied';
          if (lostTheirs) figures.ours++;
          if (lostTheirs && told) figures.told++;
          if (lostTheirs !== told) figures[lostTheirs ? 'untold' : 'invented'].push(at);
          if (lostOurs) figures.theirs++;
          if (lostOurs && named) figures.named++;
          if (lostOurs !== named) figures.untold.push(at);
        }
      } finally {
        rogue.disconnect();
      }
      const { untold, invented, ...counts } = figures;
      console.log(
        `${how}, ${String(rounds)} rounds: ${JSON.stringify(counts)}, reported without cause ${String(invented.length)}`,
      );
      expect(untold).toEqual([]);
      expect(figures.told).toBe(figures.ours);
      expect(figures.named).toBe(figures.theirs);
    });
  });
});
