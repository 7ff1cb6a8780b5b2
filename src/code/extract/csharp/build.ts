import { nowhere, ownStar, type Span } from '../../summary';
import type { SyntaxNode as Node } from '../../syntaxTree';
import type { Draft, Naming } from '../draft';
import { readOfrepUrl } from '../ofrepUrl';
import { assignedNames } from './assigned';
import { attributesOf, hasModifier } from './attributes';
import {
  declareClass,
  declareComponents,
  declareFields,
  declareLocal,
  declareParameters,
  valueOf,
} from './declarations';
import { isSnapshot } from '../grammar/snapshotRead';
import { argumentsIn, callOf, expression, parts, snapshotOf } from './expressions';
import { guardArms, guardIf, guardLogical, guardSwitch, guardTernary } from './guards';
import { servedType } from './servedType';
import { typeName } from './typeName';
import { readUsing } from './usings';

/** Nesting past this is not followed (and said so): no recursion may exhaust the stack. */
const deepest = 700;
const mostCalls = 200;
const mostReturns = 4;

/** Node types below which nothing concerns us. */
const closed = new Set([
  'attribute_list',
  'base_list',
  'comment',
  'delegate_declaration',
  'identifier',
  'modifier',
  'predefined_type',
  'type_argument_list',
  'type_parameter_list',
]);
export const classes = new Set([
  'class_declaration',
  'enum_declaration',
  'interface_declaration',
  'record_declaration',
  'struct_declaration',
]);

/** Visits one top-level declaration, statement or class member and fills the draft. */
export class CsharpBuilder {
  #depth = 0;
  /** The block being visited: what an early return leaves. */
  #suite: Span | null = null;
  /** Names of the method being visited that get more than one value. */
  #changing: ReadonlySet<string> = new Set();
  /** Class whose constructor is being visited. */
  #made: string | null = null;

  constructor(
    private readonly draft: Draft,
    namespace: string,
  ) {
    if (namespace !== '') draft.prefix = namespace.split('.');
  }

  /** What stands before the declarations of a namespace. */
  namespace(): void {
    if (this.draft.prefix.length > 0) this.draft.stars.push(ownStar + this.draft.prefix.join('.'));
  }

  visit(node: Node): void {
    const { draft } = this;
    if (closed.has(node.type)) return;
    if (draft.leavesOut(this.#depth, deepest)) return;
    this.#depth++;
    if (classes.has(node.type)) this.#class(node);
    else this.#visit(node);
    this.#depth--;
  }

  #visit(node: Node): void {
    const { draft } = this;
    switch (node.type) {
      case 'using_directive':
        readUsing(draft, node);
        break;
      case 'variable_declaration':
        for (const declarator of parts(node))
          if (declarator.type === 'variable_declarator') this.#local(declarator, node.childForFieldName('type'));
        break;
      case 'local_function_statement':
        this.#localFunction(node);
        break;
      case 'assignment_expression':
        this.#assignment(node);
        break;
      case 'lambda_expression':
      case 'anonymous_method_expression':
        this.#function(node);
        break;
      case 'block':
        this.#block(node);
        break;
      case 'for_statement':
      case 'using_statement':
      case 'catch_clause':
        this.#scoped(node, () => this.#children(node));
        break;
      case 'catch_declaration':
        declareLocal(draft, node.childForFieldName('name'), false, null);
        break;
      case 'foreach_statement': {
        const left = node.childForFieldName('left');
        this.#scoped(node, () => {
          const t = typeName(node.childForFieldName('type'));
          if (left?.type === 'identifier') declareLocal(draft, left, false, t);
          this.#children(node);
        });
        break;
      }
      case 'declaration_pattern':
      case 'declaration_expression':
        declareLocal(draft, node.childForFieldName('name'), false, typeName(node.childForFieldName('type')));
        break;
      case 'if_statement':
        guardIf(draft, node, this.#suite);
        this.#children(node);
        break;
      case 'conditional_expression':
        guardTernary(draft, node);
        this.#children(node);
        break;
      case 'switch_statement':
        guardSwitch(draft, node);
        this.#children(node);
        break;
      case 'switch_expression':
        guardArms(draft, node);
        this.#children(node);
        break;
      case 'binary_expression':
        guardLogical(draft, node);
        this.#text(node);
        this.#children(node);
        break;
      case 'string_literal':
      case 'interpolated_string_expression':
      case 'verbatim_string_literal':
      case 'raw_string_literal':
        this.#text(node);
        this.#children(node);
        break;
      case 'return_statement':
        this.#return(node);
        break;
      case 'invocation_expression':
        this.#call(node);
        break;
      case 'element_access_expression':
        if (isSnapshot(node.childForFieldName('expression'))) snapshotOf(draft, node);
        this.#children(node);
        break;
      case 'object_creation_expression':
      case 'implicit_object_creation_expression':
        callOf(draft, node);
        this.#children(node);
        break;
      default:
        this.#children(node);
    }
  }

