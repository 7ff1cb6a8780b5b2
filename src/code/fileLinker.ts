import type { Reference, TraceStep } from '../model/reference';
import { holderWords } from '../model/traceWords';
import { innermostFunction } from './innermostFunction';
import { bagMakersIn, handedBy } from './resolve/bagFlow';
import { BagReads } from './resolve/bagReads';
import { certaintyOf } from './resolve/certainty';
import { classesAround } from './resolve/classesAround';
import { decoratedSpan } from './resolve/decorated';
import { definitionsIn } from './resolve/definitions';
import type { Evaluator } from './resolve/evaluate';
import { accessorOf, addWrapper, ownWrapperOf, wrapperOf } from './resolve/foundWrapper';
import type { KeyFound } from './resolve/keyFound';
import { inWords, keysOf } from './resolve/keys';
import { knownKeysIn } from './resolve/knownKeys';
import { ofShape, type Match } from './resolve/match';
import { matchCall, mayMatch } from './resolve/matchCall';
import type { BagMaker, Handed } from './resolve/modules';
import type { Places } from './resolve/places';
import { GuardedRegions, opposed, wholeRegion } from './resolve/regions';
import type { Site } from './resolve/value';
import { valueAsked } from './resolve/valueAsked';
import type { FileView } from './resolve/view';
import type { Wrapper } from './resolve/wrappers';
import type { Call, Piece } from './summary';
import type { Workspace } from './workspace';

/** What one piece of a file gives, or the file besides its pieces. */
export interface Part {
  readonly references: readonly Reference[];
  readonly wrappers: readonly Wrapper[];
  /** Where keys reached through constants are written: key by file. */
  readonly defines: readonly { readonly path: string; readonly key: string }[];
  /** Functions that hand out all flags, and parameters elsewhere that are given them. */
  readonly bagMakers: readonly BagMaker[];
  readonly handed: readonly Handed[];
  /** Files that it depends on. */
  readonly consulted: ReadonlySet<string>;
}

type Found = { [Field in keyof Omit<Part, 'consulted'>]: Part[Field][number][] };

/** Most pieces ask for no flag: these are one object. */
const nothing: Part = {
  references: [],
  wrappers: [],
  defines: [],
  bagMakers: [],
  handed: [],
  consulted: new Set(),
};

/** A reference of which it is not yet said what it names, and how sure that is. */
type Base = Omit<Reference, 'key' | 'pattern' | 'certainty' | 'via'>;

const mostReferences = 5_000;

/** Finds what the pieces of one file ask for. */
export class FileLinker {
  /** What the part that is gone through has given so far. */
  #found: Found = nothingYet();
  /** References of all parts so far. */
  readonly #all: Reference[] = [];
  /** Places and keys of the references there are: one is told once. */
  readonly #said = new Set<string>();
  readonly #bags: BagReads;
  #regions: GuardedRegions | undefined;

