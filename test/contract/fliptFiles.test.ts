import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { environmentsOf } from '../../src/flags/environments';
import { FliptFileSystem } from '../../src/flags/flipt/fileSystem';
import { projectConfigSchema } from '../../src/model/config';
import type { ApplyResult } from '../../src/model/change';
import { nodeFiles } from '../../src/platform/node/files';
import { nodeHash } from '../../src/platform/node/hash';
import { nodePaths } from '../../src/platform/node/paths';
import { systemClock } from '../../src/platform/node/clock';
import { flagDeps } from '../unit/flags/flagDeps';

/** SIGHTGLASS_ROUNDS=1000 for the figures; few in the tests of every day. */
const rounds = Number(process.env.SIGHTGLASS_ROUNDS ?? 25);
const never = new AbortController().signal;
const keys = ['first', 'second'];
const flag = (key: string): string => `  - key: ${key} # of one writer
    name: ${key}
    type: BOOLEAN_FLAG_TYPE
    enabled: false
    rollouts:
      - threshold:
          percentage: 0 # grows
          value: true
`;
const text = `version: "1.4"
namespace: shop
flags:
${keys.map(flag).join('')}  - key: theirs
    name: Theirs # "by hand"
`;

describe(`${String(rounds)} rounds on one file of features`, () => {
  let folder: string;
  let path: string;
  const open: FliptFileSystem[] = [];
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'sightglass-flipt-'));
    path = join(folder, 'features.yaml');
    writeFileSync(path, text);
  });
  afterEach(() => {
    for (const each of open.splice(0)) each.dispose();
    rmSync(folder, { recursive: true, force: true });
  });
  const writer = (): FliptFileSystem => {
    const project = projectConfigSchema.parse({
      name: 'shop',
      environments: [{ name: 'qa', kind: 'live', source: ['features.yaml'] }],
    });
    const environments = environmentsOf('flipt', project, folder, { protected: [], unprotected: [] }, nodePaths);
    const { deps } = flagDeps();
    const real = { files: nodeFiles, paths: nodePaths, hash: nodeHash, clock: systemClock };
    const system = new FliptFileSystem(
      { system: 'flipt', project, environments, folder, folders: [folder] },
      { ...deps, ...real, workspaceFolders: () => [folder] },
    );
    open.push(system);
    return system;
  };
  const write = async (system: FliptFileSystem, key: string, share: number): Promise<ApplyResult> => {
    const { flags } = await system.snapshot(never);
    const seen = flags.find(({ ref }) => ref.key === key)!.states[0]!;
    const ref = { system: 'flipt', project: 'shop', key };
    const plan = await system.plan(ref, seen.environment, { kind: 'percentage', variant: 'true', share }, seen, never);
    return system.apply(plan, `${key}-${String(share)}`, never);
  };

  it(
    'two writers lose nothing of each other, nor of what stands beside',
    { timeout: 60_000 + rounds * 200 },
    async () => {
      const writers = keys.map((key) => ({ key, system: writer() }));
      for (let round = 0; round < rounds; round++) {
        const percent = (round % 99) + 1;
        const made = await Promise.all(writers.map(({ key, system }) => write(system, key, percent / 100)));
        for (const result of made) expect(result).toEqual({ kind: 'applied', version: expect.any(String) as string });
        expect(readFileSync(path, 'utf8')).toBe(text.replaceAll('percentage: 0 ', `percentage: ${String(percent)} `));
      }
    },
  );

  it('two writers on one flag: one is told of the other', { timeout: 60_000 + rounds * 200 }, async () => {
    const writers = [writer(), writer()];
    let conflicts = 0;
    for (let round = 0; round < rounds; round++) {
      const { flags } = await writers[0]!.snapshot(never);
      const seen = flags[0]!.states[0]!;
      const plans = await Promise.all(
        writers.map((system, at) =>
          system.plan(
            { system: 'flipt', project: 'shop', key: 'first' },
            seen.environment,
            { kind: 'percentage', variant: 'true', share: (((round * 2 + at) % 99) + 1) / 100 },
            seen,
            never,
          ),
        ),
      );
      const results = await Promise.all(writers.map((system, at) => system.apply(plans[at]!, String(at), never)));
      const won = results.findIndex(({ kind }) => kind === 'applied');
      expect(results.map(({ kind }) => kind).sort()).toEqual(['applied', 'conflict']);
      expect(readFileSync(path, 'utf8')).toContain((JSON.parse(plans[won]!.native) as { after: string }).after);
      conflicts++;
    }
    expect(conflicts).toBe(rounds);
  });
});
