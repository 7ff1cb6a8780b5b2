// What VS Code asks of a language, asked of our providers: 20,000 known flags in a flag file, 5,000 references in 500
// files, the finder's worker as it ships. Answers are from the moment of asking to what VS Code is handed; completion has
// a text of its own each time, in which a string is left open.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { generateFile, seeded } from './generatedTree.mjs';
import { importHost, storeOf } from './hostBundle.mjs';
import { median, quantile, startWorker } from './workerRpc.mjs';

const flagCount = 20_000;
const files = 500;
const callsAFile = 10;
const rounds = 400;
const areas = ['checkout', 'search', 'billing', 'profile', 'cart', 'mail', 'admin', 'import'];
const keyOf = (index) => `${areas[index % areas.length]}-release-${index}`;

function writeTree(tree) {
  const random = seeded(5);
  const flags = Object.fromEntries(
    Array.from({ length: flagCount }, (_, index) => [
      keyOf(index),
      { state: 'ENABLED', variants: { on: true, off: false }, defaultVariant: index % 3 === 0 ? 'on' : 'off' },
    ]),
  );
  writeFileSync(join(tree, 'flags.flagd.json'), JSON.stringify({ flags }, null, 2));
  const environment = { name: 'production', kind: 'live', protected: true, source: ['flags.flagd.json'] };
  const projects = [{ name: 'shop', environments: [environment] }];
  writeFileSync(
    join(tree, '.sightglass.json'),
    JSON.stringify({ systems: [{ id: 'flags', type: 'flagd', projects }] }),
  );
  mkdirSync(join(tree, 'src'));
  const head = `import { OpenFeature } from '@openfeature/server-sdk';\nconst client = OpenFeature.getClient();\n`;
  writeFileSync(
    join(tree, 'src/flags.ts'),
    `${head}export async function isOn(key: string): Promise<boolean> {\n  return client.getBooleanValue(key, false);\n}\n`,
  );
  for (let file = 0; file < files; file++) {
    const calls = Array.from({ length: callsAFile }, (_, call) => {
      // Some flags are asked for everywhere, most in one place.
      const key = keyOf(random() < 0.2 ? Math.floor(random() * 10) : Math.floor(random() * flagCount));
      return `export async function step${file}x${call}(): Promise<number> {\n  if (await ${call % 2 === 0 ? 'client.getBooleanValue' : 'isOn'}('${key}'${call % 2 === 0 ? ', false' : ''})) {\n    return ${call};\n  }\n  return 0;\n}\n`;
    });
    writeFileSync(join(tree, `src/unit${file}.ts`), `${head}import { isOn } from './flags';\n${calls.join('')}`);
  }
}

async function importProviders(root, out) {
  const outfile = join(out, 'providers.mjs');
  const stub = join(root, 'test/bench/vscodeStub.mjs');
  await build({
    stdin: {
      contents: `
        export { CodeQuestions } from './src/editor/language/codeQuestions';
        export { FlagPlaces } from './src/editor/language/flagPlaces';
        export { KeysAt } from './src/editor/language/keysAt';
        export { registerLanguage } from './src/editor/language/registerLanguage';
        export { FlagLookups } from './src/editor/flagLookups';
        export * as vscode from 'vscode';`,
      resolveDir: root,
      loader: 'ts',
    },
    ...{ bundle: true, platform: 'node', format: 'esm', mainFields: ['module', 'main'], logLevel: 'error', outfile },
    alias: { vscode: stub },
  });
  return import(pathToFileURL(outfile).href);
}

/** A document as VS Code hands it out, of one text. */
function documentOf(vscode, path, text, version = 1, languageId = 'typescript') {
  const lines = text.split('\n');
  const starts = [0];
  for (const line of lines) starts.push(starts.at(-1) + line.length + 1);
  return {
    ...{ uri: vscode.Uri.file(path), languageId, version, lineCount: lines.length },
    lineAt: (at) => ({ text: lines[typeof at === 'number' ? at : at.line] }),
    offsetAt: ({ line, character }) => starts[line] + character,
    getText: (range) =>
      range === undefined
        ? text
        : text.slice(starts[range.start.line] + range.start.character, starts[range.end.line] + range.end.character),
  };
}

