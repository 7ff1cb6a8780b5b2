import { sdkPackage, shapeOf, type SdkPackage } from '../sdks/table';
import { callById, type Declaration, type Expr, type FunctionSummary } from '../summary';
import { nothing, type Site, type Value } from './value';
import { functionAround, type FileView, type In } from './view';

/** The other files, as far as they are known by now. What is not known yet is noted and asked for again later. */
export interface Modules {
  /** The file a specifier means, null when it is none of the workspace's, undefined when not known yet. */
  resolve(from: string, specifier: string): string | null | undefined;
  /** The file's view, undefined when not read yet. */
  view(path: string): FileView | undefined;
}

/** Longer chains of names than this are not followed. */
const deepest = 24;
/** Nor is more than this looked at for one question: spreads and choices branch. */
const mostSteps = 2_000;

/** Follows names to what they mean, through constants, properties, enums, imports, classes and makers. */
export class Evaluator {
  /** Files whose content the answers depend on. */
  readonly consulted = new Set<string>();
  readonly #modules: Modules;
  readonly #exporting = new Set<string>();
  #steps = 0;

  constructor(modules: Modules) {
    this.#modules = modules;
  }

  evaluate(site: Site, e: Expr | undefined, depth = 0): Value {
    if (depth === 0) this.#steps = 0;
    if (!e || depth > deepest || this.#steps++ > mostSteps) return nothing;
    switch (e.k) {
      case 'str':
        return { k: 'text', v: e.v, site, at: e.at, via: 'literal' };
      case 'id':
        return this.#name(site, e.n, e.at, depth);
      case 'mem':
        return this.member(this.evaluate(site, e.o, depth + 1), e.n, depth + 1);
      case 'call':
        return this.#call(site, e.id, depth);
      case 'fn': {
        const fn = site.piece.fns[e.f];
        return fn ? { k: 'function', site, fn } : nothing;
      }
      case 'obj':
        return { k: 'object', site, e, isEnum: false };
      case 'tpl':
        return { k: 'template', strings: e.s, values: e.e.map((part) => this.evaluate(site, part, depth + 1)) };
      case 'cond':
        return { k: 'choice', a: this.evaluate(site, e.a, depth + 1), b: this.evaluate(site, e.b, depth + 1) };
      // `existing || make()`: whichever is known.
      case 'or': {
        const left = this.evaluate(site, e.a, depth + 1);
        return left.k === 'nothing' ? this.evaluate(site, e.b, depth + 1) : left;
      }
      case 'and':
        return this.evaluate(site, e.b, depth + 1);
      default:
        return nothing;
    }
  }

  #name(site: Site, name: string, at: number, depth: number): Value {
    if (name === 'this') {
      const cls = site.view.classOf(methodAround(site, at));
      return cls ? { k: 'instance', site: { view: site.view, piece: cls.piece }, cls: cls.it } : nothing;
    }
    const found = site.view.lookup(name, site.piece, at);
    return found ? this.declared(site.view, found, depth + 1) : nothing;
  }

  /** What a declaration holds. Variables that may be assigned again count by their type only. */
  declared(view: FileView, found: In<Declaration>, depth = 0): Value {
    if (depth > deepest) return nothing;
    const { it: decl, piece } = found;
    const site: Site = { view, piece };
    switch (decl.kind) {
      case 'import':
        return this.imported(view, decl.m ?? '', decl.x ?? '', depth + 1);
      case 'function': {
        const fn = piece.fns[decl.f ?? -1];
        return fn ? { k: 'function', site, fn } : nothing;
      }
      case 'class': {
        const cls = view.class(decl.n);
        return cls ? { k: 'class', site: { view, piece: cls.piece }, cls: cls.it } : nothing;
      }
      case 'enum':
        return decl.e?.k === 'obj' ? { k: 'object', site, e: decl.e, isEnum: true } : nothing;
      case 'param': {
        const fn = piece.fns[decl.f ?? -1];
        if (!fn) return nothing;
        return { k: 'parameter', site, fn, index: decl.i ?? 0, property: decl.prop ?? null, type: decl.t ?? null };
      }
      default: {
        const typed = decl.t === undefined ? nothing : this.typed(view, decl.t, depth + 1);
        if (typed.k !== 'nothing' && typed.k !== 'typed') return typed;
        const whole = this.evaluate(site, decl.e, depth + 1);
        const value = decl.prop === undefined ? whole : this.member(whole, decl.prop, depth + 1);
        if (value.k === 'nothing') return typed;
        if (value.k !== 'text') return value;
        return decl.kind === 'const' ? { ...value, via: 'constant' } : nothing;
      }
    }
  }

