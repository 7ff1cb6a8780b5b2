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
  if (!':*{<['.includes(segment.charAt(0))) return segment;
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
 * The proper ends of a route in whole segments, longest first: what it is called where a mount prefix is missing. An end
 * of parameters alone would fit everything and is left out.
 */
export function routeEnds(segments: RouteSegments): readonly RouteSegments[] {
  const ends: RouteSegments[] = [];
  for (let from = 1; from < segments.length; from += 1) {
    const end = segments.slice(from);
    if (isNamed(end)) ends.push(end);
  }
  return ends;
}

/** Whether anything but parameters is in it. */
export const isNamed = (segments: RouteSegments): boolean =>
  segments.some((segment) => segment !== parameter && segment !== rest);

const anyMethod = new Set(['ALL', 'ANY', 'USE', '*', '']);

/** Whether a registration's method serves the method telemetry names. */
export function methodsAgree(registered: string, seen: string): boolean {
  const own = registered.toUpperCase();
  return anyMethod.has(own) || own === seen.toUpperCase();
}
