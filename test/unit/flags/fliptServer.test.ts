import { expect, it } from 'vitest';
import { EnvironmentState } from '../../../src/flags/flipt/environmentState';
import { fliptProfile } from '../../../src/flags/flipt/profile';
import { ApiClient } from '../../../src/flags/rest/apiClient';
import { HttpError, type Http, type HttpResponse } from '../../../src/platform/http';
import { MemoryClock } from '../../../src/platform/memory/clock';
import { memoryL10n } from '../../../src/platform/memory/l10n';
import { memoryRemotes } from '../../../src/platform/memory/remotes';
import { TurningClock } from './turningClock';

const { signal } = new AbortController();
const json = (value: unknown, headers: Record<string, string> = {}): HttpResponse => ({
  status: 200,
  headers: { 'content-type': 'application/json', ...headers },
  body: new TextEncoder().encode(typeof value === 'string' ? value : JSON.stringify(value)),
});
const flag = (key: string) => ({ key, payload: { key, type: 'BOOLEAN_FLAG_TYPE', enabled: true } });

/** One environment of a server that answers so. */
function stateOf(
  answer: (path: string, asked: Readonly<Record<string, string>>) => HttpResponse,
  clock = new MemoryClock(),
) {
  const heard: string[] = [];
  const http: Http = {
    request: ({ url, headers = {} }) => {
      const { pathname, search } = new URL(url);
      heard.push(pathname.split('/').at(-1) ?? '');
      return new Promise((done) => {
        done(answer(`${pathname}${search}`, headers));
      });
    },
  };
  const options = { id: 'flipt', type: 'flipt', url: 'http://flipt.test', authorization: 'bearer' } as const;
  const client = new ApiClient(memoryRemotes(http).remote(options), fliptProfile, clock, memoryL10n);
  return { state: new EnvironmentState({ environment: 'qa', namespace: 'shop' }, 'shop', client, clock), heard };
}

it('of the snapshot the ETag alone counts: its body is not read', async () => {
  const { state, heard } = stateOf((path, { 'if-none-match': known }) => {
    if (!path.endsWith('/snapshot')) return json({ resources: path.endsWith('Flag') ? [flag('a')] : [] });
    return known === 'e1' ? { ...json(''), status: 304 } : json('{"cut', { etag: 'e1' });
  });
  expect(await state.refresh({ signal }, false)).toBe(true);
  expect(await state.refresh({ signal }, false)).toBe(false);
  expect(heard).toEqual(['snapshot', 'flipt.core.Flag', 'flipt.core.Segment', 'snapshot']);
});

it('flags are there where the snapshot is larger than can be read, or a page of somebody else', async () => {
  for (const snapshot of [
    (): HttpResponse => {
      throw new HttpError('tooLarge', '', 'too large');
    },
    () => ({ ...json('<html>'), headers: { 'content-type': 'text/html', etag: 'page' } }),
  ]) {
    let enabled = true;
    const { state, heard } = stateOf((path) => {
      if (path.endsWith('/snapshot')) return snapshot();
      const { key, payload } = flag('a');
      return json({ resources: path.endsWith('Flag') ? [{ key, payload: { ...payload, enabled } }] : [] });
    });
    await state.refresh({ signal }, false);
    enabled = false;
    await state.refresh({ signal }, false);
    expect(state.flags.get('a')?.payload.enabled).toBe(false);
    expect(heard.filter((path) => path === 'snapshot')).toHaveLength(1);
  }
});

it('of a server of version 1 that has more than are shown it is said how many there are', async () => {
  const page = (from: number) => Array.from({ length: 500 }, (_, at) => flag(`f${String(from + at)}`).payload);
  for (const [total, said] of [
    [20_000, 0],
    [20_001, 20_001],
    [90_000, 90_000],
  ] as const) {
    const { state, heard } = stateOf((path) => {
      const from = Number(new URL(path, 'http://x').searchParams.get('pageToken') ?? 0);
      const flags = page(from).slice(0, total - from);
      const next = from + flags.length;
      return json({ flags, nextPageToken: next < total ? String(next) : '', totalCount: total });
    });
    await state.refreshV1({ signal });
    expect([state.flags.size, state.tooMany]).toEqual([20_000, said]);
    expect(heard.length).toBeLessThan(42);
  }
});

it('flags are taken in turns: the old ones stay until all are read, and a write in between is kept', async () => {
  const clock = new TurningClock(1);
  let count = 1;
  const { state } = stateOf((path) => {
    if (path.endsWith('/snapshot')) return json({}, { etag: String(count) });
    const resources = Array.from({ length: count }, (_, at) => flag(`f${String(at)}`));
    return json({ resources: path.endsWith('Flag') ? resources : [] });
  }, clock);
  await state.refresh({ signal }, false);
  count = 500;
  const before = clock.rests;
  const refreshed = state.refresh({ signal }, false);
  for (let turn = 0; turn < 2_000 && clock.rests < before + 5; turn++) {
    expect(state.flags.size).toBe(1);
    await Promise.resolve();
  }
  state.take('f1', { ...flag('f1').payload, enabled: false });
  state.gone('f2');
  await refreshed;
  expect(state.flags.size).toBe(499);
  expect(state.flags.get('f1')?.payload.enabled).toBe(false);
  expect(state.flags.has('f2')).toBe(false);
  expect(clock.rests - before).toBeGreaterThan(50);
});
