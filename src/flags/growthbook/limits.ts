import type { Headers, Limits } from '../rest/pace';

/** 60 calls a minute and key in GrowthBook's cloud; self-hosted ones set `API_RATE_LIMIT_MAX`. */
const WINDOW_MS = 60_000;

/** `RateLimit-Remaining`, and `RateLimit-Reset` in seconds from now (draft-ietf-httpapi-ratelimit-headers-06). */
export const growthBookLimits: Limits = {
  windowMs: WINDOW_MS,
  remaining: (headers) => numberOf(headers, 'ratelimit-remaining'),
  resetMs: (headers) => {
    const seconds = numberOf(headers, 'ratelimit-reset');
    return seconds === null ? null : Math.max(0, seconds) * 1000;
  },
};

function numberOf(headers: Headers, name: string): number | null {
  const text = headers[name]?.trim() ?? '';
  const number = text === '' ? Number.NaN : Number(text);
  return Number.isFinite(number) ? number : null;
}
