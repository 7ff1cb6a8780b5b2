import type { CodePath } from '../model/reference';
import type { CodeSide, ReviewInput } from './input';
import { trafficOf } from './pathImpacts';
import type { RemovedSpan } from './report';

/** Spans with names of their own that code of the change started and that none of it starts any more. */
export function removedSpans(input: ReviewInput): readonly RemovedSpan[] {
  const { codeBefore, codeAfter, changes } = input;
  const left = new Set(spansOf(codeAfter).map(({ name }) => name));
  const changed = new Set(changes.flatMap(({ before }) => before ?? []));
  const gone = new Map<string, RemovedSpan>();
  for (const { name, path } of spansOf(codeBefore))
    if (changed.has(path.path) && !left.has(name) && !gone.has(name)) {
      const { startLine: line, endLine, name: own } = path;
      const place = { side: 'base', path: path.path, line, endLine, function: own, kind: null } as const;
      gone.set(name, { name, place, traffic: trafficOf(path, input) });
    }
  return [...gone.values()];
}

const spansOf = ({ files }: CodeSide): { readonly name: string; readonly path: CodePath }[] =>
  files.flatMap(({ codePaths }) => codePaths.flatMap((path) => path.spans.map(({ name }) => ({ name, path }))));