  constructor(
    private readonly view: FileView,
    private readonly workspace: Workspace,
    private readonly evaluator: Evaluator,
    private readonly places: Places,
  ) {
    this.#bags = new BagReads(
      evaluator,
      places,
      (name) => workspace.camelCased(name),
      () => this.#guarded(),
    );
  }

  /** What each of some pieces gives; `known` tells of those that need not be gone through. */
  pieces(pieces: readonly Piece[], known: (index: number) => Part | undefined = () => undefined): Part[] {
    return pieces.map((piece, index) => {
      const part = known(index);
      if (!part) return this.#part(() => this.#piece({ view: this.view, piece }));
      for (const reference of part.references) this.#isNew(reference);
      return part;
    });
  }

  /** What the file gives besides, once its pieces were gone through. */
  besides(): Part {
    return this.#part(() => this.#besides());
  }

  #part(find: () => void): Part {
    const { consulted } = this.evaluator;
    this.#found = nothingYet();
    consulted.clear();
    find();
    const found = this.#found;
    if (consulted.size === 0 && Object.values(found).every(({ length }) => length === 0)) return nothing;
    return {
      references: orNone(found.references, nothing.references),
      wrappers: orNone(found.wrappers, nothing.wrappers),
      defines: orNone(found.defines, nothing.defines),
      bagMakers: orNone(found.bagMakers, nothing.bagMakers),
      handed: orNone(found.handed, nothing.handed),
      consulted: consulted.size === 0 ? nothing.consulted : new Set(consulted),
    };
  }

  #piece(site: Site): void {
    if (site.piece.unread) return;
    for (const call of site.piece.calls) {
      this.#call(site, call);
      this.#found.handed.push(...handedBy(site, call, this.evaluator));
    }
    this.#found.bagMakers.push(...bagMakersIn(site, this.evaluator));
    for (const { reference, found } of this.#bags.read(site)) {
      if (found?.k === 'key') this.#add({ ...reference, trace: [...this.#definition(found), ...reference.trace] });
      else if (found?.k === 'parameter') this.#asksBag(site, reference, found);
      else this.#add(reference);
    }
    for (const reference of this.#bags.destructured(site)) this.#add(reference);
  }

  #besides(): void {
    const { view, workspace } = this;
    const wanted = workspace.definedIn(view.path);
    // A constant inside a function may hold the key too.
    if (wanted.size > 0 && view.isSkimmed) workspace.readWhole(view.path);
    // Constants, enum members and properties of this file that other references reach.
    if (wanted.size > 0) for (const definition of definitionsIn(view, wanted, this.places)) this.#add(definition);
    if (workspace.hasKnown) this.#knownKeys();
    // What is given all flags may read them anywhere.
    if (view.isSkimmed && workspace.isHanded(view.path)) workspace.readWhole(view.path);
  }

  /** A function that takes the flag which its parameter names out of all flags: `(key) => useFlags()[key]`. */
  #asksBag(site: Site, { sdk, evaluatedOn, trace }: Reference, found: Extract<KeyFound, { k: 'parameter' }>): void {
    const { at } = found;
    const f = innermostFunction(site.piece.fns, at);
    const call: Call = { id: at, from: at, c: { k: 'id', n: 'all flags', at }, a: [], kind: 'call', f };
    const match = ofShape({ names: [], key: 0 }, { sdk, evaluatedOn, kind: 'method', name: '', trace });
    const wrapper = wrapperOf(site, call, match, found, this.evaluator);
    if (wrapper) addWrapper(this.#found.wrappers, wrapper);
  }

  #call(site: Site, call: Call): void {
    if (this.#all.length >= mostReferences || this.#isLate()) return;
    if (call.kind !== 'template' && !mayMatch(site, call, this.workspace.wrappers)) return;
    for (const match of matchCall(site, call, this.evaluator, this.workspace.wrappers, this.workspace)) {
      const fixed = match.wrapper?.fixed ?? null;
      const keys: KeyFound[] =
        fixed === null
          ? keysOf(site, call, match, this.evaluator)
          : [{ k: 'key', key: fixed, via: 'literal', at: call.from, e: call.c, text: null }];
      // What was followed half way may be a pattern for a key.
      if (this.#isLate()) return;
      for (const key of keys) this.#keyed(site, call, match, key);
    }
  }

  /** Asked again after each thing that was followed. */
  #isLate(): boolean {
    return this.evaluator.isLate;
  }

  #keyed(site: Site, call: Call, match: Match, found: KeyFound): void {
    if (found.k === 'parameter') {
      const wrapper = wrapperOf(site, call, match, found, this.evaluator);
      if (wrapper) addWrapper(this.#found.wrappers, wrapper);
      if (wrapper || (found.fn.n !== null && found.site.view === this.view)) return;
    }
    if (found.k === 'pattern' && found.own !== undefined) {
      const wrapper = ownWrapperOf(site, call, match, found.own, this.evaluator);
      if (wrapper) {
        addWrapper(this.#found.wrappers, wrapper);
        return;
      }
    }
    const prefix = match.wrapper?.prefix ?? '';
    const suffix = match.wrapper?.suffix ?? '';
    const base = this.#base(site, call, match, found.at);
    if (found.k !== 'key') {
      // A wrapper given something unreadable, or a name matched without its receiver, says nothing.
      const pattern = `${prefix}${found.k === 'pattern' ? found.pattern : '*'}${suffix}`;
      if (match.evidence === 'followed' && (pattern !== '*' || !match.wrapper))
        this.#add({ ...base, key: null, pattern, certainty: 'dynamic', via: 'template' });
      return;
    }
    const key = prefix + found.key + suffix;
    if (base.generated && base.kind !== 'test') {
      const accessor = accessorOf(site, call, match, key, this.evaluator);
      if (accessor) {
        addWrapper(this.#found.wrappers, accessor);
        const { trace } = accessor;
        const definition: Base = { ...base, kind: 'definition', regions: [], trace: [...trace] };
        this.#add({ ...definition, key, pattern: null, certainty: 'certain', via: 'codegen' });
        return;
      }
    }
    const judged = certaintyOf(match, found, this.workspace.isKnown(key), classesAround(site, call.from));
    if (!judged) return;
    const because = judged.because === null ? [] : [{ words: judged.because, path: base.path, line: base.line }];
    const computed = prefix !== '' || suffix !== '';
    this.#add({
      ...base,
      key,
      pattern: null,
      certainty: judged.certainty,
      via: computed ? 'template' : viaOf(match, found),
      trace: [...this.#definition(found), ...because, ...base.trace],
    });
  }

  #base(site: Site, call: Call, match: Match, at: number): Base {
    const { asks, fallback } = valueAsked(site, call, match);
    return {
      ...this.places.of(site, at, call.id, call.f),
      sdk: match.sdk,
      evaluatedOn: match.evaluatedOn,
      trace: [...match.trace],
      ...(fallback && { defaultValue: fallback.value }),
      ...(asks && { valueType: asks }),
      regions: this.#regionsOf(site, call, match.wrapper?.negated ?? false),
    };
  }

  #guarded(): GuardedRegions {
    this.#regions ??= new GuardedRegions(this.view);
    return this.#regions;
  }

  #regionsOf({ piece }: Site, call: Call, isNegated: boolean): Reference['regions'] {
    const span = call.kind === 'decorator' ? decoratedSpan(piece, call) : null;
    const whole = span ? [wholeRegion(this.view, piece, span)] : [];
    const regions = call.kind === 'decorator' ? whole : this.#guarded().of(piece, `call ${call.id}`);
    return isNegated ? regions.map(opposed) : regions;
  }

  #definition(found: Extract<KeyFound, { k: 'key' }>): TraceStep[] {
    if (found.via === 'literal' || !found.text) return [];
    const { site, at, v } = found.text;
    const { path } = site.view;
    this.#found.defines.push({ path, key: v });
    const what = found.via === 'enum' ? 'enum member' : found.via === 'property' ? 'property' : 'constant';
    const words = holderWords(what, inWords(found.e), v);
    return [{ words, path, line: site.view.position(site.piece, at).line }];
  }

  /** Known keys that are written out where nothing was found to ask for them. */
  #knownKeys(): void {
    const told = new Set(this.#all.map(({ line, key }) => `${line} ${key ?? ''}`));
    for (const piece of this.view.summary.pieces)
      for (const reference of knownKeysIn({ view: this.view, piece }, this.workspace.isKnown, this.places))
        if (!told.has(`${reference.line} ${reference.key ?? ''}`)) this.#add(reference);
  }

  #add(reference: Reference): void {
    if (this.#isNew(reference)) this.#found.references.push(reference);
  }

  #isNew(reference: Reference): boolean {
    const { line, column, key, pattern } = reference;
    const said = `${line} ${column} ${key === null ? 'like' : 'is'} ${key ?? pattern ?? ''}`;
    if (this.#said.has(said)) return false;
    this.#said.add(said);
    this.#all.push(reference);
    return true;
  }
}

function nothingYet(): Found {
  return { references: [], wrappers: [], defines: [], bagMakers: [], handed: [] };
}

/** One empty list is enough for all parts. */
const orNone = <T>(list: readonly T[], none: readonly T[]): readonly T[] => (list.length === 0 ? none : list);

function viaOf(match: Match, found: Extract<KeyFound, { k: 'key' }>): Reference['via'] {
  if (found.via !== 'literal') return found.via;
  if (match.kind === 'hook') return 'hook';
  if (match.kind === 'attribute') return 'attribute';
  if (match.kind === 'url') return 'template';
  if (match.wrapper && match.wrapper.fixed !== null) return 'codegen';
  if (match.kind === 'wrapper') return /^use[A-Z]/.test(match.wrapper?.fn.n ?? '') ? 'hook' : 'wrapper';
  return 'literal';
}
