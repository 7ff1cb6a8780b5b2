import { innermostFunction } from '../innermostFunction';
import type { Evaluator } from '../resolve/evaluate';
import type { Site } from '../resolve/value';
import type { FileView } from '../resolve/view';
import { joinPaths, type FileRoutes, type Mount, type Registration } from '../routes';
import { callById, type Call, type Expr, type FunctionSummary } from '../summary';

/** Frameworks by the package that a file imports, and how their methods for a verb are written. */
const frameworks: readonly (readonly [module: RegExp, name: string, verbs: 'upper' | 'title' | 'none'])[] = [
  [/^github\.com\/gin-gonic\/gin\b/, 'gin', 'upper'],
  [/^github\.com\/labstack\/echo\b/, 'echo', 'upper'],
  [/^github\.com\/go-chi\/chi\b/, 'chi', 'title'],
  [/^github\.com\/gorilla\/mux$/, 'gorilla', 'none'],
  [/^net\/http$/, 'net/http', 'none'],
];
const verbs = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS'];
const deepest = 8;

/** net/http (patterns of Go 1.22 too), Gin, Echo, Chi and gorilla/mux, with their groups and mounts. */
export function goRoutes(view: FileView, evaluator: Evaluator): FileRoutes {
  const modules = [...view.modules];
  const known = frameworks.filter(([module]) => modules.some((name) => module.test(name)));
  const registrations: Registration[] = [];
  const mounts: Mount[] = [];
  for (const piece of known.length > 0 ? view.summary.pieces : []) {
    const reader = new Reader({ view, piece }, evaluator, known);
    for (const call of piece.calls) {
      if (call.kind !== 'call') continue;
      registrations.push(...reader.registrations(call));
      mounts.push(...reader.mounts(call));
    }
  }
  return { registrations, mounts };
}

/** What a router is known by, and the prefix of the groups it stands in. */
interface Router {
  readonly id: string;
  readonly prefix: string;
}

class Reader {
  constructor(
    private readonly site: Site,
    private readonly evaluator: Evaluator,
    private readonly known: typeof frameworks,
  ) {}

  registrations(call: Call): Registration[] {
    if (call.c.k !== 'mem' || call.a.length < 2) return [];
    const { n, o } = call.c;
    const verbed = this.known.find(([, , style]) => verbOf(n, style) !== undefined);
    if (verbed) return this.#make(call, o, verbOf(n, verbed[2]) ?? 'ALL', call.a[0], call.a.slice(1), verbed[1]);
    const framework = this.known[0]?.[1] ?? 'net/http';
    // Gin's and Echo's `Handle("GET", "/x", h)`, Chi's `Method("GET", "/x", h)`.
    const first = this.#text(call.a[0]);
    if ((n === 'Handle' || n === 'Method' || n === 'MethodFunc' || n === 'Add') && verbs.includes(first ?? ''))
      return this.#make(call, o, first ?? '', call.a[1], call.a.slice(2), framework);
    if (n !== 'HandleFunc' && n !== 'Handle') return [];
    const [, method = 'ALL', path] = /^(?:([A-Z]+)\s+)?[^/\s]*(\/\S*)$/.exec(first ?? '') ?? [];
    if (path === undefined) return [];
    const template: Expr = { k: 'str', v: path.replace(/\{\$\}$/, ''), at: call.from };
    const named = framework === 'gorilla' ? this.#methods(call) : [];
    return (named.length > 0 ? named : [method]).flatMap((one) =>
      this.#make(call, o, one, template, call.a.slice(1), framework),
    );
  }

