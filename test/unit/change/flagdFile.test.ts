import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Changes } from '../../../src/change/changes';
import { couldWriteInPlace } from '../../../src/change/writeMode';
import { FlagStore } from '../../../src/flags/store';
import type { JournalEntry } from '../../../src/model/change';
import { MemoryLog } from '../../../src/platform/memory/log';
import { memoryL10n } from '../../../src/platform/memory/l10n';
import { memoryRemotes } from '../../../src/platform/memory/remotes';
import { systemClock } from '../../../src/platform/node/clock';
import { nodeFiles } from '../../../src/platform/node/files';
import { nodeHash } from '../../../src/platform/node/hash';
import { nodePaths } from '../../../src/platform/node/paths';
import { never, Person } from './bench';

const text = `{ "flags": {
  "new-checkout": { "state": "ENABLED", "variants": { "on": true, "off": false }, "defaultVariant": "off",
    "targeting": { "fractional": [["on", 25], ["off", 75]] } } // kept
} }
`;
const ref = { system: 'flags', project: 'shop', key: 'new-checkout' };
const production = { system: 'flags', project: 'shop', name: 'production' };

let folder: string;
let file: string;
let store: FlagStore;
let changes: Changes;
let person: Person;

async function start(): Promise<void> {
  const ports = { files: nodeFiles, paths: nodePaths, hash: nodeHash, clock: systemClock, l10n: memoryL10n };
  const log = new MemoryLog();
  store = new FlagStore({
    ...ports,
    log,
    isDirty: () => false,
    workspaceFolders: () => [folder],
    readOnlyReason: () => null,
    remotes: memoryRemotes({ request: () => Promise.reject(new Error('No server is there in this test.')) }),
    protection: () => ({ protected: [], unprotected: [] }),
  });
  await store.setFolders([folder]);
  person = new Person();
  changes = new Changes({
    ...ports,
    log,
    home: join(folder, 'home'),
    systems: store,
    consent: person,
    source: undefined,
    couldWriteInPlace: (environment) => couldWriteInPlace(store, environment),
  });
}

async function stop(): Promise<void> {
  changes.dispose();
  await changes.closed();
  store.dispose();
}

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sightglass-change-'));
  file = join(folder, 'flags.json');
  await mkdir(join(folder, 'home'));
  const environments = [{ name: 'production', kind: 'live', source: ['flags.json'], pollSeconds: 1 }];
  const systems = [{ id: 'flags', type: 'flagd', projects: [{ name: 'shop', environments }] }];
  await writeFile(join(folder, '.sightglass.json'), JSON.stringify({ systems }));
  await writeFile(file, text);
  await start();
});
afterEach(async () => {
  await stop();
  await rm(folder, { recursive: true, force: true });
});

async function kill(): Promise<JournalEntry> {
  const seen = store.state(ref, production)!;
  const outcome = await changes.change(
    { ref, environment: production, intent: { kind: 'kill' }, seen, through: 'x' },
    never,
  );
  if (outcome.kind !== 'done') throw new Error(JSON.stringify(outcome));
  return outcome.settled;
}

/** As a process killed between journal and result leaves it. */
async function interrupt(entry: JournalEntry): Promise<void> {
  const open = { ...entry, status: 'applying', result: null, verification: null };
  await writeFile(join(folder, 'home', 'journal', `${entry.id}.json`), JSON.stringify(open));
}

describe('a change of a real flag file', () => {
  it('is protected by the name of its environment, read back, and taken back byte for byte after a restart', async () => {
    const entry = await kill();
    expect(person.asked[0]?.requirement).toMatchObject({ kind: 'modal', reasonOptional: true });
    expect(entry.steps.map(({ words }) => words)).toContain('Read back as planned');
    expect(await readFile(file, 'utf8')).not.toContain('fractional');
    await stop();
    await start();
    await changes.resume();
    expect(changes.undoable(changes.listing.entries[0]!)).toBe(true);
    expect((await changes.undo(entry.id, 'journal', never)).kind).toBe('done');
    expect(person.asked[0]?.requirement.kind).toBe('typed');
    expect(await readFile(file, 'utf8')).toBe(text);
  });

  it('that was interrupted is told as what the file shows', async () => {
    const entry = await kill();
    const killed = await readFile(file, 'utf8');
    const cases = [
      [killed, 'applied'],
      [text, 'abandoned'],
      [text.replace('25', '30').replace('75', '70'), 'conflict'],
    ] as const;
    for (const [content, status] of cases) {
      await stop();
      await writeFile(file, content);
      await interrupt(entry);
      await start();
      await changes.resume({ verify: false });
      expect(changes.listing.entries[0]?.status).toBe(status);
      expect(await readFile(file, 'utf8')).toBe(content);
    }
  });

  it('of an entry that names another file writes nothing', async () => {
    const entry = await kill();
    const other = join(folder, 'other.json');
    await writeFile(other, await readFile(file, 'utf8'));
    const native = { ...(JSON.parse(entry.plan.native) as object), path: other };
    await interrupt({ ...entry, plan: { ...entry.plan, native: JSON.stringify(native) } });
    const before = await readFile(other, 'utf8');
    await changes.resume();
    expect((await changes.undo(entry.id, 'link', never)).kind).toBe('refused');
    expect(await readFile(other, 'utf8')).toBe(before);
    expect(person.asked).toHaveLength(1);
  });

  it('knows where writing in place could be proposed', () => {
    expect(couldWriteInPlace(store, production)).toBe(true);
    expect(couldWriteInPlace(store, { ...production, name: 'staging' })).toBe(false);
  });
});
