import { describe, expect, it } from 'vitest';
import { environmentsOf } from '../../../src/flags/environments';
import { FlagdSystem } from '../../../src/flags/flagd/system';
import { GoffSystem } from '../../../src/flags/goff/system';
import { projectConfigSchema } from '../../../src/model/config';
import type { HttpResponse } from '../../../src/platform/http';
import { memoryPaths } from '../../../src/platform/memory/paths';
import { memoryRemotes } from '../../../src/platform/memory/remotes';
import { flagDeps } from './flagDeps';

const { signal } = new AbortController();
const now = 'Tue, 01 Jan 2030 00:00:00 GMT';
const flags = {
  goff: '{"flags":{"f":{"variations":{"on":true,"off":false},"defaultRule":{"variation":"on"}}}}',
  flagd: '{"flags":{"f":{"state":"ENABLED","variants":{"on":true,"off":false},"defaultVariant":"on"}}}',
};

describe.each(['goff', 'flagd'] as const)('a server of flags for %s that is asked too often', (type) => {
  it.each([
    ['says seconds', 429, { 'retry-after': '120' }, 120],
    ['says an epoch', 429, { 'retry-after': '1893456120', date: now }, 120],
    ['says a date', 429, { 'retry-after': 'Tue, 01 Jan 2030 00:02:00 GMT', date: now }, 120],
    ['says nothing', 429, {}, 10],
    ['is down for as long', 503, { 'retry-after': '120' }, 120],
  ])('and %s is not asked before that, however often it is looked at', async (_, status, headers, seconds) => {
    const { deps, clock } = flagDeps();
    let asked = 0;
    let answer: HttpResponse = { status, headers, body: new Uint8Array() };
    const remotes = memoryRemotes({
      request: () => {
        asked += 1;
        return Promise.resolve(answer);
      },
    });
    const config = projectConfigSchema.parse({
      name: 'shop',
      environments: [{ name: 'qa', kind: 'live', source: ['http://flags.test:1031/f.json'] }],
    });
    const environments = environmentsOf(type, config, '/w', { protected: [], unprotected: [] }, memoryPaths);
    const options = { system: type, project: config, environments, folder: '/w', folders: ['/w'] };
    const system = new (type === 'goff' ? GoffSystem : FlagdSystem)(options, { ...deps, remotes });
    const look = (): Promise<string> =>
      system.snapshot(signal).then(
        (of) => of.flags.map(({ ref }) => ref.key).join(),
        (error: unknown) => (error as Error).message,
      );
    const words = await look();
    if (status === 429) expect(words).toContain(`too often (429). It is asked again in ${String(seconds)} s.`);
    expect(asked).toBe(1);
    answer = { status: 200, headers: {}, body: new TextEncoder().encode(flags[type]) };
    for (let at = 15; at < seconds; at += 15) {
      await clock.advance(15_000);
      await look();
    }
    expect(asked).toBe(1);
    await clock.advance(16_000);
    await look();
    await clock.advance(0);
    expect(asked).toBe(2);
    expect(await look()).toBe('f');
    system.dispose();
  });
});
