import { headersOf, type Customer } from './customer';
import { HttpError } from './service';

const TIMEOUT_MS = 5000;

/** Asks another service. What it refuses is refused here too; what it cannot do is a bad gateway. */
export async function call<T>(customer: Customer, url: string, body?: unknown): Promise<T> {
  const response = await fetch(url, {
    method: body === undefined ? 'GET' : 'POST',
    headers: { ...headersOf(customer), 'content-type': 'application/json' },
    body: body === undefined ? null : JSON.stringify(body),
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
  const answer = (await response.json()) as T & { error?: string };
  if (response.ok) return answer;
  throw new HttpError(response.status < 500 ? response.status : 502, answer.error ?? response.statusText);
}
