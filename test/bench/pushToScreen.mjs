// Push to screen in VS Code itself (its server, driven by Chromium): from the event to the changed inline fact in the DOM.
// For files the event is the rename, for flagd's sync stream and the WebSocket of GO Feature Flag's relay the message put
// on the wire, for Unleash the admin API's answer to a write: Unleash is polled. The peers are the ways without a screen, which `--only push` measures.
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { takeJourney } from '../e2e/journey.mjs';
import { command } from '../e2e/pages/keyboard.mjs';
import { findChromium, launchChromium } from '../host/chromium.mjs';
import { goffRelayHow, goffRelayNeeds, hasGoffRelay, startGoffRelay } from '../servers/goffRelay.mjs';
import { hasPushingFlagd, pushingFlagdHow, startPushingFlagd } from '../servers/shared/pushingFlagd.mjs';
import { startWireTap, webSocketMessages } from '../servers/shared/wireTap.mjs';
import { adminToken, startUnleash, unleashHow, unleashNeeds } from '../servers/unleash.mjs';
import { watchFacts } from './factWatch.mjs';
import { median, quantile } from './workerRpc.mjs';

const call = 'flags.getBooleanValue(Flag.NewCheckout';
const changes = 40;
const polledChanges = 5;
/** VS Code waits before it asks for facts again as long as its last six answers took: those of its own start are slow. */
const openingChanges = 6;
const settlingMs = 10_000;
const pollMs = 15_000;
/** Changes come apart, so that each is an event of its own, and never in step with a timer of ours. */
const apart = () => 300 + Math.random() * 300;
const rest = (ms) => new Promise((done) => setTimeout(done, ms));

/** The shop's flag file with another share of new-checkout, as `jq … >new && mv new` has it. Gives the time of the rename. */
async function rename(flagFile, percent) {
  const definition = JSON.parse(readFileSync(flagFile, 'utf8'));
  definition.flags['new-checkout'].targeting.fractional = [
    ['on', percent],
    ['off', 100 - percent],
  ];
  writeFileSync(`${flagFile}.new`, JSON.stringify(definition, null, 2));
  await rest(10);
  renameSync(`${flagFile}.new`, flagFile);
  return Date.now();
}

/**
 * Another share each time: `change` makes it and gives the time of the event. `opening`: the changes right after the
 * window opened; `waits`: those of one that has been open for a while.
 */
async function measured(at, { opening: early = 0, count }, change) {
  await at.editor.waitForFact(call, /^25% prod/);
  const facts = await watchFacts(at.page, call);
  let percent = 29;
  const one = async () => {
    percent += 1;
    const event = await change(percent);
    const shown = await facts.seen(`${percent}% prod`, 30_000);
    await rest(apart());
    return shown - event;
  };
  const several = async (wanted) => {
    const waits = [];
    while (waits.length < wanted) waits.push(await one());
    return waits;
  };
  const opening = await several(early);
  if (early > 0) await rest(settlingMs);
  return { opening, waits: await several(count) };
}

const pushed = { opening: openingChanges, count: changes };

const files = {
  take: async (at) => measured(at, pushed, (percent) => rename(at.flagFile, percent)),
};

const stream = {
  prepare: async ({ workspace, home }) => {
    const folder = mkdtempSync(join(tmpdir(), 'sightglass-push-'));
    const flagFile = join(folder, 'flags.json');
    writeFileSync(flagFile, readFileSync(join(workspace, 'flags/prod.flagd.json')));
    const server = await startPushingFlagd({ sources: [`file:${flagFile}`] });
    configure(workspace, { type: 'flagd', source: [server.sync] });
    allow(home, server.sync.replace('grpc:', 'http:'));
    const stop = async () => {
      await server.stop();
      rmSync(folder, { recursive: true, force: true });
    };
    return { server, flagFile, stop };
  },
  take: async (at) => {
    const { server, flagFile } = at.prepared;
    const found = await measured(at, pushed, async (percent) => {
      const sent = new Promise((done) => {
        const stop = server.onSent((when) => (stop(), done(when)));
      });
      await rename(flagFile, percent);
      return sent;
    });
    return { ...found, server: server.called };
  },
};

/** The same share as the relay's file has it; it reads it again every second, which is not in the time. */
async function writeRelayFile(file, percent) {
  const flag = {
    variations: { on: true, off: false },
    defaultRule: { percentage: { on: percent, off: 100 - percent } },
  };
  writeFileSync(`${file}.new`, JSON.stringify({ 'new-checkout': flag }));
  await rest(10);
  renameSync(`${file}.new`, file);
}

const relay = {
  prepare: async ({ workspace, home }) => {
    const folder = mkdtempSync(join(tmpdir(), 'sightglass-push-relay-'));
    const file = join(folder, 'flags.json');
    await writeRelayFile(file, 25);
    const server = await startGoffRelay({ folder, sources: [file], format: 'json' });
    const tap = await startWireTap(server.port, webSocketMessages);
    const url = `http://127.0.0.1:${tap.port}`;
    configure(workspace, { type: 'goff', source: [url] });
    allow(home, url);
    const stop = async () => {
      await tap.stop();
      await server.stop();
      rmSync(folder, { recursive: true, force: true });
    };
    return { file, tap, stop };
  },
  take: (at) => {
    const { file, tap } = at.prepared;
    return measured(at, pushed, async (percent) => {
      const sent = new Promise((done) => {
        const stop = tap.onSent((when) => (stop(), done(when)));
      });
      await writeRelayFile(file, percent);
      return sent;
    });
  },
};

