// From a person's consent to "verified" where the data plane is asked: flagd serves the file that is changed, and answers
// over OFREP. Beside it the same question asked raw and without a pause, which is when flagd had followed; what is left
// over is our own look every half second.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { hasPushingFlagd, pushingFlagdHow, startPushingFlagd } from '../servers/shared/pushingFlagd.mjs';
import { importHost, portsOf, storeOf } from './hostBundle.mjs';
import { median, quantile } from './workerRpc.mjs';

const rounds = 20;
const patienceMs = 20_000;
const ref = { system: 'flags', project: 'shop', key: 'new-checkout' };
const environment = { system: 'flags', project: 'shop', name: 'production' };
const definition = {
  flags: { [ref.key]: { state: 'ENABLED', variants: { on: true, off: false }, defaultVariant: 'on' } },
};

/** Epoch ms of the first answer that is `variant`. */
async function servedFrom(ofrep, variant) {
  const until = Date.now() + patienceMs;
  while (Date.now() < until) {
    const response = await fetch(`${ofrep}/ofrep/v1/evaluate/flags/${ref.key}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ context: { targetingKey: 'somebody' } }),
    });
    if ((await response.json()).variant === variant) return Date.now();
  }
  throw new Error(`${variant} was not served in ${patienceMs} ms`);
}

/** One change, to the time flagd followed and the time it was said to be verified, in ms since the consent. */
async function changed({ changes, store, ofrep, on }) {
  await store.refresh();
  const seen = store.flag(ref).flag.states.find((state) => state.environment.name === environment.name);
  const served = servedFrom(ofrep, on ? 'on' : 'off');
  const outcome = await changes.change(
    { ref, environment, intent: { kind: 'switch', on }, seen, through: 'bench' },
    AbortSignal.timeout(patienceMs),
  );
  if (outcome.kind !== 'done') throw new Error(`${outcome.kind}: ${outcome.words}`);
  const { consent, verification } = await outcome.settled;
  const verified = Date.now() - consent.at;
  if (verification?.state !== 'verified') throw new Error(`not verified: ${verification?.words}`);
  return { followed: (await served) - consent.at, verified };
}

export async function verifyByFlagd({ figure }) {
  if (!hasPushingFlagd()) return figure('data plane', `skipped: needs ${pushingFlagdHow}`);
  const folder = mkdtempSync(join(tmpdir(), 'sightglass-verified-'));
  const stops = [() => rmSync(folder, { recursive: true, force: true })];
  try {
    const host = await importHost(folder);
    const path = join(folder, 'flags.json');
    writeFileSync(path, JSON.stringify(definition, null, 2));
    const server = await startPushingFlagd({ sources: [`file:${path}`] });
    stops.push(() => server.stop());
    await servedFrom(server.ofrep, 'on');
    const production = { name: environment.name, kind: 'live', source: ['flags.json'], ofrep: server.ofrep };
    const systems = [{ id: ref.system, type: 'flagd', projects: [{ name: ref.project, environments: [production] }] }];
    writeFileSync(join(folder, '.sightglass.json'), JSON.stringify({ systems }));
    const store = storeOf(host, folder);
    stops.push(() => store.dispose());
    await store.setFolders([folder]);
    const changes = new host.Changes({
      ...portsOf(host),
      home: join(folder, 'home'),
      systems: {
        systemFor: (of) => store.systemFor(of),
        systemForPlan: (plan) => store.systemForPlan(plan),
        projects: () => store.projects(),
      },
      consent: { ask: () => Promise.resolve({ who: 'bench', at: Date.now(), through: 'bench', reason: 'measured' }) },
      source: undefined,
      couldWriteInPlace: () => false,
    });
    stops.push(async () => {
      changes.dispose();
      await changes.closed();
    });
    const times = [];
    for (let round = 0; round < rounds; round++)
      times.push(await changed({ changes, store, ofrep: server.ofrep, on: round % 2 === 1 }));
    const say = (values) =>
      `p50 ${median(values).toFixed(0)}, p95 ${quantile(values, 0.95).toFixed(0)}, max ${Math.max(...values).toFixed(0)} ms`;
    const load = loadavg()[0].toFixed(1);
    figure(
      `${server.called} serves it, after the consent, ${rounds} changes, load ${load}`,
      say(times.map(({ followed }) => followed)),
    );
    figure('said to be verified by its answers, after the consent', say(times.map(({ verified }) => verified)));
  } finally {
    for (const stop of stops.reverse()) await stop();
  }
}
