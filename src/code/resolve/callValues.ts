import { asksForAll } from '../flagNames';
import { sdksOf } from '../sdks/table';
import { callById, receiverName, type Call, type FunctionSummary } from '../summary';
import { followsInstances } from './classesAround';
import type { Evaluating } from './evaluating';
import { isFlagService } from './flagService';
import { deepest, type Modules } from './modules';
import { alike, typeOf } from './receivers';
import { handsThrough } from './returnedFunctions';
import { originOf, sdkResult } from './sdkValues';
import { nothing, type Site, type Value } from './value';
import type { FileView } from './view';

/** What containers of services are asked by, given a class: `inject(FlagService)`, `moduleRef.get(FlagService)`. */
const injects =
  /^(inject|app|make|get|resolve|getBean|getInstance|useInjection|lookup|require|getService|GetRequiredService)$/;

/** Functions of standard libraries that give what they are given, having looked at it. */
const handsOn = /^(requireNotNull|checkNotNull|requireNonNull)$/;

/** Kotlin's ways of doing something with an object that stays what the expression gives. */
const configures = /^(apply|also)$/;

/** What calls give: of SDKs, of classes, of functions of the project, of names that tell. */
export class CallValues {
  constructor(
    private readonly modules: Modules,
    private readonly evaluator: Evaluating,
  ) {}

  of(site: Site, id: number, depth: number): Value {
    const call = callById(site.piece, id);
    if (!call) return nothing;
    if (call.c.k === 'id' && call.c.n === 'require' && call.a[0]?.k === 'str') {
      return this.evaluator.imports.imported(site.view, call.a[0].v, '*', depth + 1);
    }
    if (call.c.k === 'mem' && call.c.n === 'freeze' && call.c.o.k === 'id' && call.c.o.n === 'Object') {
      return this.evaluator.evaluate(site, call.a[0], depth + 1);
    }
    if ((call.c.k === 'id' || call.c.k === 'mem') && call.a.length <= 2 && handsOn.test(call.c.n) && call.a[0]) {
      const given = this.evaluator.evaluate(site, call.a[0], depth + 1);
      if (given.k !== 'nothing') return given;
    }
    if (call.c.k === 'mem' && configures.test(call.c.n) && call.a[0]?.k === 'fn') {
      const configured = this.evaluator.evaluate(site, call.c.o, depth + 1);
      if (configured.k !== 'nothing') return configured;
    }
    if ((call.c.k === 'id' || call.c.k === 'mem') && handsThrough.test(call.c.n)) {
      const given = this.evaluator.evaluate(site, call.a[0], depth + 1);
      if (given.k === 'function') return given;
    }
    if (call.c.k === 'mem' && call.a.length === 0 && followsInstances(site.view.summary.family)) {
      const got = this.evaluator.fields.got(site, call.c, depth + 1);
      if (got.k !== 'nothing') return got;
    }
    if (call.c.k === 'mem' && call.c.n === 'subscript' && call.a[0]) {
      const name = this.evaluator.evaluate(site, call.a[0], depth + 1);
      const of = this.evaluator.evaluate(site, call.c.o, depth + 1);
      if (name.k === 'text' && of.k === 'object') return this.evaluator.member(of, name.v, depth + 1);
    }
    if (call.t !== undefined) return this.evaluator.types.typed(site.view, call.t, depth + 1);
    const made = this.evaluator.evaluate(site, call.c, depth + 1);
    // `Flag("k")` of `type Flag string` is what it is given.
    if (made.k === 'class' && made.cls.of === 'string') return this.evaluator.evaluate(site, call.a[0], depth + 1);
    // `Self { key }`
    if (made.k === 'class' || (made.k === 'instance' && call.kind === 'new'))
      return { ...made, k: 'instance', given: { site, call } };
    const value = this.#by(site, call, made, this.result(made, call.kind === 'new', depth + 1), depth + 1);
    if (value.k !== 'nothing' && value.k !== 'made' && value.k !== 'typed') return value;
    const told = this.#injected(site, call, depth + 1) ?? this.#allFlags(site, call, depth + 1);
    return told ?? value;
  }