  member(value: Value, name: string, depth = 0): Value {
    if (depth > deepest) return nothing;
    switch (value.k) {
      case 'sdk':
        if (value.name === '*' || value.name === 'default') return { k: 'sdk', pkg: value.pkg, name };
        return this.#clientMember(value.pkg, name, false);
      case 'client':
        return this.#clientMember(value.pkg, name, true);
      case 'object': {
        const own = value.e.m.findLast(([n]) => n === name)?.[1];
        if (own) {
          const inner = this.evaluate(value.site, own, depth + 1);
          return inner.k === 'text' ? { ...inner, via: value.isEnum ? 'enum' : 'property' } : inner;
        }
        for (const [n, spread] of value.e.m) {
          const inner =
            n === '...' ? this.member(this.evaluate(value.site, spread, depth + 1), name, depth + 1) : nothing;
          if (inner.k !== 'nothing') return inner;
        }
        return nothing;
      }
      case 'instance':
      case 'class':
        return this.#classMember(value.site, value.cls.n, name, depth);
      case 'module':
        return this.exported(value.view, name, depth + 1);
      case 'package':
        return {
          k: 'package',
          module: value.module,
          name: value.name === '*' || value.name === 'default' ? name : `${value.name}.${name}`,
        };
      case 'parameter': {
        const typed = value.type === null ? nothing : this.typed(value.site.view, value.type, depth + 1);
        if (typed.k !== 'nothing' && typed.k !== 'typed') return this.member(typed, name, depth + 1);
        return value.property === null ? { ...value, property: name, type: null } : nothing;
      }
      case 'choice': {
        const left = this.member(value.a, name, depth + 1);
        return left.k === 'nothing' ? this.member(value.b, name, depth + 1) : left;
      }
      default:
        return nothing;
    }
  }

