import { build, type BuildOptions } from 'esbuild';
import { spawn, type ChildProcess } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';

const root = join(import.meta.dirname, '../..');

export interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** The command line as it is shipped, bundled from the source as it is now into a folder, and run as a process of its own. */
export class BundledCli {
  private constructor(private readonly path: string) {}

  static async into(folder: string): Promise<BundledCli> {
    const shared: BuildOptions = { bundle: true, platform: 'node', format: 'cjs', logLevel: 'error' };
    const path = join(folder, 'dist/cli.js');
    await Promise.all([
      build({
        ...shared,
        ...{ entryPoints: [join(root, 'src/cli/main.ts')], outfile: path, mainFields: ['module', 'main'] },
        alias: { 'web-tree-sitter': join(root, 'node_modules/web-tree-sitter/web-tree-sitter.cjs') },
        external: ['./http.js', '@vscode/ripgrep'],
      }),
      build({
        ...shared,
        ...{ entryPoints: [join(root, 'src/platform/node/undiciHttp.ts')], outfile: join(folder, 'dist/http.js') },
      }),
    ]);
    writeFileSync(join(folder, 'package.json'), JSON.stringify({ version: '1.2.3' }));
    return new BundledCli(path);
  }

  start(line: readonly string[], cwd: string, env: NodeJS.ProcessEnv, node: readonly string[] = []): ChildProcess {
    const { PATH, HOME, TMPDIR } = process.env;
    return spawn(process.execPath, [...node, this.path, ...line], {
      cwd,
      // Nothing else: tokens of whoever runs the tests are no concern of theirs.
      env: { PATH, HOME, ...(TMPDIR !== undefined && { TMPDIR }), ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  }

  run(line: readonly string[], cwd: string, env: NodeJS.ProcessEnv): Promise<Ended> {
    const child = this.start(line, cwd, env);
    let [out, err] = ['', ''];
    child.stdout?.on('data', (data: Buffer) => (out += data.toString()));
    child.stderr?.on('data', (data: Buffer) => (err += data.toString()));
    return new Promise((resolve, reject) => {
      child.once('error', reject);
      child.once('close', (code) => resolve({ code, out, err }));
    });
  }
}
