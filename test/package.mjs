// `npm run package`: builds one .vsix at the root and checks its file list and sizes against what is meant to ship.
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createVSIX, listFiles } from '@vscode/vsce';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const { name, version } = createRequire(import.meta.url)('../package.json');
const vsix = join(root, `${name}-${version}.vsix`);

/** Patterns of everything that may ship. A file that fits none, or a pattern that nothing fits, fails the package. */
const expected = [
  /^package\.json$/,
  /^package\.nls\.json$/,
  /^README\.md$/,
  /^CHANGELOG\.md$/,
  /^LICENSE$/,
  /^NOTICE$/,
  /^l10n\/bundle\.l10n\.json$/,
  /^dist\/(extension|impact|worker-code|worker-reader|worker-review|worker-telemetry|http|flagd-core|yaml|launchdarkly|growthbook|unleash|goff|flipt|cli)\.js$/,
  /^dist\/webview\/[a-z]+\.js$/,
  /^dist\/webview\/[a-z]+\.css$/,
  /^dist\/grammars\/web-tree-sitter\.cjs$/,
  /^dist\/grammars\/[a-z-]+\.wasm$/,
  /^media\/icon\.png$/,
  /^media\/icons\/.+\.svg$/,
  /^media\/schemas\/[a-z.]+\.json$/,
  /^media\/walkthrough\/[a-z-]+\.svg$/,
];
const budgets = { 'dist/extension.js': 600 * 1024, vsix: 8 * 1024 * 1024 };

const problems = [];
for (const old of readdirSync(root).filter((file) => file.endsWith('.vsix'))) rmSync(join(root, old));

const built = spawnSync(process.execPath, ['esbuild.mjs', '--production'], { cwd: root, stdio: 'inherit' });
if (built.status !== 0) process.exit(1);

const files = (await listFiles({ cwd: root, packageManager: 0 })).map((file) => file.replaceAll('\\', '/')).sort();
for (const file of files.filter((candidate) => !expected.some((pattern) => pattern.test(candidate)))) {
  problems.push(`${file} is packaged but not expected`);
}
for (const pattern of expected.filter((candidate) => !files.some((file) => candidate.test(file)))) {
  problems.push(`nothing packaged fits ${pattern.source}`);
}

await createVSIX({ cwd: root, dependencies: false, packagePath: vsix, allowMissingRepository: true });

for (const file of files) console.log(`${(statSync(join(root, file)).size / 1024).toFixed(1).padStart(9)} KB  ${file}`);
const sizes = { 'dist/extension.js': statSync(join(root, 'dist/extension.js')).size, vsix: statSync(vsix).size };
for (const [what, limit] of Object.entries(budgets)) {
  console.log(`${what}: ${(sizes[what] / 1024).toFixed(0)} KB of ${(limit / 1024).toFixed(0)} KB`);
  if (sizes[what] > limit) problems.push(`${what} is ${sizes[what]} bytes, over its budget of ${limit}`);
}
if (/\/(home|root|Users)\//.test(readFileSync(join(root, 'dist/extension.js'), 'utf8'))) {
  problems.push('dist/extension.js holds a path of the machine that built it');
}

for (const problem of problems) console.error(`package: ${problem}`);
console.log(problems.length === 0 ? `packaged ${name}-${version}.vsix` : `${problems.length} problems`);
process.exit(problems.length === 0 ? 0 : 1);
