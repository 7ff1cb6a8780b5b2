import { languageOf } from '../languages/table';
import { globalStar, nowhere, type Family } from '../summary';
import type { FileView } from './view';

/**
 * What files declare for others, by name, in languages whose paths do not tell (`LanguageSupport.declares`). What is
 * asked for and not read yet is noted: the files are searched for its declaration, and whoever asked is linked again.
 */
export class ClassNames {
  readonly #views = new Map<string, FileView>();
  readonly #byName = new Map<string, Set<string>>();
  /** Files that asked for a name, whether or not it was found. */
  readonly #askers = new Map<string, Set<string>>();
  #sought = new Set<string>();
  #wanted = new Set<string>();
  #seenByAll: readonly string[] | undefined;
  /** Answers until a file is another. */
  #declaring = new Map<string, readonly FileView[]>();
  /** Of which there are such files. */
  readonly #families = new Set<Family>();

  /** Takes a file in, or out of it. */
  set(path: string, view: FileView | undefined): void {
    const before = this.#views.get(path);
    if (view || before) this.#declaring = new Map();
    for (const name of before ? declaredIn(before) : []) this.#byName.get(name)?.delete(path);
    if (before) this.#views.delete(path);
    const isByName = languageOf(path)?.declares !== undefined;
    if (view && isByName) {
      this.#views.set(path, view);
      this.#families.add(view.summary.family);
      for (const name of declaredIn(view)) {
        const paths = this.#byName.get(name) ?? new Set();
        this.#byName.set(name, paths);
        paths.add(path);
      }
    }
    if (before || isByName) this.#seenByAll = undefined;
  }

  /** Everything is looked for anew: the files are others. */
  forget(): void {
    this.#sought = new Set();
  }

  /** Names whose declarations were searched for. */
  get sought(): readonly string[] {
    return [...this.#sought];
  }

  /**
   * Files known to declare a name for files of the asking one's languages, in the order of their paths; a name that was
   * not searched for yet is noted.
   */
  declaring(by: string, name: string): readonly FileView[] {
    const asking = languageOf(by);
    if (!asking || !this.#families.has(asking.family)) return [];
    const { family, declares } = asking;
    if (!(declares?.names ?? /^[A-Z]\w*$/).test(name)) return [];
    if (!this.#sought.has(name)) this.#wanted.add(name);
    const askers = this.#askers.get(name) ?? new Set();
    this.#askers.set(name, askers);
    askers.add(by);
    const known = this.#declaring.get(`${family} ${name}`);
    if (known) return known;
    const found = [...(this.#byName.get(name) ?? [])]
      .sort()
      .flatMap((path) => this.#views.get(path) ?? [])
      .filter((view) => view.summary.family === family);
    this.#declaring.set(`${family} ${name}`, found);
    return found;
  }

  /** What `global using` says anywhere. Projects of one root are not told apart. */
  seenByAll(): readonly string[] {
    this.#seenByAll ??= [
      ...new Set(
        [...this.#views.values()].flatMap(({ stars }) =>
          stars.flatMap((star) => (star.startsWith(globalStar) ? [star.slice(globalStar.length)] : [])),
        ),
      ),
    ];
    return this.#seenByAll;
  }

  hasWanted(): boolean {
    return this.#wanted.size > 0;
  }

  /** Names to search for, once. */
  takeWanted(): readonly string[] {
    const wanted = [...this.#wanted];
    this.#wanted = new Set();
    for (const name of wanted) this.#sought.add(name);
    return wanted;
  }

  /** Files that asked for a name. */
  askersOf(name: string): ReadonlySet<string> {
    return this.#askers.get(name) ?? none;
  }

  /** Files that asked for what a file declares. */
  dependentsOf(path: string): readonly string[] {
    const view = this.#views.get(path);
    return view ? [...new Set(declaredIn(view).flatMap((name) => [...this.askersOf(name)]))] : [];
  }
}

const none: ReadonlySet<string> = new Set();

function declaredIn(view: FileView): readonly string[] {
  const { pieces, family } = view.summary;
  // A class in another one is reached through that; namespaces of C# give out both.
  const nested = pieces.flatMap(({ members }) =>
    members.flatMap(({ n, e }) => (e?.k === 'id' && e.at === nowhere && e.n === n ? [n] : [])),
  );
  const isNested = (name: string): boolean => {
    const classes = pieces.flatMap((piece) => piece.classes).filter(({ n }) => n === name);
    return family !== 'csharp' && nested.filter((n) => n === name).length >= classes.length;
  };
  return pieces.flatMap((piece) => [
    ...piece.classes.flatMap(({ n }) => (nested.includes(n) && isNested(n) ? [] : [n])),
    ...piece.decls.flatMap(({ n, scope, kind }) =>
      scope === null && (kind === 'function' || kind === 'const' || kind === 'let') ? [n] : [],
    ),
  ]);
}
