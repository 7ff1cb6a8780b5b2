import * as z from 'zod';
import { folderOf, joinPath, type Resolver } from './resolver';

const folders = z.record(z.string(), z.union([z.string(), z.array(z.string())]).catch([])).catch({});
const autoload = z
  .object({ 'psr-4': folders.default({}), 'psr-0': folders.default({}) })
  .partial()
  .catch({});
const composer = z.object({ autoload, 'autoload-dev': autoload }).partial();

interface Prefix {
  /** `App\`, empty for all names. */
  readonly name: string;
  readonly folder: string;
  /** Names below it are folders with the prefix's own name (PSR-0), or without (PSR-4). */
  readonly isWhole: boolean;
  /** Folder of the composer.json that says so, with a slash at its end unless empty. */
  readonly within: string;
}

/**
 * PHP's classes: one a file, called like it. `composer.json` tells which namespace lies in which folder (PSR-4, PSR-0);
 * where none tells, it is the file whose path ends like the name, by two parts at least.
 */
export class PhpResolver implements Resolver {
  readonly #prefixes: readonly Prefix[];
  readonly #resolved = new Map<string, string | null>();
  #byName: Map<string, string[]> | undefined;

  constructor(
    private readonly files: ReadonlySet<string>,
    configs: ReadonlyMap<string, string>,
  ) {
    this.#prefixes = [...configs]
      .filter(([path]) => /(^|\/)composer\.json$/.test(path))
      .flatMap(([path, text]) => prefixesOf(folderOf(path), text))
      .sort((a, b) => b.name.length - a.name.length);
  }

  forgetMisses(): void {
    this.#byName = undefined;
    for (const [key, found] of this.#resolved) if (found === null) this.#resolved.delete(key);
  }

  resolve(from: string, specifier: string): string | null {
    const name = specifier.replace(/^\\/, '');
    const projects = new Set(this.#prefixes.flatMap(({ within }) => (from.startsWith(within) ? [within] : [])));
    const key = `${[...projects].join()}\0${projects.size === 0 ? folderOf(from) : ''}\0${name}`;
    const known = this.#resolved.get(key);
    if (known !== undefined) return known;
    const found = this.#byPrefix(name, projects) ?? this.#byEnd(from, name);
    this.#resolved.set(key, found);
    return found;
  }

  /** The project that the asking file is in comes first; packages of one repository use each other's. */
  #byPrefix(name: string, projects: ReadonlySet<string>): string | null {
    const fitting = this.#prefixes.filter((prefix) => name.startsWith(prefix.name));
    for (const own of [true, false])
      for (const prefix of fitting) {
        if (projects.has(prefix.within) !== own) continue;
        const rest = prefix.isWhole ? name : name.slice(prefix.name.length);
        const path = joinPath(prefix.folder, `${rest.replaceAll('\\', '/')}.php`);
        if (this.files.has(path)) return path;
      }
    return null;
  }

  #byEnd(from: string, name: string): string | null {
    const parts = name.split('\\');
    let best: string | null = null;
    let most = Math.min(parts.length, 2) - 1;
    for (const file of this.#names().get(parts.at(-1) ?? '') ?? []) {
      const alike = endsAlike(file.slice(0, file.lastIndexOf('.')).split('/'), parts);
      if (alike > most || (alike === most && best !== null && folderOf(file) === folderOf(from))) {
        best = file;
        most = alike;
      }
    }
    return best;
  }

  #names(): ReadonlyMap<string, readonly string[]> {
    if (this.#byName) return this.#byName;
    this.#byName = new Map();
    for (const file of this.files) {
      if (!file.endsWith('.php')) continue;
      const name = file.slice(file.lastIndexOf('/') + 1, -'.php'.length);
      const list = this.#byName.get(name);
      if (list) list.push(file);
      else this.#byName.set(name, [file]);
    }
    return this.#byName;
  }
}

function prefixesOf(folder: string, text: string): Prefix[] {
  const read = composer.safeParse(asJson(text));
  if (!read.success) return [];
  const within = folder === '' ? '' : `${folder}/`;
  return [read.data.autoload, read.data['autoload-dev']].flatMap((loaded) =>
    (['psr-4', 'psr-0'] as const).flatMap((kind) =>
      Object.entries(loaded?.[kind] ?? {}).flatMap(([name, paths]) =>
        [paths].flat().map((path) => ({ name, folder: joinPath(folder, path), isWhole: kind === 'psr-0', within })),
      ),
    ),
  );
}

function asJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** How many parts two paths end alike with; folders may be written in lower case. */
function endsAlike(file: readonly string[], name: readonly string[]): number {
  let count = 0;
  while (count < name.length && file.at(-1 - count)?.toLowerCase() === name.at(-1 - count)?.toLowerCase()) count++;
  return count;
}
