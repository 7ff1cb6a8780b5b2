import type { Reference } from '../../model/reference';

/** Writes references one file after the other, so that nothing waits for the last one. */
export interface Format {
  begin(): void;
  /** References of one file, by line. */
  file(references: readonly Reference[]): void;
  /** The first evaluation of each key that definitions are known of others and not of it. */
  end(undefinedKeys: readonly Reference[]): void;
}

/** What a reference asks for: its key, or the pattern of keys. */
export const nameOf = ({ key, pattern }: Pick<Reference, 'key' | 'pattern'>): string => key ?? pattern ?? '';
