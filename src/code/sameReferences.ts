import type { Reference } from '../model/reference';

/** Whether two lists of one file say the same. */
export function sameReferences(a: readonly Reference[] = [], b: readonly Reference[] = []): boolean {
  return a === b || (a.length === b.length && a.every((one, index) => isSame(one, b[index])));
}

/** Most that are others differ in their key or line, most that are not are the same object. */
const isSame = (a: Reference, b: Reference | undefined): boolean =>
  a === b || (a.key === b?.key && a.line === b.line && JSON.stringify(a) === JSON.stringify(b));
