// Builds every bundle the product and its tests need. `--production` minifies, `--watch` rebuilds, `--tests` adds the
// suites that run inside VS Code, `--installed-grammars` leaves out languages whose grammar's package is not installed (the
// demo installs few), `--browser-check` only proves that the rooms bundle without Node.
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as esbuild from 'esbuild';
import {
  grammarFile,
  grammarNames,
  installedGrammar,
  installedRuntime,
  isGrammarInstalled,
  runtimeFiles,
} from './grammars.mjs';

const root = dirname(fileURLToPath(import.meta.url));
const flags = new Set(process.argv.slice(2));
const production = flags.has('--production');
const dist = join(root, 'dist');

/** The oldest extension host runs Node 20 (VS Code 1.100). */
const node = {
  absWorkingDir: root,
  bundle: true,
  platform: 'node',
  target: 'node20',
  format: 'cjs',
  // jsonc-parser's `main` is UMD, whose own requires a bundler cannot see.
  mainFields: ['module', 'main'],
  minify: production,
  sourcemap: production ? false : 'linked',
  legalComments: 'none',
  logLevel: 'warning',
  metafile: true,
};

/** flagd's engine and the reader of YAML are 0.15 MB each that few windows need: bundles of their own, loaded when asked for. */
const librariesApart = {
  name: 'libraries apart',
  setup: ({ onResolve }) => {
    onResolve({ filter: /^\.\/goff\/system$/ }, () => ({ path: './goff.js', external: true }));
    onResolve({ filter: /^\.\/flipt\/system$/ }, () => ({ path: './flipt.js', external: true }));
    // Flag systems of 0.06 MB each, and what they read answers by.
    onResolve({ filter: /^\.\/unleash\/system$/ }, () => ({ path: './unleash.js', external: true }));
    onResolve({ filter: /^\.\/launchdarkly\/system$/ }, () => ({ path: './launchdarkly.js', external: true }));
    onResolve({ filter: /^\.\/growthbook\/system$/ }, () => ({ path: './growthbook.js', external: true }));
    // What reads a change is drawn by few windows.
    onResolve({ filter: /^\.\/impactView$/ }, () => ({ path: './impact.js', external: true }));
    onResolve({ filter: /^@openfeature\/flagd-core$/ }, () => ({ path: './flagd-core.js', external: true }));
    onResolve({ filter: /^yaml$/ }, () => ({ path: './yaml.js', external: true }));
  },
};

const bundles = [
  {
    ...node,
    entryPoints: ['src/extension.ts'],
    outfile: 'dist/extension.js',
    external: ['vscode', './http.js'],
    plugins: [librariesApart],
    // What is apart is a CommonJS file beside it.
    supported: { 'dynamic-import': false },
  },
  { ...node, entryPoints: ['node_modules/@openfeature/flagd-core/index.esm.js'], outfile: 'dist/flagd-core.js' },
  { ...node, entryPoints: ['node_modules/yaml/browser/index.js'], outfile: 'dist/yaml.js' },
  { ...node, entryPoints: ['src/flags/launchdarkly/system.ts'], outfile: 'dist/launchdarkly.js' },
  { ...node, entryPoints: ['src/flags/growthbook/system.ts'], outfile: 'dist/growthbook.js' },
  { ...node, entryPoints: ['src/flags/unleash/system.ts'], outfile: 'dist/unleash.js' },
  {
    ...node,
    entryPoints: ['src/flags/goff/system.ts'],
    outfile: 'dist/goff.js',
    plugins: [librariesApart],
    supported: { 'dynamic-import': false },
  },
  {
    ...node,
    entryPoints: ['src/flags/flipt/system.ts'],
    outfile: 'dist/flipt.js',
    plugins: [librariesApart],
    supported: { 'dynamic-import': false },
  },
  { ...node, entryPoints: ['src/editor/impact/impactView.ts'], outfile: 'dist/impact.js', external: ['vscode'] },
  { ...node, entryPoints: ['src/workers/code.ts'], outfile: 'dist/worker-code.js' },
  { ...node, entryPoints: ['src/workers/reader.ts'], outfile: 'dist/worker-reader.js' },
  { ...node, entryPoints: ['src/workers/review.ts'], outfile: 'dist/worker-review.js', external: ['./http.js'] },
  { ...node, entryPoints: ['src/workers/telemetry.ts'], outfile: 'dist/worker-telemetry.js', external: ['./http.js'] },
  // undici is 0.5 MB and writes a process-wide dispatcher when loaded: a bundle of its own, loaded only when needed.
  { ...node, entryPoints: ['src/platform/node/undiciHttp.ts'], outfile: 'dist/http.js' },
  {
    ...node,
    entryPoints: ['src/cli/main.ts'],
    outfile: 'dist/cli.js',
    external: ['./http.js', '@vscode/ripgrep'],
    banner: { js: '#!/usr/bin/env node' },
  },
  {
    ...node,
    entryPoints: ['webview/detail/main.ts'],
    outdir: 'dist/webview',
    entryNames: 'detail',
    platform: 'browser',
    target: 'es2022',
    format: 'iife',
    loader: { '.css': 'css' },
  },
];

