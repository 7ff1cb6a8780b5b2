import type { Format } from './format';

/** One record a line. */
export function jsonLines(out: (text: string) => void): Format {
  return {
    begin: () => undefined,
    file(references) {
      out(references.map((reference) => `${JSON.stringify(reference)}\n`).join(''));
    },
    end: () => undefined,
  };
}

/** One array of records. */
export function jsonArray(out: (text: string) => void): Format {
  let isFirst = true;
  return {
    begin: () => out('['),
    file(references) {
      for (const reference of references) {
        out(`${isFirst ? '' : ','}\n${JSON.stringify(reference, null, 2).replace(/^/gm, '  ')}`);
        isFirst = false;
      }
    },
    end: () => out(isFirst ? ']\n' : '\n]\n'),
  };
}
