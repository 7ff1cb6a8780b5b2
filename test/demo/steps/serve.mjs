import { randomBytes } from 'node:crypto';
import { installServer, startServer } from '../../host/vscodeServer.mjs';

/** The newest VS Code server known to work. */
export const serverVersion = '1.139.1';

/**
 * Starts the VS Code server on this machine's own address, for whoever has the token.
 * @param {import('./prepare.mjs').Demo} demo
 * @returns {Promise<{ address: string, authority: string, log: () => string }>} `address` opens the shop at the bad flag's line
 */
export async function serveEditor(demo) {
  const installation = await demo.step(`VS Code server ${serverVersion}`, () => installServer(serverVersion));
  const token = randomBytes(24).toString('hex');
  const { userData, extensions, env } = demo;
  const server = await startServer(installation, { userData, extensions, token, env });
  demo.leftovers.add(() => server.stop());
  const payload = [
    ['openFile', `vscode-remote://${server.authority}${demo.file}:${demo.line}`],
    ['gotoLineMode', 'true'],
  ];
  const address = new URL(server.origin);
  const query = { tkn: token, folder: demo.workspace, payload: JSON.stringify(payload) };
  for (const [name, value] of Object.entries(query)) address.searchParams.set(name, value);
  return { address: address.href, authority: server.authority, log: server.log };
}
