import type { IncomingRequest } from '../../platform/listen';
import { RefusedError } from './reply';

/** Whether an address to listen on is reached from this machine only. */
export function isLoopback(address: string): boolean {
  const bare = address.replace(/^\[|\]$/g, '').toLowerCase();
  return bare === 'localhost' || bare === '::1' || /^127(\.\d{1,3}){3}$/.test(bare);
}

const isAddressLiteral = (host: string): boolean => /^\d{1,3}(\.\d{1,3}){3}$/.test(host) || host.includes(':');

/** The host of a Host header, without port and brackets; undefined when it is none. */
function hostOf(header: string): string | undefined {
  const match = /^(?:\[([0-9a-f:.]+)\]|([^:/@\s]+))(?::\d{1,5})?$/i.exec(header.trim());
  return (match?.[1] ?? match?.[2])?.toLowerCase();
}

/**
 * Refuses what a web page could send: a browser names its Origin, and a name rebound to this machine is a Host that is
 * neither loopback nor ours. On an address other than loopback any address literal is ours too: names alone can be rebound.
 */
export function checkOrigin(request: IncomingRequest, ourAddress: string): void {
  if (request.headers.origin !== undefined)
    throw new RefusedError(403, 'Requests from web pages (with an Origin header) are not taken');
  const host = hostOf(request.headers.host ?? '');
  const ours =
    host !== undefined &&
    (isLoopback(host) || host === ourAddress.toLowerCase() || (!isLoopback(ourAddress) && isAddressLiteral(host)));
  if (!ours) throw new RefusedError(403, 'The Host header does not name this machine; use 127.0.0.1 or localhost');
}

/** Whether two texts are equal, in a time that tells nothing of where they differ. */
export function equalSecrets(given: string, expected: string): boolean {
  let difference = given.length ^ expected.length;
  for (let at = 0; at < expected.length; at++) difference |= given.charCodeAt(at) ^ expected.charCodeAt(at);
  return difference === 0;
}

/** Refuses a request without `authorization: Bearer <token>`. */
export function checkToken(request: IncomingRequest, token: string): void {
  const given = /^bearer +(\S+)$/i.exec(request.headers.authorization ?? '')?.[1] ?? '';
  if (!equalSecrets(given, token))
    throw new RefusedError(401, 'The authorization header does not carry the token', { 'www-authenticate': 'Bearer' });
}

export function checkMethod(request: IncomingRequest, method: 'GET' | 'POST'): void {
  if (request.method !== method)
    throw new RefusedError(405, `${request.method} is not taken here; use ${method}`, { allow: method });
}
