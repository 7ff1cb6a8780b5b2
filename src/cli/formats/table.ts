import type { Reference } from '../../model/reference';
import { nameOf, type Format } from './format';

const gap = '  ';
/** Wide enough for most keys and places; what is longer pushes its own line only. */
const widths = [44, 10, 11, 52];
/** Control characters, which a terminal would obey. */
const control = /\p{Cc}/gu;

/** Lines for people: what is asked for, what it is, why it matched, where. */
export function table(out: (text: string) => void): Format {
  const line = (...cells: readonly string[]): void =>
    out(
      `${cells
        .map((cell, i) => cell.replace(control, '?').padEnd(widths[i] ?? 0))
        .join(gap)
        .trimEnd()}\n`,
    );
  return {
    begin: () => line('KEY', 'KIND', 'VIA', 'PLACE', 'FUNCTION'),
    file(references) {
      for (const reference of references)
        line(nameOf(reference), kindOf(reference), reference.via, placeOf(reference), functionOf(reference));
    },
    end(undefinedKeys) {
      for (const reference of undefinedKeys) {
        line(nameOf(reference), 'undefined', 'defined nowhere', placeOf(reference), functionOf(reference));
      }
    },
  };
}

const kindOf = ({ kind, certainty }: Reference): string => (certainty === 'certain' ? kind : certainty);
const placeOf = ({ path, line, column }: Reference): string => `${path}:${line}:${column}`;
const functionOf = (reference: Reference): string =>
  [reference.function, reference.route === null ? null : `(${reference.route})`].filter(Boolean).join(' ');
