// 20,000 flags in 12 environments, read from LaunchDarkly's API and shown in the Flags view: time of the extension host,
// in CPU, for opening the view and for filtering it; what it takes in memory; how often the server is asked. Answers are
// made in memory: what is measured is what we do with them. Peer of the times: sorting the same flags by key.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { build } from 'esbuild';
import { importHost, portsOf } from './hostBundle.mjs';
import { median } from './workerRpc.mjs';

const flagCount = 20_000;
const changeCount = 200;
const names = Array.from({ length: 12 }, (_, at) => (at === 0 ? 'production' : `env-${String(at).padStart(2, '0')}`));
const areas = ['checkout', 'search', 'billing', 'profile', 'cart', 'mail', 'admin', 'import'];
const keyOf = (index) => `${areas[index % areas.length]}-release-${String(index).padStart(5, '0')}`;
const rounds = 9;

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc');

/** LaunchDarkly's API as far as it is asked here; every tenth flag has a rule, every third is on a share. */
function answering(asked) {
  const configOf = (name, index) => {
    const rolled = `{"rollout":{"variations":[{"variation":0,"weight":${(index % 100) * 1000}},{"variation":1,"weight":${(100 - (index % 100)) * 1000}}]}}`;
    const fallthrough = index % 3 === 0 ? rolled : `{"variation":${index % 2}}`;
    const clause = `{"_id":"c","attribute":"country","op":"in","values":["NO","SE"],"negate":false}`;
    const rules =
      index % 10 === 0 ? `[{"_id":"r${index}","variation":0,"clauses":[${clause}],"trackEvents":false}]` : '[]';
    return `"${name}":{"on":${index % 4 !== 0},"archived":false,"salt":"s","sel":"s","lastModified":1700000000500,"version":${1 + (index % 7)},"targets":[],"contextTargets":[],"rules":${rules},"fallthrough":${fallthrough},"offVariation":1,"prerequisites":[],"_site":{"href":"/default/${name}/features/${keyOf(index)}","type":"text/html"},"_environmentName":"${name}","trackEvents":false,"trackEventsFallthrough":false}`;
  };
  const flagOf = (index, wanted) =>
    `{"key":"${keyOf(index)}","name":"${keyOf(index)}","description":"Flag ${index} of the shop","kind":"boolean","_version":1,"creationDate":1,"tags":["team-${index % 20}"],"temporary":true,"archived":false,"variations":[{"_id":"a","value":true},{"_id":"b","value":false}],"environments":{${wanted.map((name) => configOf(name, index)).join(',')}}}`;
  return {
    request: async ({ url }) => {
      const { pathname, searchParams } = new URL(url);
      asked.push(pathname);
      const say = (json) => ({ status: 200, headers: {}, body: new TextEncoder().encode(json) });
      if (pathname.endsWith('/auditlog')) return say('{"items":[]}');
      if (pathname.endsWith('/environments')) {
        const items = names.map((key) => ({ key, name: key, _id: key, critical: key === 'production', tags: [] }));
        return say(JSON.stringify({ items }));
      }
      if (!pathname.endsWith('/flags/shop')) return say('{}');
      if (searchParams.has('filter')) return say('{"items":[],"totalCount":0}');
      const from = Number(searchParams.get('offset'));
      const size = Math.min(100, flagCount - from);
      const items = Array.from({ length: size }, (_, at) => flagOf(from + at, searchParams.getAll('env')));
      return say(`{"items":[${items.join(',')}],"totalCount":${flagCount}}`);
    },
  };
}

async function importViews(root, out) {
  const outfile = join(out, 'views.mjs');
  await build({
    stdin: {
      contents: `
        export { FlagLookups } from './src/editor/flagLookups';
        export { FlagViews } from './src/editor/flagViews';
        export { FlagsTree } from './src/editor/surfaces/flagsTree';
        export * as vscode from 'vscode';`,
      resolveDir: root,
      loader: 'ts',
    },
    ...{ bundle: true, platform: 'node', format: 'esm', mainFields: ['module', 'main'], logLevel: 'error', outfile },
    alias: { vscode: join(root, 'test/bench/vscodeStub.mjs') },
  });
  return import(pathToFileURL(outfile).href);
}

const megabytes = (bytes) => `${(bytes / 2 ** 20).toFixed(0)} MB`;
const heap = () => (collect(), process.memoryUsage().heapUsed);

/** CPU in milliseconds. */
async function cpuOf(run) {
  const from = process.cpuUsage();
  await run();
  const { user, system } = process.cpuUsage(from);
  return (user + system) / 1_000;
}

/** A store that has read everything; asked no further. */
async function filled(host, folder, asked) {
  const environments = names.map((name) => ({ name, kind: 'live' }));
  const projects = [{ name: 'shop', environments }];
  const system = { id: 'ld', type: 'launchdarkly', url: 'http://ld.example', projects };
  writeFileSync(join(folder, '.sightglass.json'), JSON.stringify({ systems: [system] }));
  const store = new host.FlagStore({
    ...portsOf(host),
    remotes: host.memoryRemotes(answering(asked), 'api-of-the-bench'),
    isDirty: () => false,
    workspaceFolders: () => [folder],
    readOnlyReason: () => null,
    protection: () => ({ protected: [], unprotected: [] }),
  });
  await store.setFolders([folder]);
  const isWhole = () => store.projects()[0]?.answer.value?.problems.length === 0;
  while (!isWhole()) await store.refresh();
  store.setPaused(true);
  return store;
}

