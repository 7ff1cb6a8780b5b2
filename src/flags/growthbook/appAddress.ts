/**
 * Where people open GrowthBook, by the address of its API: the cloud's is known, and a self-hosted one has its app at port
 * 3000 beside an API at 3100 (https://docs.growthbook.io/self-host). Else what stands behind one address.
 */
export function appAddress(api: string): string {
  const url = new URL(api);
  if (url.hostname === 'api.growthbook.io') return 'https://app.growthbook.io';
  if (url.port === '3100') url.port = '3000';
  return url.origin;
}

/** The address of the API by what a person enters: the app's in the cloud, and `/api` is ours to add. */
export function apiAddress(entered: { readonly origin: string; readonly path: string }): string {
  const origin = entered.origin === 'https://app.growthbook.io' ? 'https://api.growthbook.io' : entered.origin;
  return `${origin}${entered.path.replace(/\/api(\/v\d+)?\/?$/, '').replace(/\/+$/, '')}`;
}
