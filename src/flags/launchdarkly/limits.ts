import { serverNow, type Headers, type Limits } from '../rest/pace';

/** Windows are 10 s (https://launchdarkly.com/docs/api#rate-limiting); numbers are not published, headers count. */
const WINDOW_MS = 10_000;

/**
 * `X-Ratelimit-Global-Remaining`, `-Route-Remaining` and `-Auth-Token-Remaining`, the least of them, until
 * `X-Ratelimit-Reset`: epoch milliseconds, by the server's clock.
 */
export const launchDarklyLimits: Limits = { windowMs: WINDOW_MS, remaining, resetMs };

function remaining(headers: Headers): number | null {
  const left = Object.entries(headers).flatMap(([name, value]) => {
    const number = /^x-ratelimit-(?:.*-)?remaining$/.test(name) && value.trim() !== '' ? Number(value) : Number.NaN;
    return Number.isFinite(number) ? [number] : [];
  });
  return left.length > 0 ? Math.min(...left) : null;
}

/** `X-Ratelimit-Reset` as milliseconds from now; seconds since the epoch are understood as well. */
function resetMs(headers: Headers, now: number): number | null {
  const reset = Number.parseFloat(headers['x-ratelimit-reset'] ?? '');
  if (!Number.isFinite(reset) || reset < 1e9) return null;
  return Math.max(0, (reset > 1e11 ? reset : reset * 1000) - serverNow(headers, now));
}
