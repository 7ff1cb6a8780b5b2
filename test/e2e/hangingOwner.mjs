import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';

/**
 * A window that owns the store and hangs: it holds the port and `receiver.json`, takes every question, and answers
 * none.
 * @param {{ home: string, port: number }} at
 */
export async function hangingOwner({ home, port }) {
  const asked = [];
  const server = createServer((request) => void asked.push(request.url ?? ''));
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  mkdirSync(home, { recursive: true, mode: 0o700 });
  const owner = { pid: process.pid, address: '127.0.0.1', port, token: 'x'.repeat(32), startedAt: 0, protocol: 1 };
  writeFileSync(join(home, 'receiver.json'), JSON.stringify(owner), { mode: 0o600 });
  return {
    /** Paths it was asked for, in order. */
    asked,
    /** It goes, and with it its port. */
    end: async () => {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
}
