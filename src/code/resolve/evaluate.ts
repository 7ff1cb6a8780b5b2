import type { Deadline } from '../extract/deadline';
import { shapeOf } from '../sdks/table';
import { innermostFunction } from '../innermostFunction';
import type { Declaration, Expr, FunctionSummary } from '../summary';
import { CallValues } from './callValues';
import { classesAround, seesMembers } from './classesAround';
import { ClassMembers } from './classMembers';
import type { Evaluating } from './evaluating';
import { ImportedNames } from './importedNames';
import { givenBy, InstanceFields } from './instanceFields';
import { deepest, type Modules } from './modules';
import { NamedTypes } from './namedTypes';
import { PhpNames } from './phpNames';
import { RustNames } from './rustNames';
import { Origins } from './origins';
import { asGlobal, clientMember } from './sdkValues';
import { enumValues, nothing, type Site, type Value } from './value';
import type { FileView, In } from './view';
import { VisibleClasses } from './visibleClasses';

/** No more than this is looked at for one question: spreads and choices branch. */
const mostSteps = 2_000;

/** Follows names to what they mean, through constants, properties, enums, imports, classes and makers. */
export class Evaluator implements Evaluating {
  /** Files whose content the answers depend on. */
  readonly consulted = new Set<string>();
  readonly #modules: Modules;
  readonly visible: VisibleClasses;
  readonly members: ClassMembers;
  readonly fields: InstanceFields;
  readonly imports: ImportedNames;
  readonly origins: Origins;
  readonly types: NamedTypes;
  readonly php: PhpNames;
  readonly rust: RustNames;
  readonly calls: CallValues;
  #steps = 0;
  #deadline: Deadline | undefined;
  #isLate = false;

  constructor(modules: Modules) {
    this.#modules = modules;
    this.visible = new VisibleClasses(modules, this);
    this.members = new ClassMembers(modules, this);
    this.fields = new InstanceFields(this);
    this.imports = new ImportedNames(modules, this);
    this.origins = new Origins(modules, this.consulted);
    this.types = new NamedTypes(this);
    this.php = new PhpNames(this);
    this.rust = new RustNames(modules, this);
    this.calls = new CallValues(modules, this);
  }

  /** It was asked for something when the time for that was over. */
  get isLate(): boolean {
    return this.#isLate;
  }

  /** Of what `work` asks nothing more is followed once the deadline is over. What is asked later has no such end. */
  within<Result>(deadline: Deadline | undefined, work: () => Result): Result {
    this.#deadline = deadline;
    try {
      return work();
    } finally {
      this.#deadline = undefined;
    }
  }

  evaluate(site: Site, e: Expr | undefined, depth = 0): Value {
    if (depth === 0) this.#steps = 0;
    if (this.#deadline?.isOver === true) {
      this.#isLate = true;
      return nothing;
    }
    if (!e || depth > deepest || this.#steps++ > mostSteps) return nothing;
    switch (e.k) {
      case 'str':
        return { k: 'text', v: e.v, site, at: e.at, via: 'literal' };
      case 'id':
        return this.#name(site, e.n, e.at, depth);
      case 'mem':
        return this.#member(site, e, depth);
      case 'call':
        return this.calls.of(site, e.id, depth);
      case 'fn': {
        const fn = site.piece.fns[e.f];
        return fn ? { k: 'function', site, fn } : nothing;
      }
      case 'obj':
        return { k: 'object', site, e, isEnum: false };
      case 'arr':
        return { k: 'list', site, e };
      case 'tpl':
        return { k: 'template', strings: e.s, values: e.e.map((part) => this.evaluate(site, part, depth + 1)) };
      case 'cond':
        return { k: 'choice', a: this.evaluate(site, e.a, depth + 1), b: this.evaluate(site, e.b, depth + 1) };
      // `existing || make()`: whichever is known.
      case 'or': {
        const left = this.evaluate(site, e.a, depth + 1);
        if (left.k !== 'nothing' && left.k !== 'parameter') return left;
        const right = this.evaluate(site, e.b, depth + 1);
        return left.k === 'nothing' || right.k === 'client' ? right : left;
      }
      case 'and':
        return this.evaluate(site, e.b, depth + 1);
      default:
        return nothing;
    }
  }

  #member(site: Site, e: Extract<Expr, { k: 'mem' }>, depth: number): Value {
    if (e.n === 'class' && site.view.summary.family === 'php') return this.php.className(site, e.o, e.at);
    const of = this.evaluate(site, e.o, depth + 1);
    // Ruby calls a method without arguments by its name alone.
    const isCalled = of.k === 'function' && site.view.summary.family === 'ruby';
    const value = this.member(isCalled ? this.calls.result(of, false, depth + 1) : of, e.n, depth + 1);
    if (value.k === 'nothing' && e.o.k === 'id' && globalObject.test(e.o.n)) return asGlobal(site, e.n);
    const extension = value.k === 'nothing' || value.k === 'package' ? this.#extension(site.view, e.n) : nothing;
    if (extension.k !== 'nothing') return extension;
    if (value.k !== 'nothing' || site.view.summary.family !== 'csharp' || !/^[A-Z]/.test(e.n)) return value;
    // `Acme.Flags` with its namespace.
    const namespace = dotted(e.o);
    return namespace === undefined ? value : this.visible.within(site.view, e.n, namespace);
  }

