/** A place that names a route of another service. */
export interface RouteCall {
  /** As it was asked for. */
  readonly template: string;
  /** 1-based. */
  readonly line: number;
}

const longestLine = 2_000;
const mostCalls = 200;
/** Everybody has these. */
const common: ReadonlySet<string> = new Set(['health', 'healthz', 'ready', 'readyz', 'live', 'livez', 'metrics']);

/** The beginning of a template that is written as it is: `/orders/:id/items` -> `/orders`; null: too little to look for. */
export function writtenPart(template: string): string | null {
  const parts: string[] = [];
  for (const part of template.split('/').filter((segment) => segment !== '')) {
    if (!/^[\w.~-]+$/.test(part)) break;
    parts.push(part);
  }
  const [first, second] = parts;
  if (first === undefined || (second === undefined && (first.length < 3 || common.has(first)))) return null;
  return `/${parts.join('/')}`;
}

/**
 * Lines of a source text that write one of these routes as part of an address: behind a quote, a host, or the end of
 * something that is put in (`${payments}/charges`). Which method is called is not told by them. `isWhole`: no line was too
 * long to be looked at, nor were there too many.
 */
export function routeCallsIn(
  text: string,
  templates: readonly string[],
): { readonly found: readonly RouteCall[]; readonly isWhole: boolean } {
  const sought = templates.flatMap((template) => {
    const written = writtenPart(template);
    return written === null ? [] : [{ template, written }];
  });
  const found: RouteCall[] = [];
  let isWhole = true;
  for (const [index, line] of text.split('\n').entries()) {
    if (!line.includes('/')) continue;
    if (line.length > longestLine) {
      isWhole &&= !sought.some(({ written }) => line.includes(written));
      continue;
    }
    for (const { template, written } of sought) {
      if (found.length >= mostCalls) return { found, isWhole: false };
      if (isWritten(line, written)) found.push({ template, line: index + 1 });
    }
  }
  return { found, isWhole };
}

function isWritten(line: string, written: string): boolean {
  for (let at = line.indexOf(written); at >= 0; at = line.indexOf(written, at + 1)) {
    const before = line[at - 1] ?? '';
    const after = line[at + written.length] ?? '';
    // `/charges` is neither in `/recharges` nor in `./charges` or `/charges-old`.
    if (/["'`}\])\w]/.test(before) && !/[\w.~-]/.test(after) && !isOther(line.slice(Math.max(0, at - 200), at)))
      return true;
  }
  return false;
}

/** A module's name (`from '../payments/charges'`), or a route that is served here (`app.post('/charges', ...)`). */
const isOther = (before: string): boolean =>
  /(?:\bfrom\s*|\brequire\s*\(\s*|\bimport\s*\(?\s*)["'`][^"'`]*$/.test(before) ||
  /\b(?:app|router|server|fastify|mux|bp|blueprint)\.\w+\(\s*["'`]$/i.test(before) ||
  serving.some((declaration) => declaration.test(before));

/** What declares a route in frameworks of which the object may have any name. */
const serving: readonly RegExp[] = [
  // Spring, Nest, Flask, FastAPI, ASP.NET: `@GetMapping(path = "`, `@Get('`, `@bp.route("`, `[HttpGet("`; Retrofit's `@GET("`
  // is of a client.
  /@(?!(?:GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS|HTTP)\()[\w.]+\((?:[^()"'`]*[=:,{]\s*)?["'`]$/,
  /\[(?:Http(?:Get|Post|Put|Patch|Delete|Head|Options)|Route)\(\s*"$/,
  // Go: `http.HandleFunc("GET `, `e.GET("`, `r.Route("`; Flask and others without a decorator: `bp.route("`.
  /\.(?:HandleFunc|Handle|Route|route|add_url_rule|map(?:Get|Post|Put|Patch|Delete))\(\s*["'`](?:[A-Z]{3,7} )?$/i,
  /\.(?:GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS|Any)\(\s*["'`]$/,
];
