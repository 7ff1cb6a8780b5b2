// A change of 500 files in a repository of 20,000, reviewed without network: cold (nothing is kept), warm (the same change
// again, as when it is asked for in another form), after a later push to the same branch (of the base all is kept), and
// where the change is not checked out and every file is read from git's objects.
// Beside it `git diff` of the same change, which reads no more than those files.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { generateTree } from './generatedTree.mjs';
import { measuredProcess } from './measuredProcess.mjs';
import { median } from './workerRpc.mjs';

const files = 20_000;
const changed = 500;
const rounds = 3;
const areas = 40;

export async function run({ root, figure }) {
  const scratch = mkdtempSync(join(tmpdir(), 'sightglass-review-bench-'));
  try {
    const tree = join(scratch, 'tree');
    generateTree(tree, files);
    const git = (...args) =>
      execFileSync('git', ['-c', 'user.name=bench', '-c', 'user.email=bench@example.com', '-c', 'gc.auto=0', ...args], {
        cwd: tree,
        maxBuffer: 1 << 30,
      });
    git('init', '-q', '-b', 'main');
    git('add', '-A');
    git('commit', '-q', '-m', 'base');
    git('repack', '-q', '-a', '-d');
    git('checkout', '-q', '-b', 'feature');
    for (let index = 0; index < changed; index++) {
      const path = join(tree, 'src', `area${index % areas}`, `unit${index}.ts`);
      writeFileSync(path, readFileSync(path, 'utf8').replace('let total = 0;', 'let total = 1;'));
    }
    git('commit', '-q', '-a', '-m', 'change');
    const review = (home, cwd = tree) =>
      measuredProcess(
        process.execPath,
        [join(root, 'dist/cli.js'), 'review', '--base', 'main', '--head', 'feature', '--format', 'json'],
        { cwd, env: { SIGHTGLASS_HOME: home } },
      );
    const [cold, warm, pushed, peer] = [[], [], [], []];
    for (let round = 0; round < rounds; round++) {
      const home = join(scratch, `home-${round}`);
      cold.push(await review(home));
      warm.push(await review(home));
      const path = join(tree, 'src', 'area1', `unit${1 + areas * (20 + round)}.ts`);
      writeFileSync(path, readFileSync(path, 'utf8').replace('let total = 0;', 'let total = 2;'));
      git('commit', '-q', '-a', '-m', 'later');
      pushed.push(await review(home));
      peer.push(await measuredProcess('/usr/bin/env', ['git', 'diff', '-M', 'main', 'feature'], { cwd: tree }));
    }
    const { files: told } = JSON.parse(cold[0].stdout);
    if (told.changed !== changed) throw new Error(`${told.changed} of ${changed} changed files are in the report.`);
    figure('cold', inWords(cold), 'under 3 s');
    figure('warm', inWords(warm), 'under 0.5 s');
    figure('after a later push', inWords(pushed));
    figure('git diff of the same', inWords(peer));
    git('clone', '-q', '--bare', tree, join(scratch, 'bare'));
    figure('cold, from git alone (bare)', inWords([await review(join(scratch, 'home-bare'), join(scratch, 'bare'))]));
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

function inWords(runs) {
  const of = (pick) => median(runs.map(pick));
  const peak = runs.every((one) => one.peak !== null) ? `, ${of((one) => one.peak).toFixed(0)} MB` : '';
  return `${of(({ wall }) => wall).toFixed(2)} s, CPU ${of(({ cpu }) => cpu).toFixed(2)} s${peak}`;
}
