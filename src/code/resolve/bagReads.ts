import { camelCase } from '../sdks/camelCase';
import { innermostFunction } from '../innermostFunction';
import type { Expr } from '../summary';
import type { Reference } from '../../model/reference';
import type { Evaluator } from './evaluate';
import type { KeyFound } from './keyFound';
import { keysIn } from './keys';
import type { Places } from './places';
import type { GuardedRegions } from './regions';
import type { Site, Value } from './value';

/** The key that a name of a camel-cased bag stands for, where it is known. */
export type CamelCased = (name: string) => string | undefined;

/** Reads of one flag out of an object that holds all of them. */
export class BagReads {
  constructor(
    private readonly evaluator: Evaluator,
    private readonly places: Places,
    private readonly camelCased: CamelCased,
    private readonly regions: () => GuardedRegions,
  ) {}

  /** Names taken out of a bag: `const { newCheckout } = useFlags()`. */
  *destructured(site: Site): Generator<Reference> {
    for (const decl of site.piece.decls) {
      if (decl.prop === undefined || decl.e === undefined || decl.e.k === 'obj') continue;
      const bag = this.#bagIn(site, decl.e, decl.within);
      if (bag) yield this.#read(site, bag, decl.prop, decl.at, decl.at + decl.n.length, 'destructured');
    }
  }

  /** `flags.newCheckout`, `flags['new-checkout']`, `flags[NEW_CHECKOUT]`. */
  *read(site: Site): Generator<{ readonly reference: Reference; readonly found: KeyFound | null }> {
    for (const { o, n, at, end, e, key } of site.piece.reads) {
      const bag = this.#bagIn(site, e ?? { k: 'id', n: o, at });
      if (!bag) continue;
      if (!key) {
        yield { reference: this.#read(site, bag, n, at, end, 'property'), found: null };
        continue;
      }
      for (const found of keysIn(site, at, key, this.evaluator))
        if (found.k === 'key')
          yield { reference: { ...this.#read(site, bag, found.key, at, end, 'property'), via: found.via }, found };
        else if (found.k === 'parameter') yield { reference: this.#read(site, bag, null, at, end, 'property'), found };
    }
  }

  #bagIn(site: Site, e: Expr, within: readonly string[] = []): Extract<Value, { k: 'bag' }> | undefined {
    let value = this.evaluator.evaluate(site, e);
    for (const name of within) if (value.k !== 'bag') value = this.evaluator.member(value, name);
    return value.k === 'bag' ? value : undefined;
  }

  #read(
    site: Site,
    { origin, camelCased }: Extract<Value, { k: 'bag' }>,
    /** null: whichever is asked for. */
    name: string | null,
    at: number,
    end: number,
    via: Reference['via'],
  ): Reference {
    const known = camelCased && name !== null ? this.camelCased(name) : undefined;
    // Whether the key is camel-cased or written so cannot be seen here.
    const unclear =
      camelCased && name !== null && known === undefined && camelCase(name) === name && /[A-Z]/.test(name);
    const place = this.places.of(site, at, end, innermostFunction(site.piece.fns, at));
    const cased = known !== undefined && known !== name ? `, which camel-cases "${known}"` : '';
    const words = `${name === null ? 'one' : `"${name}"`} out of all flags of ${origin.name}${cased}`;
    return {
      ...place,
      key: known ?? name ?? '',
      pattern: null,
      certainty: unclear ? 'likely' : 'certain',
      via,
      sdk: origin.sdk,
      evaluatedOn: origin.evaluatedOn,
      regions: this.regions().of(site.piece, `read ${at}`),
      trace: [{ words, path: place.path, line: place.line }],
    };
  }
}
