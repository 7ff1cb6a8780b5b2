import { cut } from './bounds';

const uuid = /^[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}$/i;
const hex = /^(?=.*\d)[0-9a-f]{8,}$/i;
const version = /^v\d+(\.\d+)*$/i;
const placeholder = /^(:|\{|<|\[|\*)/;

/** A word that names one thing rather than a kind of things. */
function namesOne(word: string): boolean {
  return (
    /^\d+$/.test(word) ||
    uuid.test(word) ||
    hex.test(word) ||
    word.includes('@') ||
    word.includes('%') ||
    /[-_:#=.]\d{2,}$/.test(word) ||
    (word.length >= 20 && /\d/.test(word)) ||
    word.length >= 48
  );
}

function cleanPathSegment(segment: string): string {
  if (segment === '' || placeholder.test(segment) || version.test(segment)) return segment;
  return /\d/.test(segment) || namesOne(segment) ? '{id}' : segment;
}

function cleanWord(word: string, isRoute: boolean): string {
  if (!word.includes('/')) return !isRoute && namesOne(word) ? '{id}' : word;
  const scheme = /^[a-z][a-z0-9+.-]*:\/\/[^/]*/i.exec(word)?.[0] ?? '';
  const path = word.slice(scheme.length);
  // Host names are infrastructure, user info in front of them is not.
  const origin = scheme.replace(/\/\/[^/@]*@/, '//');
  const clean = isRoute ? cleanRouteSegment : cleanPathSegment;
  return origin + path.split('/').map(clean).join('/');
}

/** Routes are templates by definition; only what can be nothing else but an id is taken out. */
function cleanRouteSegment(segment: string): string {
  return !placeholder.test(segment) && (uuid.test(segment) || segment.includes('@') || /^\d+$/.test(segment))
    ? '{id}'
    : segment;
}

function clean(name: string, isRoute: boolean): string {
  return name
    .split(/\s+/)
    .map((word) => cleanWord(word.split(/[?#;]/, 1)[0] ?? '', isRoute))
    .filter((word) => word !== '')
    .join(' ');
}

const maxRemembered = 10_000;
const names = new Map<string, string>();
const routes = new Map<string, string>();

function remembered(cache: Map<string, string>, raw: string, isRoute: boolean): string {
  let known = cache.get(raw);
  if (known === undefined) {
    known = clean(cut(raw), isRoute);
    if (cache.size >= maxRemembered) cache.clear();
    cache.set(raw, known);
  }
  return known;
}

/** A route without its query and without what can only be an id. */
export function cleanRoute(route: string): string {
  return remembered(routes, route, true);
}

/**
 * A span name that is kind enough to be kept: instrumentations without a route put the raw path into it, ids, query
 * string and all, and applications put users into it. Query strings go; numbers, UUIDs, hex, addresses and long tokens
 * become `{id}`, and in a raw path every segment that holds a digit (but `v2`). A name that ends in the span's own
 * route is a template already.
 */
export function cleanSpanName(name: string, route: string | null): string {
  return route !== null && name.endsWith(route) ? remembered(routes, name, true) : remembered(names, name, false);
}
