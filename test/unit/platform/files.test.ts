import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  watch,
  writeFileSync,
} from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FileError, type Files } from '../../../src/platform/files';
import { MemoryFiles } from '../../../src/platform/memory/files';
import { memoryPaths } from '../../../src/platform/memory/paths';
import { nodeFiles } from '../../../src/platform/node/files';
import { nodePaths } from '../../../src/platform/node/paths';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
let folder: string;
beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'sightglass-files-')));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

const codeOf = async (work: Promise<unknown>): Promise<string> => {
  const error: unknown = await work.catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(FileError);
  return (error as FileError).code;
};

describe.each<[string, () => { files: Files; at: string }]>([
  ['on disk', () => ({ files: nodeFiles, at: folder })],
  ['in memory', () => ({ files: new MemoryFiles(), at: '/m' })],
])('files %s', (_name, make) => {
  it('are written, read, listed, renamed and removed; what is not there is said to be not there', async () => {
    const { files, at } = make();
    await files.makeFolder(`${at}/sub/deep`, 0o700);
    await files.writeAtomic(`${at}/sub/a`, bytes('one'), 0o600);
    await files.append(`${at}/sub/a`, bytes(' two'), 0o600);
    expect(new TextDecoder().decode(await files.read(`${at}/sub/a`, 100))).toBe('one two');
    await files.writeInPlace(`${at}/sub/a`, bytes('3'));
    expect(await files.stat(`${at}/sub/a`)).toMatchObject({ kind: 'file', size: 1 });
    await files.rename(`${at}/sub/a`, `${at}/sub/b`);
    const names = (await files.list(`${at}/sub`)).map(({ name, kind }) => `${name} ${kind}`).sort();
    expect(names).toEqual(['b file', 'deep directory']);
    expect(await codeOf(files.read(`${at}/sub/b`, 0))).toBe('tooLarge');
    await files.remove(`${at}/sub/b`);
    expect(await files.stat(`${at}/sub/b`)).toBe(undefined);
    expect(await codeOf(files.read(`${at}/sub/b`, 9))).toBe('notFound');
    expect(await codeOf(files.read(`${at}/sub`, 9))).toBe('notAFile');
    expect(await codeOf(files.remove(`${at}/sub/b`))).toBe('notFound');
  });

  it('under a lock are changed by one at a time', async () => {
    const { files, at } = make();
    await files.makeFolder(at, 0o700);
    await files.writeAtomic(`${at}/n`, bytes('0'), 0o600);
    const add = async (): Promise<void> => {
      const before = Number(new TextDecoder().decode(await files.read(`${at}/n`, 9)));
      await files.writeAtomic(`${at}/n`, bytes(String(before + 1)), 0o600);
    };
    await Promise.all(Array.from({ length: 8 }, () => files.withLock(`${at}/n`, 10_000, add)));
    expect(new TextDecoder().decode(await files.read(`${at}/n`, 9))).toBe('8');
    expect((await files.list(at)).map(({ name }) => name)).toEqual(['n']);
  });
});

describe.skipIf(process.platform === 'win32')('a folder for one user', () => {
  it('lets nobody else in, also where it was there before', async () => {
    const at = mkdtempSync(join(tmpdir(), 'sightglass-folder-'));
    try {
      mkdirSync(join(at, 'old'));
      chmodSync(join(at, 'old'), 0o755);
      for (const name of ['old', 'new']) {
        await nodeFiles.makeFolder(join(at, name), 0o700);
        expect(statSync(join(at, name)).mode & 0o777).toBe(0o700);
      }
    } finally {
      rmSync(at, { recursive: true });
    }
  });
});

describe('files on disk', () => {
  it('replaced keep their mode and their link, and leave no temporary file', async () => {
    writeFileSync(join(folder, 'real'), 'old', { mode: 0o640 });
    chmodSync(join(folder, 'real'), 0o640);
    symlinkSync(join(folder, 'real'), join(folder, 'link'));
    const inode = statSync(join(folder, 'real')).ino;
    await nodeFiles.writeAtomic(join(folder, 'link'), bytes('new'), 0o600);
    expect(readFileSync(join(folder, 'real'), 'utf8')).toBe('new');
    expect(statSync(join(folder, 'real')).ino).not.toBe(inode);
    expect(statSync(join(folder, 'real')).mode & 0o777).toBe(0o640);
    expect(readdirSync(folder).sort()).toEqual(['link', 'real']);
  });

  it('written in place stay the same file, shorter or longer', async () => {
    const file = join(folder, 'f');
    writeFileSync(file, 'a long text');
    const inode = statSync(file).ino;
    for (const text of ['short', 'a much longer text than before']) {
      await nodeFiles.writeInPlace(file, bytes(text));
      expect(readFileSync(file, 'utf8')).toBe(text);
    }
    expect(statSync(file).ino).toBe(inode);
  });

  it('new get the mode asked for whatever the umask', async () => {
    await nodeFiles.writeAtomic(join(folder, 'secret'), bytes('x'), 0o600);
    expect(statSync(join(folder, 'secret')).mode & 0o777).toBe(0o600);
  });
});