  /** Together with the call that a function's object was returned to: what its methods know is what the call gave. */
  #by(site: Site, call: Call, made: Value, value: Value, depth: number): Value {
    if (made.k !== 'function') return value;
    const by = { site, call, fn: made.fn };
    if (value.k === 'object') return { ...value, by };
    if (value.k !== 'instance') return value;
    for (const e of value.given ? [] : made.fn.rets) {
      const returned = this.evaluator.evaluate(made.site, e, depth + 1);
      if (returned.k === 'instance' && returned.cls === value.cls && returned.given)
        return { ...returned, given: { ...returned.given, by } };
    }
    return value.given ? { ...value, given: { ...value.given, by } } : value;
  }

  /** What calling (or `new`) a value gives. */
  result(callee: Value, isNew: boolean, depth = 0): Value {
    if (depth > deepest) return nothing;
    switch (callee.k) {
      case 'sdk':
        return sdkResult(callee.pkg, callee.name);
      case 'maker':
        return callee.makes === 'client'
          ? { k: 'client', pkg: callee.pkg }
          : { k: 'bag', origin: originOf(callee.pkg), camelCased: false };
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
    const typed = fn.ret === null ? nothing : this.evaluator.types.typed(site.view, fn.ret, depth + 1);
    if (typed.k !== 'nothing' && typed.k !== 'typed') return typed;
    if (site.piece.unread) return this.unread(site.view);
    for (const e of fn.rets) {
      const value = this.evaluator.evaluate(site, e, depth + 2);
      // `return []` where there is nothing to give.
      const isEmpty =
        (value.k === 'list' && value.e.e.length === 0) || (value.k === 'object' && value.e.m.length === 0);
      if (value.k !== 'nothing' && value.k !== 'text' && !isEmpty) return value;
    }
    return typed;
  }

  /** What was left unread is asked for. */
  unread(view: FileView): Value {
    this.evaluator.consulted.add(view.path);
    this.modules.readWhole(view.path);
    return nothing;
  }

  /** A container of services gives an instance of the class it is given. */
  #injected(site: Site, { c, a }: Call, depth: number): Value | undefined {
    const [first] = a;
    if ((c.k !== 'id' && c.k !== 'mem') || !injects.test(c.n) || !first || !/^(id|mem)$/.test(first.k))
      return undefined;
    // `app(FlagService::class)`
    const named = first.k === 'mem' && first.n === 'class' ? first.o : first;
    const cls = this.evaluator.evaluate(site, named, depth + 1);
    if (cls.k === 'sdk') return cls.pkg.sdk.clientTypes.includes(cls.name) ? { k: 'client', pkg: cls.pkg } : undefined;
    return cls.k === 'class' ? { k: 'instance', site: cls.site, cls: cls.cls } : undefined;
  }

  /** All flags of what cannot be followed: by a function of the project that hands them out, or by names alone. */
  #allFlags(site: Site, { c }: Call, depth: number): Value | undefined {
    if (c.k !== 'mem') return undefined;
    const makers = this.modules.handingOut(c.n);
    const isAll = asksForAll(c.n);
    if (!isAll && makers.length === 0) return undefined;
    const receiver = this.evaluator.evaluate(site, c.o, depth + 1);
    const called = receiverName(site.piece, c.o);
    const type = typeOf(receiver);
    const made = makers.find(({ owners }) => owners.some((owner) => owner === type || alike(owner, called)));
    if (made) return { k: 'bag', origin: made.origin, camelCased: made.camelCased };
    if (!isAll || receiver.k === 'instance') return undefined;
    const sdk = sdksOf(site.view.summary.family).find(
      ({ receiver: named, bags }) => named.test(called) && bags.some(({ name }) => name === c.n),
    );
    if (sdk) {
      const camelCased = sdk.bags.find(({ name }) => name === c.n)?.camelCased ?? false;
      return { k: 'bag', origin: { sdk: sdk.id, name: sdk.title, evaluatedOn: 'unknown' }, camelCased };
    }
    const service = type !== null && isFlagService(type) ? type : called;
    const origin = { sdk: null, name: service, evaluatedOn: 'unknown' } as const;
    return isFlagService(service) ? { k: 'bag', origin, camelCased: false } : undefined;
  }
}
