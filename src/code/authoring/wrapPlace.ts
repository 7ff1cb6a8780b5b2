import type { Tree } from 'web-tree-sitter';
import type { Reference } from '../../model/reference';
import type { WrapPlace } from '../api';
import type { FileSummary } from '../summary';
import { Names } from './names';
import { linesInTexts, statementsIn } from './statements';
import { usableCalls } from './usableCalls';

/** What can be put under a condition where a text is selected, or why nothing can. */
export function wrapPlace(
  {
    tree,
    text,
    grammar,
    summary,
  }: { readonly tree: Tree; readonly text: string; readonly grammar: string; readonly summary: FileSummary },
  selected: { readonly from: number; readonly to: number },
  references: readonly Reference[],
): WrapPlace {
  const root = tree.rootNode;
  const found = statementsIn(root, text, grammar, selected);
  if (typeof found === 'string') return { refused: found, name: null };
  const { from, to } = found;
  const missed = new Names(summary)
    .leaving(from, to)
    .find(({ name, until }) => isUsed(name, text, to, until, (at) => root.descendantForIndex(at)?.type ?? ''));
  if (missed) return { refused: 'usedBelow', name: missed.name };
  const calls = usableCalls({ root, text, grammar, summary, at: found }, references);
  return { refused: null, from, to, keptLines: linesInTexts(found, text), calls };
}

/** Whether a name stands between two offsets as a name of its own. */
function isUsed(name: string, text: string, from: number, to: number, typeAt: (at: number) => string): boolean {
  for (let at = text.indexOf(name, from); at >= 0 && at < to; at = text.indexOf(name, at + 1)) {
    const before = text.slice(Math.max(0, at - 2), at);
    const isWhole = !/[\p{L}\p{N}_]$/u.test(before) && !/^[\p{L}\p{N}_]/u.test(text.slice(at + name.length));
    if (isWhole && !/(?:\.|->|::)$/.test(before) && !/comment|string_|content|fragment/.test(typeAt(at))) return true;
  }
  return false;
}
