import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { lastKnown } from '../../src/model/answer';
import { FRESHNESS } from '../../src/flags/liveProject';
import { FlagStore } from '../../src/flags/store';
import type { Http } from '../../src/platform/http';
import { memoryRemotes } from '../../src/platform/memory/remotes';
import { createUndiciHttp } from '../../src/platform/node/undiciHttp';
import { flagDeps } from '../unit/flags/flagDeps';
import { hurriedClock as clock } from './faultLoop/loopWindow';

const token = 'planted-7d1f0c52aa94-in-bad-input';
const live = { name: 'production', kind: 'live' };
const projects = (more: object = {}): object[] => [{ name: 'shop', environments: [{ ...live, ...more }] }];

interface Asked {
  readonly of: (url: string) => object;
  /** Who it is and what it was asked about, in what is said of it. */
  readonly who: (at: string) => readonly string[];
}
const rest = (type: string, called: string): Asked => ({
  of: (url) => ({ type, url, projects: projects() }),
  who: (at) => [`${called}|certificate of`, at, '"shop"'],
});
/** Each flag system that is asked over the network; a server of flags alone is named by its address, as it is configured. */
const systems: Readonly<Record<string, Asked>> = {
  Unleash: rest('unleash', 'Unleash at'),
  LaunchDarkly: rest('launchdarkly', 'LaunchDarkly at'),
  GrowthBook: rest('growthbook', 'GrowthBook at'),
  Flipt: rest('flipt', 'Flipt at'),
  'GO Feature Flag': { of: (url) => ({ type: 'goff', projects: projects({ source: [url] }) }), who: (at) => [at] },
  flagd: { of: (url) => ({ type: 'flagd', projects: projects({ source: [`${url}/flags.json`] }) }), who: (at) => [at] },
};

const page: RequestListener = (_request, response) =>
  void response.writeHead(200, { 'content-type': 'text/html' }).end('<html><title>Sign in</title></html>');
const saying =
  (status: number, headers: Readonly<Record<string, string>> = {}): RequestListener =>
  (_request, response) =>
    void response
      .writeHead(status, { 'content-type': 'application/json', ...headers })
      .end(JSON.stringify({ code: 'x', name: 'x', message: 'It says why.', details: [] }));
const now = 'Tue, 01 Jan 2030 00:00:00 GMT';

/** Every class of it, and what is said. */
const classes: Readonly<Record<string, { readonly answer: RequestListener; readonly words: RegExp }>> = {
  '401': { answer: saying(401), words: /\(401\)/ },
  '403': { answer: saying(403), words: /\(403\)/ },
  '404': { answer: saying(404), words: /\(404\)|neither|API|has no/ },
  '405': { answer: saying(405), words: /405/ },
  '409': { answer: saying(409), words: /409/ },
  '412': { answer: saying(412), words: /412/ },
  '422': { answer: saying(422), words: /422/ },
  '423': { answer: saying(423), words: /423/ },
  '429': { answer: saying(429), words: /too often \(429\)/ },
  '429 with seconds': { answer: saying(429, { 'retry-after': '120' }), words: /too often \(429\).* in 120 s/ },
  '429 with an epoch': {
    answer: saying(429, { 'retry-after': '1893456120', date: now }),
    words: /too often \(429\).* in 120 s/,
  },
  '429 with a date': {
    answer: saying(429, { 'retry-after': 'Tue, 01 Jan 2030 00:02:00 GMT', date: now }),
    words: /too often \(429\).* in 120 s/,
  },
  '500': { answer: saying(500), words: /failed.*\(500\)/ },
  '502': { answer: saying(502), words: /failed.*\(502\)/ },
  '503': { answer: saying(503), words: /failed.*\(503\)/ },
  'a web page': { answer: page, words: /page|cannot be read|no flag definition/ },
  nothing: {
    answer: (_request, response) => void response.writeHead(200, { 'content-type': 'application/json' }).end(),
    words: /cannot be read|no flag definition|what are no flags/,
  },
  'half an answer': {
    answer: (_request, response) => {
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': '1000' });
      response.write('{"flags": {"a"', () => response.destroy());
    },
    words: /cannot be reached|connection|closed|terminated|aborted/,
  },
  silence: { answer: () => undefined, words: /in time|answer/ },
  'a redirect to another host': {
    answer: saying(302, { location: 'http://127.0.0.1:9/elsewhere' }),
    words: /another address \(302\)|leads elsewhere \(302\)/,
  },
  'another shape': {
    answer: (_request, response) =>
      void response.writeHead(200, { 'content-type': 'application/json' }).end('[1, {"b": 2}]'),
    words: /cannot be read|no flag definition|what are no flags|has "flags"|object with/,
  },
  'a certificate that nobody vouches for': { answer: saying(200), words: /certificate/ },
};