describe('a lock on disk', () => {
  const holder = (pid: number, host = hostname()): string => JSON.stringify({ pid, host, at: '' });

  it('of a process that is gone is taken over, by one only', async () => {
    const file = join(folder, 'f');
    // Above any pid a system hands out.
    writeFileSync(`${file}.lock`, holder(2 ** 30));
    let inside = 0;
    let most = 0;
    const work = async (): Promise<void> => {
      most = Math.max(most, ++inside);
      await new Promise((resolve) => setTimeout(resolve, 5));
      inside--;
    };
    await Promise.all(Array.from({ length: 5 }, () => nodeFiles.withLock(file, 10_000, work)));
    expect(most).toBe(1);
    expect(readdirSync(folder)).toEqual([]);
  });

  it('of a dead process is waited for no longer than asked, where whoever took it over died of it too', async () => {
    const file = join(folder, 'f');
    writeFileSync(`${file}.lock`, holder(2 ** 30));
    writeFileSync(`${file}.lock.take`, '1');
    const began = performance.now();
    expect(await codeOf(nodeFiles.withLock(file, 60, async () => undefined))).toBe('locked');
    expect(performance.now() - began).toBeLessThan(5_000);
  });

  it('of a living process, and of another machine, is waited for and named', async () => {
    const file = join(folder, 'f');
    for (const text of [holder(process.pid), holder(1, 'elsewhere'), '']) {
      writeFileSync(`${file}.lock`, text);
      expect(await codeOf(nodeFiles.withLock(file, 60, async () => undefined))).toBe('locked');
    }
    expect(existsSync(`${file}.lock`)).toBe(true);
  });

  it('is let go when the work fails', async () => {
    const file = join(folder, 'f');
    await expect(nodeFiles.withLock(file, 100, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(readdirSync(folder)).toEqual([]);
  });
});

describe('watching a file on disk', () => {
  const waitFor = async (seen: () => boolean): Promise<void> => {
    for (let tries = 0; tries < 100 && !seen(); tries++) await new Promise((resolve) => setTimeout(resolve, 50));
    expect(seen()).toBe(true);
  };

  it('tells of every way to change it, a burst once', async () => {
    const file = join(folder, 'f');
    let count = 0;
    const watching = nodeFiles.watch(file, () => count++);
    try {
      const told = async (change: () => void): Promise<void> => {
        const before = count;
        change();
        await waitFor(() => count > before);
      };
      await told(() => writeFileSync(file, '1'));
      await told(() => writeFileSync(file, '22'));
      await told(() => {
        writeFileSync(join(folder, 'g'), '333');
        renameSync(join(folder, 'g'), file);
      });
      await told(() => rmSync(file));
      mkdirSync(join(folder, 'other'));
      writeFileSync(join(folder, 'other', 'target'), 'x');
      await told(() => symlinkSync(join(folder, 'other', 'target'), file));
      await told(() => writeFileSync(join(folder, 'other', 'target'), 'yy'));
    } finally {
      watching.dispose();
    }
  });

  it.runIf(process.platform === 'linux')('tells at once of a file that came whole, by rename', async () => {
    const file = join(folder, 'f');
    writeFileSync(file, '1');
    writeFileSync(join(folder, 'g'), '22');
    // The clock of a file system has a grain.
    await new Promise((resolve) => setTimeout(resolve, 50));
    const order: string[] = [];
    const told = nodeFiles.watch(file, () => order.push('told'));
    const heard = watch(folder, () => setTimeout(() => order.push('rested'), 20));
    try {
      renameSync(join(folder, 'g'), file);
      await waitFor(() => order.includes('told') && order.includes('rested'));
      expect(order[0]).toBe('told');
    } finally {
      told.dispose();
      heard.close();
    }
  });
});

describe('paths', () => {
  it.each([
    ['/a/b', '/a/b/c', true],
    ['/a/b', '/a/b', true],
    ['/a/b', '/a/bc', false],
    ['/a/b', '/a', false],
    ['/a/b', '/a/b/../c', false],
    ['/a/b', '/a/b/..c', true],
    ['/', '/x', true],
  ])('%s holds %s: %s', (outer, inner, expected) => {
    expect(nodePaths.isInside(outer, inner)).toBe(expected);
    expect(memoryPaths.isInside(outer, inner)).toBe(expected);
  });

  it('in memory are those of POSIX', () => {
    for (const [base, path] of [
      ['/a/b', '../c'],
      ['/a', '/x/./y'],
      ['/a', '.'],
      ['/', 'b/../../c'],
    ] as const)
      expect(memoryPaths.resolve(base, path)).toBe(nodePaths.resolve(base, path));
    for (const path of ['/a/b/c', '/a', '/', 'x', 'a/b']) {
      expect(memoryPaths.dirname(path)).toBe(nodePaths.dirname(path));
      expect(memoryPaths.basename(path)).toBe(nodePaths.basename(path));
    }
    expect(memoryPaths.relative('/a/b', '/a/c/d')).toBe('../c/d');
    expect(memoryPaths.join('/a', '', '../b', './c')).toBe('/b/c');
  });
});
