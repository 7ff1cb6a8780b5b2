import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Journal, parseEntry } from '../../../src/change/journal';
import type { JournalEntry } from '../../../src/model/change';
import { nodeFiles } from '../../../src/platform/node/files';
import { nodePaths } from '../../../src/platform/node/paths';
import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bench, home, never } from './bench';
import { production, ref } from './fakeFlagSystem';

async function written(): Promise<{ on: ReturnType<typeof bench>; journal: Journal; entry: JournalEntry }> {
  const on = bench();
  const seen = on.system.state();
  await on.changes.change({ ref, environment: production, intent: { kind: 'kill' }, seen, through: 'x' }, never);
  const journal = new Journal(on.options);
  return { on, journal, entry: (await journal.list(10)).entries[0]! };
}

describe('the journal', () => {
  it('lists newest first, bounded, and says that there is more', async () => {
    const { on, journal, entry } = await written();
    for (let n = 0; n < 5; n++) {
      await on.clock.advance(1_000);
      await journal.write({ ...entry, id: journal.newId() });
    }
    const listing = await journal.list(4);
    expect(listing.entries).toHaveLength(4);
    expect(listing.more).toBe(true);
    const ids = listing.entries.map(({ id }) => id);
    expect(ids).toEqual([...ids].sort().reverse());
    expect((await journal.list(100)).more).toBe(false);
  });

  it('hides nothing behind a torn, foreign or oversized file', async () => {
    const { on, journal, entry } = await written();
    const at = (name: string): string => `${home}/journal/${name}`;
    on.files.set(at('20260101T000000000Z-90000001.json'), JSON.stringify(entry).slice(0, 100));
    on.files.set(at('20260101T000000000Z-90000002.json'), JSON.stringify(entry));
    on.files.set(at('20260101T000000000Z-90000003.json'), new Uint8Array([0xff, 0xfe, 0x00]));
    on.files.set(at('20260101T000000000Z-90000004.json'), ' '.repeat(5 * 1024 * 1024));
    on.files.set(at('notes.json'), '{}');
    on.files.set(at('.20260101T000000000Z-90000005.json.ab.tmp'), '{');
    const { entries, unreadable } = await journal.list(100);
    expect(entries.map(({ id }) => id)).toEqual([entry.id]);
    expect(unreadable).toHaveLength(5);
    expect(unreadable.every(({ words }) => words !== '')).toBe(true);
  });

  it('never throws on whatever a file holds, and takes nothing that is not an entry of that name', () => {
    fc.assert(
      fc.property(fc.oneof(fc.json(), fc.string()), (text) => {
        expect(parseEntry('20260101T000000000Z-90000001.json', new TextEncoder().encode(text))).toHaveProperty('words');
      }),
    );
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), fc.string(), (data, name) => {
        expect(parseEntry(name, data)).toHaveProperty('words');
      }),
    );
  });

  it('does not follow an id out of its folder', async () => {
    const { on, journal, entry } = await written();
    on.files.set('/home/ana/.local/state/sightglass/forged.json', JSON.stringify(entry));
    expect(await journal.read('../forged')).toBeUndefined();
  });

  it('makes one update after another', async () => {
    const { journal, entry } = await written();
    const add = (words: string): Promise<JournalEntry> =>
      journal.update(entry.id, (fresh) => ({ ...fresh, steps: [...fresh.steps, { at: 0, status: 'written', words }] }));
    await Promise.all(['a', 'b', 'c'].map(add));
    const words = (await journal.read(entry.id))!.steps.map((step) => step.words);
    expect(words.slice(-3)).toEqual(['a', 'b', 'c']);
  });

  it('tells other windows', async () => {
    const { on, journal, entry } = await written();
    let told = 0;
    const watching = new Journal(on.options).watch(() => told++);
    await journal.write(entry);
    watching.dispose();
    expect(told).toBeGreaterThan(0);
  });
});

describe('the journal on this machine', () => {
  it('is for its owner only, and leaves nothing behind', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'sightglass-journal-'));
    try {
      const { on, entry } = await written();
      const journal = new Journal({ ...on.options, home: folder, files: nodeFiles, paths: nodePaths });
      const release = await journal.hold(entry.id);
      await journal.write(entry);
      expect(await journal.hold(entry.id)).toBeUndefined();
      release?.();
      expect(await journal.read(entry.id)).toEqual(entry);
      if (process.platform !== 'win32') {
        expect((await stat(join(folder, 'journal'))).mode & 0o777).toBe(0o700);
        expect((await stat(join(folder, 'journal', `${entry.id}.json`))).mode & 0o777).toBe(0o600);
      }
      await expect.poll(() => readdir(join(folder, 'journal'))).toEqual([`${entry.id}.json`, 'latest']);
      await writeFile(join(folder, 'journal', `${entry.id}.json`), '{"format":1');
      expect((await journal.list(10)).unreadable).toHaveLength(1);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
});