  #clientMember(pkg: SdkPackage, name: string, isClient: boolean): Value {
    const shape = isClient ? shapeOf(pkg.sdk.methods, name) : undefined;
    if (shape) return { k: 'method', pkg, shape, name };
    if (pkg.sdk.bags.some((bag) => bag.name === name)) return { k: 'maker', pkg, makes: 'bag' };
    return pkg.sdk.clientMakers.includes(name) ? { k: 'maker', pkg, makes: 'client' } : nothing;
  }

  #classMember(site: Site, className: string, name: string, depth: number): Value {
    const member = site.view.member(className, name);
    if (member) {
      const here: Site = { view: site.view, piece: member.piece };
      const fn = member.it.f === undefined ? undefined : member.piece.fns[member.it.f];
      if (fn) return { k: 'function', site: here, fn };
      const typed = member.it.t === undefined ? nothing : this.typed(site.view, member.it.t, depth + 1);
      if (typed.k !== 'nothing' && typed.k !== 'typed') return typed;
      const value = this.evaluate(here, member.it.e, depth + 1);
      if (value.k === 'text') return { ...value, via: 'property' };
      return value.k === 'nothing' ? typed : value;
    }
    const cls = site.view.class(className);
    const base = cls?.it.ext ? this.evaluate({ view: site.view, piece: cls.piece }, cls.it.ext, depth + 1) : nothing;
    return base.k === 'class' ? this.#classMember(base.site, base.cls.n, name, depth + 1) : nothing;
  }

  #call(site: Site, id: number, depth: number): Value {
    const call = callById(site.piece, id);
    if (!call) return nothing;
    if (call.c.k === 'id' && call.c.n === 'require' && call.a[0]?.k === 'str') {
      return this.imported(site.view, call.a[0].v, '*', depth + 1);
    }
    if (call.c.k === 'mem' && call.c.n === 'freeze' && call.c.o.k === 'id' && call.c.o.n === 'Object') {
      return this.evaluate(site, call.a[0], depth + 1);
    }
    return this.result(this.evaluate(site, call.c, depth + 1), call.kind === 'new', depth + 1);
  }

  /** What calling (or `new`) a value gives. */
  result(callee: Value, isNew: boolean, depth = 0): Value {
    if (depth > deepest) return nothing;
    switch (callee.k) {
      case 'sdk': {
        if (callee.pkg.sdk.clientMakers.includes(callee.name)) return { k: 'client', pkg: callee.pkg };
        const bag = callee.pkg.sdk.bags.find((row) => row.name === callee.name);
        return bag ? { k: 'bag', pkg: callee.pkg, camelCased: bag.camelCased } : nothing;
      }
      case 'maker':
        return callee.makes === 'client'
          ? { k: 'client', pkg: callee.pkg }
          : { k: 'bag', pkg: callee.pkg, camelCased: false };
      case 'class':
        return isNew ? { ...callee, k: 'instance' } : nothing;
      case 'package':
        return { k: 'made', module: callee.module, name: callee.name };
      case 'function':
        return this.#returned(callee.site, callee.fn, depth);
      default:
        return nothing;
    }
  }

  #returned(site: Site, fn: FunctionSummary, depth: number): Value {
    const typed = fn.ret === null ? nothing : this.typed(site.view, fn.ret, depth + 1);
    if (typed.k !== 'nothing' && typed.k !== 'typed') return typed;
    for (const e of fn.rets) {
      const value = this.evaluate(site, e, depth + 2);
      if (value.k !== 'nothing' && value.k !== 'text') return value;
    }
    return typed;
  }

  /** The call a variable was initialised with, followed through imports of the workspace. */
  initializer(
    site: Site,
    e: Extract<Expr, { k: 'id' }>,
  ): { readonly piece: Site['piece']; readonly id: number } | undefined {
    const found = site.view.lookup(e.n, site.piece, e.at);
    if (found?.it.e?.k === 'call') return { piece: found.piece, id: found.it.e.id };
    if (found?.it.kind !== 'import') return undefined;
    const path = this.#modules.resolve(site.view.path, found.it.m ?? '');
    const target = path === null || path === undefined ? undefined : this.#modules.view(path);
    const local = target?.topLevel(target.exports.get(found.it.x ?? '')?.it.local ?? '');
    return local?.it.e?.k === 'call' ? { piece: local.piece, id: local.it.e.id } : undefined;
  }

  /** Names the declaration an expression comes from, followed through imports: `path#name`. */
  origin(site: Site, e: Expr): string {
    const name = e.k === 'id' ? e.n : e.k === 'mem' ? e.n : '';
    const found = e.k === 'id' ? site.view.lookup(e.n, site.piece, e.at) : undefined;
    if (found?.it.kind !== 'import') return `${site.view.path}#${name}`;
    let view = site.view;
    let specifier = found.it.m ?? '';
    let imported = found.it.x ?? '';
    for (let i = 0; i < deepest; i++) {
      const path = this.#modules.resolve(view.path, specifier);
      const target = path === null || path === undefined ? undefined : this.#modules.view(path);
      if (!target) return `${specifier}#${imported}`;
      this.consulted.add(target.path);
      const given = target.exports.get(imported === '*' ? 'default' : imported)?.it;
      if (given?.m === undefined) return `${target.path}#${given?.local ?? imported}`;
      view = target;
      specifier = given.m;
      imported = given.x ?? imported;
    }
    return `${specifier}#${imported}`;
  }

  /** What a value annotated with this type is. */
  typed(view: FileView, type: string, depth = 0): Value {
    const found = view.topLevel(type);
    if (!found || depth > deepest) return { k: 'typed', type };
    if (found.it.kind === 'import') {
      const pkg = sdkPackage(found.it.m ?? '');
      if (pkg) return pkg.sdk.clientTypes.includes(found.it.x ?? '') ? { k: 'client', pkg } : nothing;
    }
    const value = this.declared(view, found, depth + 1);
    if (value.k === 'class') return { ...value, k: 'instance' };
    if (value.k === 'package') return { ...value, k: 'made' };
    if (value.k === 'sdk')
      return value.pkg.sdk.clientTypes.includes(value.name) ? { k: 'client', pkg: value.pkg } : nothing;
    return { k: 'typed', type };
  }

  imported(view: FileView, specifier: string, name: string, depth = 0): Value {
    if (depth > deepest) return nothing;
    const pkg = sdkPackage(specifier);
    if (pkg) return { k: 'sdk', pkg, name };
    const path = this.#modules.resolve(view.path, specifier);
    if (path === undefined) return nothing;
    if (path === null) return { k: 'package', module: specifier, name };
    this.consulted.add(path);
    const target = this.#modules.view(path);
    if (!target) return nothing;
    if (name === '*')
      return target.exports.has('default') && target.exports.size === 1
        ? this.exported(target, 'default', depth + 1)
        : { k: 'module', view: target };
    return this.exported(target, name, depth + 1);
  }

  exported(view: FileView, name: string, depth = 0): Value {
    if (depth > deepest) return nothing;
    this.consulted.add(view.path);
    const found = view.exports.get(name);
    if (found) {
      const { it, piece } = found;
      if (it.m !== undefined) return this.imported(view, it.m, it.x ?? name, depth + 1);
      if (it.e) return this.evaluate({ view, piece }, it.e, depth + 1);
      const local = view.topLevel(it.local ?? name);
      return local ? this.declared(view, local, depth + 1) : nothing;
    }
    return name === 'default' ? nothing : this.#starred(view, name, depth);
  }

  /** `export *` may go in circles. */
  #starred(view: FileView, name: string, depth: number): Value {
    const asked = `${view.path}\0${name}`;
    if (view.stars.length === 0 || this.#exporting.has(asked)) return nothing;
    this.#exporting.add(asked);
    try {
      for (const star of view.stars) {
        const value = this.imported(view, star, name, depth + 1);
        if (value.k !== 'nothing' && value.k !== 'package') return value;
      }
      return nothing;
    } finally {
      this.#exporting.delete(asked);
    }
  }
}

/** The method whose `this` is meant at an offset: arrows inside it have the same one. */
function methodAround(site: Site, at: number): FunctionSummary | undefined {
  let fn = functionAround(site.piece, at);
  while (fn?.cls === null && fn.parent >= 0) fn = site.piece.fns[fn.parent];
  return fn;
}
