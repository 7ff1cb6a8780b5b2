import type { SyntaxNode as Node } from '../../syntaxTree';
import type { Call, Expr, FunctionSummary, Span } from '../../summary';
import { declareEnum, declareParameters, declarePattern } from './declarations';
import type { Draft, FunctionDraft, Naming } from '../draft';
import { mayHoldOfrepUrl, readOfrepUrl } from '../ofrepUrl';
import { callOf, expression, isFunction, parts, propertyName } from './expressions';
import { guardIf, guardLogical, guardSwitch, guardTernary } from './guards';
import { readCommonJsExport, readExport, readImport, readRequire } from './modules';
import { readNamed } from './namedReads';
import { typeName } from './typeName';

/** Nesting past this is not followed (and said so): no recursion may exhaust the stack. */
const deepest = 700;
const mostCalls = 200;
const mostReturns = 4;

/** Node types below which nothing concerns us. */
const closed = new Set([
  'identifier',
  'property_identifier',
  'shorthand_property_identifier',
  'number',
  'comment',
  'regex',
  'this',
  'true',
  'false',
  'null',
  'undefined',
  'type_annotation',
  'type_arguments',
  'type_parameters',
  'type_identifier',
  'predefined_type',
  'interface_declaration',
  'type_alias_declaration',
  'jsx_text',
  'html_comment',
  'hash_bang_line',
  'accessibility_modifier',
  'optional_chain',
  'implements_clause',
]);

/** Callees whose first function argument is the thing declared: `const Card = memo(() => …)`. */
const transparentMakers =
  /^(memo|memoize|once|cache|forwardRef|observer|useCallback|useEvent|useEventCallback|styled|define\w*|create\w*|with[A-Z]\w*|\w*[hH]andler|\w*[wW]rap\w*|\w*[cC]atch\w*)$/;

const jsxKeyAttribute = /flag|feature|key|name|toggle|gate|experiment/i;

type Owners = readonly string[];

/** Visits one statement or class member and fills the draft. */
export class Builder {
  #depth = 0;

  constructor(private readonly draft: Draft) {}

