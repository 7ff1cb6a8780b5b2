import type { Decorator, Expr, Span } from '../../summary';
import type { SyntaxNode as Node } from '../../syntaxTree';
import type { Draft, Naming } from '../draft';
import { readOfrepUrl } from '../ofrepUrl';
import { reassigned } from './assigned';
import { declareParameters, declareTarget, lastValue, nameLambda } from './declarations';
import { declareClass, decoratorsOf, spanMakers, startedSpans } from './classes';
import { callOf, expression, parts } from './expressions';
import { readGuard } from './guards';
import { readImports } from './imports';
import { typeName } from './typeName';

/** Nesting past this is not followed (and said so): no recursion may exhaust the stack. */
const deepest = 700;
const mostCalls = 200;
const mostReturns = 4;

/** Node types below which nothing concerns us. */
const closed = new Set([
  'identifier',
  'integer',
  'float',
  'true',
  'false',
  'none',
  'comment',
  'type',
  'global_statement',
]);

/** Visits one statement or class member and fills the draft. */
export class PythonBuilder {
  #depth = 0;
  /** The suite being visited: what an early return leaves. */
  #suite: Span | null = null;
  /** Names of the function being visited that are assigned more than once, and those that are the file's. */
  #changing: ReadonlySet<string> = new Set();
  #global: ReadonlySet<string> = new Set();

  constructor(private readonly draft: Draft) {}

  visit(node: Node): void {
    const { draft } = this;
    if (closed.has(node.type)) return;
    if (draft.leavesOut(this.#depth, deepest)) return;
    this.#depth++;
    switch (node.type) {
      case 'import_statement':
      case 'import_from_statement':
        readImports(draft, node);
        break;
      case 'assignment':
        this.#assignment(node);
        break;
      case 'named_expression':
        this.#named(node);
        break;
      case 'decorated_definition':
        this.#decorated(node, null);
        break;
      case 'function_definition':
        this.#functionDefinition(node, null, [], draft.at(node));
        break;
      case 'class_definition':
        this.class(node, []);
        break;
      case 'lambda':
        this.#function(node);
        break;
      case 'block':
        this.#block(node);
        break;
      case 'if_statement':
      case 'conditional_expression':
      case 'boolean_operator':
      case 'match_statement':
        readGuard(draft, node, this.#suite);
        this.#children(node);
        break;
      case 'return_statement':
        this.#return(node);
        break;
      case 'as_pattern':
        this.#as(node);
        break;
      case 'for_statement':
      case 'for_in_clause':
        declareTarget(draft, node.childForFieldName('left'), { kind: 'let', scope: draft.block });
        this.#children(node);
        break;
      case 'call':
        this.#call(node);
        break;
      case 'string':
      case 'concatenated_string':
      case 'binary_operator':
        this.#text(node);
        this.#children(node);
        break;
      default:
        this.#children(node);
    }
    this.#depth--;
  }

  /** A class; its members are visited unless they are pieces of their own. */
  class(node: Node, deco: readonly Decorator[], withMembers = true): void {
    const name = declareClass(this.draft, node, deco);
    const members = node.childForFieldName('body');
    if (withMembers && members) this.members(parts(members), name);
  }

  /** What stands before the body of a class whose members are pieces of their own. */
  classHead(statement: Node, definition: Node): void {
    this.class(definition, statement === definition ? [] : decoratorsOf(this.draft, statement), false);
  }

  members(members: readonly Node[], className: string): void {
    const { draft } = this;
    const outer = { prefix: draft.prefix, suite: this.#suite };
    if (className !== '') draft.prefix = [...outer.prefix, className];
    this.#suite = null;
    for (const member of members) {
      if (member.type === 'function_definition') this.#functionDefinition(member, className, [], draft.at(member));
      else if (member.type === 'decorated_definition') this.#decorated(member, className);
      else if (member.type === 'expression_statement' && member.firstNamedChild?.type === 'assignment')
        this.#field(member.firstNamedChild, className);
      else this.visit(member);
    }
    draft.prefix = outer.prefix;
    this.#suite = outer.suite;
  }

  /** `KEY = 'k'`, `key: str = 'k'`, `key: str` in a class. */
  #field(node: Node, className: string): void {
    const { draft } = this;
    const left = node.childForFieldName('left');
    const right = node.childForFieldName('right');
    const t = typeName(node.childForFieldName('type'));
    if (left?.type === 'identifier') {
      const n = draft.textOf(left);
      draft.members.push({ c: className, n, ...(t !== null && { t }), ...(right && { e: expression(draft, right) }) });
    }
    if (right) this.visit(right);
  }

  #children(node: Node): void {
    for (const child of node.namedChildren) this.visit(child);
  }

  #block(node: Node): void {
    const outer = this.#suite;
    this.#suite = this.draft.span(node);
    this.#children(node);
    this.#suite = outer;
  }

  #decorated(node: Node, className: string | null): void {
    const deco = decoratorsOf(this.draft, node);
    const definition = node.childForFieldName('definition');
    for (const child of node.namedChildren) {
      if (child !== definition) this.#children(child);
      else if (child.type === 'class_definition') this.class(child, deco);
      else if (child.type === 'function_definition')
        this.#functionDefinition(child, className, deco, this.draft.at(node));
    }
  }