const nothing = { answer: saying(200) };

/** One is enough to see what is said; a client waits for 10 s. */
const impatient: Http = (() => {
  const http = createUndiciHttp({});
  return { request: (asked) => http.request({ ...asked, timeoutMs: Math.min(asked.timeoutMs, 1_500) }) };
})();

const hasOpenssl = spawnSync('openssl', ['version']).status === 0;
if (!hasOpenssl) it.skip('a certificate that nobody vouches for - skipped: needs openssl (apt-get install openssl)');
const asked = Object.entries(classes).filter(([kind]) => hasOpenssl || !kind.includes('certificate'));

/** The code of most systems is loaded with the first question, which takes real time. */
const freshness = { ...FRESHNESS, timeoutMs: 600_000 };

let folder: string;
let key: string;
let cert: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'sightglass-certificate-'));
  if (!hasOpenssl) return;
  const [keyAt, certAt] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
  const of = [
    '-newkey',
    'rsa:2048',
    '-nodes',
    '-keyout',
    keyAt,
    '-out',
    certAt,
    '-days',
    '1',
    '-subj',
    '/CN=localhost',
  ];
  execFileSync('openssl', ['req', '-x509', ...of], { stdio: 'ignore' });
  [key, cert] = [readFileSync(keyAt, 'utf8'), readFileSync(certAt, 'utf8')];
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function listening(name: string, answer: RequestListener): Promise<{ url: string; server: Server }> {
  const isSecure = name.includes('certificate');
  const server = isSecure ? createTlsServer({ key, cert }, answer) : createServer(answer);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return { url: `${isSecure ? 'https' : 'http'}://127.0.0.1:${String(port)}`, server };
}

/** What is said where flags were asked for, and whether they are shown as there. */
async function told(of: Asked, kind: string): Promise<{ words: string; shown: string; url: string }> {
  const { url, server } = await listening(kind, (classes[kind] ?? nothing).answer);
  const { deps, files, log } = flagDeps();
  files.set('/w/.sightglass.json', JSON.stringify({ systems: [{ id: 'flags', ...of.of(url) }] }));
  const store = new FlagStore({ ...deps, clock, freshness, remotes: memoryRemotes(impatient, token) });
  try {
    await store.setFolders(['/w']);
    // A project has answered when its time is over too: what is said until then is not the end of it.
    for (;;) {
      const answer = store.projects()[0]?.answer;
      if (!answer) throw new Error('no project');
      // A text that is no flags is a problem at its place; a server that gives none is a project without an answer.
      const words = 'reason' in answer ? answer.reason : lastKnown(answer)?.value.problems[0]?.message;
      if (words !== undefined && !words.endsWith('has not answered yet.'))
        return { words, shown: JSON.stringify([store.projects(), log.lines]), url };
      await new Promise((later) => setTimeout(later, 50));
    }
  } finally {
    store.dispose();
    server.closeAllConnections();
    server.close();
  }
}

const table = new Map<string, string[]>();
/** What was held to it, system by class; a class that is missing would be seen here. */
afterAll(() => {
  console.log(
    [...table].map(([system, kinds]) => `${system}: ${String(kinds.length)} (${kinds.join(', ')})`).join('\n'),
  );
});

describe.each(Object.entries(systems))('%s, asked for its flags, answers with', (name, system) => {
  it.each(asked)('%s: it is said who, about what, why and what to do', async (kind, { words: why }) => {
    const { words, shown, url } = await told(system, kind);
    expect(words).toMatch(why);
    for (const who of system.who(new URL(url).host)) expect(words).toMatch(new RegExp(who));
    // More than that it failed: a sentence of what to do, or when it goes on.
    expect(words).toMatch(
      /[.?] [A-Z"].*[.?]$|Check address and network\. |Check the address and the network\. |It says why\.$|: [A-Z].*\.$|only after others approved/,
    );
    expect(shown).toContain('"production"');
    expect(words.length).toBeLessThan(600);
    expect(shown).not.toContain('<html');
    expect(shown).not.toContain(token);
    table.set(name, [...(table.get(name) ?? []), kind]);
  });
});