  visit(node: Node): void {
    const { draft } = this;
    const type = node.type;
    if (closed.has(type)) return;
    if (draft.leavesOut(this.#depth, deepest)) return;
    this.#depth++;
    switch (type) {
      case 'import_statement':
        readImport(draft, node);
        break;
      case 'export_statement':
        readExport(draft, node);
        this.#exported(node);
        break;
      case 'lexical_declaration':
      case 'variable_declaration':
        this.#declaration(node);
        break;
      case 'function_declaration':
      case 'generator_function_declaration':
        this.#functionDeclaration(node);
        break;
      case 'class_declaration':
      case 'abstract_class_declaration':
      case 'class':
        this.class(node, []);
        break;
      case 'enum_declaration':
        declareEnum(draft, node);
        break;
      case 'statement_block':
        this.#block(node, draft.span(node));
        break;
      case 'for_in_statement':
        this.#forIn(node);
        break;
      case 'for_statement':
        this.#block(node, draft.span(node));
        break;
      case 'if_statement':
        guardIf(draft, node);
        this.#children(node);
        break;
      case 'ternary_expression':
        guardTernary(draft, node);
        this.#children(node);
        break;
      case 'binary_expression':
        guardLogical(draft, node);
        this.#url(node);
        this.#children(node);
        break;
      case 'switch_statement':
        guardSwitch(draft, node);
        this.#block(node, draft.span(node));
        break;
      case 'return_statement':
        this.#return(node);
        break;
      case 'call_expression':
      case 'new_expression':
        this.#call(node, 'call');
        break;
      case 'decorator':
        for (const child of parts(node)) {
          if (child.type === 'call_expression') this.#call(child, 'decorator');
        }
        break;
      case 'assignment_expression':
        this.#assignment(node);
        break;
      case 'object':
        this.#object(node, [], []);
        break;
      case 'jsx_opening_element':
      case 'jsx_self_closing_element':
        this.#jsx(node);
        break;
      case 'string':
        this.#url(node);
        break;
      case 'member_expression':
      case 'subscript_expression':
        readNamed(draft, node);
        this.#children(node);
        break;
      case 'template_string':
        this.#url(node);
        this.#children(node);
        break;
      default:
        if (isFunction(node)) this.#function(node);
        else this.#children(node);
    }
    this.#depth--;
  }

  /** A class; its members are visited unless they are pieces of their own. */
  class(node: Node, deco: FunctionSummary['deco'], withMembers = true, fallbackName = ''): string {
    const { draft } = this;
    const nameNode = node.childForFieldName('name');
    const name = nameNode ? draft.textOf(nameNode) : fallbackName;
    const heritage = parts(node).filter((child) => child.type === 'class_heritage');
    const clauses = heritage.flatMap(parts);
    const extend = clauses.find((child) => child.type === 'extends_clause');
    const base = extend?.childForFieldName('value') ?? clauses.find((child) => child.type !== 'implements_clause');
    draft.classes.push({
      n: name,
      ext: base ? expression(draft, base) : null,
      impl: clauses
        .filter((child) => child.type === 'implements_clause')
        .flatMap((child) => parts(child).map((part) => typeName(part) ?? ''))
        .filter((part) => part !== ''),
      deco: [...deco, ...decorators(draft, node)],
    });
    if (nameNode) draft.decls.push({ n: name, kind: 'class', scope: draft.block, at: draft.at(nameNode) });
    for (const child of parts(node)) if (child.type === 'decorator') this.visit(child);
    const body = node.childForFieldName('body');
    if (withMembers && body) this.members(parts(body), name);
    return name;
  }

  /** What stands before the body of a class whose members are pieces of their own. */
  classHead(statement: Node, declaration: Node): void {
    if (statement.type === 'export_statement') readExport(this.draft, statement);
    this.class(declaration, statement === declaration ? [] : decorators(this.draft, statement), false);
  }

  members(members: readonly Node[], className: string): void {
    const { draft } = this;
    const outer = draft.prefix;
    if (className !== '') draft.prefix = [...outer, className];
    let deco: FunctionSummary['deco'][number][] = [];
    for (const member of members) {
      if (member.type === 'decorator') {
        deco.push(...decoratorOf(draft, member));
        this.visit(member);
        continue;
      }
      this.#member(member, className, [...deco, ...decorators(draft, member)]);
      deco = [];
    }
    draft.prefix = outer;
  }

  #member(member: Node, className: string, deco: FunctionSummary['deco']): void {
    const { draft } = this;
    const isMethod = member.type === 'method_definition';
    const n = propertyName(
      draft,
      member.childForFieldName(isMethod ? 'name' : 'property') ?? member.childForFieldName('name'),
    );
    const value = isMethod ? member : member.childForFieldName('value');
    if (n === undefined || (!isMethod && !member.type.endsWith('field_definition'))) {
      this.visit(member);
      return;
    }
    const t = typeName(member.childForFieldName(isMethod ? 'return_type' : 'type'));
    const naming: Naming = {
      n,
      q: draft.qualified(n),
      head: draft.at(member),
      cls: className,
      method: true,
      owners: [],
      deco,
    };
    const fn = value && isFunction(value) ? this.#function(value, naming) : undefined;
    draft.members.push({
      c: className,
      n,
      ...(fn !== undefined && { f: fn }),
      ...(t !== null && { t }),
      ...(fn === undefined && value && { e: expression(draft, value) }),
    });
    if (fn === undefined && value) this.visit(value);
  }

  /** Decorators may stand before `export`: they are the class's. */
  #exported(node: Node): void {
    const deco = decorators(this.draft, node);
    for (const child of node.namedChildren) {
      if (deco.length > 0 && child.type.endsWith('class_declaration')) this.class(child, deco);
      else if (child.type !== 'export_clause') this.visit(child);
    }
  }

