import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import { FRESHNESS } from '../../../src/flags/liveProject';
import { FlagStore } from '../../../src/flags/store';
import { MemoryLog } from '../../../src/platform/memory/log';
import { memoryRemotes } from '../../../src/platform/memory/remotes';
import { nodeHash } from '../../../src/platform/node/hash';
import { flagDeps } from '../../unit/flags/flagDeps';
import { SeededDraws } from '../../unit/telemetry/seededDraws';
import { loopMs, loopSeed, loopTimeout } from './expectations';
import { FaultProxy } from './faultProxy';
import { faults } from './faults';
import { hurriedClock as clock, hurry } from './loopWindow';

const keys = ['one', 'two', 'three'];
const ref = (key: string) => ({ system: 'flags', project: 'shop', key });
const environment = { system: 'flags', project: 'shop', name: 'production' };

/** What a server of flags gives: the share of each, in percent. */
interface Served {
  readonly type: string;
  readonly path: string;
  readonly body: (percent: number) => object;
}
const served: readonly Served[] = [
  {
    type: 'goff',
    path: '',
    body: (percent) => ({
      flags: Object.fromEntries(
        keys.map((key) => [
          key,
          {
            variations: { on: true, off: false },
            defaultRule: { percentage: { on: percent, off: 100 - percent } },
          },
        ]),
      ),
    }),
  },
  {
    type: 'flagd',
    path: '/flags.json',
    body: (percent) => ({
      flags: Object.fromEntries(
        keys.map((key) => [
          key,
          {
            state: 'ENABLED',
            variants: { on: true, off: false },
            defaultVariant: 'off',
            targeting: {
              fractional: [
                ['on', percent],
                ['off', 100 - percent],
              ],
            },
          },
        ]),
      ),
    }),
  },
];

async function serverOf(body: () => string): Promise<{ server: Server; url: string }> {
  const server = createServer((request, response) => {
    const text = body();
    const etag = `"${nodeHash.sha256(text).slice(0, 20)}"`;
    if (request.headers['if-none-match'] === etag) response.writeHead(304, { etag }).end();
    else response.writeHead(200, { etag, 'content-type': 'application/json' }).end(text);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { server, url: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}` };
}

describe.each(served)('a server of flags for $type behind a proxy that fails by chance', ({ type, path, body }) => {
  it(
    'is shown as it was at some time, never as before that, and as it is one poll later',
    { timeout: loopTimeout },
    async () => {
      const draws = new SeededDraws(loopSeed);
      let percent = 1;
      const { server, url } = await serverOf(() => JSON.stringify(body(percent)));
      const behind = {
        url,
        isWrite: () => false,
        requiredFields: ['flags'],
        vendorError: () => ({ errorDetails: 'why' }),
      };
      const proxy = new FaultProxy(behind, draws);
      await proxy.start();
      const { deps, files } = flagDeps();
      const environments = [{ name: environment.name, kind: 'live', source: [`${proxy.url}${path}`] }];
      const systems = [{ id: 'flags', type, projects: [{ name: 'shop', environments }] }];
      files.set('/w/.sightglass.json', JSON.stringify({ systems }));
      const log = new MemoryLog();
      const store = new FlagStore({ ...deps, clock, hash: nodeHash, log, remotes: memoryRemotes(proxy.http, 'token') });
      const shown = (key: string): number | null => {
        const share = store.state(ref(key), environment)?.effective.defaultShares?.on;
        return share === undefined ? null : Math.round(share * 100);
      };
      const wrong: string[] = [];
      let looks = 0;
      let moved = 0;
      try {
        await store.setFolders(['/w']);
        // Changes go one way, round by round: an answer that is overtaken by another would be seen to go back.
        const rounds: number[] = [1];
        let last = 0;
        const look = (): void => {
          looks += 1;
          const all = keys.map(shown);
          const told = all.filter((each) => each !== null);
          if (told.length === 0) return;
          if (new Set(told).size > 1 || told.length < keys.length) wrong.push(`half of an answer: ${all.join()}`);
          const at = rounds.lastIndexOf(told[0] ?? NaN);
          if (at < 0) wrong.push(`${String(told[0])} was never so`);
          else if (at < last) wrong.push(`back from ${String(rounds[last])} to ${String(told[0])}`);
          if (at > last) moved += 1;
          last = Math.max(last, at);
        };
        proxy.share = { ofReads: 0.4, ofWrites: 0 };
        const until = performance.now() + loopMs / 2;
        while (performance.now() < until) {
          if (draws.uniform() < 0.3) {
            percent = (percent % 96) + 1;
            rounds.push(percent);
            if (rounds.length > 60) {
              rounds.shift();
              last = Math.max(0, last - 1);
            }
          }
          if (draws.uniform() < 0.3) await store.refresh();
          else await new Promise((later) => setTimeout(later, 20));
          look();
        }
        proxy.share = { ofReads: 0, ofWrites: 0 };
        const began = clock.monotonic();
        const isThere = (): boolean =>
          keys.every((key) => shown(key) === percent) && store.projects()[0]?.answer.state === 'ok';
        const patience = performance.now() + FRESHNESS.refreshMs / hurry + 3_000;
        while (!isThere() && performance.now() < patience) await new Promise((later) => setTimeout(later, 20));
        const converged = Math.round(clock.monotonic() - began);
        if (!isThere()) wrong.push(`did not converge in one poll: ${keys.map(shown).join()}, is ${String(percent)}`);
        const figures = { looks, moved, converged, struck: Object.fromEntries(proxy.struck), strayed: proxy.strayed };
        console.log(`${type} server, ${String(loopMs / 2_000)} s behind faults: ${JSON.stringify(figures)}`);
      } finally {
        store.dispose();
        await proxy.stop();
        server.closeAllConnections();
        server.close();
      }
      expect([...new Set(wrong)], `seed ${String(loopSeed)}`).toEqual([]);
      expect(proxy.strayed).toBe(0);
      expect(moved).toBeGreaterThan(5);
      expect(proxy.struck.size).toBeGreaterThan(Object.keys(faults).length / 3);
    },
  );
});
