/** A route template as whole segments: `{}` stands for any one-segment parameter, `{*}` for the rest of the path. */
export type RouteSegments = readonly string[];

const parameter = '{}';
const rest = '{*}';

/**
 * Brings the spellings of a route together: `:id`, `:id?`, `:id(\d+)`, `{id}`, `{id:int}`, `<id>`, `<int:id>`, `[id]`;
 * `*`, `**`, `*rest`, `{*rest}`, `[...rest]`, `<path:rest>`; a slash at the end, doubled slashes.
 */
export function routeSegments(template: string): RouteSegments {
  return template
    .trim()
    .split('/')
    .filter((segment) => segment !== '')
    .map(normalSegment);
}

function normalSegment(segment: string): string {
  if (
    /^(\*+\w*|\{\*+\w*\}|\{\w+\*\}|\{\w+\.\.\.\}|\[{1,2}\.\.\.\w+\]{1,2}|<path:\w+>|:\w+\*|:\w+\(\.\*\))$/u.test(
      segment,
    )
  )
    return rest;
  if (/^(:\w+(\(.*\))?[?+]?|\{[^{}*]+\}|<[^<>]+>|\[\[?\w+\]?\])$/u.test(segment)) return parameter;
  return segment;
}

/** Equal segments make equal keys; used for indexing. */
export const routeKey = (segments: RouteSegments): string => segments.join('/');

/**
 * How much of the longer route the shorter one is, when the shorter is its end in whole segments (a mount prefix is
 * missing on one side): 0..1 excluded, else null. An end of parameters alone would fit everything and is no match.
 */
export function suffixShare(one: RouteSegments, other: RouteSegments): number | null {
  const [longer, shorter] = one.length > other.length ? [one, other] : [other, one];
  if (shorter.length === longer.length || !shorter.some((segment) => segment !== parameter && segment !== rest))
    return null;
  const offset = longer.length - shorter.length;
  return shorter.every((segment, index) => segment === longer[offset + index]) ? shorter.length / longer.length : null;
}

const anyMethod = new Set(['ALL', 'ANY', 'USE', '*', '']);

/** Whether a registration's method serves the method telemetry names. */
export function methodsAgree(registered: string, seen: string): boolean {
  const own = registered.toUpperCase();
  return anyMethod.has(own) || own === seen.toUpperCase();
}
