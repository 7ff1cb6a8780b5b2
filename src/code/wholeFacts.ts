import type { FileFacts } from '../model/reference';
import type { EditAnswer } from './api';

/** The facts of an answer to an edit, with what it left out of those that were held when it was asked for. */
export function wholeFacts({ facts, kept }: EditAnswer, held: FileFacts | null): FileFacts {
  if (!held || kept.first + kept.last === 0) return facts;
  const { codePaths } = held;
  const end = codePaths.slice(codePaths.length - kept.last);
  return { ...facts, codePaths: [...codePaths.slice(0, kept.first), ...facts.codePaths, ...end] };
}
