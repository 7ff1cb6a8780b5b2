import type { CodePath, Reference, TraceStep } from '../model/reference';
import { isWrapper } from '../model/traceWords';
import type { CallIn, CallingFunction, WrapperPlace } from './api';
import type { Entry, FileEntries } from './fileEntries';
import { referencesTo } from './referencesTo';
import type { Wrapper, Wrappers } from './resolve/wrappers';

/** More callers than these are listed so far. */
const mostCallers = 2_000;

/** The wrapper whose declaration starts at a place, or that the reference there goes through. */
export function wrapperAt(
  entries: FileEntries,
  wrappers: Wrappers,
  { path, line, column }: { readonly path: string; readonly line: number; readonly column: number },
): CallingFunction | null {
  const entry = entries.get(path);
  if (!entry) return null;
  for (const wrapper of wrappers.inFile(path)) {
    const declared = functionOf(entry, wrapper);
    if (declared?.startLine === line) return declared;
  }
  const through = entry.linked?.references.find(
    (one) =>
      one.line <= line && line <= one.endLine && (one.line < line || column < one.column) && steps(one).length > 0,
  );
  const [step] = through ? steps(through) : [];
  return step ? wrapperOfStep(entries, wrappers, step) : null;
}

/** Everywhere that a flag is asked for by its key. */
export function callersOfKey(entries: FileEntries, key: string): readonly CallIn[] {
  const calls = new Calls();
  each(
    entries,
    (references) => referencesTo(key, references),
    (entry, reference) => calls.add(callerOf(entry, reference), reference),
  );
  return calls.list();
}

/** Everywhere that a wrapper is called: in references that go through it, and in wrappers around it. */
export function callersOfWrapper(entries: FileEntries, wrappers: Wrappers, of: WrapperPlace): readonly CallIn[] {
  const calls = new Calls();
  const stepOf = (reference: Reference): number =>
    steps(reference).findIndex(({ path, line }) => path === of.path && line === of.line);
  const through = (references: readonly Reference[]): readonly Reference[] =>
    references.filter((reference) => stepOf(reference) >= 0);
  each(entries, through, (entry, reference) => {
    const outer = steps(reference)[stepOf(reference) - 1];
    if (!outer) {
      calls.add(callerOf(entry, reference), reference);
      return;
    }
    const from = wrapperOfStep(entries, wrappers, outer);
    if (from) calls.add({ path: outer.path, from }, { line: outer.line, column: 1, key: null });
  });
  return calls.list();
}

/** The steps of a trace that are calls inside wrappers, the outer one first. */
function steps({ trace }: Reference): readonly TraceStep[] {
  return trace.filter(isWrapper);
}

/** What counts against the bound is what is wanted of each file, not all that it refers to. */
function each(
  entries: FileEntries,
  wanted: (references: readonly Reference[]) => readonly Reference[],
  take: (entry: Entry, reference: Reference) => void,
): void {
  let left = mostCallers;
  for (const path of entries.paths()) {
    const entry = entries.get(path);
    if (!entry?.linked) continue;
    for (const reference of wanted(entry.linked.references)) {
      if (reference.kind === 'definition' || reference.kind === 'mention') continue;
      if (left-- <= 0) return;
      take(entry, reference);
    }
  }
}

function wrapperOfStep(entries: FileEntries, wrappers: Wrappers, step: WrapperPlace): CallingFunction | null {
  const entry = entries.get(step.path);
  const wrapper = wrappers
    .inFile(step.path)
    .find(({ trace: [own] }) => own?.path === step.path && own.line === step.line);
  return entry && wrapper ? functionOf(entry, wrapper) : null;
}

function functionOf({ view }: Entry, { fn, name, trace }: Wrapper): CallingFunction | null {
  const piece = view.summary.pieces.find(({ fns }) => fns.includes(fn));
  const [own] = trace;
  if (!piece || !own) return null;
  const start = view.position(piece, fn.from);
  const end = view.position(piece, fn.to);
  return {
    path: view.path,
    name: fn.q ?? name,
    startLine: start.line,
    startColumn: start.column,
    endLine: end.line,
    wrapper: { path: own.path, line: own.line },
  };
}

function callerOf({ view, linked }: Entry, { function: name, line }: Reference): Pick<CallIn, 'path' | 'from'> {
  const around = (linked?.paths.list() ?? [])
    .filter((one) => one.name === name && one.startLine <= line && line <= one.endLine)
    .at(-1);
  return { path: view.path, from: around ? asCaller(around) : null };
}

function asCaller({ path, name, startLine, startColumn, endLine }: CodePath): CallingFunction {
  return { path, name, startLine, startColumn, endLine, wrapper: null };
}

/** Calls by the function that makes them, each place once. */
class Calls {
  readonly #by = new Map<string, { call: Pick<CallIn, 'path' | 'from'>; at: Map<string, CallIn['at'][number]> }>();

  add(call: Pick<CallIn, 'path' | 'from'>, { line, column, key }: CallIn['at'][number]): void {
    const id = `${call.path}:${String(call.from?.startLine)}:${String(call.from?.startColumn)}`;
    const known = this.#by.get(id) ?? { call, at: new Map<string, CallIn['at'][number]>() };
    this.#by.set(id, known);
    known.at.set(`${line}:${column}`, { line, column, key });
  }

  list(): readonly CallIn[] {
    return [...this.#by.values()].map(({ call, at }) => ({ ...call, at: [...at.values()] }));
  }
}
