import type { Declaration, Expr } from '../summary';
import { followsInstances } from './classesAround';
import type { Evaluating } from './evaluating';
import { enumValues, nothing, type CallOfFunction, type Site, type Value } from './value';

/** Under which names a class has what makes its instances. */
const makers = ['__init__', 'constructor'];

/** Methods by which a text gives itself. */
const givesItself = /^([tT]oString|to_string|to_owned|into|as_str|as_ref|borrow)$/;

/** What a parameter is where the call of its function is known: `key` of `createFlag('k')`; else the value itself. */
export function givenBy(
  told: Value,
  by: CallOfFunction | undefined,
  evaluator: Pick<Evaluating, 'evaluate'>,
  depth: number,
): Value {
  if (told.k !== 'parameter' || told.property !== null || by?.fn !== told.fn) return told;
  return evaluator.evaluate(by.site, by.call.a[told.index], depth);
}

/** What the fields of an instance hold: what the call that made it was given. */
export class InstanceFields {
  constructor(private readonly evaluator: Evaluating) {}

  /** Whether what an instance holds there is known only where it is given. */
  isField(given: Extract<Value, { k: 'parameter' }>, typed: Value, name: string): boolean {
    if (typed.k !== 'instance' || given.property !== null) return false;
    const { family } = given.site.view.summary;
    if (family === 'go') return this.#isGoText(typed.site, typed.cls.n, name);
    if (!followsInstances(family)) return false;
    const member = this.evaluator.members.own(typed.site.view, typed.cls.n, name)?.found;
    if (!member && typed.cls.of === 'enum' && enumValues.has(name)) return true;
    // What each case, or whatever implements it, says for itself.
    if (member && typed.cls.of !== undefined && !member.it.e && member.it.f === undefined && member.it.t === undefined)
      return true;
    if (!member || member.it.f !== undefined || member.it.t !== undefined) return false;
    return this.#fieldIndex(typed.site, typed.cls.n, name) >= 0;
  }

  /** A field of a struct that holds a text, by whatever name its type has. */
  #isGoText(site: Site, cls: string, name: string): boolean {
    const type = this.evaluator.members.own(site.view, cls, name)?.found.it.t;
    if (type === undefined || type === 'string') return type !== undefined;
    const typed = this.evaluator.types.typed(site.view, type, 1);
    return typed.k === 'instance' && typed.cls.of === 'string';
  }

  /** What a getter without arguments gives: the field it returns, of the instance or of the parameter it is asked of. */
  got(site: Site, { o, n }: Extract<Expr, { k: 'mem' }>, depth: number): Value {
    const value = this.evaluator.evaluate(site, o, depth + 1);
    if (value.k === 'text' && givesItself.test(n)) return value;
    if (value.k !== 'instance' && value.k !== 'parameter') return nothing;
    const variant = this.evaluator.rust.textOf(value, n, depth + 1);
    if (variant.k !== 'nothing') return variant;
    const typed =
      value.k === 'parameter' && value.type !== null
        ? this.evaluator.types.typed(value.site.view, value.type, depth + 1)
        : value;
    // What an enum's variant is called is told by who gives it.
    const isEnum = typed.k === 'instance' && typed.cls.of === 'enum' && typed.site.view.summary.family === 'rust';
    if (value.k === 'parameter' && isEnum && value.property === null) return { ...value, property: n, type: null };
    if (value.k === 'parameter' && givesItself.test(n)) return value;
    if (typed.k !== 'instance') return nothing;
    const member = this.evaluator.members.own(typed.site.view, typed.cls.n, n)?.found;
    const ret = member?.it.f === undefined ? undefined : member.piece.fns[member.it.f]?.rets[0];
    if (member?.it.f !== undefined && ret?.k !== 'id' && ret?.k !== 'mem') return nothing;
    // Records have one for each field, and tools write `getKey` for a field `key`.
    const named = n.replace(/^get([A-Z])/, (_, first: string) => first.toLowerCase());
    const field = ret?.k === 'id' || ret?.k === 'mem' ? ret.n : named;
    if (value.k !== 'instance') return this.evaluator.member(value, field, depth + 1);
    const given = this.given(value, field, depth + 1);
    // A field and its getter may be called alike.
    const isField = given.k === 'nothing' && member !== undefined && member.it.f === undefined;
    return isField ? this.evaluator.member(value, field, depth + 1) : given;
  }

  /** What the maker of an instance was given for a field: by name, or in the order of a data class's fields. */
  given({ site, cls, given }: Extract<Value, { k: 'instance' | 'class' }>, name: string, depth: number): Value {
    if (!given) return nothing;
    const { call } = given;
    const parameter = this.#parameterOf(site, cls.n, name);
    const named = call.kw?.find(([n]) => n === name || n === parameter?.n)?.[1];
    const argument = named ?? call.a[parameter?.i ?? this.#fieldIndex(site, cls.n, name)];
    const told = argument ? this.evaluator.evaluate(given.site, argument, depth + 1) : nothing;
    // `NewFlag("k")`, which returns a `Flag{Key: key}`.
    const value = givenBy(told, given.by, this.evaluator, depth + 1);
    return value.k === 'text' ? { ...value, via: cls.of === 'enum' ? 'enum' : 'property' } : value;
  }

  #fieldIndex(site: Site, className: string, name: string): number {
    if (makers.some((maker) => site.view.member(className, maker)))
      return this.#parameterOf(site, className, name)?.i ?? -1;
    return site.view.fields(className).indexOf(name);
  }

  /** What the maker puts into a field is one of its parameters, as far as anyone can tell; a property may hand on a field. */
  #parameterOf(site: Site, className: string, name: string): Declaration | undefined {
    const maker = makers.flatMap((n) => site.view.member(className, n) ?? [])[0];
    let field = name;
    for (let i = 0; maker && i < 3; i++) {
      const e = site.view.member(className, field)?.it.e;
      field = e?.k === 'id' ? e.n : e?.k === 'mem' && e.o.k === 'id' && e.o.n === 'this' ? e.n : field;
      const n = field;
      const found = maker.piece.decls.find((decl) => decl.kind === 'param' && decl.f === maker.it.f && decl.n === n);
      if (found) return found;
    }
    return undefined;
  }

  /** What a variable of a type holds: the instance as it was made, where that can be seen. */
  made(site: Site, e: Expr | undefined, typed: Value, depth: number): Value {
    if (typed.k !== 'instance' || e?.k !== 'call' || !followsInstances(site.view.summary.family)) return typed;
    const made = this.evaluator.evaluate(site, e, depth);
    return made.k === 'instance' && made.given ? made : typed;
  }
}
