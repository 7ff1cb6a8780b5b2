import { parse as parseJsonc } from 'jsonc-parser';
import * as z from 'zod';
import { folderOf, joinPath as join, type Resolver } from './resolver';

const configSchema = z.object({
  extends: z.union([z.string(), z.array(z.string())]).optional(),
  references: z.array(z.object({ path: z.string() })).optional(),
  compilerOptions: z
    .object({ baseUrl: z.string().optional(), paths: z.record(z.string(), z.array(z.string())).optional() })
    .optional(),
});
const packageSchema = z.object({
  name: z.string().optional(),
  main: z.string().optional(),
  module: z.string().optional(),
  source: z.string().optional(),
  types: z.string().optional(),
});

/** In the order in which they are tried. */
const sourceExtensions = ['ts', 'mts', 'cts', 'tsx', 'js', 'jsx', 'mjs', 'cjs'];

interface PathMapping {
  /** Folder that non-relative imports start at, without a trailing `/`; null without a baseUrl. */
  readonly baseUrl: string | null;
  readonly paths: readonly { readonly pattern: string; readonly targets: readonly string[] }[];
}

interface WorkspacePackage {
  readonly folder: string;
  readonly entries: readonly string[];
}

/**
 * Which file of the workspace an import means: relative paths, tsconfig `paths` and `baseUrl`, names of workspace
 * packages. Best effort after Node's and TypeScript's rules; all paths are relative to the root, with `/`.
 */
export class EcmascriptResolver implements Resolver {
  readonly #mappings = new Map<string, PathMapping>();
  readonly #packages = new Map<string, WorkspacePackage>();
  readonly #resolved = new Map<string, string | null>();
  readonly #nearest = new Map<string, PathMapping | null>();

  /** `configs`: text of package.json and tsconfig files by path. Unreadable ones are as good as absent. */
  constructor(
    private readonly files: ReadonlySet<string>,
    configs: ReadonlyMap<string, string>,
  ) {
    for (const [path, text] of configs) {
      if (path.endsWith('package.json')) this.#addPackage(path, text);
    }
    for (const path of configs.keys()) {
      if (/(^|\/)(tsconfig|jsconfig)\.json$/.test(path)) {
        const mapping = readMapping(path, configs, 0);
        if (mapping) this.#mappings.set(folderOf(path), mapping);
      }
    }
  }

  #addPackage(path: string, text: string): void {
    const found = packageSchema.safeParse(parseJsonc(text)).data;
    if (found?.name === undefined || this.#packages.has(found.name)) return;
    const entries = [found.source, found.types, found.module, found.main].filter((entry) => entry !== undefined);
    this.#packages.set(found.name, { folder: folderOf(path), entries });
  }

  /** Asks again about imports that led nowhere: a file appeared. */
  forgetMisses(): void {
    for (const [key, found] of this.#resolved) if (found === null) this.#resolved.delete(key);
  }

  /** null when it is no file of the workspace. */
  resolve(from: string, specifier: string): string | null {
    const folder = folderOf(from);
    const key = `${folder}\0${specifier}`;
    const known = this.#resolved.get(key);
    if (known !== undefined) return known;
    const found = this.#resolve(folder, specifier.replace(/[?#].*$/, ''));
    this.#resolved.set(key, found);
    return found;
  }

  #resolve(folder: string, specifier: string): string | null {
    if (specifier === '.' || specifier === '..' || specifier.startsWith('./') || specifier.startsWith('../')) {
      return this.#file(join(folder, specifier));
    }
    if (specifier.startsWith('/')) return null;
    const mapping = this.#mapping(folder);
    return (mapping && this.#mapped(mapping, specifier)) ?? this.#fromPackage(specifier);
  }

  #mapping(folder: string): PathMapping | null {
    const known = this.#nearest.get(folder);
    if (known !== undefined) return known;
    const own = this.#mappings.get(folder);
    const found = own ?? (folder === '' ? null : this.#mapping(folderOf(folder)));
    this.#nearest.set(folder, found);
    return found;
  }

  #mapped(mapping: PathMapping, specifier: string): string | null {
    for (const { pattern, targets } of mapping.paths) {
      const [before = '', after] = pattern.split('*');
      const matches =
        after === undefined
          ? specifier === pattern
          : specifier.length >= before.length + after.length &&
            specifier.startsWith(before) &&
            specifier.endsWith(after);
      if (!matches) continue;
      const middle = after === undefined ? '' : specifier.slice(before.length, specifier.length - after.length);
      for (const target of targets) {
        const found = this.#file(target.replace('*', () => middle));
        if (found !== null) return found;
      }
    }
    return mapping.baseUrl === null ? null : this.#file(join(mapping.baseUrl, specifier));
  }

