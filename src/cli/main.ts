import { readFile } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import * as z from 'zod';
import { consoleL10n } from '../platform/node/consoleL10n';
import { userHome } from '../platform/node/home';
import { http2Grpc } from '../platform/node/http2Grpc';
import { lazyHttp } from '../platform/node/lazyHttp';
import { takenVariables } from './ownVariables';
import { readlinePrompt } from './readlinePrompt';
import { run } from './run';

/** The name the person is known by on this machine; there may be no account of that number. */
function whoIsThis(): string {
  try {
    return userInfo().username;
  } catch {
    return String(process.getuid?.() ?? 'unknown');
  }
}

/** package.json is beside `dist` wherever this is installed. */
async function version(): Promise<string> {
  const text = await readFile(join(__dirname, '..', 'package.json'), 'utf8');
  return z.object({ version: z.string() }).parse(JSON.parse(text)).version;
}

async function main(): Promise<void> {
  const stopping = new AbortController();
  process.once('SIGINT', () => stopping.abort());
  process.once('SIGTERM', () => stopping.abort());
  // A reader that has seen enough (`| head`) is no failure.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 3));
  const { stdin, stdout, stderr } = process;
  process.exitCode = await run(process.argv.slice(2), {
    cwd: process.cwd(),
    version: await version(),
    who: whoIsThis(),
    home: userHome,
    http: lazyHttp(),
    grpc: http2Grpc,
    variables: takenVariables(process.env),
    l10n: consoleL10n(process.env),
    prompt: stdin.isTTY && stderr.isTTY ? readlinePrompt(stdin, stderr) : null,
    signal: stopping.signal,
    out: (text) => void stdout.write(text),
    err: (text) => void stderr.write(text),
  });
}

void main();
