import { nowhere, type Expr, type Span } from '../../summary';
import type { SyntaxNode as Node } from '../../syntaxTree';
import type { Draft, Naming } from '../draft';
import { readOfrepUrl } from '../ofrepUrl';
import { giveCasesTheirTexts } from './caseTexts';
import { changedNames } from './changedNames';
import {
  declareClass,
  declareEntry,
  declareImport,
  declarePackage,
  declareParameters,
  declareVariable,
} from './declarations';
import { GuardReader } from './guards';
import type { LanguageGrammar } from './languageGrammar';
import { Reading } from './reading';
import type { CallOf, ClassRole, FunctionRole, Param, Role, Variable } from './role';

/** Nesting past this is not followed (and said so): no recursion may exhaust the stack. */
const deepest = 600;
const mostCalls = 200;
const mostReturns = 4;

/** Visits one top-level statement or class member and fills the draft. */
export class Walker {
  readonly reading: Reading;
  readonly #guards: GuardReader;
  #depth = 0;
  /** The block being visited: what an early return leaves. */
  #suite: Span | null = null;
  /** Names of the function being visited that get more than one value. */
  #changing: ReadonlySet<string> = new Set();

  constructor(
    private readonly grammar: LanguageGrammar,
    readonly draft: Draft,
    pkg: string,
  ) {
    this.reading = new Reading(grammar, draft);
    this.#guards = new GuardReader(this.reading);
    if (pkg !== '') draft.prefix = pkg.split('.');
  }

