/**
 * A repository by the address that it is fetched from, without what may stand in that to sign in:
 * `github.com/acme/shop` of `https://ana:token@github.com/acme/shop.git` and of `git@github.com:acme/shop.git`. null: it
 * is of this machine, or of no form that is known.
 */
export function repositoryName(remote: string): string | null {
  const text = remote.trim().slice(0, 2_000);
  const short = /^(?:[^@/\s]+@)?([\w.-]{2,}):(?![/:])([^\s?#@:]+)$/.exec(text);
  if (short?.[1] !== undefined && short[2] !== undefined) return named(short[1], short[2]);
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    return null;
  }
  return /^(?:https?|ssh|git):$/.test(url.protocol) ? named(url.hostname, url.pathname) : null;
}

function named(host: string, path: string): string | null {
  const bare = path.replace(/^\/+|\/+$/g, '').replace(/\.git$/, '');
  // A mirror's path may hold another address, with whatever that is signed in with.
  return host === '' || bare === '' || /[@:]/.test(bare) ? null : `${host}/${bare}`;
}
