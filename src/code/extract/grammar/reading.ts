import type { Call, Declaration, Decorator, Expr } from '../../summary';
import type { SyntaxNode as Node } from '../../syntaxTree';
import type { Draft } from '../draft';
import { operation } from '../operators';
import type { LanguageGrammar } from './languageGrammar';
import type { Annotation, Argument, CallOf, MemberOf, Name, Role, Variable } from './role';

const none: Expr = { k: 'none' };
/** Chains and concatenations deeper than this name no flag. */
const deepest = 60;
const mostArguments = 12;
const mostElements = 64;
const mostChoices = 16;

/** What the nodes of one piece say, as far as {@link Expr} goes. Never throws on broken trees. */
export class Reading {
  constructor(
    readonly grammar: LanguageGrammar,
    readonly draft: Draft,
  ) {}

  role(node: Node): Role | null {
    return Object.hasOwn(this.grammar.roles, node.type) ? (this.grammar.roles[node.type]?.(node) ?? null) : null;
  }

  expression(node: Node | null | undefined, depth = 0): Expr {
    if (!node || depth > deepest) return none;
    const role = this.role(node);
    const inner = (child: Node | null | undefined): Expr => this.expression(child, depth + 1);
    switch (role?.is) {
      case 'text':
        return this.#text(role.parts, this.draft.at(node), inner);
      case 'value':
        return { k: 'lit', v: role.v };
      case 'name':
      case 'member':
        return this.#named(role, depth);
      case 'call':
        return { k: 'call', id: this.call(node, role, depth).id };
      case 'inner':
        return inner(role.of);
      case 'not':
        return { k: 'not', e: inner(role.of) };
      case 'binary':
        return operation(role.op, inner(role.a), inner(role.b), this.draft.at(node));
      case 'list':
        return { k: 'arr', e: role.items.slice(0, mostElements).map(inner) };
      case 'map':
        return { k: 'obj', m: this.#entries(role, inner) };
      case 'if':
        return { k: 'cond', a: inner(role.then.at(-1)), b: inner(role.other.at(-1)) };
      case 'switch': {
        const values = role.cases.slice(0, mostChoices).map(({ body }) => inner(body.at(-1)));
        return values.length === 0 ? none : values.reduceRight((b, a) => ({ k: 'cond', a, b }));
      }
      case 'block':
        return inner(role.statements.at(-1));
      case 'function':
        return { k: 'fn', f: this.draft.functionAt(node, role.returns) };
      case 'assign':
      case 'return':
        return inner(role.value);
      // `if let value = optional`
      case 'variables':
        return inner(role.names[0]?.value);
      default:
        return none;
    }
  }

  /** What a variable holds, and its type where that says more. What is left out before a dot is the type. */
  held({ type, value }: Variable): Pick<Declaration, 't' | 'e'> {
    const e = value ? this.expression(value) : undefined;
    if (type !== null && e?.k === 'mem' && e.o.k === 'none') return { e: { ...e, o: { k: 'id', n: type, at: e.at } } };
    return { ...(type !== null && { t: type }), ...(e && { e }) };
  }

  #named(role: Name | MemberOf, depth: number): Expr {
    const at = this.draft.at(role.at);
    if (role.is === 'name') return { k: 'id', n: this.draft.self(role.n), at };
    return { k: 'mem', o: this.expression(role.object, depth + 1), n: role.n, at };
  }

  #text(parts: readonly (string | Node)[], at: number, inner: (child: Node) => Expr): Expr {
    const strings = [''];
    const holes: Expr[] = [];
    for (const part of parts) {
      if (typeof part === 'string') strings.push((strings.pop() ?? '') + part);
      else if (holes.length < mostElements) {
        holes.push(inner(part));
        strings.push('');
      }
    }
    return holes.length === 0 ? { k: 'str', v: strings.join(''), at } : { k: 'tpl', s: strings, e: holes, at };
  }

  #entries(
    { entries }: Extract<Role, { is: 'map' }>,
    inner: (child: Node) => Expr,
  ): readonly (readonly [string, Expr])[] {
    return entries.slice(0, mostElements).flatMap(([key, value]): [string, Expr][] => {
      if (typeof key === 'string') return [[key, inner(value)]];
      const e = inner(key);
      if (e.k === 'str') return [[e.v, inner(value)]];
      return e.k === 'id' || e.k === 'mem' ? [[e.n, inner(value)]] : [];
    });
  }

  /** The call at a node, made once. */
  call(node: Node, role: CallOf, depth = 0): Call {
    const { draft } = this;
    const [from] = draft.span(node);
    const id = draft.callId(node);
    const known = draft.call(id);
    if (known) return known;
    const { callee } = role;
    const c =
      callee && 'is' in callee ? this.#named(callee, depth) : callee ? this.expression(callee, depth + 1) : none;
    const call: Call = {
      id,
      from,
      c,
      ...this.given(role.args, depth),
      kind: role.makes ? 'new' : 'call',
      f: draft.fn,
    };
    draft.addCall(call);
    return call;
  }

  /** The call by which an instance is made of a class: a base's, an enum entry's. */
  making(node: Node, c: Expr, args: readonly Argument[]): Extract<Expr, { k: 'call' }> {
    const { draft } = this;
    const id = draft.callId(node);
    if (!draft.call(id)) draft.addCall({ id, from: draft.at(node), c, ...this.given(args), kind: 'new', f: draft.fn });
    return { k: 'call', id };
  }

  given(args: readonly Argument[], depth = 0): Pick<Call, 'a' | 'kw'> {
    const a: Expr[] = [];
    const kw: [string, Expr][] = [];
    for (const { name, value, labelled } of args.slice(0, mostArguments)) {
      const e = this.expression(value, depth + 1);
      if (typeof name === 'string') kw.push([name, e]);
      if (typeof name !== 'string' || labelled) a.push(e);
    }
    return kw.length > 0 ? { a, kw } : { a };
  }

  /** Each that is given something is a call of its class too: it may ask for a flag. */
  decorators(annotations: readonly Annotation[]): Decorator[] {
    return annotations.map(({ n, at, args }) => {
      const given = this.given(args);
      const id = this.draft.callId(at);
      const from = this.draft.at(at);
      if (args.length > 0 && !this.draft.call(id))
        this.draft.addCall({ id, from, c: { k: 'id', n, at: from }, ...given, kind: 'decorator', f: this.draft.fn });
      return { n, ...given };
    });
  }
}
