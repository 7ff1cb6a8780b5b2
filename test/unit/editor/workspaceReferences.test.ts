import { beforeEach, expect, it } from 'vitest';
import type { HeldReferences, MovedReferences } from '../../../src/editor/movedReferences';
import { WorkspaceReferences } from '../../../src/editor/diagnostics/workspaceReferences';
import { ReferenceRevisions } from '../../../src/code/referenceRevisions';
import type { IndexSummary } from '../../../src/code/api';
import type { FileFacts, Reference } from '../../../src/model/reference';
import { Emitter } from '../../../src/platform/emitter';
import { MemoryClock } from '../../../src/platform/memory/clock';
import { MemoryLog } from '../../../src/platform/memory/log';
import { reference } from '../view/sample';

const root = '/w';
const file = (path: string, ...keys: string[]): FileFacts => ({
  ...{ path, version: '1', codePaths: [], truncated: null },
  references: keys.map((key): Reference => reference({ path, key })),
});

/** A finder whose files a test sets, told of as the worker tells. */
class World {
  readonly clock = new MemoryClock();
  readonly moved = new Emitter<void>(() => undefined);
  readonly asked: { held: HeldReferences | undefined; told: number }[] = [];
  readonly searched: (readonly string[])[] = [];
  files: FileFacts[] = [file('a.ts', 'one'), file('b.ts', 'two')];
  starts = 1;
  revisions = new ReferenceRevisions();
  readonly code = {
    roots: [root],
    summary: () => ({ references: 2 }) as IndexSummary,
    onDidChangeIndex: this.moved.event,
    written: (keys: readonly string[]) => {
      this.searched.push(keys);
      return Promise.resolve([]);
    },
    referencesSince: (held: HeldReferences | undefined): Promise<MovedReferences> => {
      const since = (held?.starts === this.starts ? held.revisions.get(root) : undefined) ?? null;
      const lists = new Map(this.files.map(({ path, references }) => [path, references]));
      const { revision, changed, gone } = this.revisions.since(lists, since);
      const files = this.files.filter(({ path }) => changed.has(path));
      this.asked.push({ held, told: files.length });
      const revisions = new Map([[root, revision]]);
      const roots = [{ root, isWhole: since === null, isCut: false, files, gone }];
      return Promise.resolve({ held: { starts: this.starts, revisions }, roots });
    },
  };
  readonly references = new WorkspaceReferences({ code: this.code, clock: this.clock, log: new MemoryLog() });
  changes = 0;

  constructor() {
    this.references.onDidChange(() => this.changes++);
  }

  async move(): Promise<void> {
    this.moved.fire();
    await this.clock.advance(500);
  }

  get keys(): readonly string[] {
    const files = [...(this.references.current?.book.files() ?? [])];
    return files.flatMap(({ references }) => references.flatMap(({ key }) => key ?? [])).sort();
  }
}

let world: World;
beforeEach(async () => {
  world = new World();
  await world.clock.advance(500);
});

it('is told of what changed only, and tells when there was something', async () => {
  expect(world.keys).toEqual(['one', 'two']);
  expect(world.asked.map(({ told }) => told)).toEqual([2]);
  await world.move();
  expect(world.asked.map(({ told }) => told)).toEqual([2, 0]);
  expect(world.changes).toBe(1);
  world.files = [world.files[0] ?? file('a.ts'), file('b.ts', 'three'), file('c.ts', 'four')];
  await world.move();
  expect(world.asked.at(-1)?.told).toBe(2);
  expect(world.keys).toEqual(['four', 'one', 'three']);
  world.files = world.files.slice(1);
  await world.move();
  expect(world.asked.at(-1)?.told).toBe(0);
  expect(world.keys).toEqual(['four', 'three']);
  expect(world.changes).toBe(3);
});

it('is told everything again by a worker that was started again, and forgets what that does not know', async () => {
  world.starts++;
  world.revisions = new ReferenceRevisions();
  world.files = [file('b.ts', 'two')];
  await world.move();
  expect(world.asked.at(-1)?.told).toBe(1);
  expect(world.keys).toEqual(['two']);
});

it('keeps what a search found while no references change', async () => {
  expect(world.references.hasSearched(['spare'])).toBe(false);
  await world.clock.advance(0);
  expect(world.references.hasSearched(['spare'])).toBe(true);
  await world.move();
  expect(world.references.hasSearched(['spare'])).toBe(true);
  world.files = [file('a.ts', 'one')];
  await world.move();
  expect(world.references.hasSearched(['spare'])).toBe(false);
  expect(world.searched).toEqual([['spare'], ['spare']]);
});

it('what an open document says counts while it is open, and then what the index has of its file again', async () => {
  const open = (path: string, ...keys: string[]) => ({ root, path, references: file(path, ...keys).references });
  world.references.showOpen([open('b.ts', 'typed'), open('a\nnew.ts', 'unsaved')]);
  expect(world.keys).toEqual(['one', 'typed', 'unsaved']);
  // The file on disk moves meanwhile: the document still stands for it.
  world.files = [file('a.ts', 'one'), file('b.ts', 'saved')];
  await world.move();
  expect(world.keys).toEqual(['one', 'typed', 'unsaved']);
  world.references.showOpen([open('a\nnew.ts', 'unsaved')]);
  expect(world.keys).toEqual(['one', 'saved', 'unsaved']);
  world.files = [file('a.ts', 'one')];
  await world.move();
  world.references.showOpen([]);
  expect(world.keys).toEqual(['one']);
});
