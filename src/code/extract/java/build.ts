import { nowhere, type Expr, type Span } from '../../summary';
import type { SyntaxNode as Node } from '../../syntaxTree';
import type { Draft, Naming } from '../draft';
import { readOfrepUrl } from '../ofrepUrl';
import { annotationsOf } from './annotations';
import { assignedNames } from './assigned';
import {
  declareClass,
  declareComponents,
  declareEnumConstant,
  declareFields,
  declareLocal,
  declareParameters,
} from './declarations';
import { argumentsOf, callOf, expression, parts } from './expressions';
import { guardIf, guardLogical, guardSwitch, guardTernary } from './guards';
import { readImport } from './imports';
import { typeName } from './typeName';

/** Nesting past this is not followed (and said so): no recursion may exhaust the stack. */
const deepest = 700;
const mostCalls = 200;
const mostReturns = 4;

/** Node types below which nothing concerns us. */
const closed = new Set([
  'block_comment',
  'identifier',
  'line_comment',
  'marker_annotation',
  'modifiers',
  'super_interfaces',
  'superclass',
  'type_identifier',
  'type_parameters',
]);
const classes = new Set([
  'annotation_type_declaration',
  'class_declaration',
  'enum_declaration',
  'interface_declaration',
  'record_declaration',
]);

/** Visits one top-level declaration or class member and fills the draft. */
export class JavaBuilder {
  #depth = 0;
  /** The block being visited: what an early return leaves. */
  #suite: Span | null = null;
  /** Names of the method being visited that get more than one value. */
  #changing: ReadonlySet<string> = new Set();
  /** Class whose constructor is being visited. */
  #made: string | null = null;