  #fromPackage(specifier: string): string | null {
    const parts = specifier.split('/');
    const name = parts.slice(0, specifier.startsWith('@') ? 2 : 1).join('/');
    const found = this.#packages.get(name);
    if (!found) return null;
    const rest = specifier.slice(name.length + 1);
    // What is built (`lib/`, `dist/`) is not in the tree; its source usually is, under `src/`.
    const inside =
      rest === '' ? [...found.entries, 'src/index', 'index', 'src/main', 'lib/index'] : [rest, `src/${rest}`];
    for (const entry of inside) {
      for (const variant of [entry, entry.replace(/^(\.\/)?(lib|dist|build|out|esm|cjs)\//, 'src/')]) {
        const path = this.#file(join(found.folder, variant.replace(/\.d\.[cm]?ts$/, '')));
        if (path !== null) return path;
      }
    }
    return null;
  }

  /** The file itself, with an extension, or the folder's index; `.js` may be written for `.ts`. */
  #file(path: string): string | null {
    if (this.files.has(path)) return path;
    const stem = path.replace(/\.([cm]?)jsx?$/, '');
    for (const base of stem === path ? [path] : [stem, path]) {
      for (const ext of sourceExtensions) if (this.files.has(`${base}.${ext}`)) return `${base}.${ext}`;
    }
    for (const ext of sourceExtensions) {
      const index = path === '' ? `index.${ext}` : `${path}/index.${ext}`;
      if (this.files.has(index)) return index;
    }
    return null;
  }
}

function readMapping(path: string, configs: ReadonlyMap<string, string>, depth: number): PathMapping | undefined {
  const text = configs.get(path);
  if (text === undefined || depth > 5) return undefined;
  const config = configSchema.safeParse(parseJsonc(text)).data;
  if (!config) return undefined;
  const folder = folderOf(path);
  const { baseUrl, paths } = config.compilerOptions ?? {};
  const base = baseUrl === undefined ? null : join(folder, baseUrl);
  const own = Object.entries(paths ?? {}).map(([pattern, targets]) => ({
    pattern,
    targets: targets.map((target) => join(base ?? folder, target)),
  }));
  const inherited = [config.extends ?? []]
    .flat()
    .flatMap((parent) => (parent.startsWith('.') ? (readAt(join(folder, parent), configs, depth + 1) ?? []) : []))
    .at(-1);
  const mapping: PathMapping = {
    baseUrl: base ?? inherited?.baseUrl ?? null,
    paths: own.length > 0 ? own : (inherited?.paths ?? []),
  };
  if (mapping.baseUrl !== null || mapping.paths.length > 0) return mapping;
  // Vite's templates say so in what the file refers to: tsconfig.app.json.
  const referred = (config.references ?? []).flatMap(
    ({ path: to }) => readAt(join(folder, to), configs, depth + 1) ?? [],
  );
  return referred.find(({ baseUrl: at, paths: all }) => at !== null || all.length > 0) ?? mapping;
}

/** A configuration by its path, with or without `.json`, or by its folder. */
function readAt(at: string, configs: ReadonlyMap<string, string>, depth: number): PathMapping | undefined {
  const path = [at, `${at}.json`, join(at, 'tsconfig.json')].find((one) => configs.has(one));
  return path === undefined ? undefined : readMapping(path, configs, depth);
}
