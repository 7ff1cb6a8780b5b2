import { nowhere, type Family } from '../summary';
import type { Site } from './value';

/** Languages in which a name alone may mean a member of the class around it, or of one that class stands on. */
export const seesMembers = (family: Family): boolean => familiesSeeing.has(family);

const familiesSeeing: ReadonlySet<Family> = new Set(['java', 'csharp', 'swift', 'ruby']);

/** Languages whose instances are followed to what they were made with. */
export const followsInstances = (family: Family): boolean =>
  seesMembers(family) || family === 'php' || family === 'rust';

/** Names of the classes around an offset, from the innermost out. */
export function classesAround({ view, piece }: Site, at: number): readonly string[] {
  if (at === nowhere) return [];
  const around = piece.classes
    .flatMap(({ n, span }) => (span && span[0] <= at && at < span[1] ? [{ n, from: span[0] }] : []))
    .sort((a, b) => b.from - a.from)
    .map(({ n }) => n);
  // Members of a long class are pieces of their own, which name it with its package.
  const owner = piece.owner.slice(piece.owner.lastIndexOf('.') + 1);
  return view.class(owner) ? [...around, owner] : around;
}