  constructor(
    private readonly draft: Draft,
    pkg: string,
  ) {
    if (pkg !== '') draft.prefix = pkg.split('.');
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
      // Other files of the package are seen as if all of it were imported.
      case 'package_declaration':
        if (draft.prefix.length > 0) draft.stars.push(draft.prefix.join('.'));
        break;
      case 'import_declaration':
        readImport(draft, node);
        break;
      case 'local_variable_declaration':
        for (const declarator of node.childrenForFieldName('declarator'))
          this.#local(declarator, node.childForFieldName('type'));
        break;
      case 'resource':
        this.#local(node, node.childForFieldName('type'));
        break;
      case 'assignment_expression':
        this.#assignment(node);
        break;
      case 'lambda_expression':
        this.#function(node);
        break;
      case 'object_creation_expression':
        this.#creation(node);
        break;
      case 'block':
      case 'constructor_body':
      case 'switch_block':
        this.#block(node);
        break;
      case 'for_statement':
      case 'try_with_resources_statement':
      case 'catch_clause':
        this.#scoped(node, () => {
          if (node.type === 'catch_clause') {
            const parameter = node.namedChildren.find((child) => child.type === 'catch_formal_parameter');
            declareLocal(draft, parameter?.childForFieldName('name') ?? null, false, null);
          }
          this.#children(node);
        });
        break;
      case 'enhanced_for_statement':
        this.#scoped(node, () => {
          declareLocal(draft, node.childForFieldName('name'), false, node.childForFieldName('type'));
          this.#children(node);
        });
        break;
      case 'instanceof_expression':
        declareLocal(draft, node.childForFieldName('name'), false, node.childForFieldName('right'));
        this.#children(node);
        break;
      case 'if_statement':
        guardIf(draft, node, this.#suite);
        this.#children(node);
        break;
      case 'ternary_expression':
        guardTernary(draft, node);
        this.#children(node);
        break;
      case 'switch_expression':
        guardSwitch(draft, node);
        this.#children(node);
        break;
      case 'binary_expression':
        guardLogical(draft, node);
        this.#text(node);
        this.#children(node);
        break;
      case 'string_literal':
        this.#text(node);
        break;
      case 'return_statement':
        this.#return(node);
        break;
      case 'method_invocation':
        this.#call(node);
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
    const { draft } = this;
    const name = node.childForFieldName('name')?.text ?? '';
    const body = node.childForFieldName('body');
    declareClass(draft, node, name, draft.span(node));
    if (node.type === 'record_declaration') declareComponents(draft, node, name);
    if (body) this.members(parts(body), name);
  }

  /** What stands before the body of a class whose members are pieces of their own. */
  classHead(node: Node): void {
    declareClass(this.draft, node, node.childForFieldName('name')?.text ?? '', this.draft.span(node));
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
      case 'constant_declaration':
        declareFields(draft, member, c);
        annotationsOf(draft, member);
        this.#children(member);
        break;
      case 'method_declaration':
        this.#method(member, c);
        break;
      case 'constructor_declaration':
      case 'compact_constructor_declaration':
        this.#maker(member, c);
        break;
      case 'enum_constant':
        declareEnumConstant(draft, member, c);
        for (const argument of argumentsOf(member)) this.visit(argument);
        for (const inner of parts(member.childForFieldName('body') ?? member))
          if (inner.type === 'method_declaration') this.#method(inner, null);
        break;
      case 'enum_body_declarations':
        for (const inner of parts(member)) this.#member(inner, c);
        break;
      default:
        if (classes.has(member.type)) {
          const n = member.childForFieldName('name')?.text ?? '';
          // Meant is what the file declares, not this member.
          draft.members.push({ c, n, e: { k: 'id', n, at: nowhere } });
        }
        this.visit(member);
    }
  }

  /** A method that has no body says only that there is one. `c` is null for those of anonymous classes. */
  #method(node: Node, c: string | null): void {
    const { draft } = this;
    const name = node.childForFieldName('name');
    const body = node.childForFieldName('body');
    if (!name) return;
    const n = draft.textOf(name);
    const t = typeName(node.childForFieldName('type'));
    if (!body) {
      if (c !== null) draft.members.push({ c, n });
      return;
    }
    const deco = annotationsOf(draft, node);
    const naming = { n, q: draft.qualified(n), head: draft.at(node), cls: c, method: true, owners: [], deco };
    const f = this.#function(node, naming, t);
    const spanned = deco.find((one) => one.n === 'WithSpan');
    if (spanned) {
      const given = spanned.a[0] ?? spanned.kw?.find(([key]) => key === 'value')?.[1];
      const span = given?.k === 'str' && given.v !== '' ? given.v : `${c ?? ''}.${n}`;
      draft.fns[f]?.spans.push({ recv: { k: 'none' }, name: span });
    }
    if (c !== null) draft.members.push({ c, n, f });
  }

  #maker(node: Node, c: string): void {
    const { draft } = this;
    const outer = this.#made;
    this.#made = c;
    const naming = {
      n: '<init>',
      q: draft.qualified('<init>'),
      head: draft.at(node),
      cls: c,
      method: true,
      owners: [],
      deco: annotationsOf(draft, node),
    };
    const f = this.#function(node, naming);
    // A record's short one takes its components.
    if (node.type === 'constructor_declaration') draft.members.push({ c, n: 'constructor', f });
    this.#made = outer;
  }

  #function(node: Node, naming?: Naming, ret: string | null = null): number {
    const { draft } = this;
    const index = draft.functionAt(node, ret, naming);
    const fn = draft.fns[index];
    const body = node.childForFieldName('body');
    if (!fn || !body) return index;
    const outer = { fn: draft.fn, block: draft.block, prefix: draft.prefix, suite: this.#suite };
    const changing = this.#changing;
    fn.parent = outer.fn;
    draft.fn = index;
    draft.block = draft.span(node);
    if (fn.q !== null) draft.prefix = fn.q.split('.');
    if (outer.fn < 0) this.#changing = assignedNames(draft, body);
    declareParameters(draft, node, index);
    if (node.type === 'lambda_expression' && body.type !== 'block') fn.rets.push(expression(draft, body));
    this.visit(body);
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
    const value = declarator.childForFieldName('value');
    if (name && value?.type === 'lambda_expression') {
      const n = draft.textOf(name);
      const naming = {
        n,
        q: draft.qualified(n),
        head: draft.at(declarator),
        cls: null,
        method: false,
        owners: [],
        deco: [],
      };
      draft.functionAt(value, null, naming);
    }
    const keeps = name !== null && !this.#changing.has(draft.textOf(name));
    declareLocal(draft, name, keeps, type, value ? expression(draft, value) : undefined);
    if (value) this.visit(value);
  }

  /** `this.key = key`, or `key = k` of a field in a constructor: what an instance holds. */
  #assignment(node: Node): void {
    const { draft } = this;
    const left = node.childForFieldName('left');
    const right = node.childForFieldName('right');
    const target = expression(draft, left);
    const cls = this.#made ?? draft.fns[draft.fn]?.cls ?? null;
    const isOwn = target.k === 'mem' && target.o.k === 'id' && target.o.n === 'this';
    const isPlain = target.k === 'id' && this.#made !== null && !this.#isLocal(target.n);
    if (cls !== null && right && (isOwn || isPlain))
      draft.members.push({ c: cls, n: target.n, e: expression(draft, right) });
    if (left && left.type !== 'identifier') this.visit(left);
    if (right) this.visit(right);
  }

  #isLocal(name: string): boolean {
    return this.draft.decls.some((decl) => decl.n === name && decl.scope !== null);
  }

  #return(node: Node): void {
    const value = parts(node)[0];
    const fn = this.draft.fns[this.draft.fn];
    if (value && fn && fn.rets.length < mostReturns) fn.rets.push(expression(this.draft, value));
    this.#children(node);
  }

  /** `new T(…)`, and the methods of `new T(…) { … }`, whose object is another than the one around. */
  #creation(node: Node): void {
    callOf(this.draft, node);
    for (const argument of argumentsOf(node)) this.visit(argument);
    const body = node.namedChildren.find((child) => child.type === 'class_body');
    for (const member of body ? parts(body) : []) {
      if (member.type === 'method_declaration') this.#method(member, null);
      else this.#children(member);
    }
  }

  #call(node: Node): void {
    const { draft } = this;
    this.#text(node);
    const call = callOf(draft, node);
    const fn = draft.fns[draft.fn];
    if (fn && (call.c.k === 'id' || call.c.k === 'mem')) {
      const { n } = call.c;
      if (fn.calls.length < mostCalls && !fn.calls.includes(n)) fn.calls.push(n);
      // `tracer.spanBuilder("name").startSpan()`
      const name: Expr | undefined = call.a[0];
      if (n === 'spanBuilder' && call.c.k === 'mem' && name?.k === 'str')
        fn.spans.push({ recv: call.c.o, name: name.v });
    }
    const object = node.childForFieldName('object');
    if (object) this.visit(object);
    for (const argument of argumentsOf(node)) this.visit(argument);
  }

  #text(node: Node): void {
    if (this.draft.textOf(node).includes('ofrep'))
      readOfrepUrl(this.draft, expression(this.draft, node), this.draft.span(node));
  }
}
