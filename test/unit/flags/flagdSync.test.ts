import { BinaryReader, BinaryWriter, WireType } from '@bufbuild/protobuf/wire';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sourceAddress } from '../../../src/flags/flagd/sourceAddress';
import { flagConfigurationOf, syncFlagsRequest } from '../../../src/flags/flagd/syncMessages';
import { FlagdSystem } from '../../../src/flags/flagd/system';
import { environmentsOf } from '../../../src/flags/environments';
import { projectConfigSchema } from '../../../src/model/config';
import { MemoryGrpc } from '../../../src/platform/memory/grpc';
import { memoryRemotes } from '../../../src/platform/memory/remotes';
import { RemoteError } from '../../../src/platform/remotes';
import { flagDeps, type FlagWorld } from './flagDeps';

const { signal } = new AbortController();

describe("flagd's sync messages", () => {
  it('are read whatever stands beside the flags, and never taken from what is none', () => {
    fc.assert(
      fc.property(fc.string(), fc.uint8Array(), fc.nat(), (text, other, number) => {
        const message = new BinaryWriter()
          .tag(7, WireType.Varint)
          .uint32(number)
          .tag(2, WireType.LengthDelimited)
          .bytes(other)
          .tag(1, WireType.LengthDelimited)
          .string(text)
          .finish();
        const clean = new TextDecoder().decode(new TextEncoder().encode(text));
        expect(flagConfigurationOf(message)).toBe(clean);
        expect(() => flagConfigurationOf(message.subarray(0, message.byteLength - 1))).toThrow();
      }),
    );
  });

  it('ask for a selector as protobuf writes it', () => {
    const selector = 'x'.repeat(300);
    const reader = new BinaryReader(syncFlagsRequest('me', selector));
    expect([reader.tag(), reader.string(), reader.tag(), reader.string()]).toEqual([[1, 2], 'me', [2, 2], selector]);
  });
});

describe('the address of a source', () => {
  it.each([
    ['flags/prod.json', { kind: 'file', path: 'flags/prod.json' }],
    ['file:flags/prod.json', { kind: 'file', path: 'flags/prod.json' }],
    ['C:\\flags.json', { kind: 'file', path: 'C:\\flags.json' }],
    ['grpc://flagd:9000', { kind: 'sync', name: 'grpc://flagd:9000', base: 'http://flagd:9000', selector: null }],
    ['grpc://flagd', { kind: 'sync', name: 'grpc://flagd:8015', base: 'http://flagd:8015', selector: null }],
    [
      'grpcs://flagd:443?selector=a%3Db',
      { kind: 'sync', name: 'grpcs://flagd', base: 'https://flagd', selector: 'a=b' },
    ],
    [
      'https://acme.dev/f.json?t=1',
      { kind: 'http', name: 'https://acme.dev/f.json', base: 'https://acme.dev', path: '/f.json?t=1' },
    ],
    ['https://me:secret@acme.dev/f.json', { kind: 'unknown' }],
    ['s3://bucket/f.json', { kind: 'unknown' }],
    ['grpc:flagd', { kind: 'unknown' }],
  ])('%s', (source, address) => {
    expect(sourceAddress(source)).toEqual(address);
  });
});

function opened(
  grpc: MemoryGrpc,
  world: FlagWorld = flagDeps(),
  remotes = memoryRemotes({ request: () => Promise.reject(new Error('no')) }, undefined, grpc),
): FlagdSystem {
  const project = projectConfigSchema.parse({
    name: 'shop',
    environments: [{ name: 'qa', kind: 'live', source: ['grpc://flagd:8015'] }],
  });
  const environments = environmentsOf('flags', project, '/w', { protected: [], unprotected: [] }, world.deps.paths);
  return new FlagdSystem(
    { system: 'flags', project, environments, folder: '/w', folders: ['/w'] },
    { ...world.deps, remotes },
  );
}

const message = (text: string): Uint8Array => new BinaryWriter().tag(1, WireType.LengthDelimited).string(text).finish();
const on = message('{"flags":{"a":{"state":"ENABLED","variants":{"on":true,"off":false},"defaultVariant":"on"}}}');
const turns = async (): Promise<void> => {
  for (let turn = 0; turn < 50; turn++) await Promise.resolve();
};

describe('the sync stream', () => {
  it('keeps the last good state when something malformed is pushed, and says so', async () => {
    const grpc = new MemoryGrpc();
    const system = opened(grpc);
    const first = system.snapshot(signal);
    await turns();
    grpc.send(on);
    expect((await first).flags).toHaveLength(1);
    grpc.send(message('{"flags":{"a":'));
    await turns();
    const second = await system.snapshot(signal);
    expect(second.flags).toHaveLength(1);
    expect(second.problems).toMatchObject([{ code: 'flagd.malformed' }]);
    expect(second.problems[0]).not.toHaveProperty('path');
    system.dispose();
  });

  it('is tried again ever more rarely, and given up when nobody wants it', async () => {
    const world = flagDeps();
    const grpc = new MemoryGrpc();
    const system = opened(grpc, world);
    const first = system.snapshot(signal);
    await turns();
    grpc.send(on);
    await first;
    const attemptsIn = async (ms: number): Promise<number> => {
      const before = grpc.calls.length;
      for (let passed = 0; passed < ms; passed += 125) {
        grpc.fail();
        await world.clock.advance(125);
      }
      return grpc.calls.length - before;
    };
    expect(await attemptsIn(1_000)).toBeGreaterThanOrEqual(2);
    await attemptsIn(60_000);
    const late = await attemptsIn(60_000);
    expect(late).toBeGreaterThanOrEqual(3);
    expect(late).toBeLessThanOrEqual(9);
    await expect(system.snapshot(signal)).rejects.toThrow('broke off');
    system.dispose();
    const before = grpc.calls.length;
    await attemptsIn(60_000);
    expect(grpc.calls).toHaveLength(before);
    expect(grpc.open).toBe(0);
  });

  it('that flagd ends for its age is no failure', async () => {
    const world = flagDeps();
    const grpc = new MemoryGrpc();
    const system = opened(grpc, world);
    const first = system.snapshot(signal);
    await turns();
    grpc.send(on);
    await first;
    grpc.fail(4);
    await turns();
    expect((await system.snapshot(signal)).problems).toEqual([]);
    await world.clock.advance(300);
    expect(grpc.open).toBe(1);
    system.dispose();
  });

  it('that is not allowed is told as that', async () => {
    const refusal = new RemoteError('notAllowed', 'http://flagd:8015', 'not yet');
    const remotes = memoryRemotes({ request: () => Promise.reject(refusal) });
    const refusing = {
      ...remotes,
      remote: (options: Parameters<typeof remotes.remote>[0]) => ({
        ...remotes.remote(options),
        stream: async function* () {
          await Promise.resolve();
          yield* [];
          throw refusal;
        },
      }),
    };
    const system = opened(new MemoryGrpc(), flagDeps(), refusing);
    await expect(system.snapshot(signal)).rejects.toBe(refusal);
    system.dispose();
  });

  it('that is silent holds nobody up', async () => {
    const world = flagDeps();
    const system = opened(new MemoryGrpc(), world);
    const first = system.snapshot(signal);
    const told = expect(first).rejects.toThrow('has not answered yet');
    await turns();
    await world.clock.advance(3_000);
    await told;
    system.dispose();
  });
});
