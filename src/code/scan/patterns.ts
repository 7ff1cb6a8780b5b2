import { candidateWords } from '../sdks/table';

/**
 * What makes a file worth parsing, written so that ripgrep's engine and JavaScript's read it alike. A superset of what
 * can match: package names, methods that only a flag SDK has, clients known by their name, URLs of OFREP, and the
 * imports of web frameworks (a mount prefix stands in another file than the handler).
 */
export const candidatePattern: string = [
  '@openfeature/',
  '[oO]pen[fF]eature',
  '[lL]aunch[dD]arkly',
  '[uU]nleash',
  'ofrep/v1/evaluate/flags/',
  ...candidateWords,
  '\\.variation(Detail)?\\(',
  '[\'"](express|fastify|koa|koa-router|@koa/router)[\'"]',
].join('|');

/** Files that call one of these names. */
export function callersPattern(names: readonly string[]): string {
  return `\\b(${names.map((name) => name.replace(/[^\w]/g, '\\$&')).join('|')})\\b`;
}

/** Never read, whatever the ignore files say. Globs as ripgrep's `--glob '!…'`. */
export const alwaysExcluded: readonly string[] = [
  '**/node_modules/**',
  '**/.git/**',
  '**/*.min.js',
  '**/*.d.ts',
  '**/*.d.mts',
  '**/*.d.cts',
];

/** Larger files are left out and said to be. */
export const mostBytes = 2 * 1024 * 1024;
