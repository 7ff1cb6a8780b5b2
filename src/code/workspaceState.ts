import type { EvaluatedOn, Sdk } from './sdks/callShape';
import { camelCase } from './sdks/camelCase';
import { sdkPackage } from './sdks/table';
import type { Linked } from './linkFile';
import type { Resolver } from './resolve/resolver';
import { packageView, type FileView } from './resolve/view';
import { ClassNames } from './resolve/classNames';
import { HandedBags } from './resolve/handedBags';
import { Wrappers } from './resolve/wrappers';
import type { Mount, Registration } from './routes';
import { Stale } from './stale';
import type { Workspace } from './workspace';

/** What the files of a root say about each other. Answers questions of linking, and which files an answer touched. */
export class WorkspaceState {
  readonly wrappers = new Wrappers();
  readonly classes = new ClassNames();
  readonly #bags = new HandedBags();
  readonly #views = new Map<string, FileView>();
  readonly #consulted = new Map<string, ReadonlySet<string>>();
  readonly #dependents = new Map<string, Set<string>>();
  readonly #waiting = new Map<string, Set<string>>();
  readonly #linked = new Map<string, Linked>();
  readonly #packages = new Map<Sdk, Map<string, number>>();
  readonly #defined = new Map<string, Map<string, number>>();
  readonly #mountsByFile = new Map<string, readonly Mount[]>();
  #mounts = new Map<string, Mount[]>();
  #registrations = new Map<string, Registration[]>();
  #wanted = new Set<string>();
  #wantedWhole = new Set<string>();
  #resolver: Resolver | undefined;
  readonly #packageViews = new Map<string, FileView>();
  #known: ReadonlySet<string> = new Set();
  #camel: ReadonlyMap<string, string> = new Map();

  setKnownKeys(keys: readonly string[]): void {
    this.#known = new Set(keys);
    const camel = new Map<string, string>();
    for (const key of keys) camel.set(camelCase(key), key);
    this.#camel = camel;
  }

  setResolver(resolver: Resolver): void {
    this.#resolver = resolver;
    this.#packageViews.clear();
  }

  /** A file appeared: imports that led nowhere may lead to it. */
  filesChanged(): void {
    this.#resolver?.forgetMisses();
    this.#packageViews.clear();
  }

  setView(path: string, view: FileView): void {
    this.#countPackages(path, -1);
    this.#views.set(path, view);
    this.classes.set(path, view);
    this.#countPackages(path, 1);
  }

  removeView(path: string): void {
    this.#countPackages(path, -1);
    this.#views.delete(path);
    this.classes.set(path, undefined);
    this.#linked.delete(path);
    this.wrappers.set(path, []);
    this.#bags.set(path, []);
    this.#consult(path, new Set());
    this.#mountsByFile.delete(path);
  }

