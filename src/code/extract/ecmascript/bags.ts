import { sdksOf } from '../../sdks/table';
import type { BagRead } from '../../summary';
import type { SyntaxNode as Node } from '../../syntaxTree';
import { Draft } from '../draft';
import { expression } from './expressions';

/** Calls that may hand out all flags: the SDKs', and those of the project that are called so. */
const calls = [
  ...new Set([
    ...sdksOf('ecmascript').flatMap(({ bags }) => bags.map(({ name }) => name)),
    'toJSON',
    'use\\w*(?:Flags|Features|Toggles)',
    '(?:get|fetch|load)\\w*(?:Flags|Toggles)',
  ]),
].join('|');
const called = new RegExp(`\\b(?:${calls})\\s*\\(`);
const held = new RegExp(
  `\\b(?:const|let|var)\\s+([\\w$]+)\\s*(?::[^=;\\n]{1,80})?=\\s*(?:await\\s+)?[\\w$.?]*\\b(?:${calls})\\s*\\(`,
  'g',
);
const handsOut = new RegExp(`^(?:${calls})$`);

/** What all flags stand in where they are read out of what a call hands out at once: `useFlags().newCheckout`. */
const atOnce = '()';

/** Variables that hold all flags at once: `const flags = useFlags()`; none where nothing hands them out. */
export function bagNames(text: string): string[] {
  if (!called.test(text)) return [];
  return [atOnce, ...new Set([...text.matchAll(held)].map(([, name = '']) => name))];
}

/** Reads of their properties: `flags.newCheckout`, `flags['new-checkout']`, `flags[NEW_CHECKOUT]`. */
export function bagReads(root: Node, text: string, bags: readonly string[]): Omit<BagRead, 'f'>[] {
  return root.descendantsOfType(['member_expression', 'subscript_expression']).flatMap((node) => {
    const object = node.childForFieldName('object');
    const bag = object && bagIn(object, text, bags);
    if (!bag) return [];
    const draft = new Draft(0, text);
    const read = expression(draft, node);
    const end = node.endIndex;
    if (read.k === 'mem') return [{ ...bag, n: read.n, at: read.at, end }];
    const index = node.childForFieldName('index');
    const key = expression(draft, index);
    return index && (key.k === 'id' || key.k === 'mem') ? [{ ...bag, n: '', at: index.startIndex, end, key }] : [];
  });
}

function bagIn(object: Node, text: string, bags: readonly string[]): Pick<BagRead, 'o' | 'e'> | undefined {
  const name = text.slice(object.startIndex, Math.min(object.endIndex, object.startIndex + 100));
  if (object.type === 'identifier') return bags.includes(name) ? { o: name } : undefined;
  if (/^(parenthesized|await|non_null|as)_expression$/.test(object.type)) {
    const inner = object.namedChildren[0];
    return inner && bagIn(inner, text, bags);
  }
  const callee = object.type === 'call_expression' ? object.childForFieldName('function') : null;
  const last = callee?.type === 'member_expression' ? callee.childForFieldName('property') : callee;
  if (!last || !handsOut.test(text.slice(last.startIndex, last.endIndex))) return undefined;
  return { o: '', e: { k: 'call', id: object.endIndex } };
}