const unleash = {
  prepare: async ({ workspace, home }) => {
    const { url, stop } = await startUnleash();
    const asked = async (method, path, body) => {
      const response = await fetch(`${url}/api/admin/projects/default/features${path}`, {
        method,
        headers: { authorization: adminToken, 'content-type': 'application/json' },
        ...(body && { body: JSON.stringify(body) }),
      });
      const text = await response.text();
      if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text.slice(0, 300)}`);
      return { at: Date.now(), value: text === '' ? null : JSON.parse(text) };
    };
    const parameters = (percent) => ({ rollout: String(percent), stickiness: 'default', groupId: 'new-checkout' });
    const production = '/new-checkout/environments/production';
    const rollout = (percent) => ({ name: 'flexibleRollout', parameters: parameters(percent) });
    await asked('POST', '', { name: 'new-checkout', type: 'release' });
    const { value } = await asked('POST', `${production}/strategies`, rollout(25));
    await asked('POST', `${production}/on`);
    configure(workspace, { type: 'unleash', url });
    allow(home, url);
    const set = async (percent) =>
      (await asked('PUT', `${production}/strategies/${value.id}`, { ...rollout(percent), id: value.id })).at;
    return { set, stop };
  },
  take: async (at) => {
    // Not asked for want of a token; only then is there something to sign in to.
    await at.editor.waitForFact(call, /…/);
    await command(at.page, 'Sightglass: Sign In to Server…');
    await at.page.getByRole('option', { name: /127\.0\.0\.1/ }).waitFor();
    await at.page.keyboard.press('Enter');
    await at.page.getByText(/^Sign in to/).waitFor();
    await at.page.keyboard.type(adminToken);
    await at.page.keyboard.press('Enter');
    return measured(at, { count: polledChanges }, at.prepared.set);
  },
};

/** The shop's configuration, its flags in another place. */
function configure(workspace, { type, url, source }) {
  const production = { name: 'production', kind: 'live', production: true, protected: true, ...(source && { source }) };
  const project = { name: type === 'unleash' ? 'default' : 'shop', environments: [production] };
  const systems = [{ id: 'flags', type, ...(url && { url }), projects: [project] }];
  writeFileSync(join(workspace, '.sightglass.json'), JSON.stringify({ systems }));
}

/** As if the person had said yes to this origin on this machine. */
function allow(home, origin) {
  mkdirSync(home, { recursive: true, mode: 0o700 });
  writeFileSync(join(home, 'origins.json'), JSON.stringify({ origins: { [origin]: { at: Date.now(), by: 'bench' } } }));
}

async function waitsOf(browser, name, journey) {
  let found = { opening: [], waits: [] };
  let stop = async () => {};
  const { prepare, take } = journey;
  try {
    const prepared = prepare && {
      prepare: async (place) => {
        const made = await prepare(place);
        stop = made.stop;
        return made;
      },
    };
    const kept = async (at) => {
      await at.open('checkout/orders.ts', 23);
      found = await take(at);
    };
    await takeJourney(browser, { name, journey: { ...prepared, take: kept } });
  } finally {
    await stop();
  }
  return found;
}

export async function run({ root, figure }) {
  if (!findChromium() || !existsSync(join(root, '.cache/vscode/1.139.1/.ok'))) {
    figure('skipped', 'needs Chromium and VS Code server 1.139.1 (node test/host/vscodeServer.mjs 1.139.1)');
    return;
  }
  mkdirSync(join(root, '.cache/e2e'), { recursive: true });
  const browser = await launchChromium();
  const say = (what, { opening, waits }, goal) => {
    const load = loadavg()[0].toFixed(1);
    const at = (share) => quantile(waits, share).toFixed(0);
    const figures = `p50 ${median(waits).toFixed(0)}, p95 ${at(0.95)}, max ${Math.max(...waits).toFixed(0)} ms`;
    figure(`${what}, ${waits.length} changes, load ${load}`, figures, goal);
    if (opening.length > 0)
      figure(
        `  the ${opening.length} before, while the window opened`,
        `${opening.map((ms) => ms.toFixed(0)).join(', ')} ms`,
      );
  };
  try {
    say('rename of the file to screen', await waitsOf(browser, 'push files', files), 'p95 under 250 ms');
    if (!hasPushingFlagd()) figure("flagd's stream to screen", `skipped: needs ${pushingFlagdHow}`);
    else {
      const found = await waitsOf(browser, 'push stream', stream);
      say(`message of ${found.server} on the wire to screen`, found, 'p95 under 250 ms');
    }
    if (!hasGoffRelay()) figure("the relay's push to screen", `skipped: needs ${goffRelayNeeds} (${goffRelayHow})`);
    else
      say(
        "message of GO Feature Flag's relay on the wire to screen",
        await waitsOf(browser, 'push relay', relay),
        'p95 under 250 ms',
      );
    if (unleashNeeds('pglite')) figure('Unleash to screen', `skipped: needs ${unleashNeeds('pglite')} (${unleashHow})`);
    else say("Unleash's answer to screen", await waitsOf(browser, 'push unleash', unleash), `max ${pollMs + 250} ms`);
  } finally {
    await browser.close();
  }
}
