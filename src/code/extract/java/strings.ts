import { unescape } from '../unescape';

/** What a literal says, quotes included as written; text blocks lose the indentation that all of their lines share. */
export function stringValue(literal: string): string {
  if (!literal.startsWith('"""')) return unescape(literal.replace(/^"|"$/g, ''));
  const lines = literal
    .slice(3)
    .replace(/"""$/, '')
    .replace(/^[ \t]*\r?\n/, '')
    .split(/\r?\n/);
  const last = lines.at(-1) ?? '';
  const counted = lines.filter((line, i) => line.trim() !== '' || i === lines.length - 1);
  const indent = Math.min(...counted.map((line) => /^[ \t]*/.exec(line)?.[0].length ?? 0));
  const text = lines.map((line) => line.slice(indent).trimEnd()).join('\n');
  return unescape(last.trim() === '' ? text.replace(/\n[ \t]*$/, '\n') : text);
}
