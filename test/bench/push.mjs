// Push to snapshot: from the rename of a flag file, and from flagd's event on the wire, to the state in the snapshots of
// the host process. What a screen adds to that is measured inside VS Code, not here. The figure holds the client's whole
// way, HTTP/2 included.
import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { hasPushingFlagd, pushingFlagdHow, startPushingFlagd } from '../servers/shared/pushingFlagd.mjs';
import { importHost, storeOf } from './hostBundle.mjs';

const changes = 200;
const flagsInFile = 200;
const pauseMs = 60;

const definition = (round) => {
  const flag = (share) => ({
    state: 'ENABLED',
    variants: { on: true, off: false },
    defaultVariant: 'off',
    targeting: {
      fractional: [
        ['on', share],
        ['off', 100 - share],
      ],
    },
  });
  const others = Array.from({ length: flagsInFile - 1 }, (_, index) => [`flag-${index}`, flag(index % 100)]);
  return JSON.stringify({ flags: { watched: flag(round % 100), ...Object.fromEntries(others) } });
};

/** The product's own store over one environment; `told` hears every state of the watched flag with its time. */
async function opened(folder, out, source, told) {
  const host = await importHost(out);
  const environments = [{ name: 'production', kind: 'live', source: [source] }];
  const systems = [{ id: 'flags', type: 'flagd', projects: [{ name: 'shop', environments }] }];
  writeFileSync(join(folder, '.sightglass.json'), JSON.stringify({ systems }));
  const store = storeOf(host, folder);
  store.onDidChange(() => {
    const found = store.flag({ system: 'flags', project: 'shop', key: 'watched' });
    told(found?.flag.states[0]?.effective.defaultShares?.on, performance.timeOrigin + performance.now());
  });
  await store.setFolders([folder]);
  return store;
}

/** Milliseconds from the event of each change to its state in the snapshot. */
async function measured(folder, source, eventOf) {
  const out = mkdtempSync(join(tmpdir(), 'sightglass-push-'));
  const waits = [];
  let wanted = NaN;
  let arrived = () => undefined;
  const told = (share, at) => {
    if (share !== undefined && Math.round(share * 100) === wanted) arrived(at);
  };
  const store = await opened(folder, out, source, told);
  try {
    for (let round = 1; round <= changes; round++) {
      const seen = new Promise((resolve, reject) => {
        const late = setTimeout(() => reject(new Error(`change ${round} was not seen in 10 s`)), 10_000);
        arrived = (at) => (clearTimeout(late), resolve(at));
      });
      wanted = round % 100;
      const event = await eventOf(round);
      waits.push((await seen) - (await event.at));
      await new Promise((resolve) => setTimeout(resolve, pauseMs));
    }
  } finally {
    store.dispose();
    rmSync(out, { recursive: true, force: true });
  }
  return waits.sort((a, b) => a - b);
}

const at = (sorted, share) => `${sorted[Math.ceil(sorted.length * share) - 1].toFixed(1)} ms`;
const now = () => performance.timeOrigin + performance.now();

function rename(path, round) {
  writeFileSync(`${path}.new`, definition(round));
  renameSync(`${path}.new`, path);
  return now();
}

export async function run({ figure }) {
  const folder = mkdtempSync(join(tmpdir(), 'sightglass-push-'));
  const path = join(folder, 'flags.json');
  const say = (what, waits) =>
    figure(`${what}: p50 ${at(waits, 0.5)}, p95, max ${at(waits, 1)}`, at(waits, 0.95), 'under 250 ms to the screen');
  try {
    rename(path, 0);
    const files = await measured(folder, 'flags.json', (round) => ({ at: rename(path, round) }));
    say(`rename to snapshot, ${changes} changes, ${flagsInFile} flags`, files);
    if (!hasPushingFlagd()) return figure('sync stream to snapshot', `skipped: needs ${pushingFlagdHow}`);
    const server = await startPushingFlagd({ sources: [`file:${path}`] });
    try {
      const stream = await measured(folder, server.sync, (round) => {
        const sent = new Promise((resolve) => {
          const stop = server.onSent((when) => (stop(), resolve(when)));
        });
        rename(path, round);
        return { at: sent };
      });
      say(`message of ${server.called} on the wire to snapshot, ${changes} changes`, stream);
    } finally {
      await server.stop();
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