  /** `r.HandleFunc("/x", h).Methods("GET", "PUT")` */
  #methods(call: Call): string[] {
    const after = this.site.piece.calls.find(
      ({ c }) => c.k === 'mem' && c.n === 'Methods' && c.o.k === 'call' && c.o.id === call.id,
    );
    return (after?.a ?? []).flatMap((argument) => {
      const text = argument.k === 'mem' ? /^Method([A-Z][a-z]+)$/.exec(argument.n)?.[1] : this.#text(argument);
      return text === undefined ? [] : [text.toUpperCase()];
    });
  }

  #make(
    call: Call,
    on: Expr,
    method: string,
    path: Expr | undefined,
    handlers: readonly Expr[],
    framework: string,
  ): Registration[] {
    const template = this.#text(path);
    const given = handlers.at(framework === 'echo' ? 0 : -1);
    if (template === undefined || !/^(\/|$)/.test(template) || !given) return [];
    const handler = this.#handler(given);
    if (!handler) return [];
    const { id, prefix } = this.#router(on);
    const inline = given.k === 'fn' ? { piece: this.site.piece, from: call.from } : null;
    return [
      {
        fn: handler.fn,
        path: handler.path,
        router: id,
        method,
        template: prefix === '' ? template : joinPaths(prefix, template),
        framework,
        line: this.site.view.position(this.site.piece, call.from).line,
        inline,
      },
    ];
  }

  /** The function that answers: as given, inside what wraps it, or what its maker gives back. */
  #handler(e: Expr, depth = 0): { fn: FunctionSummary; path: string } | undefined {
    const value = this.evaluator.evaluate(this.site, e);
    if (value.k === 'function') return { fn: value.fn, path: value.site.view.path };
    const call = e.k === 'call' && depth < deepest ? callById(this.site.piece, e.id) : undefined;
    for (const argument of call?.a ?? []) {
      const inner = argument.k === 'str' ? undefined : this.#handler(argument, depth + 1);
      if (inner) return inner;
    }
    if (call) {
      const maker = this.evaluator.evaluate(this.site, call.c);
      if (maker.k === 'function') return { fn: maker.fn, path: maker.site.view.path };
    }
    // `http.Handle("/x", &handler{})` answers by its ServeHTTP.
    const served = value.k === 'instance' ? this.evaluator.member(value, 'ServeHTTP') : undefined;
    return served?.k === 'function' ? { fn: served.fn, path: served.site.view.path } : undefined;
  }

  /** Groups under which others are filled: by a function they are given to, or by what another makes. */
  mounts(call: Call): Mount[] {
    if (call.c.k === 'mem' && (call.c.n === 'Mount' || call.c.n === 'Handle') && call.a.length === 2) {
      const prefix = this.#text(call.a[0]);
      const made = call.a[1]?.k === 'call' ? callById(this.site.piece, call.a[1].id) : undefined;
      const maker = made ? this.evaluator.evaluate(this.site, made.c) : undefined;
      if (prefix === undefined || maker?.k !== 'function') return [];
      const outer = this.#router(call.c.o);
      const router = functionId(maker.site.view.path, maker.fn);
      return [{ router, parent: outer.id, prefix: joinPaths(outer.prefix, prefix.replace(/\*$/, '')) }];
    }
    const groups = call.a
      .filter((argument) => argument.k === 'id' || argument.k === 'call')
      .map((argument) => this.#router(argument))
      .filter(({ prefix }) => prefix !== '');
    // What is called is looked for in all files of a package: only where it matters.
    const callee = groups.length === 0 ? undefined : this.evaluator.evaluate(this.site, call.c);
    if (callee?.k !== 'function') return [];
    const router = functionId(callee.site.view.path, callee.fn);
    return groups.filter(({ id }) => router !== id).map(({ id, prefix }) => ({ router, parent: id, prefix }));
  }

  /** Follows groups outwards to the function that was given the router or made it. */
  #router(e: Expr, depth = 0): Router {
    const { piece, view } = this.site;
    const call = e.k === 'call' ? callById(piece, e.id) : undefined;
    if (call?.c.k === 'mem' && depth < deepest) {
      const isGroup = /^(Group|Route|PathPrefix)$/.test(call.c.n);
      if (!isGroup && !/^(Subrouter|With)$/.test(call.c.n)) return this.#own(call.from);
      const outer = this.#router(call.c.o, depth + 1);
      const prefix = isGroup ? (this.#text(call.a[0]) ?? '') : '';
      return { id: outer.id, prefix: prefix === '' ? outer.prefix : joinPaths(outer.prefix, prefix) };
    }
    if (e.k !== 'id' || depth >= deepest) return this.#own('at' in e ? e.at : 0);
    const found = view.lookup(e.n, piece, e.at);
    if (found?.piece === piece && found.it.e?.k === 'call') return this.#router(found.it.e, depth + 1);
    // `r.Route("/api", func(r chi.Router) { … })`
    const f = found?.it.kind === 'param' ? found.it.f : undefined;
    const given = piece.calls.find(({ a }) => a.some((argument) => argument.k === 'fn' && argument.f === f));
    if (f !== undefined && found?.piece === piece && given?.c.k === 'mem') {
      const outer = this.#router(given.c.o, depth + 1);
      const prefix = given.c.n === 'Route' ? (this.#text(given.a[0]) ?? '') : '';
      return { id: outer.id, prefix: prefix === '' ? outer.prefix : joinPaths(outer.prefix, prefix) };
    }
    return this.#own(e.at);
  }

  #own(at: number): Router {
    const fn = this.site.piece.fns[innermostFunction(this.site.piece.fns, at)];
    let named = fn;
    while (named?.n === null && named.parent >= 0) named = this.site.piece.fns[named.parent];
    return { id: functionId(this.site.view.path, named), prefix: '' };
  }

  #text(e: Expr | undefined): string | undefined {
    const value = e ? this.evaluator.evaluate(this.site, e) : undefined;
    return value?.k === 'text' ? value.v : undefined;
  }
}

const functionId = (path: string, fn: FunctionSummary | undefined): string => `${path}#${fn?.q ?? ''}`;

function verbOf(name: string, style: 'upper' | 'title' | 'none'): string | undefined {
  if (style === 'none') return undefined;
  if (name === 'Any') return 'ALL';
  const verb = name.toUpperCase();
  const written = style === 'upper' ? verb : verb.charAt(0) + verb.slice(1).toLowerCase();
  return verbs.includes(verb) && name === written ? verb : undefined;
}
