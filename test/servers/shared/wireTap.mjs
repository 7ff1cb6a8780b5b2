// Stands between a client and a server of HTTP/2 on loopback, and tells when the server puts a message on the wire: flagd
// does not say so itself. What passes is passed on as it is.
import { connect, createServer } from 'node:net';
import { freePort } from './runServer.mjs';

const frameHeaderBytes = 9;
const data = 0;

/**
 * Before `port`. `onSent` listeners hear the time (epoch ms) at which the first byte of each DATA frame from the server
 * was there, and nothing of its settings and pings.
 */
export async function startWireTap(port) {
  const heard = new Set();
  const sockets = new Set();
  const tap = createServer((client) => {
    const server = connect({ port, host: '127.0.0.1', noDelay: true });
    client.setNoDelay(true);
    const sees = dataFrames((at) => heard.forEach((listener) => listener(at)));
    server.on('data', sees);
    for (const [from, to] of [
      [client, server],
      [server, client],
    ]) {
      sockets.add(from);
      from.pipe(to);
      from.on('error', () => to.destroy());
      from.on('close', () => (sockets.delete(from), to.destroy()));
    }
  });
  const own = await freePort();
  await new Promise((done) => tap.listen(own, '127.0.0.1', done));
  return {
    port: own,
    onSent: (listener) => {
      heard.add(listener);
      return () => heard.delete(listener);
    },
    stop: async () => {
      const closed = new Promise((done) => tap.close(done));
      sockets.forEach((socket) => socket.destroy());
      await closed;
    },
  };
}

/** Takes the server's half in pieces and calls back for every DATA frame that is not empty (RFC 9113, section 4.1). */
function dataFrames(told) {
  let header = Buffer.alloc(0);
  let payload = 0;
  return (piece) => {
    const at = performance.timeOrigin + performance.now();
    for (let from = 0; from < piece.length;) {
      const passed = Math.min(payload, piece.length - from);
      payload -= passed;
      from += passed;
      const wanted = Math.min(frameHeaderBytes - header.length, piece.length - from);
      header = Buffer.concat([header, piece.subarray(from, from + wanted)]);
      from += wanted;
      if (header.length < frameHeaderBytes) return;
      payload = header.readUIntBE(0, 3);
      if (header[3] === data && payload > 0) told(at);
      header = Buffer.alloc(0);
    }
  };
}
