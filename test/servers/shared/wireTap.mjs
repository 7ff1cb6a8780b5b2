// Stands between a client and a server on loopback, and tells when the server puts a message on the wire: servers do not
// say so themselves. What passes is passed on as it is.
import { connect, createServer } from 'node:net';
import { freePort } from './runServer.mjs';

const frameHeaderBytes = 9;
const data = 0;

/**
 * Before `port`. `onSent` listeners hear the time (epoch ms) at which the first byte of each message from the server was
 * there: of HTTP/2 its DATA frames, of `messages: webSocketMessages` its messages on WebSockets; and nothing of settings,
 * pings and other answers.
 */
export async function startWireTap(port, messages = dataFrames) {
  const heard = new Set();
  const sockets = new Set();
  const tap = createServer((client) => {
    const server = connect({ port, host: '127.0.0.1', noDelay: true });
    client.setNoDelay(true);
    const sees = messages((at) => heard.forEach((listener) => listener(at)));
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

const continuation = 0;
const controlFrames = 8;

/** The same for a connection of HTTP/1.1 that becomes a WebSocket (RFC 6455, sections 4.2.2 and 5.2). */
export function webSocketMessages(told) {
  let head = Buffer.alloc(0);
  let isOpen = false;
  let payload = 0;
  return (piece) => {
    const at = performance.timeOrigin + performance.now();
    let from = 0;
    while (from < piece.length) {
      const passed = isOpen ? Math.min(payload, piece.length - from) : 0;
      payload -= passed;
      from += passed;
      if (from >= piece.length) return;
      head = Buffer.concat([head, piece.subarray(from, from + 1)]);
      from += 1;
      if (!isOpen) {
        // Answers of other connections have no such head; what follows theirs is never taken for frames.
        isOpen = head.subarray(-4).equals(endOfHead) && head.subarray(0, 12).equals(switching);
        if (isOpen) head = Buffer.alloc(0);
        else if (head.length > mostHead) return;
        continue;
      }
      const length = head.length < 2 ? 0 : head[1] & 0x7f;
      const wanted = 2 + (length === 126 ? 2 : length === 127 ? 8 : 0);
      if (head.length < wanted) continue;
      payload = length === 126 ? head.readUInt16BE(2) : length === 127 ? Number(head.readBigUInt64BE(2)) : length;
      const opcode = head[0] & 0x0f;
      if (opcode !== continuation && opcode < controlFrames) told(at);
      head = Buffer.alloc(0);
    }
  };
}

const switching = Buffer.from('HTTP/1.1 101');
const endOfHead = Buffer.from('\r\n\r\n');
const mostHead = 16 * 1024;
