import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire';
import { describe, expect, it } from 'vitest';
import { environmentsOf } from '../../../src/flags/environments';
import { FlagdSystem } from '../../../src/flags/flagd/system';
import { projectConfigSchema } from '../../../src/model/config';
import { environmentId } from '../../../src/model/identity';
import type { FlagSnapshot } from '../../../src/model/flag';
import { MemoryGrpc } from '../../../src/platform/memory/grpc';
import { memoryRemotes } from '../../../src/platform/memory/remotes';
import { RemoteError, type Remotes } from '../../../src/platform/remotes';
import { flagDeps, type FlagWorld } from './flagDeps';

const { signal } = new AbortController();
const flags = (...keys: string[]): string =>
  JSON.stringify({
    flags: Object.fromEntries(
      keys.map((key) => [key, { state: 'ENABLED', variants: { on: true, off: false }, defaultVariant: 'on' }]),
    ),
  });
const message = (text: string): Uint8Array => new BinaryWriter().tag(1, WireType.LengthDelimited).string(text).finish();
const turns = async (): Promise<void> => {
  for (let turn = 0; turn < 50; turn++) await Promise.resolve();
};
const staging = { system: 'flags', project: 'shop', name: 'staging' };
const inStaging = (flag: FlagSnapshot | undefined) =>
  flag?.states.find(({ environment }) => environmentId(environment) === environmentId(staging));

/** Production of a file; staging of a server. */
function opened(remotes: Remotes, source: string, world: FlagWorld = flagDeps(), kind = 'live'): FlagdSystem {
  world.files.set('/w/prod.json', flags('shared', 'only'));
  const project = projectConfigSchema.parse({
    name: 'shop',
    environments: [
      { name: 'production', kind: 'live', source: ['prod.json'] },
      { name: 'staging', kind, source: [source] },
    ],
  });
  const environments = environmentsOf('flags', project, '/w', { protected: [], unprotected: [] }, world.deps.paths);
  return new FlagdSystem(
    { system: 'flags', project, environments, folder: '/w', folders: ['/w'] },
    { ...world.deps, remotes },
  );
}

const noHttp = { request: () => Promise.reject(new Error('ECONNREFUSED')) };

describe('one of several environments', () => {
  it('that was never heard of has no states, rather than absent ones, until it is', async () => {
    const world = flagDeps();
    const grpc = new MemoryGrpc();
    const system = opened(memoryRemotes(noHttp, undefined, grpc), 'grpc://flagd:8015', world);
    const first = system.snapshot(signal);
    await turns();
    await world.clock.advance(3_000);
    const before = await first;
    expect(before.silent).toMatchObject([{ environment: staging, state: 'asking', knownAt: null }]);
    expect(before.flags.map((flag) => flag.states.length)).toEqual([1, 1]);

    grpc.send(message(flags('shared')));
    await turns();
    const after = await system.snapshot(signal);
    expect(after.silent).toEqual([]);
    expect(after.version).not.toBe(before.version);
    expect(after.flags.map((flag) => inStaging(flag)?.switch)).toEqual(['none', 'absent']);
    system.dispose();
  });

  it('that went keeps its last states, with the time they were of', async () => {
    const world = flagDeps();
    const grpc = new MemoryGrpc();
    const system = opened(memoryRemotes(noHttp, undefined, grpc), 'grpc://flagd:8015', world);
    const first = system.snapshot(signal);
    await turns();
    grpc.send(message(flags('shared')));
    const known = await first;
    await world.clock.advance(60_000);
    grpc.fail();
    await turns();
    const after = await system.snapshot(signal);
    expect(after.silent).toMatchObject([
      { environment: staging, state: 'unreachable', knownAt: known.takenAt, since: known.takenAt + 60_000 },
    ]);
    expect(after.silent?.[0]?.reason).toBe('The stream broke off. Check address and network.');
    expect(after.flags.map((flag) => inStaging(flag)?.switch)).toEqual(['none', 'absent']);
    system.dispose();
  });

  it('that may not be asked says why', async () => {
    const refusal = new RemoteError('notAllowed', 'https://acme.dev', 'not yet allowed');
    const system = opened(memoryRemotes({ request: () => Promise.reject(refusal) }), 'https://acme.dev/f.json');
    const { silent, flags: found } = await system.snapshot(signal);
    expect(silent).toMatchObject([{ environment: staging, state: 'notAsked', reason: 'not yet allowed' }]);
    expect(inStaging(found[0])).toBeUndefined();
    system.dispose();
  });
});

describe('definitions at a URL', () => {
  it('say how often they are asked for', () => {
    const live = opened(memoryRemotes(noHttp), 'https://acme.dev/f.json').environments();
    expect(live).toMatchObject([
      { sourceName: 'prod.json', pollMs: null },
      { sourceName: 'f.json, asked every 15 s', pollMs: 5_000, askedMs: 15_000 },
    ]);
    expect(live[0]).not.toHaveProperty('askedMs');
    const written = opened(memoryRemotes(noHttp), 'https://acme.dev/f.json', flagDeps(), 'definition').environments();
    expect(written[1]).toMatchObject({ sourceName: 'f.json', pollMs: null, askedMs: 15_000 });
  });
});
