import { fileOf } from '../environments';

/**
 * What a `source` of an environment names, as flagd's own `--uri` has it: a file (`file:` may stand before it),
 * definitions over HTTP, or a sync stream (`grpc://host:port`, `grpcs://` over TLS; `?selector=` narrows it).
 * `name`: as people write it, without query; `base`: the origin that is asked.
 */
export type SourceAddress =
  | { readonly kind: 'file'; readonly path: string }
  | { readonly kind: 'http'; readonly name: string; readonly base: string; readonly path: string }
  | { readonly kind: 'sync'; readonly name: string; readonly base: string; readonly selector: string | null }
  | { readonly kind: 'unknown' };

/** flagd's sync service listens here unless told otherwise. */
const SYNC_PORT = '8015';

export function sourceAddress(source: string): SourceAddress {
  const scheme = /^([a-z][a-z0-9+.-]+):/i.exec(source)?.[1]?.toLowerCase();
  if (scheme === undefined || scheme === 'file') return { kind: 'file', path: fileOf(source) };
  // Read as http, whose hosts and ports are checked: for other schemes anything goes.
  const secure = scheme === 'https' || scheme === 'grpcs';
  if (!secure && scheme !== 'http' && scheme !== 'grpc') return { kind: 'unknown' };
  const rest = source.slice(scheme.length);
  if (!rest.startsWith('://') || !URL.canParse(`${secure ? 'https' : 'http'}${rest}`)) return { kind: 'unknown' };
  const url = new URL(`${secure ? 'https' : 'http'}${rest}`);
  // A password has no place in a file that is committed.
  if (url.username !== '' || url.password !== '') return { kind: 'unknown' };
  if (scheme === 'http' || scheme === 'https')
    return {
      kind: 'http',
      name: `${url.origin}${url.pathname}`,
      base: url.origin,
      path: `${url.pathname}${url.search}`,
    };
  if (!/:\d+$/.test(rest.slice(3).split(/[/?#]/)[0] ?? '')) url.port = SYNC_PORT;
  return {
    kind: 'sync',
    name: `${scheme}://${url.host}`,
    base: url.origin,
    selector: url.searchParams.get('selector'),
  };
}