  #countPackages(path: string, by: number): void {
    const view = this.#views.get(path);
    for (const module of view?.modules ?? []) {
      const pkg = view && sdkPackage(module, view.summary.family);
      if (!pkg) continue;
      const counts = this.#packages.get(pkg.sdk) ?? new Map<string, number>();
      this.#packages.set(pkg.sdk, counts);
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
    const names = this.wrappers.set(path, linked.wrappers, linked.bagMakers, linked.handedOut);
    if (names.length > 0) for (const [other, view] of this.#views) if (calls(view, names)) affected.add(other);
    for (const other of this.#define(before, linked)) affected.add(other);
    for (const other of this.#bags.set(path, linked.handed)) affected.add(other);
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
    return [...(this.#dependents.get(path) ?? []), ...this.#linkedTo(path), ...this.classes.dependentsOf(path)];
  }

  /**
   * What depends on a file of which only the text is another now: of those that asked it for something, the parts that
   * did.
   */
  staleBy(path: string): Stale {
    const stale = new Stale([...this.#linkedTo(path), ...this.classes.dependentsOf(path)]);
    for (const other of this.#dependents.get(path) ?? []) stale.addDependent(other, path);
    return stale;
  }

  /** What linking a file gave last, whatever it says by now. */
  linkedLast(path: string): Linked | undefined {
    return this.#linked.get(path);
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

  /** Whether linking asked for files, or parts of files, that are not read yet. */
  hasWanted(): boolean {
    return this.#wanted.size > 0 || this.#wantedWhole.size > 0 || this.classes.hasWanted();
  }

  /** Files that linking asked for and that are not read yet, once. */
  takeWanted(): string[] {
    const wanted = [...this.#wanted];
    this.#wanted = new Set();
    return wanted;
  }

  /** Files of which linking asked for what was left unread, once. */
  takeWantedWhole(): string[] {
    const wanted = [...this.#wantedWhole].filter((path) => this.#views.get(path)?.isSkimmed);
    this.#wantedWhole = new Set();
    return wanted;
  }

  /**
   * Of these files that call wrappers of the names, and of those that may do so under a name of their own, the ones in
   * which the names were not looked for.
   */
  notSought(names: readonly string[], callers: ReadonlySet<string>): string[] {
    return [...this.#views].flatMap(([path, view]) => {
      const sought = view.summary.sought;
      if (!sought || names.every((name) => sought.includes(name))) return [];
      return callers.has(path) || this.#importsDefault(view) ? [path] : [];
    });
  }

  #importsDefault({ path, defaults }: FileView): boolean {
    return [...defaults].some((specifier) => typeof this.#resolver?.resolve(path, specifier) === 'string');
  }

  /** Files whose linking waited for this one. */
  waitingFor(path: string): readonly string[] {
    const waiting = this.#waiting.get(path);
    this.#waiting.delete(path);
    return [...(waiting ?? [])];
  }

  #wait(path: string, other: string): void {
    const waiting = this.#waiting.get(other) ?? new Set();
    this.#waiting.set(other, waiting);
    waiting.add(path);
  }

  /** The workspace as the linking of one file sees it. */
  workspaceFor(path: string): Workspace {
    return {
      wrappers: this.wrappers,
      mounts: this.#mounts,
      resolve: (from, specifier) => this.#resolver?.resolve(from, specifier),
      view: (other) => {
        const view = this.#views.get(other) ?? this.#packageView(other);
        if (!view) {
          this.#wanted.add(other);
          this.#wait(path, other);
        }
        return view;
      },
      declaring: (name) => this.classes.declaring(path, name),
      seenByAll: this.classes.seenByAll(),
      readWhole: (other) => {
        this.#wantedWhole.add(other);
        this.#wait(path, other);
      },
      registrationsFor: (of) => this.#registrations.get(of) ?? [],
      definedIn: (of) => new Set(this.#defined.get(of)?.keys()),
      camelCased: (name) => this.#camel.get(name),
      isKnown: (key) => this.#known.has(key),
      hasKnown: this.#known.size > 0,
      handingOut: (name) => this.wrappers.handingOut(name),
      handedTo: (of, fn, index, property) => this.#bags.at(of, fn, index, property),
      isHanded: (of) => this.#bags.has(of),
      uses: (sdk) => (this.#packages.get(sdk)?.size ?? 0) > 0,
      evaluatedOn: (sdk) => this.#evaluatedOn(sdk),
    };
  }

  /** The files of a folder that is imported as one package, as one that gives out what they declare. */
  #packageView(path: string): FileView | undefined {
    if (!path.endsWith('/')) return undefined;
    let view = this.#packageViews.get(path);
    if (!view) {
      view = packageView(path, this.#resolver?.filesOf?.(path) ?? []);
      this.#packageViews.set(path, view);
    }
    return view;
  }

  #evaluatedOn(sdk: Sdk): EvaluatedOn {
    const places = new Set([...(this.#packages.get(sdk)?.keys() ?? [])].map((name) => sdk.packages[name] ?? 'unknown'));
    places.delete('unknown');
    const [only] = places;
    return places.size === 1 && only !== undefined && only !== 'anywhere' ? only : 'unknown';
  }
}

function calls(view: FileView, names: readonly string[]): boolean {
  if (view.callsAny(names)) return true;
  for (const imported of view.aliases.values()) if (names.includes(imported) || imported === 'default') return true;
  return false;
}