export async function run({ root, figure }) {
  const tree = mkdtempSync(join(tmpdir(), 'sightglass-providers-'));
  const out = mkdtempSync(join(tmpdir(), 'sightglass-providers-host-'));
  const worker = startWorker(root, 'code', { grammars: join(root, 'dist/grammars'), ripgrep: [], storage: null });
  let store;
  try {
    writeTree(tree);
    const host = await importHost(out);
    store = storeOf(host, tree, null);
    await store.setFolders([tree]);
    const { vscode, ...ours } = await importProviders(root, out);
    vscode.workspace.workspaceFolders.push({ uri: vscode.Uri.file(tree) });
    const knownKeys = store.keysFor(tree);
    const indexed = await worker.call('index', { root: tree, knownKeys, exclude: [] });
    figure('known flags / references', `${knownKeys.length} / ${indexed.references}`);
    // Times are those of a machine with nothing else to do; CPU is counted either way.
    figure('load of the machine / its cores', `${loadavg()[0].toFixed(1)} / ${cpus().length}`);

    const facts = new Map();
    const asked = { state: { kind: 'running' }, call: (name, request) => worker.call(name, request) };
    const code = {
      facts: ({ uri }) => facts.get(uri.path) ?? null,
      now: (_, spot) => spot,
      placesOfKey: async (key, limit) => [
        { root: tree, files: await worker.call('placesOfKey', { root: tree, key, limit }) },
      ],
    };
    const lookups = new ours.FlagLookups(store);
    const context = (path) => ({
      ...{ flags: lookups.seenFrom(path), signals: () => null, environment: null, windowMinutes: 15 },
      ...{ now: Date.now(), l10n: host.memoryL10n, theme: 'dark', inFlight: new Map() },
    });
    const log = new host.MemoryLog();
    ours.registerLanguage({
      ...{ keys: new ours.KeysAt(code), places: new ours.FlagPlaces(store), code, flags: store, context, log },
      // What is generated for flags is looked at by commands, not by providers.
      accessors: { start: () => undefined, dispose: () => undefined },
      ...{ l10n: host.memoryL10n, questions: new ours.CodeQuestions({ worker: asked, log }) },
    });
    const provider = (name) => vscode.registered[name][0];
    const never = { isCancellationRequested: false, onCancellationRequested: () => ({ dispose: () => undefined }) };

    const texts = new Map();
    const documentAt = async (file) => {
      const path = `src/unit${file}.ts`;
      let document = texts.get(path);
      if (!document) {
        document = documentOf(vscode, join(tree, path), readFileSync(join(tree, path), 'utf8'));
        const edit = { root: tree, path, text: document.getText(), version: '1', held: null };
        facts.set(document.uri.path, (await worker.call('edit', edit)).facts);
        texts.set(path, document);
      }
      return document;
    };
    const random = seeded(9);
    const measure = async (what, ask) => {
      const took = [];
      const cpu = [];
      let answers = 0;
      for (let round = 0; round < rounds; round++) {
        const document = await documentAt(Math.floor(random() * 40));
        const references = facts.get(document.uri.path).references;
        const { line, column } = references[Math.floor(random() * references.length)];
        const question = await ask(document, new vscode.Position(line - 1, column + 1), round);
        const used = process.cpuUsage();
        const begin = performance.now();
        const answer = await question();
        // The first ones warm up, and make what is made once a snapshot.
        if (round >= 20) {
          took.push(performance.now() - begin);
          const { user, system } = process.cpuUsage(used);
          cpu.push((user + system) / 1000);
        }
        const count = answer?.items?.length ?? answer?.length ?? 0;
        answers += count > 0 ? 1 : 0;
      }
      figure(
        `${what}, p50 / p99 of ${rounds - 20}, ${answers} answered`,
        `${median(took).toFixed(2)} / ${quantile(took, 0.99).toFixed(2)} ms`,
        'p99 10 ms',
      );
      figure(
        '  the same in CPU of the process, both threads',
        `${median(cpu).toFixed(2)} / ${quantile(cpu, 0.99).toFixed(2)} ms`,
      );
    };
    await measure(
      'definition',
      (document, at) => () => provider('registerDefinitionProvider').provideDefinition(document, at, never),
    );
    await measure(
      'references',
      (document, at) => () =>
        provider('registerReferenceProvider').provideReferences(document, at, { includeDeclaration: true }, never),
    );
    await measure(
      'highlights',
      (document, at) => () =>
        provider('registerDocumentHighlightProvider').provideDocumentHighlights(document, at, never),
    );
    await measure(
      'links of a document',
      (document) => () => provider('registerDocumentLinkProvider').provideDocumentLinks(document, never),
    ).catch((error) => figure('links', String(error)));
    await measure(
      'workspace symbols',
      (_, __, round) => () =>
        provider('registerWorkspaceSymbolProvider').provideWorkspaceSymbols(
          ['checkout', 'release-1', 'cart-rel', 'b', 'srch77'][round % 5],
          never,
        ),
    );
    const completion = provider('registerCompletionItemProvider');
    const complete = (written) => (document, _, round) => {
      const lines = document.getText().split('\n');
      const text = written[round % written.length];
      // Below the first line of a function in the middle, as a person writes: the rest of the line is not there yet.
      const bodies = lines.flatMap((line, at) => (/^export async function \w+(x|Handler)/.test(line) ? [at + 2] : []));
      const at = bodies[bodies.length >> 1];
      lines.splice(at, 0, text);
      const changed = documentOf(vscode, document.uri.path, lines.join('\n'), round + 2);
      const position = new vscode.Position(at, text.length);
      return () => completion.provideCompletionItems(changed, position, never, {});
    };
    const calls = ['c', 'checkout-', 'checkout-release-1', '', 'billing-release-99'];
    await measure('completion of a key', complete(calls.map((key) => `  if (await client.getBooleanValue('${key}`)));
    const long = documentOf(vscode, join(tree, 'src/long.ts'), generateFile(3_000));
    const longEdit = { root: tree, path: 'src/long.ts', text: long.getText(), version: '1', held: null };
    await worker.call('edit', longEdit);
    await measure('completion of a key in a file of 3,000 lines', (_, at, round) =>
      complete(calls.map((key) => `  if (await client.getBooleanValue('${key}`))(long, at, round),
    );
    await measure('completion in a wrapper', complete(calls.map((key) => `  const on = await isOn('${key}`)));
    await measure('completion where no flag is asked for', complete([`  console.log('a`, `  const text = 'b`]));
    await measure('call hierarchy of a flag', async (document, at) => {
      const hierarchy = provider('registerCallHierarchyProvider');
      return async () => {
        const item = await hierarchy.prepareCallHierarchy(document, at, never);
        return hierarchy.provideCallHierarchyIncomingCalls(item, never);
      };
    });
  } finally {
    store?.dispose();
    await worker.stop();
    rmSync(tree, { recursive: true, force: true });
    rmSync(out, { recursive: true, force: true });
  }
}
