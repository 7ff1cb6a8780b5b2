import { spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import { hostname } from 'node:os';
import { basename, dirname, join } from 'node:path';
import process from 'node:process';
import type { SeededDraws } from '../../unit/telemetry/seededDraws';
import { failure, type FaultyDisk, type Go, type Step } from './faultyDisk';
import { theirs, withShare, type FileWorld } from './fileWorld';

/** A change of a flag in a file that is about to be made. */
export interface FileScene {
  readonly world: FileWorld;
  readonly disk: FaultyDisk;
  readonly draws: SeededDraws;
  /** The file, and the flag. */
  readonly path: string;
  readonly key: string;
  /** A folder of the same disk outside the workspace. */
  readonly outside: string;
}

interface FileFault {
  /** Files are replaced by a rename, or written in place: where it can strike; both, else. */
  readonly only?: 'rename' | 'inPlace';
  /** Between a person's yes and the change. */
  readonly before?: (scene: FileScene) => void;
  /** In place of a step of the change. */
  readonly at?: readonly [Step, (scene: FileScene, go: Go) => Promise<unknown>];
  /** What a person does afterwards about it. */
  readonly mended?: (scene: FileScene) => void;
}

/** A program that nobody told of our lock. */
function anotherWrites({ disk, path, draws }: FileScene, text: string): void {
  if (draws.uniform() < 0.5) fs.writeFileSync(path, text);
  else {
    fs.writeFileSync(`${path}.another`, text);
    fs.renameSync(`${path}.another`, path);
  }
  disk.record('another', path);
}

const read = ({ path }: FileScene): string => fs.readFileSync(path, 'utf8');
const someShare = ({ draws }: FileScene): number => 1 + Math.floor(draws.uniform() * 97);
const another = (scene: FileScene, key: string): void =>
  anotherWrites(scene, withShare(scene.world, read(scene), key, someShare(scene)));

const failsWith = (code: string) => (): Promise<never> => Promise.reject(failure(code));

/** Ours replaces what another just wrote. */
function overwrites(meddle: (scene: FileScene) => void) {
  return async (scene: FileScene, go: Go): Promise<unknown> => {
    meddle(scene);
    scene.disk.overwrote += 1;
    return go();
  };
}

/** A process that was there once. */
const dead = spawnSync(process.execPath, ['-e', '']).pid;
const lockOf = ({ path }: FileScene): string => `${fs.realpathSync(path)}.lock`;
const holder = (pid: number, host = hostname()): string =>
  JSON.stringify({ pid, host, at: new Date().toISOString(), id: 0.5 });
const unlocked = (scene: FileScene): void => fs.rmSync(lockOf(scene), { force: true });
const away = ({ path, outside }: FileScene): string => join(outside, basename(path));
const asideIn = ({ path }: FileScene): string => join(dirname(path), 'elsewhere', basename(path));

function linkTo(to: (scene: FileScene) => string) {
  return (scene: FileScene): void => {
    fs.mkdirSync(dirname(to(scene)), { recursive: true });
    fs.renameSync(scene.path, to(scene));
    fs.symlinkSync(to(scene), scene.path);
  };
}
const backFrom = (from: (scene: FileScene) => string) => (scene: FileScene) => {
  fs.renameSync(from(scene), scene.path);
};

/** So much of it is put in place, which may leave a file that is none; a person gets it back from git then. */
function partly(part: number, code: string): FileFault {
  let whole = '';
  return {
    only: 'inPlace',
    before: (scene) => {
      whole = read(scene);
    },
    at: [
      'put',
      async ({ disk, path }, go) => {
        await go(part);
        // By half and at odds with itself it is nothing that anybody wrote.
        if (disk.isSound(path)) disk.record('us', path);
        throw failure(code);
      },
    ],
    mended: (scene) => {
      if (scene.disk.isSound(scene.path)) return;
      fs.writeFileSync(scene.path, whole);
      scene.disk.record('another', scene.path);
    },
  };
}

/** Another program is writing it: half of it is there, and soon all. */
function halved(): FileFault {
  let whole = '';
  let timer: NodeJS.Timeout | undefined;
  return {
    before: (scene) => {
      whole = read(scene);
      fs.truncateSync(scene.path, whole.length / 2);
      timer = setTimeout(() => fs.writeFileSync(scene.path, whole), 15);
    },
    // Not later than the change: it would go over the next one's.
    mended: (scene) => {
      clearTimeout(timer);
      if (!scene.disk.isSound(scene.path)) fs.writeFileSync(scene.path, whole);
    },
  };
}

/** Every way in which a file on a disk that others write to fails a writer. */
export const fileFaults: Readonly<Record<string, FileFault>> = {
  'the lock cannot be made (EACCES)': { at: ['lock', failsWith('EACCES')] },
  'a disk without hard links (EPERM)': { at: ['lock', failsWith('EPERM')] },
  'a lock held for a moment': {
    before: (scene) => {
      const lock = lockOf(scene);
      fs.writeFileSync(lock, holder(process.ppid));
      setTimeout(() => fs.rmSync(lock, { force: true }), 40);
    },
    mended: unlocked,
  },
  'a lock held for long': {
    before: (scene) => fs.writeFileSync(lockOf(scene), holder(process.ppid)),
    mended: unlocked,
  },
  'a lock of a dead process': { before: (scene) => fs.writeFileSync(lockOf(scene), holder(dead)), mended: unlocked },
  'a lock of a dead process, and of one that died taking it': {
    before: (scene) => {
      fs.writeFileSync(lockOf(scene), holder(dead));
      fs.writeFileSync(`${lockOf(scene)}.take`, String(dead));
    },
    mended: (scene) => {
      unlocked(scene);
      fs.rmSync(`${lockOf(scene)}.take`, { force: true });
    },
  },
  'an old lock of another machine': {
    before: (scene) => {
      fs.writeFileSync(lockOf(scene), holder(1, 'elsewhere'));
      const old = new Date(Date.now() - 60_000);
      fs.utimesSync(lockOf(scene), old, old);
    },
    mended: unlocked,
  },
  'a lock that is half written': { before: (scene) => fs.writeFileSync(lockOf(scene), '{"pid"'), mended: unlocked },

  'it cannot be read (EIO)': { at: ['read', failsWith('EIO')] },
  'no file can be opened (EMFILE)': { only: 'rename', at: ['look', failsWith('EMFILE')] },
  'the disk is full (ENOSPC)': { only: 'rename', at: ['fill', failsWith('ENOSPC')] },
  'it cannot be flushed (EIO)': { only: 'rename', at: ['sync', failsWith('EIO')] },
  'it cannot be replaced (EACCES)': { only: 'rename', at: ['rename', failsWith('EACCES')] },
  'it is replaced, and said not to be (EIO)': {
    only: 'rename',
    at: ['rename', async (_, go) => (await go(), Promise.reject(failure('EIO')))],
  },
  'it cannot be read once it is replaced': {
    only: 'rename',
    at: [
      'rename',
      async ({ disk }, go) => {
        await go();
        disk.arm('read', failsWith('EIO'));
      },
    ],
  },
  'it cannot be put there (EIO)': { only: 'inPlace', at: ['put', failsWith('EIO')] },
  'it is put there, and said not to be (EIO)': partly(1, 'EIO'),

  'another program changed another flag before': { before: (scene) => another(scene, theirs) },
  'another program changed this flag before': { before: (scene) => another(scene, scene.key) },
  'another program changed another flag while ours was being written': {
    only: 'rename',
    at: ['fill', async (scene, go) => (another(scene, theirs), go())],
  },
  'another program changed this flag while ours was being written': {
    only: 'rename',
    at: ['fill', async (scene, go) => (another(scene, scene.key), go())],
  },
  'another program changed another flag right before the rename': {
    only: 'rename',
    at: ['rename', overwrites((scene) => another(scene, theirs))],
  },
  'another program changed this flag right before the rename': {
    only: 'rename',
    at: ['rename', overwrites((scene) => another(scene, scene.key))],
  },
  'another program wrote back what it had read before': {
    only: 'rename',
    at: [
      'rename',
      async (scene, go) => {
        const old = read(scene);
        await go();
        anotherWrites(scene, old);
      },
    ],
  },

  'half a file, for now': halved(),
  'it went away': {
    before: (scene) => fs.renameSync(scene.path, away(scene)),
    mended: backFrom(away),
  },
  'it went away right before the rename': {
    only: 'rename',
    at: ['rename', overwrites(({ path }) => fs.unlinkSync(path))],
  },
  'a folder stands in its place': {
    before: (scene) => {
      fs.renameSync(scene.path, away(scene));
      fs.mkdirSync(scene.path);
    },
    mended: (scene) => {
      fs.rmdirSync(scene.path);
      backFrom(away)(scene);
    },
  },
  'a link to another folder stands in its place': { before: linkTo(asideIn), mended: backFrom(asideIn) },
  'a link that leads out of the workspace stands in its place': { before: linkTo(away), mended: backFrom(away) },
};
