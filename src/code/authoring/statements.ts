import type { Node } from 'web-tree-sitter';
import { functionAround, hasBodies, isBody, isComment, isTail, unfit } from './bodies';

/** Whole statements of one body. Offsets of the text. */
export interface Statements {
  readonly from: number;
  readonly to: number;
  readonly body: Node;
  readonly first: Node;
  readonly last: Node;
}

export type NoStatements = 'language' | 'notWhole' | 'declaration' | 'sharedLine' | 'value' | 'returns';

/** The grammars of languages in which a function may end without having returned anything. */
const mayEnd = ['python', 'ruby', 'php', 'javascript'];
const leaving = /^(?:return|throw|raise|control_transfer|jump|yield|break|continue)/;

/**
 * The statements that a stretch of the text covers: these very statements with the comments around them, or where it is
 * empty those of its line. Or why they are none that can be put under a condition.
 */
export function statementsIn(
  root: Node,
  text: string,
  grammar: string,
  selected: { readonly from: number; readonly to: number },
): Statements | NoStatements {
  if (!hasBodies(grammar)) return 'language';
  const isPlace = text.slice(selected.from, selected.to).trim() === '';
  const stretch = isPlace ? lineAt(text, selected.from) : trimmed(text, selected.from, selected.to);
  const core = withoutComments(root, text, stretch);
  if (core.from >= core.to) return 'notWhole';
  let node = root.descendantForIndex(core.from, core.to - 1);
  while (node && !isBody(node, grammar)) node = node.parent;
  if (!node) return 'notWhole';
  const body = node;
  const own = body.namedChildren.filter(
    (child) => !isComment(child) && !isTail(child) && child.startIndex < core.to && child.endIndex > core.from,
  );
  const [first] = own;
  const last = own.at(-1);
  if (!first || !last) return 'notWhole';
  for (const child of own) {
    const why = unfit(child, body, text);
    if (why) return why;
  }
  const between = [last.endIndex, core.to].sort((a, b) => a - b);
  if (!isPlace && (first.startIndex !== core.from || !/^[\s;]*$/.test(text.slice(...between)))) return 'notWhole';
  const end = last.endIndex + (/^[ \t]*;/.exec(text.slice(last.endIndex))?.[0].length ?? 0);
  const from = isPlace ? first.startIndex : Math.min(stretch.from, first.startIndex);
  const to = Math.max(isPlace ? 0 : stretch.to, end, ...tailsOf(body, last, text));
  const found = { from, to, body, first, last };
  return standAlone(text, from, to) ? (whyKept(found, grammar, text) ?? found) : 'sharedLine';
}

/** Texts that begin in a statement and stand below it are of it. */
function tailsOf(body: Node, last: Node, text: string): number[] {
  const after = body.namedChildren.find((child) => child.startIndex >= last.endIndex && isTail(child));
  return after && !/\S/.test(text.slice(last.endIndex, after.startIndex)) ? [after.endIndex] : [];
}

/** A body whose value counts needs one on both ways; a function that returns something has to do so on both. */
function whyKept({ body, last, first }: Statements, grammar: string, text: string): 'value' | 'returns' | null {
  const isLast = !body.namedChildren.some((child) => child.startIndex >= last.endIndex && !isComment(child));
  if (!isLast) return null;
  const owner = functionAround(body);
  const head = owner ? text.slice(owner.startIndex, body.startIndex) : '';
  if (grammar === 'rust' && !/(?:_statement|^let_declaration)$/.test(last.type)) {
    const loops = /^(?:for|while|loop)_expression$/.test(body.parent?.type ?? '');
    if (!loops && !(owner?.type === 'function_item' && owner.childForFieldName('return_type') === null)) return 'value';
  }
  const isBare = /^(?:simple_identifier|identifier|\w*literal|\w*string|infix_expression|\w*binary\w*)$/.test(
    last.type,
  );
  if (grammar === 'kotlin' && body.type === 'lambda_literal' && isBare) return 'value';
  const isOnly = first.id === last.id && body.namedChildren.filter((child) => !isComment(child)).length === 1;
  if (grammar === 'swift' && isOnly && head.includes('->') && !leaving.test(last.type)) return 'value';
  const said = text.slice(last.startIndex, last.endIndex);
  if (mayEnd.includes(grammar) || !leaving.test(last.type)) {
    const isJump = grammar === 'kotlin' && /^(?:return|throw)\b/.test(said);
    if (!isJump) return null;
  }
  if (body.type === 'switch_section') return 'returns';
  if (/^(?:return\s*;?|break\b.*|continue\b.*)$/s.test(said)) return null;
  if ((grammar === 'typescript' || grammar === 'tsx') && !owner?.childForFieldName('return_type')) return null;
  return goesOnAfter(body, owner) ? null : 'returns';
}

