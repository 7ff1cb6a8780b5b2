// Scanners that the finder is measured against: installed into .cache/bench by the bench itself, never part of the
// product. Each answers how to run it, or why it could not be had.
import { execFileSync } from 'node:child_process';
import { createServer } from 'node:http';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';

const astGrepVersion = '0.51.1';
const piranhaVersion = '0.4.9';
const codeRefs = 'github.com/launchdarkly/ld-find-code-refs/v2';
const codeRefsVersion = 'v2.14.0';
const installMs = 600_000;

const folderOf = (root, name) => {
  const folder = join(root, '.cache/bench', name);
  mkdirSync(folder, { recursive: true });
  return folder;
};

/** How the grammars call a call, and which field of it names what is called. */
const calls = {
  TypeScript: ['call_expression', 'function'],
  Tsx: ['call_expression', 'function'],
  JavaScript: ['call_expression', 'function'],
  Python: ['call', 'function'],
  Go: ['call_expression', 'function'],
  Java: ['method_invocation', 'name'],
  CSharp: ['invocation_expression', 'function'],
};

/** `ast-grep scan`: calls by the names of SDK functions, in one rule a language. It tells places, no keys. */
export function astGrep(root, names) {
  const folder = folderOf(root, 'ast-grep');
  const executable = join(
    folder,
    'node_modules/@ast-grep/cli',
    process.platform === 'win32' ? 'ast-grep.exe' : 'ast-grep',
  );
  if (!existsSync(executable)) {
    writeFileSync(join(folder, 'package.json'), '{"private":true}');
    const args = ['install', '--no-audit', '--no-fund', '--silent', `@ast-grep/cli@${astGrepVersion}`];
    // npm's own file of JavaScript is run by Node itself: `npm` is a script of the shell on Windows.
    execFileSync('npm', args, { cwd: folder, timeout: installMs, stdio: 'pipe', shell: process.platform === 'win32' });
  }
  const rules = join(folder, 'rules.yml');
  const words = names.filter((name) => /^\w+$/.test(name));
  const regex = JSON.stringify(`(^|\\W)(${words.join('|')})$`);
  writeFileSync(
    rules,
    Object.entries(calls)
      .map(
        ([language, [kind, field]]) =>
          `id: ${language}\nlanguage: ${language}\nrule: { kind: ${kind}, has: { field: ${field}, regex: ${regex} } }\n`,
      )
      .join('---\n'),
  );
  return {
    title: `@ast-grep/cli ${astGrepVersion}`,
    command: (tree) => ({ executable, args: ['scan', '--rule', rules, '--json=stream', tree] }),
    rowsOf: (stdout, tree) =>
      stdout
        .split('\n')
        .filter(Boolean)
        .map((line) => JSON.parse(line))
        .map(({ file, range }) => ({ path: relative(tree, file), line: range.start.line + 1, key: null })),
  };
}

/** Piranha's structural search: calls by the names of SDK functions, with the texts among their arguments. */
export function piranha(root, names) {
  const folder = folderOf(root, 'piranha');
  if (!existsSync(join(folder, 'polyglot_piranha')))
    execFileSync(
      'python3',
      ['-m', 'pip', 'install', '--quiet', '--no-deps', '--target', folder, `polyglot-piranha==${piranhaVersion}`],
      { timeout: installMs, stdio: 'pipe' },
    );
  const list = join(folder, 'names.txt');
  writeFileSync(list, names.filter((name) => /^\w+$/.test(name)).join('\n'));
  return {
    title: `polyglot-piranha ${piranhaVersion}`,
    command: (tree) => ({
      executable: 'env',
      args: [`PYTHONPATH=${folder}`, 'python3', join(root, 'test/bench/piranhaScan.py'), tree, list],
    }),
    rowsOf: (stdout, tree) =>
      stdout
        .split('\n')
        .filter(Boolean)
        .map((line) => JSON.parse(line))
        .map((row) => ({ ...row, path: relative(tree, row.path) })),
  };
}

/** `ld-find-code-refs`, told the keys that are in the truth by a server that stands in for LaunchDarkly's. */
export async function ldFindCodeRefs(root, keys) {
  const folder = folderOf(root, 'ld-find-code-refs');
  const executable = join(folder, process.platform === 'win32' ? 'ld-find-code-refs.exe' : 'ld-find-code-refs');
  if (!existsSync(executable)) {
    // A module of its own: `go install` of a version asks proxies for lists that not all of them have.
    writeFileSync(join(folder, 'go.mod'), `module bench\n\ngo 1.22\n\nrequire ${codeRefs} ${codeRefsVersion}\n`);
    const env = { ...process.env, GOFLAGS: '-mod=mod', GONOSUMDB: '*' };
    const args = ['build', '-o', executable, `${codeRefs}/cmd/ld-find-code-refs`];
    execFileSync('go', args, { cwd: folder, env, timeout: installMs, stdio: 'pipe' });
  }
  const server = createServer((request, response) => {
    const items = keys.map((key) => ({ key, name: key, archived: false, environments: {}, variations: [] }));
    response.setHeader('content-type', 'application/json');
    response.end(
      JSON.stringify(
        request.url.includes('/flags/') ? { items, totalCount: items.length } : { key: 'bench', items: [] },
      ),
    );
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const scratch = mkdtempSync(join(tmpdir(), 'sightglass-refs-'));
  const given = {
    accessToken: 'api-bench',
    projKey: 'bench',
    repoName: 'bench',
    branch: 'main',
    revision: 'none',
    outDir: scratch,
  };
  return {
    title: `ld-find-code-refs ${codeRefsVersion}`,
    command: (tree) => ({
      executable,
      args: [
        ...Object.entries(given).map(([name, value]) => `--${name}=${value}`),
        // It does not walk into a link.
        `--dir=${realpathSync(tree)}`,
        `--baseUri=http://127.0.0.1:${server.address().port}`,
        '--lookback=0',
        // No source: a row is then one line.
        '--contextLines=-1',
        '--dryRun',
      ],
    }),
    rowsOf: () => {
      const file = readdirSync(scratch).find((name) => name.endsWith('.csv'));
      return file === undefined
        ? []
        : readFileSync(join(scratch, file), 'utf8').split('\n').slice(1).filter(Boolean).map(rowOf);
    },
    stop() {
      server.close();
      rmSync(scratch, { recursive: true, force: true });
    },
  };
}

/** `flagKey,projKey,path,startingLineNumber,…` */
function rowOf(line) {
  const [key, , path, from] = line.split(',');
  return { path, line: Number(from), key };
}
