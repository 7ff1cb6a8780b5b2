import { describe, expect, it } from 'vitest';
import type { Http, HttpRequest, HttpResponse } from '../../../src/platform/http';
import { SharedRequests } from '../../../src/platform/sharedRequests';

interface Held {
  readonly asked: HttpRequest;
  readonly answer: () => void;
  readonly fail: () => void;
}

function held(): { readonly http: SharedRequests; readonly sent: Held[] } {
  const sent: Held[] = [];
  const inner: Http = {
    request: (asked) =>
      new Promise<HttpResponse>((resolve, reject) => {
        const fail = (): void => reject(new Error(`${asked.url} failed`));
        asked.signal?.addEventListener('abort', fail);
        sent.push({ asked, fail, answer: () => resolve({ status: 200, headers: {}, body: new Uint8Array() }) });
      }),
  };
  return { http: new SharedRequests(inner), sent };
}

const soon = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 0));
const get = (path: string, over: Partial<HttpRequest> = {}): HttpRequest => ({
  method: 'GET',
  url: `https://a.example/${path}`,
  timeoutMs: 5_000,
  maxBytes: 10,
  ...over,
});

describe('requests that are shared', () => {
  it('are sent once while they are the same, and again afterwards', async () => {
    const { http, sent } = held();
    const both = [http.request(get('x')), http.request(get('x'))];
    const other = http.request(get('x', { headers: { authorization: 'another' } }));
    await soon();
    expect(sent.length).toBe(2);
    for (const { answer } of sent) answer();
    expect((await Promise.all([...both, other])).map(({ status }) => status)).toEqual([200, 200, 200]);
    void http.request(get('x'));
    await soon();
    expect(sent.length).toBe(3);
  });

  it('are never shared when they write', async () => {
    const { http, sent } = held();
    void http.request(get('x', { method: 'POST' }));
    void http.request(get('x', { method: 'POST' }));
    await soon();
    expect(sent.length).toBe(2);
  });

  it('are given up when all who wait have given up, and not before', async () => {
    const { http, sent } = held();
    const one = new AbortController();
    const two = new AbortController();
    const first = http.request(get('x', { signal: one.signal }));
    const second = http.request(get('x', { signal: two.signal }));
    await soon();
    one.abort();
    await expect(first).rejects.toMatchObject({ reason: 'aborted' });
    expect(sent[0]?.asked.signal?.aborted).toBe(false);
    two.abort();
    await expect(second).rejects.toMatchObject({ reason: 'aborted' });
    expect(sent[0]?.asked.signal?.aborted).toBe(true);
  });

  it('fail for all who wait', async () => {
    const { http, sent } = held();
    const both = [http.request(get('x')), http.request(get('x'))].map((one) => one.catch((error: unknown) => error));
    await soon();
    sent[0]?.fail();
    expect((await Promise.all(both)).map(String)).toEqual(Array(2).fill('Error: https://a.example/x failed'));
  });

  it('wait their turn, six at a time an origin, and no longer than they may take', async () => {
    const { http, sent } = held();
    const all = Array.from({ length: 8 }, (_, index) => http.request(get(String(index))));
    const late = http.request(get('late', { timeoutMs: 30 }));
    void http.request(get('elsewhere', { url: 'https://b.example/' }));
    await soon();
    expect(sent.length).toBe(7);
    await expect(late).rejects.toMatchObject({ reason: 'timeout' });
    while (sent.length < 9) {
      for (const { answer } of sent) answer();
      await soon();
    }
    for (const { answer } of sent) answer();
    expect((await Promise.all(all)).length).toBe(8);
  });
});