/** One bundle a suite file, found by pattern so that none is forgotten. */
function testBundles() {
  const folder = join(root, 'test/host/suites');
  const entryPoints = existsSync(folder)
    ? readdirSync(folder)
        .filter((file) => file.endsWith('.test.ts'))
        .map((file) => join('test/host/suites', file))
    : [];
  const runner = 'test/host/runner.ts';
  if (existsSync(join(root, runner))) entryPoints.push(runner);
  return {
    ...node,
    minify: false,
    entryPoints,
    outdir: 'dist/test/host',
    entryNames: '[name]',
    external: ['vscode', 'mocha'],
  };
}

const minified = (file) =>
  esbuild.transformSync(readFileSync(file, 'utf8'), { minify: true, target: node.target }).code;

function copyAssets() {
  const to = join(dist, 'grammars');
  mkdirSync(to, { recursive: true });
  const wanted = flags.has('--installed-grammars') ? grammarNames.filter(isGrammarInstalled) : grammarNames;
  for (const name of wanted) copyFileSync(installedGrammar(name), join(to, grammarFile(name)));
  for (const name of runtimeFiles) {
    const from = installedRuntime(name);
    // Each worker compiles the library before it can parse anything.
    if (name.endsWith('.cjs')) writeFileSync(join(to, name), minified(from));
    else copyFileSync(from, join(to, name));
  }
}

/** Rooms that must bundle for the browser, over platform/memory: everything but the Node and VS Code sides. */
async function browserCheck() {
  const rooms = ['model', 'code', 'flags', 'telemetry', 'view', 'change', 'review', 'protocol', 'platform/memory'];
  const files = rooms.flatMap((room) => walk(join(root, 'src', room)));
  await esbuild.build({
    absWorkingDir: root,
    stdin: { contents: files.map((file) => `import ${JSON.stringify(file)};`).join('\n'), resolveDir: root },
    bundle: true,
    platform: 'browser',
    target: 'es2022',
    format: 'esm',
    write: false,
    logLevel: 'error',
    // web-tree-sitter probes for Node behind a runtime check; browsers never reach these imports.
    external: ['module', 'fs/promises', 'fs', 'path', 'node:module', 'node:fs/promises'],
    plugins: [onlyWebTreeSitterMayAskForNode],
  });
  console.log(`browser check: ${files.length} files bundle without Node`);
}

const onlyWebTreeSitterMayAskForNode = {
  name: 'only-web-tree-sitter-may-ask-for-node',
  setup(build) {
    build.onResolve({ filter: /^(node:|fs$|fs\/promises$|path$|module$)/ }, (args) =>
      args.importer.includes('web-tree-sitter')
        ? { path: args.path, external: true }
        : { errors: [{ text: `${args.importer} imports ${args.path}, which a browser does not have` }] },
    );
  },
};

function walk(folder) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) =>
    entry.isDirectory() ? walk(join(folder, entry.name)) : entry.name.endsWith('.ts') ? [join(folder, entry.name)] : [],
  );
}

function report(results) {
  const sizes = {};
  const inputs = {};
  for (const { metafile } of results) {
    for (const [file, output] of Object.entries(metafile.outputs)) {
      if (file.endsWith('.map')) continue;
      sizes[file] = output.bytes;
      inputs[file] = Object.keys(output.inputs);
    }
  }
  // The layering test reads this: which sources each bundle holds.
  writeFileSync(join(dist, 'meta.json'), JSON.stringify({ sizes, inputs }));
  for (const [file, bytes] of Object.entries(sizes))
    console.log(`${(bytes / 1024).toFixed(0).padStart(6)} KB  ${file}`);
}

if (flags.has('--browser-check')) {
  await browserCheck();
} else {
  if (!flags.has('--watch') && production) rmSync(dist, { recursive: true, force: true });
  mkdirSync(dist, { recursive: true });
  const wanted = bundles.filter((bundle) => bundle.entryPoints.every((file) => existsSync(join(root, file))));
  const missing = bundles.filter((bundle) => !wanted.includes(bundle));
  if (missing.length > 0 && production) {
    console.error(`missing entry points: ${missing.flatMap((bundle) => bundle.entryPoints).join(', ')}`);
    process.exit(1);
  }
  if (flags.has('--tests')) wanted.push(testBundles());
  copyAssets();
  if (flags.has('--watch')) {
    for (const bundle of wanted) await (await esbuild.context(bundle)).watch();
    console.log('watching');
  } else {
    report(await Promise.all(wanted.map((bundle) => esbuild.build(bundle))));
  }
}