  #children(node: Node): void {
    for (const child of node.namedChildren) this.visit(child);
  }

  #block(node: Node, span: Span): void {
    const outer = this.draft.block;
    this.draft.block = span;
    this.#children(node);
    this.draft.block = outer;
  }

  #forIn(node: Node): void {
    const { draft } = this;
    declarePattern(draft, node.childForFieldName('left'), { kind: 'let', scope: draft.span(node) });
    for (const name of ['right', 'body']) {
      const child = node.childForFieldName(name);
      if (child) this.visit(child);
    }
  }

  #declaration(node: Node): void {
    const { draft } = this;
    const isConst = /^const\b/.test(draft.text.slice(node.startIndex, node.startIndex + 6));
    for (const declarator of parts(node)) {
      const name = declarator.childForFieldName('name');
      const value = declarator.childForFieldName('value');
      if (declarator.type !== 'variable_declarator' || !name) continue;
      const t = typeName(declarator.childForFieldName('type'));
      const simple = name.type === 'identifier' ? draft.textOf(name) : undefined;
      if (value && simple !== undefined) this.#named(value, simple, t, draft.at(node));
      const e = value ? expression(draft, value) : undefined;
      if (e && readRequire(draft, name, e)) {
        continue;
      }
      declarePattern(draft, name, {
        kind: isConst ? 'const' : 'let',
        scope: draft.block,
        ...(e && { e }),
        ...(t !== null && { t }),
      });
      if (value) this.visit(value);
    }
  }

  /** Gives what a variable holds its name, before it is visited. */
  #named(value: Node, name: string, type: string | null, head: number): void {
    const { draft } = this;
    const target = unwrap(value);
    const naming: Naming = { n: name, q: draft.qualified(name), head, cls: null, method: false, owners: [], deco: [] };
    if (isFunction(target)) draft.functionAt(target, typeName(target.childForFieldName('return_type')), naming);
    else if (target.type === 'object') this.#object(target, type === null ? [name] : [name, type], [name]);
    else if (target.type === 'class') this.class(target, [], true, name);
    else {
      const handed = this.#handedThrough(target);
      if (handed) draft.functionAt(handed, typeName(handed.childForFieldName('return_type')), naming);
    }
  }

  /** The function that a call gives as what it makes: `useCallback((key) => …, [])`. */
  #handedThrough(target: Node): Node | undefined {
    if (target.type !== 'call_expression') return undefined;
    const callee = target.childForFieldName('function');
    const called = callee ? (/([\w$]+)$/.exec(this.draft.textOf(callee).slice(-60))?.[1] ?? '') : '';
    if (!transparentMakers.test(called)) return undefined;
    return parts(target.childForFieldName('arguments') ?? target).find(isFunction);
  }

  #functionDeclaration(node: Node): void {
    const { draft } = this;
    const name = node.childForFieldName('name');
    if (!name) {
      this.#function(node);
      return;
    }
    const n = draft.textOf(name);
    const f = this.#function(node, {
      n,
      q: draft.qualified(n),
      head: draft.at(node),
      cls: null,
      method: false,
      owners: [],
      deco: [],
    });
    draft.decls.push({ n, kind: 'function', scope: draft.block, at: draft.at(name), f });
  }

  #function(node: Node, naming?: Naming): number {
    const { draft } = this;
    const index = draft.functionAt(node, typeName(node.childForFieldName('return_type')), naming);
    const fn = draft.fns[index];
    if (!fn) return index;
    const outer = { fn: draft.fn, block: draft.block, prefix: draft.prefix };
    fn.parent = outer.fn;
    draft.fn = index;
    draft.block = draft.span(node);
    if (fn.n !== null) draft.prefix = [...(fn.q ?? fn.n).split('.')];
    declareParameters(draft, node, index, fn.n === 'constructor' ? fn.cls : null);
    const parameters = node.childForFieldName('parameters');
    if (parameters) this.#children(parameters);
    const body = node.childForFieldName('body');
    if (body?.type === 'statement_block') this.visit(body);
    else if (body) this.#result(fn, body);
    draft.fn = outer.fn;
    draft.block = outer.block;
    draft.prefix = outer.prefix;
    return index;
  }

  #return(node: Node): void {
    const value = parts(node)[0];
    const fn = this.draft.fns[this.draft.fn];
    if (value && fn) this.#result(fn, value);
    else this.#children(node);
  }

  #result(fn: FunctionDraft, value: Node): void {
    const target = unwrap(value);
    if (target.type === 'object') this.#object(target, fn.ret === null ? [] : [fn.ret], fn.q === null ? [] : [fn.q]);
    if (fn.rets.length < mostReturns) fn.rets.push(expression(this.draft, value));
    this.visit(value);
  }

  /** Names the functions of an object literal after it; called again without owners by the plain visit, which then changes nothing. */
  #object(node: Node, owners: Owners, path: readonly string[]): void {
    const { draft } = this;
    const named = owners.length > 0 || path.length > 0;
    for (const member of parts(node)) {
      const isMethod = member.type === 'method_definition';
      const value = isMethod ? member : member.childForFieldName('value');
      if (!value || (!isMethod && member.type !== 'pair')) {
        if (!named) this.visit(member);
        continue;
      }
      const n = propertyName(draft, member.childForFieldName(isMethod ? 'name' : 'key'));
      const target = unwrap(value);
      const fn = isFunction(target) ? target : this.#handedThrough(target);
      if (n !== undefined && fn) {
        const q = draft.qualified([...path, n].join('.'));
        const naming: Naming = { n, q, head: draft.at(member), cls: null, method: true, owners, deco: [] };
        draft.functionAt(fn, typeName(fn.childForFieldName('return_type')), naming);
      } else if (n !== undefined && target.type === 'object') {
        this.#object(target, [n], [...path, n]);
      }
      if (!named) this.visit(value);
    }
  }

  #call(node: Node, kind: Call['kind']): void {
    const { draft } = this;
    const call = callOf(draft, node, kind);
    if (kind === 'decorator' && call.kind === 'call') Object.assign(call, { kind });
    const fn = draft.fns[draft.fn];
    const name = call.c.k === 'id' || call.c.k === 'mem' ? call.c.n : undefined;
    if (fn && name !== undefined) {
      if (fn.calls.length < mostCalls && !fn.calls.includes(name)) fn.calls.push(name);
      const span = spanName(name, call.a);
      if (span !== undefined && call.c.k === 'mem') fn.spans.push({ recv: call.c.o, name: span });
    }
    const callee = node.childForFieldName(node.type === 'new_expression' ? 'constructor' : 'function');
    if (callee) this.#withoutRead(callee);
    const list = node.childForFieldName('arguments');
    if (list) {
      if (list.type === 'template_string') this.visit(list);
      else this.#children(list);
    }
  }

  #assignment(node: Node): void {
    const { draft } = this;
    const left = node.childForFieldName('left');
    const right = node.childForFieldName('right');
    if (!left || !right) {
      this.#children(node);
      return;
    }
    const exported = draft.fn < 0 ? exportTarget(draft.textOf(left)) : undefined;
    if (exported !== undefined) this.#named(right, exported, null, draft.at(node));
    if (draft.fn < 0) readCommonJsExport(draft, left, right);
    const cls = draft.fns[draft.fn]?.cls;
    const target = expression(draft, left);
    if (cls && target.k === 'mem' && target.o.k === 'id' && target.o.n === 'this') {
      draft.members.push({ c: cls, n: target.n, e: expression(draft, right) });
    }
    this.#withoutRead(left);
    this.visit(right);
  }

  /** What is called or written is no read of a flag. */
  #withoutRead(node: Node): void {
    if (node.type === 'member_expression' || node.type === 'subscript_expression') this.#children(node);
    else this.visit(node);
  }

  #jsx(node: Node): void {
    const { draft } = this;
    const name = node.childForFieldName('name');
    const attributes = node.childrenForFieldName('attribute').filter((attribute) => attribute.type === 'jsx_attribute');
    if (name && /^[A-Z]/.test(draft.textOf(name))) {
      const members: [string, Expr][] = [];
      for (const attribute of attributes) {
        const [key, value] = parts(attribute);
        if (key && jsxKeyAttribute.test(draft.textOf(key))) members.push([draft.textOf(key), expression(draft, value)]);
      }
      if (members.length > 0) {
        const [from, id] = draft.span(node);
        draft.addCall({
          id,
          from,
          c: expression(draft, name),
          a: [{ k: 'obj', m: members }],
          kind: 'jsx',
          f: draft.fn,
        });
      }
    }
    this.#children(node);
  }

  #url(node: Node): void {
    const { draft } = this;
    if (mayHoldOfrepUrl(draft.text)) readOfrepUrl(draft, expression(draft, node), draft.span(node));
  }
}

