import { baseAddress } from './addresses';
import { Emitter, type Event } from './emitter';
import type { RemoteOptions } from './remotes';
import type { Secrets } from './secrets';

/** Where the token of a server comes from. */
export interface Tokens {
  /** The token that was given for this very origin, or undefined. */
  get(server: RemoteOptions, origin: string): Promise<string | undefined>;
  /** True when the person named the origin beside its token: a yes to asking it, for as long as it stands there. */
  vouches(server: RemoteOptions, origin: string): boolean;
  readonly onDidChange: Event<void>;
}

/** Tokens entered in the editor. */
export function secretTokens(secrets: Secrets): Tokens {
  return {
    get: (_server, origin) => secrets.get(origin),
    vouches: () => false,
    onDidChange: secrets.onDidChange,
  };
}

/**
 * Tokens of the environment: `SIGHTGLASS_<ID>_TOKEN` counts only with `SIGHTGLASS_<ID>_URL` beside it, and only for the
 * origin of that URL. A repository that names another address under the same id gets nothing.
 */
export function environmentTokens(variables: Readonly<Record<string, string | undefined>>): Tokens {
  const named = (id: string, what: 'TOKEN' | 'URL'): string => variables[variableName(id, what)]?.trim() ?? '';
  const isFor = (id: string, origin: string): boolean => baseAddress(named(id, 'URL'))?.origin === origin;
  return {
    get: async ({ id }, origin) => (isFor(id, origin) ? named(id, 'TOKEN') || undefined : undefined),
    vouches: ({ id }, origin) => isFor(id, origin),
    onDidChange: new Emitter<void>(() => undefined).event,
  };
}

/** `SIGHTGLASS_MY_FLAGS_TOKEN` for a system with the id `my-flags`. */
export function variableName(id: string, what: 'TOKEN' | 'URL'): string {
  return `SIGHTGLASS_${id.toUpperCase().replaceAll(/[^A-Z0-9]+/g, '_')}_${what}`;
}

/** What can stand in a header and was not cut or wrapped while it was copied (RFC 9110 5.5, RFC 6750 2.1). */
export function isTokenText(text: string): boolean {
  return /^[\x21-\x7e]{1,8192}$/.test(text);
}