  #functionDefinition(node: Node, className: string | null, deco: readonly Decorator[], head: number): void {
    const { draft } = this;
    const name = node.childForFieldName('name');
    const n = name ? draft.textOf(name) : null;
    const isMethod = className !== null;
    const f = this.#function(node, {
      n,
      q: n === null ? null : draft.qualified(n),
      head,
      cls: className,
      method: isMethod,
      owners: [],
      deco,
    });
    draft.fns[f]?.spans.push(...startedSpans(deco));
    if (!name || n === null) return;
    if (!isMethod) draft.decls.push({ n, kind: 'function', scope: draft.block, at: draft.at(name), f });
    else if (deco.some((one) => one.n === 'property' || one.n === 'cached_property')) {
      const [e] = draft.fns[f]?.rets ?? [];
      draft.members.push({ c: className, n, ...(e && { e }) });
    } else draft.members.push({ c: className, n, f });
  }

  #function(node: Node, naming?: Naming): number {
    const { draft } = this;
    const index = draft.functionAt(node, typeName(node.childForFieldName('return_type')), naming);
    const fn = draft.fns[index];
    if (!fn) return index;
    const outer = { fn: draft.fn, block: draft.block, prefix: draft.prefix, self: draft.selfName };
    const names = { changing: this.#changing, global: this.#global, suite: this.#suite };
    fn.parent = outer.fn;
    draft.fn = index;
    draft.block = draft.span(node);
    if (fn.n !== null) draft.prefix = (fn.q ?? fn.n).split('.');
    const body = node.childForFieldName('body');
    if (node.type !== 'lambda' && body) ({ changing: this.#changing, global: this.#global } = reassigned(draft, body));
    const isStatic = fn.deco.some((one) => one.n === 'staticmethod');
    const self = declareParameters(draft, node, index, fn.cls !== null && !isStatic);
    if (self !== null) draft.selfName = self;
    for (const parameter of node.childForFieldName('parameters')?.namedChildren ?? []) {
      const value = parameter.childForFieldName('value');
      if (value) this.visit(value);
    }
    if (body && node.type === 'lambda') fn.rets.push(expression(draft, body));
    if (body) this.visit(body);
    draft.fn = outer.fn;
    draft.block = outer.block;
    draft.prefix = outer.prefix;
    draft.selfName = outer.self;
    this.#changing = names.changing;
    this.#global = names.global;
    this.#suite = names.suite;
    return index;
  }

  #return(node: Node): void {
    const value = parts(node)[0];
    const fn = this.draft.fns[this.draft.fn];
    if (value && fn && fn.rets.length < mostReturns) fn.rets.push(expression(this.draft, value));
    this.#children(node);
  }

  #assignment(node: Node): void {
    const { draft } = this;
    const left = node.childForFieldName('left');
    const right = node.childForFieldName('right');
    const t = typeName(node.childForFieldName('type'));
    const value = right?.type === 'assignment' ? lastValue(right) : right;
    const e = value ? expression(draft, value) : undefined;
    const cls = draft.fns[draft.fn]?.cls;
    const target = left ? expression(draft, left) : undefined;
    if (left?.type === 'identifier' && right?.type === 'lambda')
      nameLambda(draft, right, draft.textOf(left), draft.at(node));
    if (cls && target?.k === 'mem' && target.o.k === 'id' && target.o.n === 'this')
      draft.members.push({ c: cls, n: target.n, ...(t !== null && { t }), ...(e && { e }) });
    else if (left) this.#declare(left, e, t);
    if (left && left.type !== 'identifier') this.visit(left);
    if (right) this.visit(right);
  }

  /** Constants are names assigned once in their function, and names of the file by convention. */
  #declare(left: Node, e: Expr | undefined, t: string | null): void {
    const { draft } = this;
    const name = left.type === 'identifier' ? draft.textOf(left) : '';
    const isGlobal = this.#global.has(name);
    const kind = isGlobal || this.#changing.has(name) ? 'let' : 'const';
    const scope = isGlobal ? null : draft.block;
    declareTarget(draft, left, { kind, scope, ...(e && { e }), ...(t !== null && { t }) });
  }

  #named(node: Node): void {
    const name = node.childForFieldName('name');
    const value = node.childForFieldName('value');
    if (name && value) this.#declare(name, expression(this.draft, value), null);
    if (value) this.visit(value);
  }

  /** `with make() as x`, `except E as x`, `case P as x`. */
  #as(node: Node): void {
    const { draft } = this;
    const value = parts(node)[0];
    const alias = node.childForFieldName('alias');
    const e = value ? expression(draft, value) : undefined;
    declareTarget(draft, alias?.firstNamedChild ?? alias, { kind: 'const', scope: draft.block, ...(e && { e }) });
    if (value) this.visit(value);
  }

  #call(node: Node): void {
    const { draft } = this;
    this.#text(node);
    const call = callOf(draft, node, 'call');
    const fn = draft.fns[draft.fn];
    if (fn && (call.c.k === 'id' || call.c.k === 'mem')) {
      const { n } = call.c;
      if (fn.calls.length < mostCalls && !fn.calls.includes(n)) fn.calls.push(n);
      const [name] = call.a;
      if (spanMakers.has(n) && call.c.k === 'mem' && name?.k === 'str') fn.spans.push({ recv: call.c.o, name: name.v });
    }
    const callee = node.childForFieldName('function');
    if (callee) this.visit(callee);
    const list = node.childForFieldName('arguments');
    for (const argument of list ? parts(list) : [])
      this.visit(argument.type === 'keyword_argument' ? (argument.childForFieldName('value') ?? argument) : argument);
  }

  #text(node: Node): void {
    if (this.draft.textOf(node).includes('ofrep'))
      readOfrepUrl(this.draft, expression(this.draft, node), this.draft.span(node));
  }
}
