import { accessorWords, wrapperWords } from '../../model/traceWords';
import { calledBy, isMaker, ownersOf, parameterName, parameterType } from './callableBy';
import type { Evaluator } from './evaluate';
import type { KeyFound } from './keyFound';
import type { Match } from './match';
import { returnedBy, returnsWithMethod } from './returnedFunctions';
import { valueAsked } from './valueAsked';
import { seesMembers } from './classesAround';
import type { Site } from './value';
import { deepestWrapper, type Wrapper } from './wrappers';
import type { Call, Expr, FunctionSummary } from '../summary';

type Parameter = Extract<KeyFound, { k: 'parameter' }>;

/** The nearest function around a call that can be called by its name. */
export function namedAround({ piece }: Site, call: Call): FunctionSummary | undefined {
  let fn = piece.fns[call.f];
  while (fn?.n === null) fn = piece.fns[fn.parent];
  return fn;
}

/**
 * The wrapper that a call makes of the function whose parameter names its flag, or of the method whose object holds the
 * key; undefined where nothing of the sort can be called.
 */
export function wrapperOf(
  site: Site,
  call: Call,
  match: Match,
  found: Parameter,
  evaluator: Evaluator,
): Wrapper | undefined {
  if ((match.wrapper?.level ?? 0) >= deepestWrapper || match.evidence === 'guessed') return undefined;
  const around = namedAround(site, call);
  const closure = closureOf(site, found, around);
  const method = around?.n ?? null;
  if (closure && around && method !== null) {
    const what = `${found.property ?? 'the parameter'} of ${closure.n ?? ''}`;
    return {
      ...passing(site, call, match, evaluator, around, method, what),
      ...callersTell(match, found),
      field: null,
      closure,
      parameter: null,
      type: null,
    };
  }
  const field = isMaker(found.fn) && around && around !== found.fn ? fieldOf(site, found.e) : undefined;
  const fn = field === undefined ? found.fn : around;
  const returner = fn && field === undefined ? returnedBy(found.site.piece, fn) : undefined;
  const name = fn && (returner?.n ?? calledBy(fn) ?? nameOfDefault(found.site, fn));
  if (!fn || name === undefined || (field === undefined && found.site.view !== site.view)) return undefined;
  const what = field === undefined ? (found.property ?? 'its parameter') : `"${field}" of its object`;
  return {
    ...passing(site, call, match, evaluator, fn, name, what),
    ...callersTell(match, found),
    ...(field !== undefined && { property: null }),
    field: field ?? null,
    closure: null,
    parameter: field === undefined ? parameterName(found.site.piece, fn, found.index) : null,
    type: field === undefined ? parameterType(found.site.piece, fn, found.index) : null,
  };
}

/** Where those who call a wrapper tell the key, and what is written around it. */
function callersTell(match: Match, found: Parameter): Pick<Wrapper, 'index' | 'property' | 'prefix' | 'suffix'> {
  return {
    index: found.index,
    property: found.property,
    prefix: (match.wrapper?.prefix ?? '') + found.prefix,
    suffix: found.suffix + (match.wrapper?.suffix ?? ''),
  };
}

/** The function around a method which returns the object with that method, and whose parameter names the flag. */
function closureOf(
  site: Site,
  { fn, site: { piece, view } }: Parameter,
  around: FunctionSummary | undefined,
): FunctionSummary | undefined {
  if (!around || around === fn || fn.n === null || isMaker(fn) || view !== site.view || piece !== site.piece)
    return undefined;
  return piece.fns[around.parent] === fn && returnsWithMethod(piece, fn, around) ? fn : undefined;
}

/** The wrapper that a call makes of the method around it, whose object alone tells the key: `this.key`, `static::class`. */
export function ownWrapperOf(
  site: Site,
  call: Call,
  match: Match,
  field: string,
  evaluator: Evaluator,
): Wrapper | undefined {
  const fn = namedAround(site, call);
  if ((match.wrapper?.level ?? 0) >= deepestWrapper || match.evidence !== 'followed') return undefined;
  const name = fn?.n ?? null;
  const cls = fn?.cls ?? null;
  if (!fn || cls === null || name === null || isMaker(fn)) return undefined;
  return {
    ...passing(site, call, match, evaluator, fn, name, `"${field}" of its object`),
    index: 0,
    property: null,
    field,
    closure: null,
    parameter: null,
    type: null,
    prefix: match.wrapper?.prefix ?? '',
    suffix: match.wrapper?.suffix ?? '',
  };
}

