import { build } from 'esbuild';
import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';

const here = import.meta.dirname;

/** The command line as it is shipped, bundled into a folder; runs it, and kills it (kill -9) before one of its writes. */
export class KilledCommand {
  private constructor(private readonly folder: string) {}

  static async bundled(folder: string): Promise<KilledCommand> {
    await build({
      entryPoints: [join(here, '../../../src/cli/main.ts')],
      outfile: join(folder, 'dist/cli.js'),
      bundle: true,
      platform: 'node',
      format: 'cjs',
      mainFields: ['module', 'main'],
      alias: { 'web-tree-sitter': join(here, '../../../node_modules/web-tree-sitter/web-tree-sitter.cjs') },
      external: ['./http.js', '@vscode/ripgrep'],
      logLevel: 'error',
    });
    writeFileSync(join(folder, 'package.json'), JSON.stringify({ version: '1.2.3' }));
    return new KilledCommand(folder);
  }

  /** Resolves with whether it was killed; `at`: the write before which it dies, from 1. */
  run(line: readonly string[], cwd: string, home: string, at: number): Promise<boolean> {
    const env = {
      ...process.env,
      SIGHTGLASS_HOME: home,
      SIGHTGLASS_TEST_KILL_AT: String(at),
      SIGHTGLASS_TEST_STEPS: join(this.folder, 'steps'),
    };
    const preload = ['--require', join(here, '../killAtStep.cjs')];
    const child = spawn(process.execPath, [...preload, join(this.folder, 'dist/cli.js'), ...line], {
      ...{ cwd, env },
      stdio: 'ignore',
    });
    return new Promise((resolve, reject) => {
      child.once('error', reject);
      child.once('close', (_code, signal) => resolve(signal === 'SIGKILL'));
    });
  }
}