/** `startSpan('x')`, `startActiveSpan('x', …)`. */
function spanName(callee: string, args: readonly Expr[]): string | undefined {
  if (callee !== 'startSpan' && callee !== 'startActiveSpan') return undefined;
  return args[0]?.k === 'str' ? args[0].v : undefined;
}

function exportTarget(left: string): string | undefined {
  return /^(?:module\.)?exports\.([\w$]+)$/.exec(left)?.[1] ?? (left === 'module.exports' ? 'exports' : undefined);
}

function unwrap(node: Node): Node {
  let at = node;
  for (let i = 0; i < 6; i++) {
    if (!/^(parenthesized|as|satisfies|await|non_null)_expression$/.test(at.type)) return at;
    const inner = parts(at)[0];
    if (!inner) return at;
    at = inner;
  }
  return at;
}

function decoratorOf(draft: Draft, node: Node): { n: string; a: readonly Expr[] }[] {
  const inner = parts(node)[0];
  if (!inner) return [];
  if (inner.type !== 'call_expression') return inner.type === 'identifier' ? [{ n: draft.textOf(inner), a: [] }] : [];
  const call = callOf(draft, inner, 'decorator');
  const name = call.c.k === 'id' || call.c.k === 'mem' ? call.c.n : undefined;
  return name === undefined ? [] : [{ n: name, a: call.a }];
}

/** Decorators among a node's own children (they stand before `export class`, inside it, or before a member). */
function decorators(draft: Draft, node: Node): { n: string; a: readonly Expr[] }[] {
  return node.namedChildren.filter((child) => child.type === 'decorator').flatMap((child) => decoratorOf(draft, child));
}