  visit(node: Node | null): void {
    if (!node) return;
    if (this.draft.leavesOut(this.#depth, deepest)) return;
    this.#depth++;
    this.#visit(node, this.reading.role(node));
    this.#depth--;
  }

  #all(nodes: readonly (Node | null)[]): void {
    for (const node of nodes) this.visit(node);
  }

  #visit(node: Node, role: Role | null): void {
    switch (role?.is) {
      case 'skip':
      case 'value':
      case 'name':
        break;
      case 'text':
        this.#url(node);
        this.#all(role.parts.filter((part) => typeof part !== 'string'));
        break;
      case 'member':
        this.visit(role.object);
        break;
      case 'call':
        this.#call(node, role);
        break;
      case 'inner':
      case 'not':
        this.visit(role.of);
        break;
      case 'binary':
        this.#guards.logical(role);
        this.#url(node);
        this.#all([role.a, role.b]);
        break;
      case 'list':
        this.#all(role.items);
        break;
      case 'map':
        for (const [key, value] of role.entries) this.#all(typeof key === 'string' ? [value] : [key, value]);
        break;
      case 'if':
        for (const variable of role.names ?? []) this.#variable(node, variable);
        this.#guards.branch(node, role, this.#suite);
        this.#all([...role.conditions, ...role.then, ...role.other]);
        break;
      case 'switch':
        this.#guards.cases(role);
        this.visit(role.subject);
        for (const { tests, body } of role.cases) this.#all([...tests, ...body]);
        break;
      case 'function':
        this.#named(node, role);
        break;
      case 'block':
        this.#block(node, role.statements);
        break;
      case 'scope':
        this.#scoped(node, () => {
          for (const variable of role.names) this.#variable(node, variable);
          this.#all(role.children);
        });
        break;
      case 'variables':
        for (const variable of role.names) this.#variable(node, variable);
        break;
      case 'assign':
        this.#assignment(role);
        break;
      case 'return':
        this.#returned(role.value);
        this.visit(role.value);
        break;
      case 'class':
        this.#class(node, role);
        break;
      case 'import':
        for (const name of role.names) declareImport(this, name);
        break;
      case 'package':
        declarePackage(this, role.name);
        this.#all(role.statements ?? []);
        break;
      case 'members':
        this.#all(role.of);
        break;
      case 'annotated':
        this.reading.decorators(role.annotations);
        break;
      default:
        this.#all(node.namedChildren);
    }
  }

  #block(node: Node, statements: readonly Node[]): void {
    const outer = this.#suite;
    this.#suite = this.draft.span(node);
    this.#scoped(node, () => this.#all(statements));
    this.#suite = outer;
  }

  #scoped(node: Node, run: () => void): void {
    const outer = this.draft.block;
    // Where assigning declares, names count in the whole function.
    if (!this.grammar.assignmentDeclares) this.draft.block = this.draft.span(node);
    run();
    this.draft.block = outer;
  }

  #class(node: Node, role: ClassRole): void {
    const name = this.nameOf(node, role);
    this.classHead(node, role);
    this.members(role.members, name);
    if (role.kind === 'enum') giveCasesTheirTexts(this.reading, role.members, name);
  }

  /** What an anonymous class is known by: nothing that code can write. */
  nameOf(node: Node, { n }: ClassRole): string {
    return n === '' ? `<${this.draft.at(node)}>` : n;
  }

  /** What stands before the members of a class, which may be pieces of their own. */
  classHead(node: Node, role: ClassRole): void {
    const name = this.nameOf(node, role);
    declareClass(this, node, role, name);
    for (const { given } of role.bases) for (const { value } of given?.args ?? []) this.visit(value);
    if (role.maker) this.#primaryMaker(role.maker, name, this.#variablesIn(role.members));
  }

  #variablesIn(members: readonly Node[]): ReadonlySet<string> {
    const roles = members.map((member) => this.reading.role(member));
    return new Set(roles.flatMap((role) => (role?.is === 'variables' ? role.names.map(({ n }) => n) : [])));
  }

  /**
   * `class A(private val key: String)`: what is given is known by the parameters, kept in fields. What is not kept the
   * class's initializers see all the same, but for what an own field hides.
   */
  #primaryMaker({ at, params }: NonNullable<ClassRole['maker']>, c: string, hidden: ReadonlySet<string>): void {
    const { draft } = this;
    const made: FunctionRole = {
      is: 'function',
      n: '<init>',
      params,
      body: [],
      lastIsValue: false,
      returns: null,
      annotations: [],
      makes: true,
    };
    const naming = { ...this.#naming(at, made, '<init>', c), q: draft.qualified(`${c}.<init>`) };
    const f = draft.functionAt(at, null, naming);
    declareParameters(this, at, made, f);
    draft.members.push({ c, n: 'constructor', f });
    const seen = params.map((param) => (hidden.has(param.n) ? param : { field: true as const, ...param }));
    this.#givenFields(seen, c);
    for (const { value, annotations } of params) {
      this.reading.decorators(annotations ?? []);
      this.visit(value ?? null);
    }
  }

  /** Parameters of a maker that are fields as well. */
  #givenFields(params: readonly Param[], c: string): void {
    for (const { n, at, type, field } of params)
      if (field !== undefined)
        this.draft.members.push({
          c,
          n: field === true ? n : field,
          ...(type !== null && { t: type }),
          e: { k: 'id', n, at: this.draft.at(at) },
        });
  }

  members(members: readonly Node[], c: string): void {
    const { draft } = this;
    const outer = { prefix: draft.prefix, suite: this.#suite };
    draft.prefix = [...outer.prefix, c];
    this.#suite = null;
    for (const member of members) this.#member(member, this.reading.role(member), c);
    draft.prefix = outer.prefix;
    this.#suite = outer.suite;
  }

  #member(node: Node, role: Role | null, c: string): void {
    const { draft } = this;
    switch (role?.is) {
      case 'variables':
        for (const variable of role.names) this.#field(node, variable, c);
        break;
      case 'function':
        this.#method(node, role, c);
        break;
      case 'entry': {
        const own = declareEntry(this, node, role, c);
        for (const { value } of role.args) this.visit(value);
        if (own !== null) this.members(role.members, own);
        break;
      }
      case 'members':
        for (const member of role.of) this.#member(member, this.reading.role(member), c);
        break;
      case 'class':
        // Meant is what the file declares, not this member.
        if (role.n !== '') draft.members.push({ c, n: role.n, e: { k: 'id', n: role.n, at: nowhere } });
        this.visit(node);
        break;
      default:
        this.visit(node);
    }
  }

  #field(node: Node, variable: Variable, c: string): void {
    const { draft } = this;
    const { n, value, getter } = variable;
    if (getter) {
      const [only] = getter;
      // What it calls is the getter's own: only a text is read before that is entered.
      const isText = getter.length === 1 && only !== undefined && this.reading.role(only)?.is === 'text';
      const text = isText ? this.reading.expression(only) : undefined;
      if (text?.k === 'str') draft.members.push({ c, n, e: text });
      else this.#method(getter[0] ?? node, getterOf(variable, getter), c, draft.at(node));
      return;
    }
    const made = value && this.reading.role(value);
    if (value && made?.is === 'function') {
      const f = this.#function(value, made, this.#naming(node, made, n, c));
      draft.members.push({ c, n, f });
      return;
    }
    // What annotates a field may ask for a flag.
    this.reading.decorators(variable.annotations ?? []);
    draft.members.push({ c, n, ...this.reading.held(variable), ...(variable.entry && { entry: true }) });
    this.visit(value);
  }

  /** A method that has no body says only that there is one. */
  #method(node: Node, role: FunctionRole, c: string, head?: number): void {
    const { draft } = this;
    const n = role.makes ? '<init>' : (role.n ?? '');
    if (n === '') {
      this.visit(node);
      return;
    }
    if (role.body.length === 0 && !role.makes) {
      draft.members.push({ c, n });
      return;
    }
    const naming = this.#naming(node, role, n, c);
    // What is declared says more of a field than what a body puts into it.
    if (role.makes) this.#givenFields(role.params, c);
    const f = this.#function(node, role, head === undefined ? naming : { ...naming, head });
    const spanned = naming.deco.find((one) => one.n === 'WithSpan');
    if (spanned) {
      const given = spanned.a[0] ?? spanned.kw?.find(([key]) => key === 'value')?.[1];
      const span = given?.k === 'str' && given.v !== '' ? given.v : `${c}.${n}`;
      draft.fns[f]?.spans.push({ recv: { k: 'none' }, name: span });
    }
    draft.members.push({ c, n: role.makes ? 'constructor' : n, f });
  }

  #naming(node: Node, role: FunctionRole, n: string, cls: string | null): Naming {
    const { draft } = this;
    return {
      n,
      q: draft.qualified(n),
      head: draft.at(role.head ?? node),
      cls: role.extends === undefined ? cls : null,
      method: cls !== null,
      owners: role.extends === undefined ? [] : [role.extends],
      deco: this.reading.decorators(role.annotations),
    };
  }

  /** A function outside of classes. */
  #named(node: Node, role: FunctionRole): void {
    const { draft } = this;
    if (role.n === null || role.body.length === 0) {
      this.#function(node, role);
      return;
    }
    const f = this.#function(node, role, this.#naming(node, role, role.n, null));
    draft.decls.push({ n: role.n, kind: 'function', scope: draft.block, at: draft.at(node), f });
  }

  #function(node: Node, role: FunctionRole, naming?: Naming): number {
    const { draft } = this;
    const index = draft.functionAt(node, role.returns, naming);
    const fn = draft.fns[index];
    if (!fn || role.body.length === 0) return index;
    const outer = { fn: draft.fn, block: draft.block, prefix: draft.prefix, suite: this.#suite };
    const { extended } = draft;
    const changing = this.#changing;
    fn.parent = outer.fn;
    draft.fn = index;
    draft.block = draft.span(node);
    if (fn.q !== null) draft.prefix = fn.q.split('.');
    if (outer.fn < 0) this.#changing = changedNames(this.reading, node);
    if (role.extends !== undefined) this.#extend(role.extends, node);
    declareParameters(this, node, role, index, this.grammar.implicit);
    for (const { value } of role.params) this.visit(value ?? null);
    const last = role.body.at(-1);
    if (role.lastIsValue && last && !this.#guards.leaves(last)) this.#returned(last);
    // A body that is no block of its own has its names all the same.
    this.#suite = role.body.length > 1 || !this.#isBlock(last) ? draft.span(node) : null;
    this.#all(role.body);
    draft.fn = outer.fn;
    draft.block = outer.block;
    draft.prefix = outer.prefix;
    draft.extended = extended;
    this.#suite = outer.suite;
    this.#changing = changing;
    return index;
  }

  #isBlock(node: Node | undefined): boolean {
    return node !== undefined && this.reading.role(node)?.is === 'block';
  }

  /** The object of an extension is what it extends, not what it stands in. */
  #extend(type: string, node: Node): void {
    const { draft } = this;
    draft.extended = `this of ${type}`;
    draft.decls.push({ n: draft.extended, kind: 'let', scope: draft.span(node), at: draft.at(node), t: type });
  }

  #variable(node: Node, variable: Variable): void {
    const { draft } = this;
    const { n, value, getter } = variable;
    this.reading.decorators(variable.annotations ?? []);
    const made = value && this.reading.role(value);
    const role = getter ? getterOf(variable, getter) : made?.is === 'function' ? made : null;
    const at = getter ? getter[0] : value;
    if (role && at) {
      const f = this.#function(at, role, this.#naming(node, role, n, null));
      if (getter) {
        draft.decls.push({ n, kind: 'function', scope: draft.block, at: draft.at(variable.at), f });
        return;
      }
    }
    declareVariable(this, variable, variable.constant || (draft.fn >= 0 && !this.#changing.has(n)));
    if (!role) this.visit(value);
  }

  /** `this.key = key`, or `key = k` of a field in a constructor: what an instance holds. */
  #assignment({ target, value }: Extract<Role, { is: 'assign' }>): void {
    const { draft } = this;
    const left = target && this.reading.role(target);
    const e: Expr = this.reading.expression(target);
    const around = draft.fns[draft.fn];
    const cls = around?.cls ?? null;
    const isOwn = e.k === 'mem' && e.o.k === 'id' && e.o.n === 'this';
    const isPlain = !this.grammar.assignmentDeclares && e.k === 'id' && around?.n === '<init>' && !this.#isLocal(e.n);
    if (cls !== null && value && (isOwn || isPlain))
      draft.members.push({ c: cls, n: e.n, e: this.reading.expression(value) });
    else if (this.grammar.assignmentDeclares && left?.is === 'name' && value && target) {
      this.#variable(target, { n: left.n, at: left.at, type: null, value, constant: false });
      return;
    }
    if (left?.is !== 'name') this.visit(target);
    this.visit(value);
  }

  #isLocal(name: string): boolean {
    return this.draft.decls.some((decl) => decl.n === name && decl.scope !== null);
  }

  #returned(value: Node | null): void {
    const fn = this.draft.fns[this.draft.fn];
    if (value && fn && fn.rets.length < mostReturns) fn.rets.push(this.reading.expression(value));
  }

  #call(node: Node, role: CallOf): void {
    const { draft } = this;
    this.#url(node);
    const call = this.reading.call(node, role);
    const fn = draft.fns[draft.fn];
    if (fn && (call.c.k === 'id' || call.c.k === 'mem')) {
      const { n } = call.c;
      if (fn.calls.length < mostCalls && !fn.calls.includes(n)) fn.calls.push(n);
      const [name] = call.a;
      if (call.c.k === 'mem' && name?.k === 'str' && this.grammar.spans.includes(n))
        fn.spans.push({ recv: call.c.o, name: name.v });
    }
    const { callee } = role;
    if (callee && 'is' in callee) this.visit(callee.is === 'member' ? callee.object : null);
    else if (callee) this.visit(callee);
    for (const { value } of role.args) this.visit(value);
  }

  #url(node: Node): void {
    if (this.draft.textOf(node).includes('ofrep'))
      readOfrepUrl(this.draft, this.reading.expression(node), this.draft.span(node));
  }
}

function getterOf(variable: Variable, body: readonly Node[]): FunctionRole {
  return {
    is: 'function',
    n: variable.n,
    params: [],
    body,
    lastIsValue: true,
    returns: variable.type,
    annotations: variable.annotations ?? [],
    getter: true,
  };
}
