import { sdkPackage } from '../sdks/table';
import type { Call, Expr, FunctionSummary } from '../summary';
import type { Evaluating } from './evaluating';
import type { Modules } from './modules';
import { nothing, type Site, type Value } from './value';
import type { FileView } from './view';

type Instance = Extract<Value, { k: 'instance' | 'class' }>;

/** What gives a variant's name where no method of the enum says otherwise: derived traits do. */
const conversions = /^(as_ref|as_str|to_string|to_owned|into|name|clone|borrow|as_static_str|into_static)$/;

/** Names of Rust that lead through modules, and the texts that variants of enums stand for. */
export class RustNames {
  constructor(
    private readonly modules: Modules,
    private readonly evaluator: Evaluating,
  ) {}

  /** A name that the file does not declare: the start of a path, a crate, what it takes in as a whole. */
  named(view: FileView, name: string, depth: number): Value {
    if (name.endsWith('::')) return this.#module(view, name.slice(0, -'::'.length), depth);
    const end = name.lastIndexOf('::');
    // A type with its path.
    if (end > 0) return this.evaluator.imports.imported(view, name.slice(0, end), name.slice(end + 2), depth + 1);
    const leads = /^(crate|self|super)$/.test(name) || sdkPackage(name, 'rust') !== undefined;
    if (leads || typeof this.modules.resolve(view.path, name) === 'string')
      return this.evaluator.imports.imported(view, name, '*', depth + 1);
    return this.evaluator.imports.starred(view, name, depth + 1);
  }

  /** What begins a path. */
  #module(view: FileView, name: string, depth: number): Value {
    const found = view.topLevel(name);
    return found ? this.evaluator.declared(view, found, depth + 1) : this.named(view, name, depth + 1);
  }

  /** What stands in something that is no file: `crate::flags::Flag::New`, a module inside a file. */
  inside(view: FileView, specifier: string, name: string, depth: number): Value {
    const first = view.topLevel(specifier.split('::')[0] ?? '');
    // `use flags::KEY` of what another `use` names.
    if (!specifier.includes('::')) {
      const isOwn = first?.it.kind === 'import' && first.it.m !== specifier && name !== '*';
      return isOwn ? this.evaluator.member(this.evaluator.declared(view, first, depth + 1), name, depth + 1) : nothing;
    }
    const end = specifier.lastIndexOf('::');
    const outer = this.evaluator.imports.imported(view, specifier.slice(0, end), specifier.slice(end + 2), depth + 1);
    return name === '*' || outer.k === 'nothing' || outer.k === 'package'
      ? outer
      : this.evaluator.member(outer, name, depth + 1);
  }

  /** The text that a variant gives when it is asked by a method, or (null) when it is given as it is. */
  textOf(variant: Value, method: string | null, depth: number): Value {
    if (variant.k !== 'instance' || variant.cls.of !== 'enum' || !variant.given) return nothing;
    if (variant.site.view.summary.family !== 'rust') return nothing;
    const own = method === null ? undefined : this.evaluator.members.own(variant.site.view, variant.cls.n, method);
    const fn = own?.found.it.f === undefined ? undefined : own.found.piece.fns[own.found.it.f];
    if (own && fn) return this.#chosen(variant, { view: own.view, piece: own.found.piece }, fn, depth);
    return method === null || conversions.test(method) ? this.#name(variant, depth) : nothing;
  }

  /** Of `match self { Flag::New => "new", … }` the text beside the variant. */
  #chosen(variant: Instance, { view, piece }: Site, fn: FunctionSummary, depth: number): Value {
    const name = nameOf(variant);
    const texts = fn.rets.flatMap((e) => choices(e));
    for (const { cond, then } of piece.guards) {
      if (!then || then[0] < fn.from || then[1] > fn.to || !compares(cond, name)) continue;
      const text = texts.find((e) => 'at' in e && e.at >= then[0] && e.at < then[1]);
      const value = this.evaluator.evaluate({ view, piece }, text, depth + 1);
      return value.k === 'text' ? { ...value, via: 'enum' } : nothing;
    }
    return nothing;
  }

  /** Its name, or what an attribute calls it. */
  #name(variant: Instance, depth: number): Value {
    const { given } = variant;
    const renamed = given?.call.a[0];
    const value = renamed ? this.evaluator.evaluate(given.site, renamed, depth + 1) : nothing;
    if (value.k === 'text') return { ...value, via: 'enum' };
    const v = nameOf(variant);
    if (!given || v === '') return nothing;
    return { k: 'text', v: inCase(v, caseOf(given.site)), site: given.site, at: given.call.from, via: 'enum' };
  }
}

/** The entry that the call which made an instance belongs to. */
function nameOf({ site, cls, given }: Instance): string {
  const isOwn = (e: Expr | undefined, call: Call): boolean => e?.k === 'call' && e.id === call.id;
  const found = given && site.piece.members.find((member) => member.c === cls.n && isOwn(member.e, given.call));
  return found?.n ?? '';
}

function choices(e: Expr): Expr[] {
  return e.k === 'cond' ? [...choices(e.a), ...choices(e.b)] : [e];
}

/** Whether a condition holds for the object that is this variant. */
function compares(cond: Expr, name: string): boolean {
  if (cond.k === 'or') return compares(cond.a, name) || compares(cond.b, name);
  if (cond.k !== 'cmp' || !cond.eq || cond.a.k !== 'id' || cond.a.n !== 'this') return false;
  return (cond.b.k === 'mem' || cond.b.k === 'id') && cond.b.n === name;
}

/** `#[serde(rename_all = "kebab-case")]` above an enum at the top of a file: a piece of its own before it. */
function caseOf({ view, piece }: Site): string {
  const { pieces } = view.summary;
  for (let i = pieces.indexOf(piece) - 1; i >= 0; i--) {
    const before = pieces[i];
    if (!before || before.decls.length > 0 || before.calls.some(({ kind }) => kind !== 'decorator')) break;
    const given = before.calls.flatMap(({ kw = [] }) =>
      kw.flatMap(([name, e]) => (/^(rename|serialize)_all$/.test(name) && e.k === 'str' ? [e.v] : [])),
    )[0];
    if (given !== undefined) return given;
  }
  return '';
}

function inCase(name: string, written: string): string {
  const words = (name.match(/[A-Z]+(?![a-z])|[A-Z]?[a-z0-9]+|[0-9]+/g) ?? [name]).map((word) => word.toLowerCase());
  const capital = (word: string): string => word.charAt(0).toUpperCase() + word.slice(1);
  switch (written) {
    case 'kebab-case':
    case 'kebab_case':
      return words.join('-');
    case 'snake_case':
      return words.join('_');
    case 'SCREAMING_SNAKE_CASE':
      return words.join('_').toUpperCase();
    case 'SCREAMING-KEBAB-CASE':
      return words.join('-').toUpperCase();
    case 'camelCase':
      return words.map((word, i) => (i === 0 ? word : capital(word))).join('');
    case 'lowercase':
      return name.toLowerCase();
    case 'UPPERCASE':
      return name.toUpperCase();
    default:
      return name;
  }
}
