import type { FileFacts, Reference, TraceStep } from '../model/reference';
import { codePathsOf, type FilePaths } from './codePaths';
import { isTestPath } from './languages/table';
import { Evaluator, type Modules } from './resolve/evaluate';
import { inWords, keysOf, placed, type KeyFound } from './resolve/keys';
import { matchCall, mayMatch, type Match, type Surroundings } from './resolve/matchCall';
import { GuardedRegions } from './resolve/regions';
import type { Site } from './resolve/value';
import type { FileView } from './resolve/view';
import { deepestWrapper, type Wrapper, type Wrappers } from './resolve/wrappers';
import { readRoutes, type FileRoutes, type Mount, type Registration } from './routes';
import { camelCase } from './sdks/camelCase';
import { literalOf, type Call, type Expr, type Piece } from './summary';

/** All that linking one file needs to know of the rest. */
export interface Workspace extends Modules, Surroundings {
  readonly wrappers: Wrappers;
  readonly mounts: ReadonlyMap<string, readonly Mount[]>;
  /** Handlers of this file that other files register. */
  registrationsFor(path: string): readonly Registration[];
  /** Keys that references elsewhere reach through constants of this file. */
  definedIn(path: string): ReadonlySet<string>;
  /** Known keys by their camel-cased form. */
  camelCased(name: string): string | undefined;
  isKnown(key: string): boolean;
}

export interface Linked {
  readonly references: readonly Reference[];
  readonly paths: FilePaths;
  readonly wrappers: readonly Wrapper[];
  readonly routes: FileRoutes;
  /** Files that the answer depends on. */
  readonly consulted: ReadonlySet<string>;
  /** Where keys reached through constants are written: key by file. */
  readonly defines: readonly { readonly path: string; readonly key: string }[];
}

const mostReferences = 5_000;

/** Facts of one file out of its summary and what is known of the others. */
export function linkFile(view: FileView, workspace: Workspace): Linked {
  return new Linker(view, workspace).link();
}

class Linker {
  readonly #evaluator: Evaluator;
  readonly #references: Reference[] = [];
  readonly #wrappers: Wrapper[] = [];
  readonly #defines: { path: string; key: string }[] = [];
  readonly #isTest: boolean;
  #paths: FilePaths | undefined;
  #regions: GuardedRegions | undefined;

  constructor(
    private readonly view: FileView,
    private readonly workspace: Workspace,
  ) {
    this.#evaluator = new Evaluator(workspace);
    this.#isTest = isTestPath(view.path);
  }