/** Whether something of a function runs after a body inside of it. */
function goesOnAfter(body: Node, owner: Node | null): boolean {
  for (let at: Node = body; at.parent && at.id !== owner?.id; at = at.parent) {
    const { parent } = at;
    const end = at.endIndex;
    const isBlock = /^(?:block|statement_block|statement_list|statements|compound_statement)$/.test(parent.type);
    if (isBlock && parent.namedChildren.some((child) => child.startIndex >= end && !isComment(child))) return true;
  }
  return false;
}

function trimmed(text: string, from: number, to: number): { from: number; to: number } {
  const inner = text.slice(from, to);
  return { from: from + inner.length - inner.trimStart().length, to: from + inner.trimEnd().length };
}

function lineAt(text: string, at: number): { from: number; to: number } {
  const end = text.indexOf('\n', at);
  return trimmed(text, text.lastIndexOf('\n', at - 1) + 1, end < 0 ? text.length : end);
}

/** Comments at both ends go along: what is left tells the statements. */
function withoutComments(
  root: Node,
  text: string,
  stretch: { from: number; to: number },
): { from: number; to: number } {
  let { from, to } = stretch;
  for (;;) {
    const first = from < to ? root.descendantForIndex(from) : null;
    if (first && isComment(first) && first.startIndex === from) from = trimmed(text, first.endIndex, to).from;
    else {
      const last = from < to ? root.descendantForIndex(to - 1) : null;
      if (!last || !isComment(last) || last.startIndex < from) return { from, to };
      to = trimmed(text, from, last.startIndex).to;
    }
    if (from >= to) return { from, to };
  }
}

/** Lines are what is moved: nothing else may stand on theirs, but for a comment behind them. */
function standAlone(text: string, from: number, to: number): boolean {
  const before = text.slice(text.lastIndexOf('\n', from - 1) + 1, from);
  const end = text.indexOf('\n', to);
  const after = text.slice(to, end < 0 ? text.length : end);
  return before.trim() === '' && /^\s*(?:$|\/\/|#|\/\*)/.test(after);
}

const raw = /string|heredoc|nowdoc|template|text_block|character/;

/** Lines (0-based, of the text) that begin inside a text that the program has: what is before them is of that text. */
export function linesInTexts({ from, to, body }: Statements, text: string): number[] {
  const lines = new Set<number>();
  const waiting: Node[] = body.namedChildren.filter((child) => child.startIndex < to && child.endIndex > from);
  for (let node = waiting.pop(); node; node = waiting.pop()) {
    const { startPosition, endPosition } = node;
    if (startPosition.row === endPosition.row) continue;
    if (raw.test(node.type) && !/string_interpolation|template_(?:type|declaration)/.test(node.type)) {
      const isBody = node.type.includes('heredoc_body') && text.charAt(node.startIndex) !== '\n';
      for (let row = startPosition.row + (isBody ? 0 : 1); row <= endPosition.row; row++) lines.add(row);
    } else waiting.push(...node.namedChildren.filter((child) => child.endIndex > from && child.startIndex < to));
  }
  return [...lines].sort((a, b) => a - b);
}
