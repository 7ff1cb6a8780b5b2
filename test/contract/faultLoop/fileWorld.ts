/** A flag system in files as the loop over its faults needs it. A further format is one of these. */
export interface FileWorld {
  /** The type in `.sightglass.json`. */
  readonly type: string;
  /** What a file of flags is called. */
  readonly file: string;
  /** Whose share grows. */
  readonly variant: string;
  /** Such a file: flags of the loop, and one that another program writes. */
  readonly textOf: (keys: readonly string[]) => string;
  /** Where a flag begins. */
  readonly startOf: (key: string) => string;
  /** What its sides look like, in any text of a flag. */
  readonly sides: RegExp;
  readonly written: (percent: number) => string;
  /** Of every flag, by its key, as the format's own reader has it; throws for half a file. */
  readonly sharesOf: (text: string) => Readonly<Record<string, number>>;
}

export const keys = ['one', 'two', 'three'];
/** Whom only another program changes. */
export const theirs = 'theirs';

/** The text with another share of a flag, as a program writes it that knows nothing of Sightglass. */
export function withShare({ startOf, sides, written }: FileWorld, text: string, key: string, percent: number): string {
  const at = text.indexOf(startOf(key));
  if (at < 0) throw new Error(`${key} is not there`);
  return text.slice(0, at) + text.slice(at).replace(sides, written(percent));
}

/** All that no change of a share may touch. */
export const withoutShares = ({ sides }: FileWorld, text: string): string =>
  text.replace(new RegExp(sides.source, 'g'), '…');

/** What a text of a flag says in short. */
export const shareIn = ({ sides }: FileWorld, text: string): number => Number(sides.exec(text)?.[1] ?? NaN);
