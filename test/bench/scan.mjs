// Finding references in whole trees: cold and warm against ripgrep alone, ripgrep plus a bare parse of the candidates on
// one core, and other scanners on the same trees; generated trees of 5,000 and 70,000 files; documents that are open;
// edits of one file and of the constants that 500 files use. Each way runs as a process of its own, ways take turns.
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { rgPath } from '@vscode/ripgrep';
import { candidatesOf } from './candidates.mjs';
import { generateFile, generateTree } from './generatedTree.mjs';
import { measuredProcess } from './measuredProcess.mjs';
import { recallOf, truthOf } from './recall.mjs';
import { astGrep, ldFindCodeRefs, piranha } from './scanPeers.mjs';
import { median, quantile, startWorker } from './workerRpc.mjs';

const rounds = 3;
const edits = 120;
const users = 500;

export async function run({ root, dir, corpora, figure }) {
  const scratch = mkdtempSync(join(tmpdir(), 'sightglass-scan-'));
  const search = await candidatesOf(root);
  try {
    const small = join(scratch, 'generated-5000');
    generateTree(small, 5_000);
    const trees = dir === undefined ? [small] : [resolve(dir)];
    if (corpora !== undefined)
      trees.push(
        ...readdirSync(corpora)
          .map((name) => resolve(corpora, name))
          .filter((folder) => statSync(folder).isDirectory()),
      );
    for (const tree of trees) await compare({ root, tree, scratch, search, figure });
    await large({ root, scratch, small, search, figure });
    await constants({ root, scratch, figure });
    await typing({ root, scratch, figure });
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

const driver = (root, task) => ({
  executable: process.execPath,
  args: [join(root, 'test/bench/scanDriver.mjs'), JSON.stringify({ root, ripgrep: rgPath, ...task })],
});

const told = ({ wall, cpu, peak }) =>
  `${wall.toFixed(2)} s, CPU ${cpu.toFixed(2)} s${peak === null ? '' : `, ${peak.toFixed(0)} MB`}`;

async function compare({ root, tree, scratch, search, figure }) {
  const truth = truthOf(root, tree);
  const storage = mkdtempSync(join(scratch, 'index-'));
  const peers = await peersOf(root, search.names, [...new Set((truth ?? []).map(({ key }) => key))], figure);
  const ways = {
    cold: { title: 'cold', ...driver(root, { mode: 'rows', tree, storage: null }), rowsOf: evaluationsOf },
    warm: { title: 'warm', ...driver(root, { mode: 'index', tree, storage }) },
    ripgrep: {
      title: 'ripgrep alone',
      executable: rgPath,
      args: [...search.args, '--files-with-matches', '--regexp', search.pattern, '--', './'],
      mayFailWith: [1],
    },
    bare: { title: 'ripgrep + bare parse, one core', ...driver(root, { mode: 'bareParse', tree, search }) },
    ...Object.fromEntries(peers.map((peer) => [peer.title, { ...peer, ...peer.command(tree) }])),
  };
  await measuredProcess(...argumentsOf(driver(root, { mode: 'keep', tree, storage }), tree));
  const runs = Object.fromEntries(Object.keys(ways).map((name) => [name, []]));
  for (let round = 0; round < rounds; round++)
    for (const [name, way] of Object.entries(ways)) runs[name].push(await measuredProcess(...argumentsOf(way, tree)));
  const { summary } = JSON.parse(runs.cold[0].stdout);
  figure(
    `${basename(tree)}: files / candidates / references`,
    `${summary.files} / ${summary.candidates} / ${summary.references}; ripgrep + bare parse: ${JSON.parse(runs.bare[0].stdout).candidates} candidates`,
  );
  const middle = (name, of) => median(runs[name].map((one) => one[of]));
  for (const [name, { title, rowsOf }] of Object.entries(ways)) {
    const [{ stdout, peak }] = runs[name];
    const recall =
      truth && rowsOf ? `, recall ${recallOf(truth, rowsOf(stdout, tree)).toFixed(3)} of ${truth.length}` : '';
    figure(`  ${title}`, told({ wall: middle(name, 'wall'), cpu: middle(name, 'cpu'), peak }) + recall);
  }
  const ratio = (one, other) =>
    ['wall', 'cpu']
      .map((of) => `${(middle(one, of) / middle(other, of)).toFixed(2)}x ${of === 'wall' ? 'wall' : 'CPU'}`)
      .join(', ');
  figure('  cold / ripgrep + bare parse', ratio('cold', 'bare'), 'at most 1.5x');
  figure('  warm / ripgrep alone', ratio('warm', 'ripgrep'), 'at most 1.5x');
  for (const { title, stop } of peers) {
    figure(`  cold / ${title}`, ratio('cold', title), title.startsWith('@ast-grep') ? 'at most 1x' : undefined);
    stop?.();
  }
}

const argumentsOf = ({ executable, args, mayFailWith }, tree) => [executable, args, { cwd: tree, mayFailWith }];

const evaluationsOf = (stdout) =>
  JSON.parse(stdout).rows.filter(
    ({ kind, certainty, key }) => kind === 'evaluation' && certainty === 'certain' && key !== null,
  );

/** Those that can be had here; of the others it is said why not. */
async function peersOf(root, names, keys, figure) {
  const peers = [];
  for (const [title, make] of [
    ['@ast-grep/cli', () => astGrep(root, names)],
    ['polyglot-piranha', () => piranha(root, names)],
    // It searches for keys: without a truth there are none to search for.
    ...(keys.length > 0 ? [['ld-find-code-refs', () => ldFindCodeRefs(root, keys)]] : []),
  ])
    try {
      peers.push(await make());
    } catch (error) {
      figure(`  ${title}`, `could not be had: ${String(error.message).split('\n')[0]}`);
    }
  return peers;
}

/** Trees of a size, and how soon a document that is open has its facts while the whole is indexed. */
async function large({ root, scratch, small, figure }) {
  const big = join(scratch, 'generated-70000');
  generateTree(big, 70_000);
  for (const [tree, goal] of [
    [small, 'under 4 s'],
    [big, 'under 30 s and 300 MB'],
  ]) {
    const one = await measuredProcess(...argumentsOf(driver(root, { mode: 'rows', tree, storage: null }), tree));
    figure(`${basename(tree)}, cold`, told(one), goal);
  }
  const path = 'src/area0/unit0.ts';
  const text = `import { OpenFeature } from '@openfeature/server-sdk';\nimport { FLAGS } from '../flagKeys';\nOpenFeature.getClient().getBooleanValue(FLAGS.RELEASE_1, false);\n`;
  const code = startWorker(root, 'code', { grammars: join(root, 'dist/grammars'), ripgrep: [rgPath], storage: null });
  const begin = performance.now();
  const indexed = code.call('index', { root: big, knownKeys: [], exclude: [] });
  const { facts } = await code.call('edit', { root: big, path, text, version: '1', held: null });
  const first = performance.now() - begin;
  let found = facts.references.length;
  for (let version = 2; found === 0; version++) {
    const answer = await code.call('edit', {
      root: big,
      path,
      text: text + '\n'.repeat(version),
      version: String(version),
      held: null,
    });
    found = answer.facts.references.length;
  }
  figure(
    'facts of an open document while 70,000 files are indexed, the constant of another file',
    `${first.toFixed(0)} ms, with its key after ${(performance.now() - begin).toFixed(0)} ms`,
    'under 1,000 ms',
  );
  await indexed;
  await code.stop();
  rmSync(big, { recursive: true, force: true });
}

/** A constant changes that many files use: from the edit until the last of them is told. */
async function constants({ root, scratch, figure }) {
  const tree = join(scratch, 'constants');
  mkdirSync(join(tree, 'src'), { recursive: true });
  const keys = (version) => `export const FLAGS = { A: 'a-${version}', B: 'b' } as const;\n`;
  writeFileSync(join(tree, 'src/keys.ts'), keys(0));
  for (let index = 0; index < users; index++)
    writeFileSync(
      join(tree, `src/user${index}.ts`),
      `import { OpenFeature } from '@openfeature/server-sdk';\nimport { FLAGS } from './keys';\nexport const ask${index} = () => OpenFeature.getClient().getBooleanValue(FLAGS.A, false);\n`,
    );
  const code = startWorker(root, 'code', { grammars: join(root, 'dist/grammars'), ripgrep: [rgPath], storage: null });
  await code.call('index', { root: tree, knownKeys: [], exclude: [] });
  const times = [];
  for (let version = 1; version <= 40; version++) {
    const begin = performance.now();
    const all = new Promise((done) => {
      let left = users;
      const listen = (message) => {
        if (message?.rpc !== 'event' || message.name !== 'updated') return;
        left -= message.payload.paths.filter((path) => path.startsWith('src/user')).length;
        if (left > 0) return;
        code.worker.off('message', listen);
        done();
      };
      code.worker.on('message', listen);
    });
    await code.call('edit', {
      root: tree,
      path: 'src/keys.ts',
      text: keys(version),
      version: String(version),
      held: null,
    });
    await all;
    if (version > 5) times.push(performance.now() - begin);
  }
  const answered = await code.call('references', { root: tree, key: 'a-40', limit: 10_000 });
  if (answered.length < users) throw new Error(`Only ${answered.length} files know the new key`);
  await code.stop();
  figure(
    `edit of a constant to references of its ${users} users, p50 / p99`,
    `${median(times).toFixed(0)} / ${quantile(times, 0.99).toFixed(0)} ms`,
    'p99 50 ms',
  );
}

/** A character typed into a file of 3,000 lines: from the request until its facts are there. */
async function typing({ root, scratch, figure }) {
  const tree = join(scratch, 'typing');
  mkdirSync(join(tree, 'src'), { recursive: true });
  const file = join(tree, 'src/long.ts');
  writeFileSync(file, generateFile(3_000));
  let text = readFileSync(file, 'utf8');
  const code = startWorker(root, 'code', { grammars: join(root, 'dist/grammars'), ripgrep: [], storage: null });
  await code.call('index', { root: tree, knownKeys: [], exclude: [] });
  const times = [];
  let held = null;
  for (let version = 1; version <= edits; version++) {
    const at = text.indexOf('\n', Math.floor((text.length - 200) * ((version * 0.618) % 1)));
    text = `${text.slice(0, at)}${'abc ;'[version % 5]}${text.slice(at)}`;
    const begin = performance.now();
    const { serial } = await code.call('edit', {
      root: tree,
      path: 'src/long.ts',
      text,
      version: String(version),
      held,
    });
    held = serial;
    if (version > 20) times.push(performance.now() - begin);
  }
  await code.stop();
  figure(
    'edit to references, 3,000 lines, p50 / p99',
    `${median(times).toFixed(1)} / ${quantile(times, 0.99).toFixed(1)} ms`,
    'p99 5 ms',
  );
}
