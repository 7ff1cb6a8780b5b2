import type { FlagSnapshot } from '../../model/flag';
import type { Json } from '../../model/json';
import { flagId } from '../../model/identity';
import type { L10n } from '../../platform/l10n';
import type { FlagLookup } from '../input';
import { oneLine, quoted } from '../text';
import { placeOf, type DiagnosedFile, type Finding } from './diagnosis';
import type { DefaultSite, ReferenceBook } from './referenceBook';

/** No more other places are named. */
const mostRelated = 5;

/** The defaults of one flag: its call sites by what they write, as JSON. */
interface Defaults {
  readonly byText: ReadonlyMap<string, readonly DefaultSite[]>;
  /** What most write; null where several are written equally often. */
  readonly usual: string | null;
}

const alike: ReadonlyMap<string, Defaults> = new Map();

/**
 * Defaults of one flag that disagree: between call sites, so that parts of the program go different ways when no answer
 * comes; and a boolean one with what everybody gets when the flag is off, so that an outage turns it on. Of call sites
 * those are told whose default is not the most usual one; where none is, all. Made anew when references or flags
 * changed: what is written of a key is gathered once.
 */
export class DifferingDefaults {
  readonly #byKey = new Map<string, ReadonlyMap<string, Defaults>>();

  constructor(
    private readonly book: ReferenceBook,
    private readonly seenFrom: (file: DiagnosedFile) => FlagLookup,
    private readonly l10n: L10n,
  ) {}

  find(site: DefaultSite): Finding | null {
    const flags = this.seenFrom(site.file).resolve(site.reference.key);
    return this.#amongSites(site, flags) ?? this.#withOff(site, flags);
  }

  #amongSites(site: DefaultSite, flags: readonly FlagSnapshot[]): Finding | null {
    const byScope = this.#of(site.reference.key);
    const scope = byScope.size === 0 ? null : this.#scope(site, flags);
    const defaults = scope === null ? undefined : byScope.get(scope);
    if (!defaults || defaults.byText.size < 2) return null;
    const own = textOf(site.defaultValue);
    const off = offValue(flags);
    // Of equally many, what the flag is when it is off is the one to agree with.
    const wanted = defaults.usual ?? (off === undefined || !defaults.byText.has(textOf(off)) ? null : textOf(off));
    if (wanted === own) return null;
    const others = [...defaults.byText].flatMap(([text, sites]) => (text === own ? [] : sites.slice(0, mostRelated)));
    const [first] = (wanted === null ? undefined : defaults.byText.get(wanted)) ?? others;
    if (!first) return null;
    const { t } = this.l10n;
    const key = quoted(site.reference.key);
    return {
      message: t(
        'Without an answer, flag {0} is {1} here and {2} elsewhere.',
        key,
        shown(site.defaultValue),
        shown(first.defaultValue),
      ),
      related: others.slice(0, mostRelated).map(({ file, reference, defaultValue }) => ({
        place: placeOf(file, reference),
        message: t('The default is {0} here', shown(defaultValue)),
      })),
    };
  }

  /** Of texts and numbers the default is often none of the flag's own on purpose. */
  #withOff({ reference, defaultValue }: DefaultSite, flags: readonly FlagSnapshot[]): Finding | null {
    const off = typeof defaultValue === 'boolean' ? offValue(flags) : undefined;
    if (typeof off !== 'boolean' || off === defaultValue) return null;
    const key = quoted(reference.key);
    return {
      message: this.l10n.t(
        'Without an answer, flag {0} is {1} here; turned off, it is {2}.',
        key,
        shown(defaultValue),
        shown(off),
      ),
    };
  }

  #of(key: string): ReadonlyMap<string, Defaults> {
    const known = this.#byKey.get(key);
    if (known) return known;
    const all = this.book.defaults(key);
    const [first] = all;
    // Most keys are asked for with one default.
    const found = all.every(({ defaultValue }) => defaultValue === first?.defaultValue) ? alike : this.#among(key, all);
    this.#byKey.set(key, found);
    return found;
  }

  #among(key: string, all: readonly DefaultSite[]): ReadonlyMap<string, Defaults> {
    const byScope = new Map<string, Map<string, DefaultSite[]>>();
    for (const site of all) {
      const scope = this.#scope(site, this.seenFrom(site.file).resolve(key));
      if (scope === null) continue;
      const byText = byScope.get(scope) ?? new Map<string, DefaultSite[]>();
      byScope.set(scope, byText);
      const text = textOf(site.defaultValue);
      const sites = byText.get(text);
      if (sites) sites.push(site);
      else byText.set(text, [site]);
    }
    return new Map([...byScope].map(([scope, byText]) => [scope, { byText, usual: usual(byText) }] as const));
  }

  /**
   * Sites of one scope ask for one flag, by a default of one type: another type is a matter of its own. Null: nobody knows
   * which flag.
   */
  #scope(
    { file, reference: { sdk }, defaultValue }: DefaultSite,
    [flag, another]: readonly FlagSnapshot[],
  ): string | null {
    if (flag) return another ? null : JSON.stringify([typeof defaultValue, flagId(flag.ref)]);
    // Without any system, the same SDK asks the same one: in one folder of the workspace.
    const isAlone = this.seenFrom(file).projects.length === 0 && sdk !== null;
    return isAlone ? JSON.stringify([typeof defaultValue, file.root, sdk]) : null;
  }
}

function usual(byText: ReadonlyMap<string, readonly unknown[]>): string | null {
  const most = Math.max(0, ...[...byText.values()].map(({ length }) => length));
  const [text, another] = [...byText].flatMap(([each, sites]) => (sites.length === most ? [each] : []));
  return another === undefined ? (text ?? null) : null;
}

/** What everybody gets of the only flag when it is off, where all its environments say the same. */
function offValue([flag, another]: readonly FlagSnapshot[]): Json | undefined {
  if (!flag || another || flag.unreadable) return undefined;
  const states = flag.states.filter(({ switch: toggle }) => toggle !== 'absent');
  const name = states[0]?.offVariant;
  return states.every(({ offVariant }) => offVariant === name)
    ? flag.variants.find((variant) => variant.name === name)?.value
    : undefined;
}

const textOf = (value: Json): string => JSON.stringify(value);
const shown = (value: Json): string => (typeof value === 'string' ? quoted(value) : oneLine(textOf(value), 60));
