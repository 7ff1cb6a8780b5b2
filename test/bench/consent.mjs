// From a person's consent to the state read back, as the journal's times have it, against the same write and two reads
// made raw in the same run, one after the other: what is left over is journal, lock, comparing and verifying that nobody
// was overwritten. For flag files and for Unleash (turned off and on again by its own switch).
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import * as fs from 'node:fs/promises';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { adminToken, startUnleash, unleashHow, unleashNeeds } from '../servers/unleash.mjs';
import { importHost, portsOf, storeOf } from './hostBundle.mjs';
import { median, quantile } from './workerRpc.mjs';

const rounds = 60;
const allowedMs = 50;
const ref = { system: 'flags', project: 'default', key: 'new-checkout' };
const environment = { system: 'flags', project: 'default', name: 'production' };
/** The flag is one of these: a file is read and written whole. */
const flagsInFile = 200;

const flag = {
  state: 'ENABLED',
  variants: { on: true, off: false },
  defaultVariant: 'on',
};
const definition = () => {
  const others = Array.from({ length: flagsInFile - 1 }, (_, index) => [`flag-${index}`, flag]);
  return JSON.stringify({ flags: { [ref.key]: flag, ...Object.fromEntries(others) } }, null, 2);
};

/** As any program would that must not lose it: a file beside it, flushed, renamed, the folder flushed. */
async function writeRaw(path, text) {
  const handle = await fs.open(`${path}.raw`, 'w', 0o600);
  await handle.writeFile(text);
  await handle.sync();
  await handle.close();
  await fs.rename(`${path}.raw`, path);
  const folder = await fs.open(join(path, '..'), 'r');
  await folder.sync();
  await folder.close();
}

/** Milliseconds of one change by Sightglass: consent to read back, and to the end of what it waits for. */
async function changedBy(changes, store, on) {
  const found = store.flag(ref);
  const seen = found.flag.states.find((state) => state.environment.name === environment.name);
  const intent = { kind: 'switch', on };
  const outcome = await changes.change(
    { ref, environment, intent, seen, through: 'bench' },
    AbortSignal.timeout(20_000),
  );
  if (outcome.kind !== 'done') throw new Error(`${outcome.kind}: ${outcome.words}`);
  const { consent, steps } = outcome.entry;
  const back = steps.findLast(({ words }) => words.startsWith('Read back'));
  if (back?.words !== 'Read back as planned') throw new Error(`not read back: ${back?.words}`);
  await store.refresh();
  return back.at - consent.at;
}

async function compared({ folder, system, token, raw }) {
  const out = mkdtempSync(join(tmpdir(), 'sightglass-consent-'));
  const ours = [];
  const peers = [];
  try {
    const host = await importHost(out);
    writeFileSync(join(folder, '.sightglass.json'), JSON.stringify({ systems: [system] }));
    const store = storeOf(host, folder, token);
    await store.setFolders([folder]);
    const consent = { ask: () => Promise.resolve({ who: 'bench', at: 0, through: 'bench', reason: 'measured' }) };
    const systems = {
      systemFor: (of) => store.systemFor(of),
      systemForPlan: (plan) => store.systemForPlan(plan),
      projects: () => store.projects(),
    };
    const changes = new host.Changes({
      ...portsOf(host),
      ...{ home: join(out, 'home'), systems, consent, source: undefined, couldWriteInPlace: () => false },
    });
    try {
      for (let round = 0; round < rounds; round++) {
        const on = round % 2 === 1;
        const start = performance.now();
        await raw(on);
        peers.push(performance.now() - start);
        ours.push(await changedBy(changes, store, on));
      }
    } finally {
      changes.dispose();
      await changes.closed();
      store.dispose();
    }
  } finally {
    rmSync(out, { recursive: true, force: true });
  }
  return { ours, peers };
}

async function onFiles(folder) {
  const path = join(folder, 'flags.json');
  const beside = join(folder, 'raw.json');
  const texts = [definition(), definition().replace('"on",', '"on" ,')];
  writeFileSync(path, texts[0]);
  const project = { name: ref.project, environments: [{ name: 'production', kind: 'live', source: ['flags.json'] }] };
  return compared({
    folder,
    system: { id: ref.system, type: 'flagd', projects: [project] },
    raw: async (on) => {
      await writeRaw(beside, texts[Number(on)]);
      for (let read = 0; read < 2; read++) JSON.parse(await fs.readFile(beside, 'utf8'));
    },
  });
}

async function onUnleash(folder) {
  const { url, stop } = await startUnleash();
  try {
    const features = `${url}/api/admin/projects/default/features`;
    const asked = async (method, path, body) => {
      const response = await fetch(`${features}${path}`, {
        method,
        headers: { authorization: adminToken, 'content-type': 'application/json' },
        ...(body && { body: JSON.stringify(body) }),
      });
      const text = await response.text();
      if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text.slice(0, 300)}`);
      return text;
    };
    const strategy = { name: 'flexibleRollout', parameters: { rollout: '50', stickiness: 'default', groupId: 'g' } };
    for (const name of [ref.key, 'raw']) {
      await asked('POST', '', { name, type: 'release' });
      await asked('POST', `/${name}/environments/production/strategies`, strategy);
      await asked('POST', `/${name}/environments/production/on`);
    }
    const project = { name: ref.project, environments: [{ name: 'production', kind: 'live' }] };
    return await compared({
      folder,
      token: adminToken,
      system: { id: ref.system, type: 'unleash', url, projects: [project] },
      raw: async (on) => {
        await asked('POST', `/raw/environments/production/${on ? 'on' : 'off'}`);
        for (let read = 0; read < 2; read++) JSON.parse(await asked('GET', '/raw'));
      },
    });
  } finally {
    await stop();
  }
}

export async function run({ figure }) {
  const folder = mkdtempSync(join(tmpdir(), 'sightglass-consent-'));
  const say = (what, { ours, peers }) => {
    const load = loadavg()[0].toFixed(1);
    const both = (values) => `${median(values).toFixed(0)} / ${quantile(values, 0.95).toFixed(0)} ms`;
    figure(`${what}: the same write and two reads, raw, p50 / p95`, both(peers));
    figure(`${what}: consent to read back, p50 / p95, load ${load}`, both(ours));
    const over = median(ours) - median(peers);
    figure(`${what}: over the raw ones, p50`, `${over.toFixed(0)} ms`, `at most ${allowedMs} ms`);
  };
  const fresh = (name) => {
    mkdirSync(join(folder, name));
    return join(folder, name);
  };
  try {
    say('flag file', await onFiles(fresh('files')));
    if (unleashNeeds('pglite')) figure('Unleash', `skipped: needs ${unleashNeeds('pglite')} (${unleashHow})`);
    else say('Unleash', await onUnleash(fresh('unleash')));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