  link(): Linked {
    const { view, workspace } = this;
    const routes = readRoutes(view, this.#evaluator);
    const registrations = [...routes.registrations, ...workspace.registrationsFor(view.path)];
    this.#paths = codePathsOf(view, this.#evaluator, registrations, workspace.mounts);
    for (const piece of view.summary.pieces) {
      for (const call of piece.calls) this.#call({ view, piece }, call);
      for (const read of piece.reads) this.#read({ view, piece }, read);
      this.#destructuredBags({ view, piece });
    }
    this.#definitions();
    this.#references.sort((a, b) => a.line - b.line || a.column - b.column);
    return {
      references: this.#references,
      paths: this.#paths,
      wrappers: this.#wrappers,
      routes,
      consulted: this.#evaluator.consulted,
      defines: this.#defines,
    };
  }

  #call(site: Site, call: Call): void {
    const { c } = call;
    if (this.#references.length >= mostReferences) return;
    if (call.kind !== 'template') {
      if (c.k !== 'id' && c.k !== 'mem') return;
      const name = c.k === 'id' ? (this.view.aliases.get(c.n) ?? c.n) : c.n;
      if (!mayMatch(name, this.workspace.wrappers) && name !== 'default') return;
    }
    for (const match of matchCall(site, call, this.#evaluator, this.workspace.wrappers, this.workspace)) {
      for (const key of keysOf(site, call, match.key, this.#evaluator)) this.#keyed(site, call, match, key);
    }
  }

  #keyed(site: Site, call: Call, match: Match, found: KeyFound): void {
    const level = match.wrapper?.level ?? 0;
    if (found.k === 'parameter') {
      const named = namedFunction(found.fn);
      if (named && found.site.view === this.view) {
        if (level < deepestWrapper && match.certain) this.#wrapper(site, call, match, found, level);
        return;
      }
    }
    const prefix = match.wrapper?.prefix ?? '';
    const suffix = match.wrapper?.suffix ?? '';
    const base = this.#base(site, call, match, found.at);
    if (found.k !== 'key') {
      // A wrapper given something unreadable, or a name matched without its receiver, says nothing.
      const pattern = `${prefix}${found.k === 'pattern' ? found.pattern : '*'}${suffix}`;
      if (match.certain && (pattern !== '*' || !match.wrapper))
        this.#add({ ...base, key: null, pattern, certainty: 'dynamic', via: 'template' });
      return;
    }
    const key = prefix + found.key + suffix;
    if (!match.certain && !this.workspace.isKnown(key)) return;
    const trace = [...this.#definition(found), ...base.trace];
    const computed = prefix !== '' || suffix !== '';
    this.#add({
      ...base,
      key,
      pattern: null,
      certainty: match.certain ? 'certain' : 'likely',
      via: computed ? 'template' : viaOf(match, found),
      trace,
    });
  }

  #wrapper(site: Site, call: Call, match: Match, found: Extract<KeyFound, { k: 'parameter' }>, level: number): void {
    const fn = namedFunction(found.fn);
    if (
      !fn ||
      this.#wrappers.some(
        (known) => known.fn === fn && known.index === found.index && known.property === found.property,
      )
    )
      return;
    const { line } = this.view.position(site.piece, call.from);
    const callee = call.c.k === 'id' || call.c.k === 'mem' ? call.c.n : 'the call';
    const parameter = found.property ?? 'its parameter';
    const passes =
      call.kind === 'template'
        ? `wrapper ${fn.q ?? ''} puts ${parameter} into a URL of OFREP`
        : `wrapper ${fn.q ?? ''} passes ${parameter} to ${callee}`;
    const cls = this.view.classOf(fn)?.it;
    this.#wrappers.push({
      path: this.view.path,
      fn,
      owners: [...(fn.cls === null ? [] : [fn.cls]), ...(cls?.impl ?? []), ...fn.owners],
      index: found.index,
      property: found.property,
      prefix: (match.wrapper?.prefix ?? '') + found.prefix,
      suffix: found.suffix + (match.wrapper?.suffix ?? ''),
      sdk: match.sdk,
      evaluatedOn: match.evaluatedOn,
      level: level + 1,
      trace: [{ words: passes, path: this.view.path, line }, ...match.trace],
    });
  }

  /** Names taken out of a bag of all flags: `const { newCheckout } = useFlags()`. */
  #destructuredBags(site: Site): void {
    for (const decl of site.piece.decls) {
      if (decl.prop === undefined || decl.e?.k !== 'call') continue;
      this.#fromBag(site, decl.prop, decl.e, decl.at, decl.at + decl.n.length, 'destructured');
    }
  }

  #read(site: Site, read: Piece['reads'][number]): void {
    this.#fromBag(site, read.n, { k: 'id', n: read.o, at: read.at }, read.at, read.end, 'property');
  }

  #fromBag(site: Site, name: string, bagExpr: Expr, at: number, end: number, via: Reference['via']): void {
    const bag = this.#evaluator.evaluate(site, bagExpr);
    if (bag.k !== 'bag') return;
    const known = bag.camelCased ? this.workspace.camelCased(name) : undefined;
    const { evaluatedOn, name: pkg, sdk } = bag.pkg;
    const camel = bag.camelCased && known === undefined && camelCase(name) === name && /[A-Z]/.test(name);
    const base = this.#place(site, at, end, innermostFunction(site.piece, at));
    const words = `"${name}" out of all flags of ${pkg}${known !== undefined && known !== name ? `, which camel-cases "${known}"` : ''}`;
    this.#add({
      ...base,
      key: known ?? name,
      pattern: null,
      // Whether the key is camel-cased or written so cannot be seen here.
      certainty: camel ? 'likely' : 'certain',
      via,
      sdk: sdk.id,
      evaluatedOn,
      regions: [],
      trace: [{ words, path: this.view.path, line: base.line }],
    });
  }

  #base(site: Site, call: Call, match: Match, at: number): Omit<Reference, 'key' | 'pattern' | 'certainty' | 'via'> {
    const fallback = literalOf(placed(call, match.fallback));
    this.#regions ??= new GuardedRegions(this.view);
    return {
      ...this.#place(site, at, call.id, call.f),
      sdk: match.sdk,
      evaluatedOn: match.evaluatedOn,
      trace: [...match.trace],
      ...(fallback && { defaultValue: fallback.value }),
      regions: this.#regions.of(site.piece, call.id),
    };
  }

  #place(
    site: Site,
    at: number,
    end: number,
    fn: number,
  ): Pick<
    Reference,
    'path' | 'line' | 'column' | 'endLine' | 'endColumn' | 'kind' | 'function' | 'route' | 'generated'
  > {
    const start = this.view.position(site.piece, at);
    const stop = this.view.position(site.piece, end);
    const owner = this.#paths?.of(site.piece, fn);
    const [route] = owner?.routes ?? [];
    return {
      path: this.view.path,
      line: start.line,
      column: start.column,
      endLine: stop.line,
      endColumn: stop.column,
      kind: this.#isTest ? 'test' : 'evaluation',
      function: owner?.name ?? null,
      route: route ? `${route.method} ${route.template}` : null,
      generated: this.view.summary.generated,
    };
  }

  #definition(found: Extract<KeyFound, { k: 'key' }>): TraceStep[] {
    if (found.via === 'literal' || !found.text) return [];
    const { site, at, v } = found.text;
    const { path } = site.view;
    this.#defines.push({ path, key: v });
    const what = found.via === 'enum' ? 'enum member' : found.via === 'property' ? 'property' : 'constant';
    return [{ words: `${what} ${inWords(found.e)} = "${v}"`, path, line: site.view.position(site.piece, at).line }];
  }

  /** Constants, enum members and properties of this file that other references reach. */
  #definitions(): void {
    const wanted = this.workspace.definedIn(this.view.path);
    if (wanted.size === 0) return;
    for (const piece of this.view.summary.pieces) {
      for (const decl of piece.decls) {
        if (decl.kind !== 'const' && decl.kind !== 'enum') continue;
        const via = decl.kind === 'enum' ? 'enum' : decl.e?.k === 'str' ? 'constant' : 'property';
        for (const text of strings(decl.e))
          if (wanted.has(text.v)) this.#define({ view: this.view, piece }, text, via, decl.n);
      }
    }
  }

  #define(site: Site, text: Extract<Expr, { k: 'str' }>, via: Reference['via'], name: string): void {
    const base = this.#place(site, text.at, text.at + text.v.length + 2, -1);
    const isTest = base.kind === 'test';
    const trace = [{ words: `"${text.v}" is written in ${name}`, path: this.view.path, line: base.line }];
    this.#add({
      ...base,
      kind: isTest ? 'test' : 'definition',
      key: text.v,
      pattern: null,
      certainty: 'certain',
      via,
      sdk: null,
      evaluatedOn: 'unknown',
      regions: [],
      trace,
    });
  }

  #add(reference: Reference): void {
    const same = (other: Reference): boolean =>
      other.line === reference.line &&
      other.column === reference.column &&
      other.key === reference.key &&
      other.pattern === reference.pattern;
    if (!this.#references.some(same)) this.#references.push(reference);
  }
}

