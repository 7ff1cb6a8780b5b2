import type { Expr, Span } from '../../summary';
import type { SyntaxNode as Node } from '../../syntaxTree';
import type { Draft, Naming } from '../draft';
import { readOfrepUrl } from '../ofrepUrl';
import { againInBlock, assignedNames } from './assigned';
import { declareConstants, declareParameters, declareTypes, valuesOf } from './declarations';
import { callOf, expression, parts } from './expressions';
import { guardIf, guardLogical, guardSwitch } from './guards';
import { readImports } from './imports';
import { nameFunctions } from './naming';
import { typeName } from './typeName';

/** Nesting past this is not followed (and said so): no recursion may exhaust the stack. */
const deepest = 700;
const mostCalls = 200;
const mostReturns = 4;

/** Node types below which nothing concerns us. */
const closed = new Set([
  'identifier',
  'field_identifier',
  'type_identifier',
  'package_identifier',
  'package_clause',
  'comment',
  'int_literal',
  'float_literal',
  'true',
  'false',
  'nil',
  'struct_type',
  'interface_type',
  'function_type',
]);

/** Visits one top-level declaration and fills the draft. */
export class GoBuilder {
  #depth = 0;
  /** The block being visited: what an early return leaves. */
  #suite: Span | null = null;
  /** Names of the function being visited that get more than one value. */
  #changing: ReadonlySet<string> = new Set();

  constructor(private readonly draft: Draft) {}

