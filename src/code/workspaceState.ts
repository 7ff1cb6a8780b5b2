import type { EvaluatedOn } from './sdks/callShape';
import { camelCase } from './sdks/camelCase';
import { sdkPackage } from './sdks/table';
import type { Linked, Workspace } from './linkFile';
import type { ModuleResolver } from './resolve/moduleResolver';
import type { FileView } from './resolve/view';
import { Wrappers } from './resolve/wrappers';
import type { Mount, Registration } from './routes';

/** What the files of a root say about each other. Answers questions of linking, and which files an answer touched. */
export class WorkspaceState {
  readonly wrappers = new Wrappers();
  readonly #views = new Map<string, FileView>();
  readonly #consulted = new Map<string, ReadonlySet<string>>();
  readonly #dependents = new Map<string, Set<string>>();
  readonly #waiting = new Map<string, Set<string>>();
  readonly #linked = new Map<string, Linked>();
  readonly #packages = new Map<string, Map<string, number>>();
  readonly #defined = new Map<string, Map<string, number>>();
  readonly #mountsByFile = new Map<string, readonly Mount[]>();
  #mounts = new Map<string, Mount[]>();
  #registrations = new Map<string, Registration[]>();
  #wanted = new Set<string>();
  #resolver: ModuleResolver | undefined;
  #known: ReadonlySet<string> = new Set();
  #camel: ReadonlyMap<string, string> = new Map();

  setKnownKeys(keys: readonly string[]): void {
    this.#known = new Set(keys);
    const camel = new Map<string, string>();
    for (const key of keys) camel.set(camelCase(key), key);
    this.#camel = camel;
  }

  setResolver(resolver: ModuleResolver): void {
    this.#resolver = resolver;
  }

  /** A file appeared: imports that led nowhere may lead to it. */
  filesChanged(): void {
    this.#resolver?.forgetMisses();
  }

  setView(path: string, view: FileView): void {
    this.#countPackages(path, -1);
    this.#views.set(path, view);
    this.#countPackages(path, 1);
  }

  removeView(path: string): void {
    this.#countPackages(path, -1);
    this.#views.delete(path);
    this.#linked.delete(path);
    this.wrappers.set(path, []);
    this.#consult(path, new Set());
    this.#mountsByFile.delete(path);
  }