function viaOf(match: Match, found: Extract<KeyFound, { k: 'key' }>): Reference['via'] {
  if (found.via !== 'literal') return found.via;
  if (match.kind === 'hook') return 'hook';
  if (match.kind === 'attribute') return 'attribute';
  if (match.kind === 'url') return 'template';
  if (match.kind === 'wrapper') return /^use[A-Z]/.test(match.wrapper?.fn.n ?? '') ? 'hook' : 'wrapper';
  return 'literal';
}

/** The function itself when it can be called by name; an anonymous one cannot be a wrapper. */
function namedFunction(fn: Wrapper['fn']): Wrapper['fn'] | undefined {
  return fn.n === null ? undefined : fn;
}

function innermostFunction(piece: Piece, at: number): number {
  let best = -1;
  piece.fns.forEach((fn, index) => {
    const known = piece.fns[best];
    if (fn.from <= at && at < fn.to && (!known || fn.from >= known.from)) best = index;
  });
  return best;
}

function* strings(e: Expr | undefined, depth = 0): Generator<Extract<Expr, { k: 'str' }>> {
  if (!e || depth > 6) return;
  if (e.k === 'str') yield e;
  else if (e.k === 'obj') for (const [, inner] of e.m) yield* strings(inner, depth + 1);
}

/** The facts as they are given out. */
export function toFacts(view: FileView, linked: Linked, version: string): FileFacts {
  return {
    path: view.path,
    version,
    references: [...linked.references],
    codePaths: [...linked.paths.list],
    truncated: view.summary.truncated,
  };
}