/** What a wrapper is but for where its callers name the key. */
function passing(
  site: Site,
  call: Call,
  match: Match,
  evaluator: Evaluator,
  fn: FunctionSummary,
  name: string,
  what: string,
): Omit<Wrapper, 'index' | 'property' | 'field' | 'closure' | 'parameter' | 'type' | 'prefix' | 'suffix'> {
  const { line } = site.view.position(site.piece, call.from);
  const callee = call.c.k === 'id' || call.c.k === 'mem' ? call.c.n : 'the call';
  const does = call.kind === 'template' ? `puts ${what} into a URL of OFREP` : `passes ${what} to ${callee}`;
  return {
    path: site.view.path,
    fn,
    name,
    owners: ownersOf(site.view, evaluator, fn),
    fixed: null,
    // C# leaves out the end where it writes one.
    searched: name.replace(/(?<=.)Attribute$/, ''),
    sdk: match.sdk,
    ...valueAsked(site, call, match),
    evaluatedOn: match.evaluatedOn,
    evidence: match.evidence === 'guessed' ? 'likely' : match.evidence,
    negated: isNegated(namedAround(site, call), call) !== (match.wrapper?.negated ?? false),
    level: (match.wrapper?.level ?? 0) + 1,
    trace: [{ words: wrapperWords(fn.q ?? '', does), path: site.view.path, line }, ...match.trace],
  };
}

/** What a file is called whose default export is a function without a name: `export default (flag) => useFlag(flag)`. */
function nameOfDefault({ view }: Site, fn: FunctionSummary): string | undefined {
  const given = view.exports.get('default');
  if (given?.it.e?.k !== 'fn' || given.piece.fns[given.it.e.f] !== fn) return undefined;
  return /([^/]+?)(?:\/index)?\.\w+$/.exec(view.path)?.[1];
}

/** Whether a function returns the opposite of what the call gives, and nothing else. */
function isNegated(fn: FunctionSummary | undefined, { id }: Call): boolean {
  if (!fn || fn.rets.length === 0) return false;
  return fn.rets.every((e) => e.k === 'not' && e.e.k === 'call' && e.e.id === id);
}

/** The field of its own object that an expression reads: `this.key`, or `key` where members are seen by name. */
function fieldOf({ view }: Site, e: Expr): string | undefined {
  if (e.k === 'mem') return e.o.k === 'id' && e.o.n === 'this' ? e.n : undefined;
  return e.k === 'id' && seesMembers(view.summary.family) ? e.n : undefined;
}

/** The wrapper that a tool wrote for a flag (OpenFeature's command line does): its calls are the evaluations. */
export function accessorOf(
  site: Site,
  call: Call,
  match: Match,
  key: string,
  evaluator: Evaluator,
): Wrapper | undefined {
  const fn = namedAround(site, call);
  const name = fn && calledBy(fn);
  if (!fn || name === undefined || match.evidence !== 'followed') return undefined;
  // One that asks by another: `getX` of Angular by `getXDetails`.
  if (match.wrapper?.fixed === null) return undefined;
  const { path, summary } = site.view;
  const { line } = site.view.position(site.piece, call.from);
  return {
    path,
    fn,
    name,
    owners: ownersOf(site.view, evaluator, fn),
    index: 0,
    property: null,
    field: null,
    closure: null,
    parameter: null,
    type: null,
    fixed: key,
    // Go's are members of a variable called after the flag, themselves always called `Value`.
    searched: summary.family === 'go' ? (fn.owners[0] ?? name) : name,
    prefix: '',
    suffix: '',
    sdk: match.sdk,
    ...valueAsked(site, call, match),
    evaluatedOn: match.evaluatedOn,
    evidence: match.evidence,
    negated: false,
    level: (match.wrapper?.level ?? 0) + 1,
    trace: [{ words: accessorWords(fn.q ?? '', key), path, line }],
  };
}

/** Takes a wrapper among those found, unless the same is known by a shorter way. */
export function addWrapper(wrappers: Wrapper[], wrapper: Wrapper): void {
  const at = wrappers.findIndex(
    (known) =>
      known.fn === wrapper.fn &&
      known.index === wrapper.index &&
      known.property === wrapper.property &&
      known.field === wrapper.field &&
      known.closure === wrapper.closure &&
      known.fixed === wrapper.fixed,
  );
  const known = wrappers[at];
  if (!known) wrappers.push(wrapper);
  else if (rank(wrapper) < rank(known)) wrappers[at] = wrapper;
}

const rank = ({ evidence, level }: Wrapper): number => level + (evidence === 'followed' ? 0 : deepestWrapper);
