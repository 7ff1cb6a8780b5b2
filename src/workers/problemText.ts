import { isAbsolute, relative, sep } from 'node:path';
import type { Problem } from '../model/problem';
import { oneLine } from '../view/text';

/** `.sightglass.json:7:9: what is wrong`, as compilers name places, seen from a folder; the words alone where there is none. */
export function problemText({ path, line, column, message }: Problem, folder: string): string {
  if (path === undefined) return oneLine(message, 500);
  const inside = relative(folder, path);
  const shown = inside.startsWith('..') || isAbsolute(inside) ? path : inside.split(sep).join('/');
  const at = line === undefined ? [shown] : [shown, String(line), ...(column === undefined ? [] : [String(column)])];
  return `${oneLine(at.join(':'), 1_000)}: ${oneLine(message, 500)}`;
}
