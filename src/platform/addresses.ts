/** Who can be behind an address: this machine, the network it stands in, or anybody. */
export type Reach = 'loopback' | 'private' | 'public';

/**
 * Origin and base path of a configured address, or null when it is none that may be asked: another scheme than http
 * and https, or credentials in it (they would stand in a file, and in logs). Query and fragment are dropped.
 */
export function baseAddress(url: string): { readonly origin: string; readonly path: string } | null {
  if (!URL.canParse(url)) return null;
  const { protocol, username, password, origin, pathname, hostname } = new URL(url);
  if (protocol !== 'http:' && protocol !== 'https:') return null;
  if (username !== '' || password !== '' || hostname === '') return null;
  return { origin, path: pathname.replace(/\/+$/, '') };
}

/** Names that only resolve inside a network: RFC 6762 (`local`), RFC 8375 (`home.arpa`), ICANN's `internal`, and habit. */
const privateNames = /(^[^.]+$)|\.(local|internal|intranet|lan|corp|home|home\.arpa)$/;

/**
 * By the host as written (RFC 1918, 3927, 4193, 4291, 6598; URL has already turned other spellings of an IPv4 address
 * into four numbers). A public name that resolves to a private address is not seen through.
 */
export function reachOf(origin: string): Reach {
  const host = new URL(origin).hostname.toLowerCase().replace(/\.$/, '');
  if (host === 'localhost' || host.endsWith('.localhost')) return 'loopback';
  if (host.startsWith('[')) return reachOfV6(host.slice(1, -1));
  const numbers = /^(\d+)\.(\d+)\.\d+\.\d+$/.exec(host);
  if (numbers) return reachOfV4(Number(numbers[1]), Number(numbers[2]));
  return privateNames.test(host) ? 'private' : 'public';
}

function reachOfV4(first: number, second: number): Reach {
  if (first === 127 || first === 0) return 'loopback';
  const inside =
    first === 10 ||
    (first === 172 && second >= 16 && second <= 31) ||
    (first === 192 && second === 168) ||
    (first === 169 && second === 254) ||
    (first === 100 && second >= 64 && second <= 127);
  return inside ? 'private' : 'public';
}

function reachOfV6(address: string): Reach {
  if (address === '::1' || address === '::') return 'loopback';
  // URL writes an IPv4 address mapped into IPv6 in hexadecimal.
  const mapped = /^::ffff:([0-9a-f]{1,4}):[0-9a-f]{1,4}$/.exec(address);
  if (mapped) {
    const high = parseInt(mapped[1] ?? '', 16);
    return reachOfV4(high >> 8, high & 0xff);
  }
  return /^(f[cd]|fe[89ab])/.test(address) ? 'private' : 'public';
}
