import type { Http } from '../http';
import type { Sockets } from '../sockets';
import type { createUndiciHttp, UndiciHttpOptions } from './undiciHttp';
import type { createUndiciSockets } from './undiciSockets';

/** What `dist/http.js` exports. */
export interface HttpBundle {
  readonly createUndiciHttp: typeof createUndiciHttp;
  readonly createUndiciSockets: typeof createUndiciSockets;
}

/**
 * undici is half a megabyte: its bundle (`dist/http.js`, beside the bundle that asks) is loaded with the first
 * request. `load` is for where the bundle is elsewhere.
 */
export function lazyHttp(options: UndiciHttpOptions = {}, load: () => Promise<HttpBundle> = loadBundle): Http {
  let http: Promise<Http> | undefined;
  return {
    async request(request) {
      http ??= load().then((bundle) => bundle.createUndiciHttp(options));
      return (await http).request(request);
    },
  };
}

/** WebSockets of the same bundle. */
export const lazySockets: Sockets = {
  async *listen(request) {
    yield* (await loadBundle()).createUndiciSockets().listen(request);
  },
};

async function loadBundle(): Promise<HttpBundle> {
  // Not a literal, so that it is neither bundled in nor looked for beside the source.
  const bundle = './http.js';
  const loaded = (await import(bundle)) as HttpBundle & { readonly default?: HttpBundle };
  // Node shows a CommonJS module's exports by name only where it can tell them from its text.
  return loaded.default ?? loaded;
}
