import { Emitter } from '../emitter';
import type { Grpc } from '../grpc';
import type { Http } from '../http';
import type { Remotes } from '../remotes';
import type { Sockets } from '../sockets';

/** Everything is allowed; `token` is sent as each server wants it. For tests and the browser. */
export function memoryRemotes(http: Http, token?: string, grpc?: Grpc, sockets?: Sockets): Remotes {
  return {
    remote: (options) => ({
      options,
      origin: new URL(options.url).origin,
      refusal: () => Promise.resolve(null),
      request: ({ path, headers, ...rest }) =>
        http.request({
          ...rest,
          url: `${options.url.replace(/\/+$/, '')}${path}`,
          headers: { ...authorization(options.authorization, token), ...headers },
        }),
      ...(grpc && {
        stream: ({ path, headers, ...rest }) =>
          grpc.stream({
            ...rest,
            url: `${options.url.replace(/\/+$/, '')}${path}`,
            headers: { ...authorization(options.authorization, token), ...headers },
          }),
      }),
      ...(sockets && {
        listen: ({ path, tokenParameter, ...rest }) => {
          const url = new URL(`${options.url.replace(/\/+$/, '')}${path}`);
          if (token !== undefined) url.searchParams.set(tokenParameter, token);
          return sockets.listen({ ...rest, url: url.href });
        },
      }),
    }),
    onDidChange: new Emitter<void>(() => undefined).event,
  };
}

function authorization(kind: 'none' | 'raw' | 'bearer', token: string | undefined): Record<string, string> {
  if (token === undefined || kind === 'none') return {};
  return { authorization: kind === 'bearer' ? `Bearer ${token}` : token };
}
