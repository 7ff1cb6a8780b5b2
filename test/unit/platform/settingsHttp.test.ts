import { describe, expect, it } from 'vitest';
import type { Http } from '../../../src/platform/http';
import { MemoryFiles } from '../../../src/platform/memory/files';
import { MemorySettings } from '../../../src/platform/memory/settings';
import type { UndiciHttpOptions } from '../../../src/platform/node/undiciHttp';
import { settingsHttp } from '../../../src/platform/vscode/settingsHttp';

const named = (status: number): Http => ({
  request: () => Promise.resolve({ status, headers: {}, body: new Uint8Array() }),
});
const ask = { method: 'GET', url: 'https://a.example', timeoutMs: 1_000, maxBytes: 10 } as const;

function world(values: Readonly<Record<string, unknown>> = {}) {
  const settings = new MemorySettings(values);
  const files = new MemoryFiles();
  const made: UndiciHttpOptions[] = [];
  const own = (options: UndiciHttpOptions): Http => {
    made.push(options);
    return named(202);
  };
  return { settings, files, made, http: settingsHttp({ settings, files, host: named(201), own }) };
}

describe('HTTP by our settings', () => {
  it('is the host’s own unless a setting says otherwise, from the moment it does', async () => {
    const { http, settings, files, made } = world();
    expect((await http.request(ask)).status).toBe(201);
    files.set('/pem/ca.pem', 'CA');
    files.set('/pem/me.pem', 'CERT');
    files.set('/pem/me.key', 'KEY');
    settings.set('http.proxy', 'http://proxy.acme.dev:3128');
    settings.set('http.ca', '/pem/ca.pem');
    settings.set('http.clientCertificate', { certificate: '/pem/me.pem', key: '/pem/me.key' });
    expect((await http.request(ask)).status).toBe(202);
    expect((await http.request(ask)).status).toBe(202);
    expect(made).toEqual([
      { proxy: 'http://proxy.acme.dev:3128', ca: 'CA', clientCertificate: { cert: 'CERT', key: 'KEY' } },
    ]);
    settings.set('http.proxy', '');
    settings.set('http.ca', '');
    settings.set('http.clientCertificate', {});
    expect((await http.request(ask)).status).toBe(201);
  });

  it.each([
    [{ 'http.proxy': 'http://ana:secret@proxy.acme.dev' }, /password/],
    [{ 'http.proxy': 'socks5://proxy' }, /no http or https/],
    [{ 'http.ca': '/nowhere.pem' }, /http\.ca cannot be read.*nowhere/],
  ])('sends nothing with %j, and says why without the password', async (values, words) => {
    const { http, made } = world(values);
    const error: unknown = await http.request(ask).catch((thrown: unknown) => thrown);
    expect(String(error)).toMatch(words);
    expect(String(error)).not.toContain('secret');
    expect(made).toEqual([]);
  });

  it('reads a file that was not there when it is', async () => {
    const { http, files, made } = world({ 'http.ca': '/pem/ca.pem' });
    await expect(http.request(ask)).rejects.toMatchObject({ reason: 'unreachable' });
    files.set('/pem/ca.pem', 'CA');
    await http.request(ask);
    expect(made).toEqual([{ ca: 'CA' }]);
  });

  it('takes a half-filled client certificate for none', async () => {
    const { http } = world({ 'http.clientCertificate': { certificate: '/a.pem' } });
    expect((await http.request(ask)).status).toBe(201);
  });
});
