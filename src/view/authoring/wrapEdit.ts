import type { FlagType } from '../../model/flag';
import type { Sample } from '../callLike';
import { conditionLike, type Asked } from './condition';
import { indentUnit, opensBelow, wrapped } from './wrapped';

/** A call that is imitated: `type` is what it hands out, where its name or the flag that it asks for says so. */
export interface TypedSample extends Sample {
  readonly type: FlagType | undefined;
}

export interface ToWrap {
  /** As VS Code names it. */
  readonly language: string;
  /** All lines of the text, without their ends. */
  readonly lines: readonly string[];
  /** First and last line of the statements, 0-based, with the lines of them that begin inside a text of the program. */
  readonly first: number;
  readonly last: number;
  readonly keptLines: readonly number[];
  /** The best to imitate first. */
  readonly samples: readonly TypedSample[];
  readonly asked: Asked;
  readonly otherwise: boolean;
}

/** Lines for those from `first` to `last`: the statements under the flag. Null where no sample can be turned into its call. */
export function wrapEdit(
  of: ToWrap,
): { readonly condition: string; readonly lines: readonly string[]; readonly sample: TypedSample } | null {
  const { language, lines, first, last, keptLines, samples, asked, otherwise } = of;
  const own = lines.slice(first, last + 1);
  const body = own.join('\n');
  const wanted: FlagType = asked.text === null ? 'boolean' : 'string';
  const same = samples.filter(({ type }) => type === wanted);
  const changeable = samples.filter((sample) => !same.includes(sample) && sample.reference.valueType !== undefined);
  for (const sample of [...same, ...changeable]) {
    const condition = conditionLike(sample, asked, body);
    if (!condition) continue;
    const text = lines.join('\n');
    const made = wrapped({
      ...{ language, lines: own, otherwise, ...condition },
      kept: new Set(keptLines.map((line) => line - first)),
      unit: indentUnit(text, body),
      braceBelow: opensBelow(text, language),
    });
    return { condition: condition.condition, lines: made, sample };
  }
  return null;
}
