import { environmentsOf } from '../../src/flags/environments';
import { FlagdSystem } from '../../src/flags/flagd/system';
import { PlanError } from '../../src/flags/system';
import { memoryL10n } from '../../src/platform/memory/l10n';
import { memoryRemotes } from '../../src/platform/memory/remotes';
import { systemClock } from '../../src/platform/node/clock';
import { nodeFiles } from '../../src/platform/node/files';
import { nodeHash } from '../../src/platform/node/hash';
import { nodePaths } from '../../src/platform/node/paths';
import { stderrLog } from '../../src/platform/node/stderrLog';

/**
 * A window of its own that raises one flag percent by percent: `<folder> <key> <times>`. After each change it looks
 * whether its own is there, and whether any other flag went back. Says what went wrong, one a line; nothing when all is well.
 */
const [folder = '', key = '', times = '0'] = process.argv.slice(2);
const project = {
  name: 'shop',
  folders: ['.'],
  environments: [{ name: 'qa', kind: 'live' as const, source: ['flags.json'], write: 'rename' as const }],
};
const nobody = { protected: [], unprotected: [] };
const environments = environmentsOf('flags', project, folder, nobody, nodePaths);
const system = new FlagdSystem(
  { system: 'flags', project, environments, folder, folders: [folder] },
  {
    files: nodeFiles,
    paths: nodePaths,
    hash: nodeHash,
    clock: systemClock,
    l10n: memoryL10n,
    log: stderrLog('writer'),
    isDirty: () => false,
    workspaceFolders: () => [folder],
    readOnlyReason: () => null,
    remotes: memoryRemotes({ request: () => Promise.reject(new Error('No server is there in this test.')) }),
  },
);
const { signal } = new AbortController();
const ref = { system: 'flags', project: 'shop', key };
const environment = { system: 'flags', project: 'shop', name: 'qa' };
const reached = new Map<string, number>();
const complain = (words: string): void => void process.stdout.write(`${words}\n`);

async function look(): Promise<Map<string, number>> {
  const { flags } = await system.snapshot(signal);
  const shares = new Map(flags.map((flag) => [flag.ref.key, flag.states[0]?.effective.defaultShares?.on ?? NaN]));
  for (const [name, share] of shares) {
    const before = reached.get(name) ?? 0;
    if (!(share >= before)) complain(`${key} saw ${name} go from ${before} to ${share}`);
    reached.set(name, share);
  }
  return shares;
}

async function raise(share: number): Promise<void> {
  const flag = (await system.snapshot(signal)).flags.find((each) => each.ref.key === key)!;
  const plan = await system.plan(
    ref,
    environment,
    { kind: 'percentage', variant: 'on', share },
    flag.states[0]!,
    signal,
  );
  const result = await system.apply(plan, `${key}-${share}`, signal);
  if (result.kind !== 'applied') complain(`${key} at ${share}: ${JSON.stringify(result)}`);
}

for (let percent = 1; percent <= Number(times); percent++) {
  const share = percent / 100;
  await raise(share).catch((error: unknown) =>
    complain(`${key} at ${share}: ${PlanError.is(error) ? error.reason : ''} ${String(error)}`),
  );
  const found = (await look()).get(key);
  if (found !== share) complain(`${key} wrote ${share} and found ${found}`);
}
system.dispose();