  #children(node: Node): void {
    for (const child of node.namedChildren) this.visit(child);
  }

  #block(node: Node): void {
    const outer = this.#suite;
    this.#suite = this.draft.span(node);
    this.#scoped(node, () => this.#children(node));
    this.#suite = outer;
  }

  #scoped(node: Node, run: () => void): void {
    const outer = this.draft.block;
    this.draft.block = this.draft.span(node);
    run();
    this.draft.block = outer;
  }

  #class(node: Node): void {
    const body = node.childForFieldName('body');
    const name = this.classHead(node);
    if (body) this.members(parts(body), name);
  }

  /** What stands before the body of a class. */
  classHead(node: Node): string {
    const name = node.childForFieldName('name')?.text ?? '';
    declareClass(this.draft, node, name, this.draft.span(node));
    declareComponents(this.draft, node, name);
    return name;
  }

  members(members: readonly Node[], className: string): void {
    const { draft } = this;
    const outer = { prefix: draft.prefix, suite: this.#suite };
    draft.prefix = [...outer.prefix, className];
    this.#suite = null;
    for (const member of members) this.#member(member, className);
    draft.prefix = outer.prefix;
    this.#suite = outer.suite;
  }

  #member(member: Node, c: string): void {
    const { draft } = this;
    switch (member.type) {
      case 'field_declaration':
        declareFields(draft, member, c);
        for (const declarator of member.namedChildren.flatMap(parts))
          if (declarator.type === 'variable_declarator') this.#children(declarator);
        break;
      case 'property_declaration':
        this.#property(member, c);
        break;
      case 'method_declaration':
        this.#method(member, c);
        break;
      case 'constructor_declaration':
        this.#maker(member, c);
        break;
      case 'enum_member_declaration': {
        // What an enum's constant is called is all that it says as a text.
        const name = member.childForFieldName('name');
        const n = name ? draft.textOf(name) : '';
        if (name) draft.members.push({ c, n, e: { k: 'str', v: n, at: draft.at(name) } });
        break;
      }
      default:
        if (classes.has(member.type)) {
          const n = member.childForFieldName('name')?.text ?? '';
          // Meant is what the file declares, not this member.
          draft.members.push({ c, n, e: { k: 'id', n, at: nowhere } });
        }
        this.visit(member);
    }
  }

  /** `Key { get; } = e`, `Key => e`, `Key { get { return e; } }`: a member that holds e; its lines are a function's. */
  #property(node: Node, c: string): void {
    const { draft } = this;
    const name = node.childForFieldName('name');
    if (!name) return;
    const n = draft.textOf(name);
    const typed = typeName(node.childForFieldName('type'));
    const t = typed !== null && { t: typed };
    const value = node.childForFieldName('value');
    const accessors = parts(node.childForFieldName('accessors') ?? node).filter(
      (child) => child.type === 'accessor_declaration' && child.childForFieldName('body'),
    );
    const deco = attributesOf(draft, node);
    const run = (part: Node, kind: string): number => {
      const q = draft.qualified(`${kind}_${n}`);
      return this.#function(part, { n, q, head: draft.at(node), cls: c, method: true, owners: [], deco });
    };
    if (value && value.type !== 'arrow_expression_clause') {
      draft.members.push({ c, n, ...t, e: expression(draft, value) });
      this.visit(value);
      return;
    }
    const made = value
      ? [run(value, 'get')]
      : accessors.map((accessor) => run(accessor, accessor.childForFieldName('name')?.text ?? 'get'));
    const [e] = made.flatMap((f) => draft.fns[f]?.rets ?? []);
    draft.members.push({ c, n, ...t, ...(e && { e }) });
  }

  /** A method that has no body says only that there is one. */
  #method(node: Node, c: string): void {
    const { draft } = this;
    const name = node.childForFieldName('name');
    if (!name) return;
    const n = draft.textOf(name);
    if (!node.childForFieldName('body')) {
      draft.members.push({ c, n });
      return;
    }
    const first = parts(node.childForFieldName('parameters') ?? node)[0];
    const extended = first && hasModifier(first, 'this') ? typeName(first.childForFieldName('type')) : null;
    const f = this.#function(
      node,
      this.#naming(node, n, n, c, extended === null ? [] : [extended]),
      typeName(node.childForFieldName('returns')),
    );
    draft.members.push({ c, n, f });
  }

  /** What makes an attribute is called where the attribute is written. */
  #maker(node: Node, c: string): void {
    const outer = this.#made;
    this.#made = c;
    const n = c.endsWith('Attribute') ? c : '.ctor';
    const f = this.#function(node, this.#naming(node, n, '.ctor', c, []));
    this.draft.members.push({ c, n: 'constructor', f });
    this.#made = outer;
  }

  #localFunction(node: Node): void {
    const { draft } = this;
    const name = node.childForFieldName('name');
    const n = name ? draft.textOf(name) : null;
    if (!name || n === null) return;
    const f = this.#function(node, this.#naming(node, n, n, null, []), typeName(node.childForFieldName('type')));
    draft.decls.push({ n, kind: 'function', scope: draft.block, at: draft.at(name), f });
  }

  #naming(node: Node, n: string, own: string, cls: string | null, owners: readonly string[]): Naming {
    const { draft } = this;
    const q = own === '.ctor' ? `${draft.prefix.join('.')}..ctor` : draft.qualified(own);
    return { n, q, head: draft.at(node), cls, method: cls !== null, owners, deco: [] };
  }

  #function(node: Node, naming?: Naming, ret: string | null = null): number {
    const { draft } = this;
    const index = draft.functionAt(node, ret, naming);
    const fn = draft.fns[index];
    const body = node.childForFieldName('body') ?? (node.type === 'arrow_expression_clause' ? node : null);
    if (!fn || !body) return index;
    const outer = { fn: draft.fn, block: draft.block, prefix: draft.prefix, suite: this.#suite };
    const changing = this.#changing;
    fn.parent = outer.fn;
    draft.fn = index;
    draft.block = draft.span(node);
    if (fn.q !== null) draft.prefix = fn.q.split('.');
    if (outer.fn < 0) this.#changing = assignedNames(draft, body);
    declareParameters(draft, node, index);
    // Attributes belong to what they stand on.
    if (naming && fn.deco.length === 0) draft.fns[index] = { ...fn, deco: attributesOf(draft, node) };
    const value = body.type === 'arrow_expression_clause' ? parts(body)[0] : body;
    if (value && value.type !== 'block') draft.fns[index]?.rets.push(expression(draft, value));
    const base = node.namedChildren.find((child) => child.type === 'constructor_initializer');
    if (base) this.#children(base);
    if (value) this.visit(value);
    draft.fn = outer.fn;
    draft.block = outer.block;
    draft.prefix = outer.prefix;
    this.#suite = outer.suite;
    this.#changing = changing;
    return index;
  }

  #local(declarator: Node, type: Node | null): void {
    const { draft } = this;
    const name = declarator.childForFieldName('name');
    if (name?.type !== 'identifier') {
      this.#children(declarator);
      return;
    }
    const n = draft.textOf(name);
    const value = valueOf(draft, declarator, type);
    if (value?.node.type === 'lambda_expression')
      draft.functionAt(value.node, null, this.#naming(declarator, n, n, null, []));
    const t = typeName(type) ?? servedType(value?.node);
    declareLocal(draft, name, !this.#changing.has(n), t, value?.e);
    if (value) this.visit(value.node);
  }

  /** `_key = key` or `this._key = key` in a constructor: what an instance holds. */
  #assignment(node: Node): void {
    const { draft } = this;
    const left = node.childForFieldName('left');
    const right = node.childForFieldName('right');
    const target = expression(draft, left);
    const isOwn = target.k === 'mem' && target.o.k === 'id' && target.o.n === 'this';
    const isPlain = target.k === 'id' && !draft.decls.some((decl) => decl.n === target.n && decl.scope !== null);
    if (this.#made !== null && right && (isOwn || isPlain))
      draft.members.push({ c: this.#made, n: target.n, e: expression(draft, right) });
    if (left && left.type !== 'identifier') this.visit(left);
    if (right) this.visit(right);
  }

  #return(node: Node): void {
    const value = parts(node)[0];
    const fn = this.draft.fns[this.draft.fn];
    if (value && fn && fn.rets.length < mostReturns) fn.rets.push(expression(this.draft, value));
    this.#children(node);
  }

  #call(node: Node): void {
    const { draft } = this;
    this.#text(node);
    const call = callOf(draft, node);
    const fn = draft.fns[draft.fn];
    if (fn && (call.c.k === 'id' || call.c.k === 'mem')) {
      const { n } = call.c;
      if (fn.calls.length < mostCalls && !fn.calls.includes(n)) fn.calls.push(n);
      // `source.StartActivity("name")`
      const [name] = call.a;
      if (n === 'StartActivity' && call.c.k === 'mem' && name?.k === 'str')
        fn.spans.push({ recv: call.c.o, name: name.v });
    }
    const callee = node.childForFieldName('function');
    if (callee) this.visit(callee);
    for (const { value } of argumentsIn(node.childForFieldName('arguments'))) this.visit(value);
  }

  #text(node: Node): void {
    if (this.draft.textOf(node).includes('ofrep'))
      readOfrepUrl(this.draft, expression(this.draft, node), this.draft.span(node));
  }
}
