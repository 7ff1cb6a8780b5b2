import type { Resolver } from './resolver';

/** Kotlin's files may be called otherwise than what they declare: these are found by the names. */
const endings = ['.java', '.kt'];

/**
 * Classes of Java and Kotlin: `com.acme.Flags` is the file that ends so (`…/com/acme/Flags.java`), `com.acme.Flags.New`
 * stands in it. Several modules may have it: the one whose path is most like the asking file's counts.
 */
export class JavaResolver implements Resolver {
  #byName: Map<string, string[]> | undefined;
  readonly #resolved = new Map<string, string | null>();

  constructor(private readonly files: ReadonlySet<string>) {}

  forgetMisses(): void {
    this.#byName = undefined;
    this.#resolved.clear();
  }

  resolve(from: string, specifier: string): string | null {
    const key = `${from}\0${specifier}`;
    const known = this.#resolved.get(key);
    if (known !== undefined) return known;
    const parts = specifier.split('.');
    // A nested class stands in the file of the outermost one; packages are lower case.
    let found = this.#file(from, parts);
    while (found === null && parts.length > 1 && /^[A-Z]/.test(parts.at(-2) ?? '')) {
      parts.pop();
      found = this.#file(from, parts);
    }
    found ??= this.#facade(from, specifier);
    this.#resolved.set(key, found);
    return found;
  }

  /** What Kotlin declares outside of classes Java knows by the file: `com.acme.FlagsKt` is what stands in `Flags.kt`. */
  #facade(from: string, specifier: string): string | null {
    const facade = /^(.*[A-Za-z\d_])Kt(\.|$)/.exec(specifier)?.[1];
    const file = facade === undefined ? null : this.#file(from, facade.split('.'));
    return file?.endsWith('.kt') === true ? file : null;
  }

  #file(from: string, parts: readonly string[]): string | null {
    const paths = endings.map((ending) => parts.join('/') + ending);
    const candidates = (this.#names().get(parts.at(-1) ?? '') ?? []).filter((file) =>
      paths.some((path) => file === path || file.endsWith(`/${path}`)),
    );
    let best: string | null = null;
    for (const file of candidates) if (best === null || shared(file, from) > shared(best, from)) best = file;
    return best;
  }

  #names(): ReadonlyMap<string, readonly string[]> {
    if (this.#byName) return this.#byName;
    this.#byName = new Map();
    for (const file of this.files) {
      const ending = endings.find((each) => file.endsWith(each));
      if (ending === undefined) continue;
      const name = file.slice(file.lastIndexOf('/') + 1, -ending.length);
      const list = this.#byName.get(name);
      if (list) list.push(file);
      else this.#byName.set(name, [file]);
    }
    return this.#byName;
  }
}

/** How many characters two paths begin alike with. */
function shared(a: string, b: string): number {
  let at = 0;
  while (at < a.length && a[at] === b[at]) at++;
  return at;
}