  #countPackages(path: string, by: number): void {
    for (const module of this.#views.get(path)?.modules ?? []) {
      const pkg = sdkPackage(module);
      if (!pkg) continue;
      const counts = this.#packages.get(pkg.sdk.id) ?? new Map<string, number>();
      this.#packages.set(pkg.sdk.id, counts);
      const count = (counts.get(pkg.name) ?? 0) + by;
      if (count > 0) counts.set(pkg.name, count);
      else counts.delete(pkg.name);
    }
  }

  sdkFiles(): Record<string, number> {
    return Object.fromEntries([...this.#packages.values()].flatMap((counts) => [...counts]).sort());
  }

  /** Takes in what linking a file gave; answers the files whose facts may be others now. */
  setLinked(path: string, linked: Linked): string[] {
    const before = this.#linked.get(path);
    this.#linked.set(path, linked);
    this.#consult(path, linked.consulted);
    const affected = new Set<string>();
    const names = this.wrappers.set(path, linked.wrappers);
    if (names.length > 0) for (const [other, view] of this.#views) if (calls(view, names)) affected.add(other);
    for (const other of this.#define(before, linked)) affected.add(other);
    for (const other of this.#route(path, before, linked)) affected.add(other);
    return [...affected];
  }

  #consult(path: string, consulted: ReadonlySet<string>): void {
    for (const old of this.#consulted.get(path) ?? []) if (!consulted.has(old)) this.#dependents.get(old)?.delete(path);
    for (const other of consulted) {
      const dependents = this.#dependents.get(other) ?? new Set();
      this.#dependents.set(other, dependents);
      dependents.add(path);
    }
    this.#consulted.set(path, consulted);
  }

  dependentsOf(path: string): readonly string[] {
    return [...(this.#dependents.get(path) ?? []), ...this.#linkedTo(path)];
  }

  /** Files whose handlers this file registers. */
  #linkedTo(path: string): string[] {
    return [
      ...new Set((this.#linked.get(path)?.routes.registrations ?? []).map((registration) => registration.path)),
    ].filter((other) => other !== path);
  }

  /** Counts by how many files a key is reached in the file it is written in. */
  #define(before: Linked | undefined, linked: Linked): Set<string> {
    const touched = new Set<string>();
    const count = (defines: Linked['defines'], by: number): void => {
      for (const { path, key } of defines) {
        const keys = this.#defined.get(path) ?? new Map<string, number>();
        this.#defined.set(path, keys);
        const now = (keys.get(key) ?? 0) + by;
        if (now > 0) keys.set(key, now);
        else keys.delete(key);
        if (now === 0 || (by > 0 && now === by)) touched.add(path);
      }
    };
    const same = JSON.stringify(before?.defines ?? []) === JSON.stringify(linked.defines);
    if (same) return touched;
    count(before?.defines ?? [], -1);
    count(linked.defines, 1);
    return touched;
  }

  #route(path: string, before: Linked | undefined, linked: Linked): Set<string> {
    const touched = new Set<string>();
    const { mounts, registrations } = linked.routes;
    const away = registrations.filter((registration) => registration.path !== path);
    const outward = (of: Linked | undefined): string =>
      JSON.stringify([
        of?.routes.mounts ?? [],
        (of?.routes.registrations ?? [])
          .filter((one) => one.path !== path)
          .map(({ fn, inline, ...rest }) => [rest, fn.q, fn.from, inline?.from]),
      ]);
    const sameHandlers = (before?.routes.registrations ?? []).every((one, i) => one.fn === registrations[i]?.fn);
    if (outward(before) === outward(linked) && (sameHandlers || away.length === 0)) return touched;
    this.#mountsByFile.set(path, mounts);
    this.#indexRoutes();
    for (const one of [...away, ...(before?.routes.registrations ?? [])]) if (one.path !== path) touched.add(one.path);
    if (mounts.length > 0 || (before?.routes.mounts.length ?? 0) > 0) {
      for (const [other, { routes }] of this.#linked)
        if (routes.registrations.some((one) => one.router !== '')) touched.add(other);
      touched.delete(path);
      touched.add(path);
    }
    return touched;
  }

  #indexRoutes(): void {
    this.#mounts = new Map();
    for (const mount of [...this.#mountsByFile.values()].flat()) {
      const list = this.#mounts.get(mount.router) ?? [];
      this.#mounts.set(mount.router, list);
      list.push(mount);
    }
    this.#registrations = new Map();
    for (const [path, { routes }] of this.#linked) {
      for (const registration of routes.registrations) {
        if (registration.path === path) continue;
        const list = this.#registrations.get(registration.path) ?? [];
        this.#registrations.set(registration.path, list);
        list.push(registration);
      }
    }
  }

  /** Files that linking asked for and that are not read yet, once. */
  takeWanted(): string[] {
    const wanted = [...this.#wanted];
    this.#wanted = new Set();
    return wanted;
  }

  /** Files whose linking waited for this one. */
  waitingFor(path: string): readonly string[] {
    const waiting = this.#waiting.get(path);
    this.#waiting.delete(path);
    return [...(waiting ?? [])];
  }

  /** The workspace as the linking of one file sees it. */
  workspaceFor(path: string): Workspace {
    return {
      wrappers: this.wrappers,
      mounts: this.#mounts,
      resolve: (from, specifier) => this.#resolver?.resolve(from, specifier),
      view: (other) => {
        const view = this.#views.get(other);
        if (!view) {
          this.#wanted.add(other);
          const waiting = this.#waiting.get(other) ?? new Set();
          this.#waiting.set(other, waiting);
          waiting.add(path);
        }
        return view;
      },
      registrationsFor: (of) => this.#registrations.get(of) ?? [],
      definedIn: (of) => new Set(this.#defined.get(of)?.keys()),
      camelCased: (name) => this.#camel.get(name),
      isKnown: (key) => this.#known.has(key),
      uses: (sdk) => (this.#packages.get(sdk)?.size ?? 0) > 0,
      evaluatedOn: (sdk) => this.#evaluatedOn(sdk),
    };
  }

  #evaluatedOn(sdk: string): EvaluatedOn {
    const places = new Set(
      [...(this.#packages.get(sdk)?.keys() ?? [])].map((name) => sdkPackage(name)?.evaluatedOn ?? 'unknown'),
    );
    places.delete('unknown');
    const [only] = places;
    return places.size === 1 && only !== undefined ? only : 'unknown';
  }
}

function calls(view: FileView, names: readonly string[]): boolean {
  if (names.some((name) => view.callNames.has(name))) return true;
  for (const imported of view.aliases.values()) if (names.includes(imported) || imported === 'default') return true;
  return false;
}
