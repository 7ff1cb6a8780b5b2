// From a person's consent to "verified on all instances", beside the poll of real SDKs: three processes with Unleash's own
// Node SDK ask a real Unleash, and tell the built-in receiver what they evaluate as OpenTelemetry's exporters do. What the
// verification adds to the SDK that followed last is evaluations on their way (the exporter's interval) and our own look
// every half second.
import { fork } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { adminToken, backendToken, startUnleash, unleashHow, unleashNeeds } from '../servers/unleash.mjs';
import { importHost, portsOf, storeOf } from './hostBundle.mjs';
import { verifyByFlagd } from './verifiedByFlagd.mjs';
import { median, quantile, startWorker } from './workerRpc.mjs';

const instances = 3;
const rounds = 12;
const pollSeconds = 5;
/** What OpenTelemetry's SDKs wait between two exports of log records. */
const exportMs = 1_000;
const flag = 'new-checkout';
const rest = (ms) => new Promise((done) => setTimeout(done, ms));

function startInstance(asked) {
  const child = fork(fileURLToPath(new URL('unleashSdk.mjs', import.meta.url)), { stdio: 'inherit' });
  const heard = new Set();
  child.on('message', (message) => heard.forEach((listen) => listen(message)));
  const next = (wanted) =>
    new Promise((resolve, reject) => {
      const late = setTimeout(() => reject(new Error(`${asked.name} did not follow in 60 s`)), 60_000);
      const listen = (message) => {
        if (!wanted(message)) return;
        clearTimeout(late);
        heard.delete(listen);
        resolve(message);
      };
      heard.add(listen);
    });
  const ready = next((message) => message.ready);
  child.send(asked);
  return { ready, next, stop: () => child.disconnect() };
}

async function made(url, path, body) {
  const response = await fetch(`${url}/api/admin/projects/default/features${path}`, {
    method: 'POST',
    headers: { authorization: adminToken, 'content-type': 'application/json' },
    ...(body && { body: JSON.stringify(body) }),
  });
  if (!response.ok) throw new Error(`${path}: ${response.status} ${(await response.text()).slice(0, 300)}`);
}

/** One change, to the time the last SDK followed and the time it was said to be verified, in ms since the consent. */
async function changed({ changes, store, sdks, on }) {
  const ref = { system: 'flags', project: 'default', key: flag };
  const environment = { system: 'flags', project: 'default', name: 'production' };
  await store.refresh();
  const seen = store.flag(ref).flag.states.find((state) => state.environment.name === environment.name);
  const followed = Promise.all(sdks.map(({ next }) => next((message) => message.changed === on)));
  const outcome = await changes.change(
    { ref, environment, intent: { kind: 'switch', on }, seen, through: 'bench' },
    AbortSignal.timeout(30_000),
  );
  if (outcome.kind !== 'done') throw new Error(`${outcome.kind}: ${outcome.words}`);
  const { consent, verification } = await outcome.settled;
  const verifiedAt = Date.now();
  if (verification?.state !== 'verified') throw new Error(`not verified: ${verification?.words}`);
  if (verification.instances !== instances) throw new Error(`verified without all: ${verification.words}`);
  const last = Math.max(...(await followed).map(({ at }) => at));
  if (verifiedAt < last) throw new Error(`said to be verified ${last - verifiedAt} ms before the last SDK followed`);
  return { followed: last - consent.at, verified: verifiedAt - consent.at };
}

export async function run({ root, figure }) {
  await verifyByFlagd({ figure });
  if (unleashNeeds('pglite')) {
    figure('skipped', `needs ${unleashNeeds('pglite')} (${unleashHow})`);
    return;
  }
  const folder = mkdtempSync(join(tmpdir(), 'sightglass-verified-'));
  const stops = [() => rmSync(folder, { recursive: true, force: true })];
  try {
    const host = await importHost(folder);
    const { url, stop } = await startUnleash();
    stops.push(stop);
    await made(url, '', { name: flag, type: 'release' });
    const parameters = { rollout: '100', stickiness: 'default', groupId: flag };
    await made(url, `/${flag}/environments/production/strategies`, { name: 'flexibleRollout', parameters });
    await made(url, `/${flag}/environments/production/on`);

    const telemetry = startWorker(root, 'telemetry', null);
    stops.push(() => telemetry.stop());
    const home = join(folder, 'home');
    const status = await telemetry.call('start', { home, address: '127.0.0.1', port: 0, token: null });
    const asked = { root, url, token: backendToken('production'), pollMs: pollSeconds * 1000, exportMs, flag };
    const sdks = Array.from({ length: instances }, (_, index) =>
      startInstance({ ...asked, receiver: status.port, name: `checkout-${index}` }),
    );
    stops.push(() => sdks.forEach((sdk) => sdk.stop()));
    await Promise.all(sdks.map(({ ready }) => ready));

    const production = { name: 'production', kind: 'live', pollSeconds };
    const projects = [{ name: 'default', environments: [production] }];
    writeFileSync(
      join(folder, '.sightglass.json'),
      JSON.stringify({ systems: [{ id: 'flags', type: 'unleash', url, projects }] }),
    );
    const store = storeOf(host, folder, adminToken);
    stops.push(() => store.dispose());
    await store.setFolders([folder]);
    const changes = new host.Changes({
      ...portsOf(host),
      home,
      systems: {
        systemFor: (of) => store.systemFor(of),
        systemForPlan: (plan) => store.systemForPlan(plan),
        projects: () => store.projects(),
      },
      consent: { ask: () => Promise.resolve({ who: 'bench', at: 0, through: 'bench', reason: 'measured' }) },
      source: { instances: (wanted) => telemetry.call('instances', wanted) },
      couldWriteInPlace: () => false,
    });
    stops.push(async () => {
      changes.dispose();
      await changes.closed();
    });

    // Evaluations of before are there, so that it is known who has to follow.
    await rest(3 * exportMs);
    const times = [];
    for (let round = 0; round < rounds; round++) {
      times.push(await changed({ changes, store, sdks, on: round % 2 === 1 }));
      // Not in step with the SDKs' polls.
      await rest(Math.random() * pollSeconds * 1000);
    }
    const say = (values) =>
      `p50 ${median(values).toFixed(0)}, p95 ${quantile(values, 0.95).toFixed(0)}, max ${Math.max(...values).toFixed(0)} ms`;
    figure(
      `${instances} instances, SDK polls every ${pollSeconds} s, ${rounds} changes, load ${loadavg()[0].toFixed(1)}`,
      '',
    );
    figure('the last SDK follows, after the consent', say(times.map(({ followed }) => followed)));
    figure('said to be verified on all, after the consent', say(times.map(({ verified }) => verified)));
    figure(
      `what verification adds (evaluations exported every ${exportMs} ms)`,
      say(times.map(({ followed, verified }) => verified - followed)),
    );
  } finally {
    for (const stop of stops.reverse()) await stop();
  }
}
