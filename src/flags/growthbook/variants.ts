import type { FlagType, Variant } from '../../model/flag';
import { jsonSchema, type Json } from '../../model/json';
import type { GbFeature, GbRule } from './schema';

const MOST_NAME = 60;

/** A value as GrowthBook writes it; `config`: what it is laid over. */
export interface Written {
  readonly text: string;
  readonly config: string | null;
}
export type NamedVariant = Variant & { readonly written: Written };

export const written = (text: string, config: string | null = null): Written => ({ text, config });
const idOf = ({ text, config }: Written): string => JSON.stringify([config, text]);

/**
 * GrowthBook's flags have values and no variants: each value that can be served is one, the default first. Booleans have
 * both of theirs. Named by the value where that is short; names are unique, so that they find the way back.
 */
export class Variants {
  readonly all: readonly NamedVariant[];
  readonly #names = new Map<string, string>();

  constructor(feature: Pick<GbFeature, 'valueType' | 'defaultValue' | 'defaultValueConfig' | 'rules' | 'holdout'>) {
    const { valueType, defaultValue, defaultValueConfig, rules, holdout } = feature;
    const values = [
      ...(valueType === 'boolean' ? [written('true'), written('false')] : []),
      written(defaultValue, defaultValueConfig),
      ...rules.flatMap(valuesOf),
      ...(holdout ? [written(holdout.value)] : []),
    ];
    const taken = new Set<string>();
    const all: NamedVariant[] = [];
    for (const value of values) {
      if (this.#names.has(idOf(value))) continue;
      const wanted = nameOf(value, all.length + 1);
      const name = taken.has(wanted) ? `${wanted} (${String(all.length + 1)})` : wanted;
      taken.add(name);
      this.#names.set(idOf(value), name);
      all.push({ name, value: parsedValue(valueType, value.text), written: value });
    }
    this.all = all;
  }

  get names(): string[] {
    return this.all.map(({ name }) => name);
  }

  /** Every value of the feature it was made of has one. */
  nameOf(value: Written): string {
    return this.#names.get(idOf(value)) ?? value.text;
  }

  named(name: string): NamedVariant | undefined {
    return this.all.find((each) => each.name === name);
  }
}

/** Everything that a rule can hand out. */
export function valuesOf({ value, config, variations, controlValue, variationValue }: GbRule): Written[] {
  const own = Array.isArray(value)
    ? value.map((each) => written(each.value))
    : typeof value === 'string'
      ? [written(value, config)]
      : [];
  return [
    ...own,
    ...(variations ?? []).map((each) => written(each.value, each.config)),
    ...[controlValue, variationValue].flatMap((text) => (typeof text === 'string' ? [written(text)] : [])),
  ];
}

export const typeOf = (valueType: string): FlagType =>
  valueType === 'boolean' || valueType === 'string' || valueType === 'number'
    ? valueType
    : valueType === 'json'
      ? 'object'
      : 'unknown';

function nameOf({ text, config }: Written, at: number): string {
  const name = text.trim() === '' || text.length > MOST_NAME ? `value ${String(at)}` : text;
  return config === null ? name : `${name} @ ${config.slice(0, MOST_NAME)}`;
}

function parsedValue(valueType: string, text: string): Json {
  if (valueType === 'boolean') return text === 'true';
  if (valueType === 'number') return text.trim() !== '' && Number.isFinite(Number(text)) ? Number(text) : text;
  if (valueType !== 'json') return text;
  try {
    return jsonSchema.parse(JSON.parse(text));
  } catch {
    return text;
  }
}