  /** A property that Kotlin imports from an SDK to read it of something else: `Firebase.remoteConfig`. */
  #extension(view: FileView, name: string): Value {
    const found = view.summary.family === 'java' ? view.topLevel(name) : undefined;
    const value = found?.it.kind === 'import' ? this.declared(view, found, 1) : nothing;
    return value.k === 'sdk' && value.pkg.sdk.clientMakers.includes(name) ? { k: 'client', pkg: value.pkg } : nothing;
  }

  #name(site: Site, name: string, at: number, depth: number): Value {
    if (name === 'this') {
      const fn = methodAround(site, at);
      const around = fn ? undefined : classesAround(site, at)[0];
      const cls = around === undefined ? site.view.classOf(fn) : site.view.class(around);
      if (cls) return { k: 'instance', site: { view: site.view, piece: cls.piece }, cls: cls.it };
      const shared = fn?.cls ? this.shared(site.view, fn.cls, depth + 1) : nothing;
      return shared.k === 'class' ? { ...shared, k: 'instance' } : nothing;
    }
    const found = site.view.lookup(name, site.piece, at);
    if (!found?.it.scope && seesMembers(site.view.summary.family))
      return this.#inClass(site, name, at, found, depth + 1);
    if (found) return this.declared(site.view, found, depth + 1);
    const shared = this.shared(site.view, name, depth + 1);
    const global = shared.k === 'nothing' || shared.k === 'package' ? asGlobal(site, name) : nothing;
    return global.k === 'nothing' ? shared : global;
  }

  /** A name that no block declares: a member of the classes around, what the file declares, what they inherit. */
  #inClass(site: Site, name: string, at: number, found: In<Declaration> | undefined, depth: number): Value {
    const around = classesAround(site, at);
    const own = around.find((cls) => this.members.own(site.view, cls, name));
    if (own !== undefined) return this.members.of(site, own, name, depth);
    if (found) return this.declared(site.view, found, depth);
    for (const cls of around) {
      const inherited = this.members.of(site, cls, name, depth);
      if (inherited.k !== 'nothing') return inherited;
    }
    return this.shared(site.view, name, depth);
  }

  /** A name that another file of the same package declares. */
  shared(view: FileView, name: string, depth: number): Value {
    const { shares, family } = view.summary;
    // What Python imports by `*` it may use itself, and what a shell script sources.
    if (family === 'php') return this.php.named(view, name, depth);
    if (family === 'rust') return this.rust.named(view, name, depth);
    if (shares === null && seesMembers(family)) return this.visible.named(view, name, depth);
    if (shares === null)
      return family === 'python' || family === 'shell' ? this.imports.starred(view, name, depth) : nothing;
    const value = this.imports.imported(view, shares, name, depth);
    return value.k === 'package' ? nothing : value;
  }

  /** What a declaration holds. Variables that may be assigned again count by their type only. */
  declared(view: FileView, found: In<Declaration>, depth = 0): Value {
    const value = this.#declared(view, found, depth);
    if (!found.all || isOfSdk(value)) return value;
    return found.all.map((other) => this.#declared(view, other, depth + 1)).find(isOfSdk) ?? value;
  }

  #declared(view: FileView, found: In<Declaration>, depth: number): Value {
    if (depth > deepest) return nothing;
    const { it: decl, piece } = found;
    const site: Site = { view, piece };
    switch (decl.kind) {
      case 'import':
        return this.imports.imported(view, decl.m ?? '', decl.x ?? '', depth + 1);
      case 'function': {
        const fn = piece.fns[decl.f ?? -1];
        return fn ? { k: 'function', site, fn } : nothing;
      }
      case 'class': {
        if (piece.unread) return this.calls.unread(view);
        const cls = view.class(decl.n);
        return cls ? { k: 'class', site: { view, piece: cls.piece }, cls: cls.it } : nothing;
      }
      case 'enum':
        return decl.e?.k === 'obj' ? { k: 'object', site, e: decl.e, isEnum: true } : nothing;
      case 'param': {
        const fn = piece.fns[decl.f ?? -1];
        if (!fn) return nothing;
        const { i = 0, prop = null, t = null } = decl;
        return this.#parameter({ k: 'parameter', site, fn, index: i, property: prop, type: t });
      }
      default: {
        const typed = decl.t === undefined ? nothing : this.types.typed(view, decl.t, depth + 1);
        if (typed.k !== 'nothing' && typed.k !== 'typed') return this.fields.made(site, decl.e, typed, depth + 1);
        const whole = this.evaluate(site, decl.e, depth + 1);
        const inner = (decl.within ?? []).reduce((value, name) => this.member(value, name, depth + 1), whole);
        const value = decl.prop === undefined ? inner : this.member(inner, decl.prop, depth + 1);
        if (value.k === 'nothing') return typed;
        if (value.k !== 'text') return value;
        return decl.kind === 'const' ? { ...value, via: 'constant' } : nothing;
      }
    }
  }

  /** A parameter is what its callers give where that is all flags. */
  #parameter(parameter: Extract<Value, { k: 'parameter' }>): Value {
    const { site, fn, index, property } = parameter;
    const bag = fn.q === null ? undefined : this.#modules.handedTo(site.view.path, fn.q, index, property);
    return bag ? { k: 'bag', origin: bag.origin, camelCased: bag.camelCased } : parameter;
  }

  member(value: Value, name: string, depth = 0): Value {
    if (depth > deepest) return nothing;
    switch (value.k) {
      case 'sdk': {
        const { sdk } = value.pkg;
        const isClient = sdk.clients.includes(value.name);
        const isPackage = value.name === '*' || value.name === 'default';
        if (isPackage && !(isClient && shapeOf(sdk.methods, name))) return { k: 'sdk', pkg: value.pkg, name };
        return clientMember(value.pkg, name, isClient);
      }
      case 'client':
        return clientMember(value.pkg, name, true);
      case 'object': {
        const own = value.e.m.findLast(([n]) => n === name)?.[1];
        if (own) {
          const inner = givenBy(this.evaluate(value.site, own, depth + 1), value.by, this, depth + 1);
          return inner.k === 'text' ? { ...inner, via: value.isEnum ? 'enum' : 'property' } : inner;
        }
        for (const [n, spread] of value.e.m) {
          const inner =
            n === '...' ? this.member(this.evaluate(value.site, spread, depth + 1), name, depth + 1) : nothing;
          if (inner.k !== 'nothing') return inner;
        }
        return nothing;
      }
      case 'instance': {
        const variant = this.rust.textOf(value, name, depth + 1);
        if (variant.k !== 'nothing') return variant;
        const given = this.fields.given(value, name, depth);
        return given.k === 'nothing' ? this.members.of(value.site, value.cls.n, name, depth) : given;
      }
      case 'class':
        return this.members.of(value.site, value.cls.n, name, depth);
      // `Flags.NEW.value` of Python's enums, `Flag.new.rawValue` of Swift's.
      case 'text':
        return value.via === 'enum' && enumValues.has(name) ? value : nothing;
      case 'module': {
        const given = this.imports.exported(value.view, name, depth + 1);
        const isFolder = value.view.path.endsWith('/__init__.py');
        return given.k === 'nothing' && isFolder ? this.imports.submodule(value.view, '.', name) : given;
      }
      case 'package':
        return {
          k: 'package',
          module: value.module,
          name: value.name === '*' || value.name === 'default' ? name : `${value.name}.${name}`,
        };
      case 'parameter': {
        const typed = value.type === null ? nothing : this.types.typed(value.site.view, value.type, depth + 1);
        let type: string | null = null;
        if (typed.k !== 'nothing' && typed.k !== 'typed' && !this.fields.isField(value, typed, name)) {
          const held = this.member(typed, name, depth + 1);
          // A field of which its class says no more than its type is as it was given.
          const isGiven = typed.k === 'instance' && value.site.view.summary.family === 'ecmascript';
          if (!isGiven || !(held.k === 'nothing' || held.k === 'typed' || (held.k === 'object' && held.isEnum)))
            return held;
          type = held.k === 'typed' ? held.type : null;
        }
        if (value.property === null) return this.#parameter({ ...value, property: name, type });
        // `isOn({ flag })` that reads `flag.key`.
        return value.property.includes('.') ? nothing : { ...value, property: `${value.property}.${name}`, type: null };
      }
      // `Api.Instance.GetClient()`: what C# reads as a property makes a client as well.
      case 'maker':
        return value.makes === 'client' ? clientMember(value.pkg, name, true) : nothing;
      case 'choice': {
        const a = this.member(value.a, name, depth + 1);
        if (a.k !== 'nothing' && a.k !== 'text') return a;
        const b = this.member(value.b, name, depth + 1);
        return a.k === 'nothing' ? b : b.k === 'text' ? { k: 'choice', a, b } : a;
      }
      default:
        return nothing;
    }
  }
}

const isOfSdk = ({ k }: Value): boolean => k === 'client' || k === 'sdk' || k === 'bag' || k === 'method';

const globalObject = /^(window|globalThis|self)$/;

/** `A.B` of such an expression; undefined of any other. */
function dotted(e: Expr): string | undefined {
  if (e.k === 'id') return e.n;
  const outer = e.k === 'mem' ? dotted(e.o) : undefined;
  return e.k === 'mem' && outer !== undefined ? `${outer}.${e.n}` : undefined;
}

/** The method whose `this` is meant at an offset: arrows inside it have the same one. */
function methodAround(site: Site, at: number): FunctionSummary | undefined {
  let fn = site.piece.fns[innermostFunction(site.piece.fns, at)];
  while (fn?.cls === null && fn.parent >= 0) fn = site.piece.fns[fn.parent];
  return fn;
}