  visit(node: Node): void {
    const { draft } = this;
    if (closed.has(node.type)) return;
    if (draft.leavesOut(this.#depth, deepest)) return;
    this.#depth++;
    switch (node.type) {
      case 'import_declaration':
        readImports(draft, node);
        break;
      case 'type_declaration':
        declareTypes(draft, node);
        break;
      case 'const_declaration':
        declareConstants(draft, node);
        this.#children(node);
        break;
      case 'var_spec':
      case 'short_var_declaration':
        this.#variables(node);
        break;
      case 'assignment_statement':
        this.#assignment(node);
        break;
      case 'function_declaration':
      case 'method_declaration':
        this.#declaration(node);
        break;
      case 'func_literal':
        this.#function(node);
        break;
      case 'block':
        this.#block(node);
        break;
      case 'if_statement':
        this.#scoped(node, () => {
          guardIf(draft, node, this.#suite);
          this.#children(node);
        });
        break;
      case 'for_statement':
        this.#scoped(node, () => this.#children(node));
        break;
      case 'range_clause':
        this.#range(node);
        break;
      case 'expression_switch_statement':
        this.#scoped(node, () => {
          this.visitField(node, 'initializer');
          guardSwitch(draft, node);
          for (const child of node.namedChildren) if (child.field !== 'initializer') this.visit(child);
        });
        break;
      case 'binary_expression':
        guardLogical(draft, node);
        this.#text(node);
        this.#children(node);
        break;
      case 'interpreted_string_literal':
      case 'raw_string_literal':
        this.#text(node);
        break;
      case 'return_statement':
        this.#return(node);
        break;
      case 'call_expression':
        this.#call(node);
        break;
      case 'composite_literal':
        expression(draft, node);
        this.#children(node);
        break;
      default:
        this.#children(node);
    }
    this.#depth--;
  }

  private visitField(node: Node, field: string): void {
    const child = node.childForFieldName(field);
    if (child) this.visit(child);
  }

  #children(node: Node): void {
    for (const child of node.namedChildren) this.visit(child);
  }

  #block(node: Node): void {
    const outer = { suite: this.#suite, changing: this.#changing };
    this.#suite = this.draft.span(node);
    const again = againInBlock(this.draft, node);
    if (again.size > 0) this.#changing = new Set([...outer.changing, ...again]);
    this.#scoped(node, () => this.#children(node));
    this.#suite = outer.suite;
    this.#changing = outer.changing;
  }

  #scoped(node: Node, run: () => void): void {
    const outer = this.draft.block;
    this.draft.block = this.draft.span(node);
    run();
    this.draft.block = outer;
  }

  /** `x, err := f()`, `var x T = f()`. Names of the file are constants by convention, others where they keep their value. */
  #variables(node: Node): void {
    const { draft } = this;
    const isShort = node.type === 'short_var_declaration';
    const left = isShort ? node.childForFieldName('left') : null;
    const names = (left ? parts(left) : node.childrenForFieldName('name')).filter((name) => name.type === 'identifier');
    const right = node.childForFieldName(isShort ? 'right' : 'value');
    const values = right ? parts(right) : [];
    const t = isShort ? null : typeName(node.childForFieldName('type'));
    names.forEach((name, i) => {
      if (values[i]) nameFunctions(draft, values[i], draft.textOf(name), draft.at(node));
    });
    const es = valuesOf(draft, names.length, right);
    names.forEach((name, i) => {
      const n = draft.textOf(name);
      const e = es[i];
      const kind = this.#changing.has(n) || !e ? 'let' : 'const';
      // A text is known by its value, whatever its type is called.
      const typed = t !== null && e?.k !== 'str' && { t };
      draft.decls.push({ n, kind, scope: draft.block, at: draft.at(name), ...(e && { e }), ...typed });
    });
    if (right) this.visit(right);
  }

  #assignment(node: Node): void {
    const { draft } = this;
    const left = node.childForFieldName('left');
    const right = node.childForFieldName('right');
    const targets = left ? parts(left) : [];
    const values = valuesOf(draft, targets.length, right);
    const cls = draft.fns[draft.fn]?.cls;
    targets.forEach((target, i) => {
      const e = expression(draft, target);
      const value = values[i];
      if (cls && value && e.k === 'mem' && e.o.k === 'id' && e.o.n === 'this')
        draft.members.push({ c: cls, n: e.n, e: value });
    });
    this.#children(node);
  }

  #range(node: Node): void {
    const { draft } = this;
    const left = node.childForFieldName('left');
    for (const name of left ? parts(left) : [])
      if (name.type === 'identifier')
        draft.decls.push({ n: draft.textOf(name), kind: 'let', scope: draft.block, at: draft.at(name) });
    this.#children(node);
  }

  #declaration(node: Node): void {
    const { draft } = this;
    const name = node.childForFieldName('name');
    if (!name) {
      this.#function(node);
      return;
    }
    const n = draft.textOf(name);
    const receiver = node
      .childForFieldName('receiver')
      ?.namedChildren.find((child) => child.type === 'parameter_declaration');
    const cls = typeName(receiver?.childForFieldName('type'));
    const self = receiver?.childForFieldName('name');
    draft.selfName = self ? draft.textOf(self) : null;
    const f = this.#function(node, {
      n,
      q: cls === null ? n : `${cls}.${n}`,
      head: draft.at(node),
      cls,
      method: cls !== null,
      owners: [],
      deco: [],
    });
    draft.selfName = null;
    if (cls !== null) draft.members.push({ c: cls, n, f });
    else draft.decls.push({ n, kind: 'function', scope: draft.block, at: draft.at(name), f });
  }

  #function(node: Node, naming?: Naming): number {
    const { draft } = this;
    const index = draft.functionAt(node, typeName(node.childForFieldName('result')), naming);
    const fn = draft.fns[index];
    const body = node.childForFieldName('body');
    if (!fn || !body) return index;
    const outer = { fn: draft.fn, block: draft.block, prefix: draft.prefix, suite: this.#suite };
    const changing = this.#changing;
    fn.parent = outer.fn;
    draft.fn = index;
    draft.block = draft.span(node);
    if (fn.n !== null) draft.prefix = (fn.q ?? fn.n).split('.');
    if (outer.fn < 0) this.#changing = assignedNames(draft, body);
    declareParameters(draft, node, index);
    this.visit(body);
    draft.fn = outer.fn;
    draft.block = outer.block;
    draft.prefix = outer.prefix;
    this.#suite = outer.suite;
    this.#changing = changing;
    return index;
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
      // `tracer.Start(ctx, "name")`
      const name: Expr | undefined = call.a[1];
      if (n === 'Start' && call.c.k === 'mem' && name?.k === 'str') fn.spans.push({ recv: call.c.o, name: name.v });
    }
    this.visitField(node, 'function');
    this.visitField(node, 'arguments');
  }

  #text(node: Node): void {
    if (this.draft.textOf(node).includes('ofrep'))
      readOfrepUrl(this.draft, expression(this.draft, node), this.draft.span(node));
  }
}