/** What stands around the view in a window in which nothing else happens. */
function viewsOf(ours, host, store) {
  const quiet = { dispose: () => undefined };
  const [project] = store.projects();
  const [{ ref: environment }] = store.environmentsFor({ system: 'ld', project: 'shop' });
  const journal = project.answer.value.flags.slice(0, changeCount).map(({ ref }, at) => ({
    ...{ id: `change-${at}`, status: 'verified', steps: [], verification: null, undoes: null, undoneBy: null },
    plan: { ref, environment, intent: { kind: 'kill' }, before: { words: 'on' }, after: { words: 'off' } },
    ...{
      result: { kind: 'applied' },
      consent: { who: 'ana', at: Date.now() - at * 60_000, through: 'sidebar', reason: '' },
    },
  }));
  const event = () => quiet;
  return new ours.FlagViews({
    ...{ flags: store, lookups: new ours.FlagLookups(store), clock: host.systemClock, l10n: host.memoryL10n },
    ...{ feed: { answer: () => null, onDidChange: event }, settings: { get: (_name, value) => value } },
    changes: { listing: { entries: journal }, inFlightAll: [], undoable: () => false, onDidChange: event },
    choices: { environment: null, windowMinutes: 15, onDidChange: event },
    code: { facts: () => null, onDidChangeFacts: event },
    ...{ references: { get: () => [], onDidChange: event }, front: { current: null, onDidChange: event } },
    ...{ log: new host.MemoryLog(), me: 'ana', servers: { waiting: [], onDidChange: event } },
    unreferenced: { ids: new Set(), onDidChange: event },
    workspace: () => ({ hasFolder: true, trusted: true, detected: null }),
    ...{ starting: () => false, onDidChangeWorkspace: event },
  });
}

/** As VS Code asks for what is open: the sections, and what stands in those that are unfolded. */
function drawn(tree) {
  const items = [];
  for (const section of tree.getChildren()) {
    const item = tree.getTreeItem(section);
    items.push(item);
    if (item.collapsibleState === 2) for (const each of tree.getChildren(section)) items.push(tree.getTreeItem(each));
  }
  return items;
}

export async function run({ root, figure }) {
  const out = mkdtempSync(join(tmpdir(), 'sightglass-large-'));
  let store;
  try {
    const host = await importHost(out);
    const ours = await importViews(root, out);
    const ms = (time) => `${time.toFixed(0)} ms`;
    const asked = [];
    const before = heap();
    const reading = await cpuOf(async () => (store = await filled(host, out, asked)));
    const flags = store.projects()[0].answer.value.flags;
    const states = flags.reduce((sum, flag) => sum + flag.states.length, 0);
    figure('flags / states', `${flags.length} / ${states}`);
    const pages = asked.filter((path) => path.endsWith('/flags/shop')).length;
    figure('requests until all are known', `${asked.length}, ${pages} of them pages of flags`);
    figure('  CPU for it, the answers made in it', `${(reading / 1000).toFixed(1)} s`);
    asked.length = 0;
    await store.refresh();
    figure('requests of a round in which nothing changed', String(asked.length));
    figure('heap for it, all read', megabytes(heap() - before));

    const sorting = [];
    for (let round = 0; round < rounds; round++)
      sorting.push(await cpuOf(() => [...flags].sort((a, b) => (a.ref.key < b.ref.key ? -1 : 1))));
    const opening = [];
    let shown = 0;
    for (let round = 0; round < rounds; round++) {
      opening.push(
        await cpuOf(() => {
          const views = viewsOf(ours, host, store);
          const tree = new ours.FlagsTree(views, ours.vscode.Uri.file('/extension'), () => undefined);
          shown = drawn(tree).length;
          tree.dispose();
          views.dispose();
        }),
      );
    }
    const peer = ` (${ms(median(sorting))} for sorting them)`;
    figure(
      `the view opens, ${shown} rows: p50 / most of ${rounds}`,
      `${ms(median(opening))} / ${ms(Math.max(...opening))}${peer}`,
      '200 ms',
    );
    const views = viewsOf(ours, host, store);
    const tree = new ours.FlagsTree(views, ours.vscode.Uri.file('/extension'), () => undefined);
    const filtered = async (text) => {
      const told = new Promise((resolve) => {
        const heard = tree.onDidChangeTreeData(() => (heard.dispose(), resolve()));
      });
      views.setFilter(text);
      await told;
      return drawn(tree).length;
    };
    await filtered('warm');
    for (const text of ['release', 'checkout', 'billing 0017', 'team-7', 'nothing has this']) {
      const took = [];
      for (let round = 0; round < rounds; round++) {
        await filtered(`${'x'.repeat(round + 1)}`);
        took.push(await cpuOf(async () => (shown = await filtered(text))));
      }
      figure(
        `filtered by "${text}", ${shown} rows: p50 / most`,
        `${ms(median(took))} / ${ms(Math.max(...took))}`,
        '50 ms',
      );
    }
    figure('heap with the view', megabytes(heap() - before));
    tree.dispose();
    views.dispose();
  } finally {
    store?.dispose();
    rmSync(out, { recursive: true, force: true });
  }
}
