import type { Paths } from '../files';

/** Path arithmetic with `/`, for tests and the browser. */
export const memoryPaths: Paths = {
  separator: '/',
  join: (...parts) => normalise(parts.filter((part) => part !== '').join('/')),
  dirname(path) {
    const end = trimmed(path).lastIndexOf('/');
    return end < 0 ? '.' : end === 0 ? '/' : path.slice(0, end);
  },
  basename: (path) => trimmed(path).slice(trimmed(path).lastIndexOf('/') + 1),
  relative,
  resolve: (base, path) => normalise(path.startsWith('/') ? path : `${base}/${path}`),
  isInside: (folder, path) => !/^\.\.(\/|$)/.test(relative(folder, path)),
};

const trimmed = (path: string): string => (path.length > 1 && path.endsWith('/') ? path.slice(0, -1) : path);

function normalise(path: string): string {
  const absolute = path.startsWith('/');
  const parts: string[] = [];
  for (const part of path.split('/')) {
    if (part === '' || part === '.') continue;
    if (part !== '..') parts.push(part);
    else if (parts.length > 0 && parts.at(-1) !== '..') parts.pop();
    else if (!absolute) parts.push(part);
  }
  return (absolute ? '/' : '') + parts.join('/') || '.';
}

function relative(from: string, to: string): string {
  const [a, b] = [normalise(from), normalise(to)].map((path) => path.split('/').filter((part) => part !== ''));
  if (!a || !b) return to;
  let common = 0;
  while (common < a.length && common < b.length && a[common] === b[common]) common++;
  return [...a.slice(common).map(() => '..'), ...b.slice(common)].join('/');
}
