// A server of ours that speaks flagd's protocols, for what flagd does not tell (when it puts a state on the wire) and for
// machines without Go: @grpc/grpc-js serving flagd's sync stream, flagd's own evaluator in JavaScript
// (@openfeature/flagd-core) behind OFREP, with the answers and quirks that flagd 0.15 was seen to give. What holds of it
// is not thereby proven of flagd; both run the same suite. `node test/servers/flagd.mjs` installs what it needs.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, watch, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { basename, dirname, join, resolve } from 'node:path';
import { BinaryReader, BinaryWriter } from '@bufbuild/protobuf/wire';
import { FlagdCore } from '@openfeature/flagd-core';
import { parse as parseYaml } from 'yaml';

const cache = resolve(import.meta.dirname, '../../../.cache/servers/flagd');
const grpcVersion = '1.14.7';

export const standInNeeds = '@grpc/grpc-js';
export const standInHow = 'node test/servers/flagd.mjs';
/** How it takes selectors and evaluates, as flagd 0.15. */
export const standInVersion = '0.15';

export const hasStandIn = () => existsSync(join(cache, 'node_modules/@grpc/grpc-js/package.json'));

export function installStandIn() {
  if (hasStandIn()) return;
  mkdirSync(cache, { recursive: true });
  writeFileSync(join(cache, 'package.json'), '{ "private": true }\n');
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
  const args = [
    'install',
    '--no-audit',
    '--no-fund',
    '--ignore-scripts',
    '--save-exact',
    `@grpc/grpc-js@${grpcVersion}`,
  ];
  execFileSync(npm, args, { cwd: cache, stdio: ['ignore', 'ignore', 'inherit'], shell: process.platform === 'win32' });
}

/** The stand-in on flag files. `onSent` listeners hear the time (epoch ms) at which each state is put on the wire. */
export async function startStandIn({ sources, ports }) {
  const files = sources.map((source) => source.replace(/^file:/, ''));
  const state = new MergedFiles(files);
  const grpc = createRequire(join(cache, 'package.json'))('@grpc/grpc-js');
  const heard = new Set();
  const streams = new Set();
  const send = (call) => {
    for (const listener of heard) listener(Date.now());
    call.write(state.text(call.selector));
  };
  const sync = new grpc.Server();
  sync.addService(syncService, {
    SyncFlags: (call) => {
      call.selector = call.metadata.get('flagd-selector')[0] ?? call.request.selector;
      if (/^[^=]+$/.test(call.selector) && call.selector !== '')
        return call.emit('error', { code: grpc.status.INVALID_ARGUMENT, details: 'invalid selector' });
      streams.add(call);
      call.on('cancelled', () => streams.delete(call));
      send(call);
    },
  });
  const syncPort = await new Promise((done, failed) => {
    const credentials = grpc.ServerCredentials.createInsecure();
    sync.bindAsync(`127.0.0.1:${ports?.sync ?? 0}`, credentials, (error, port) => (error ? failed(error) : done(port)));
  });
  const ofrep = createServer((request, response) => void answer(request, response, state));
  await new Promise((done) => ofrep.listen(ports?.ofrep ?? 0, '127.0.0.1', done));
  const watching = state.watch(() => streams.forEach(send));
  const stop = async () => {
    watching();
    sync.forceShutdown();
    ofrep.closeAllConnections();
    await new Promise((done) => ofrep.close(done));
  };
  return running({ sync: syncPort, ofrep: ofrep.address().port }, stop, (listener) => {
    heard.add(listener);
    return () => heard.delete(listener);
  });
}

const running = (ports, stop, onSent) => ({
  ports,
  version: standInVersion,
  sync: `grpc://127.0.0.1:${ports.sync}`,
  ofrep: `http://127.0.0.1:${ports.ofrep}`,
  stop,
  onSent,
});

/** `flagd.sync.v1.FlagSyncService/SyncFlags`: selector = 2 of the request, flag_configuration = 1 of the response. */
const syncService = {
  SyncFlags: {
    path: '/flagd.sync.v1.FlagSyncService/SyncFlags',
    requestStream: false,
    responseStream: true,
    requestDeserialize: (bytes) => {
      const reader = new BinaryReader(bytes);
      let selector = '';
      while (reader.pos < reader.len) {
        const [field, wire] = reader.tag();
        if (field === 2) selector = reader.string();
        else reader.skip(wire);
      }
      // An object: an empty text would be taken for no message.
      return { selector };
    },
    responseSerialize: (text) => {
      const context = new BinaryWriter().finish();
      // The field that follows in flagd's own answers, so that clients have something to skip.
      return Buffer.from(new BinaryWriter().tag(1, 2).string(text).tag(2, 2).bytes(context).finish());
    },
  },
};

/** Flag files merged as flagd merges its sources; a file that cannot be read leaves what it last gave. */
class MergedFiles {
  #files;
  #flags = new Map();
  core = new FlagdCore(undefined, { error() {}, warn() {}, info() {}, debug() {} });

  constructor(files) {
    this.#files = files;
    this.#read();
  }

  watch(changed) {
    const folders = new Set(this.#files.map((file) => dirname(file)));
    const names = new Set(this.#files.map((file) => basename(file)));
    const watchers = [...folders].map((folder) =>
      watch(folder, (_event, name) => {
        if ((name === null || names.has(name)) && this.#read()) changed();
      }),
    );
    return () => watchers.forEach((watcher) => watcher.close());
  }

  /** As flagd sends it: evaluators put in their places, the source beside every flag, an empty default for none. */
  text(selector) {
    const source = /^source=(.*)$/.exec(selector)?.[1];
    const wanted = [...this.merged()].filter(([, flag]) => source === undefined || flag.source === source);
    return JSON.stringify({ flags: Object.fromEntries(wanted.sort(([a], [b]) => (a < b ? -1 : 1))) });
  }

  merged() {
    return new Map(this.#files.flatMap((file) => [...(this.#flags.get(file) ?? [])]));
  }

  /** True when something changed. */
  #read() {
    const before = this.text('');
    for (const file of this.#files) {
      try {
        const { flags, $evaluators: evaluators = {} } = definitionsIn(file);
        const read = Object.entries(flags).map(([key, flag]) => {
          const { state, variants, defaultVariant, targeting, metadata } = flag;
          const inPlace = targeting && JSON.parse(withEvaluators(JSON.stringify(targeting), evaluators));
          return [
            key,
            { state, defaultVariant: defaultVariant ?? '', variants, targeting: inPlace, source: file, metadata },
          ];
        });
        this.#flags.set(file, new Map(read));
      } catch {
        // Half-written or gone: what it last gave stays.
      }
    }
    const after = this.text('');
    if (after !== before) this.core.setConfigurations(after);
    return after !== before;
  }
}

const definitionsIn = (file) => (/\.ya?ml$/.test(file) ? parseYaml : JSON.parse)(readFileSync(file, 'utf8'));

const withEvaluators = (targeting, evaluators) =>
  targeting.replace(/\{"\$ref":"([^"]+)"\}/g, (whole, name) =>
    evaluators[name] === undefined ? whole : JSON.stringify(evaluators[name]),
  );

async function answer(request, response, state) {
  const say = (status, body) => {
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(JSON.stringify(body));
  };
  const single = /^\/ofrep\/v1\/evaluate\/flags\/([^/]+)$/.exec(request.url);
  const key = single && decodeURIComponent(single[1]);
  if (request.method !== 'POST' || (!single && request.url !== '/ofrep/v1/evaluate/flags')) {
    response.writeHead(404, { 'content-type': 'text/plain' });
    return response.end('404 page not found\n');
  }
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  let context;
  try {
    ({ context } = JSON.parse(Buffer.concat(chunks).toString() || '{}'));
  } catch {
    const failure = { errorCode: 'INVALID_CONTEXT', errorDetails: 'Provider context is not valid', metadata: null };
    return say(400, { ...(key !== null && { key }), ...failure });
  }
  const asked = typeof context === 'object' && context !== null ? context : {};
  if (single) return say(...evaluated(state, key, asked));
  const flags = [...state.merged()].filter(([, { state: on }]) => on === 'ENABLED');
  say(200, { flags: flags.map(([name]) => evaluated(state, name, asked)[1]), metadata: {} });
}

/** Status and body of one evaluation. A disabled flag and the code's default have neither value nor variant. */
function evaluated(state, key, context) {
  const { core } = state;
  const flag = state.merged().get(key);
  if (!flag)
    return [404, { key, errorCode: 'FLAG_NOT_FOUND', errorDetails: `flag \`${key}\` does not exist`, metadata: {} }];
  if (flag.state === 'DISABLED') return [200, { key, reason: 'DISABLED', metadata: {} }];
  const type = typeof Object.values(flag.variants)[0];
  const fallback = { boolean: false, string: '', number: 0, object: {} }[type];
  const found = core.resolve(type, key, fallback, context);
  if (found.errorCode)
    return [400, { key, errorCode: found.errorCode, errorDetails: `error parsing the flag \`${key}\``, metadata: {} }];
  if (found.variant === undefined) return [200, { key, reason: 'DEFAULT', metadata: {} }];
  return [200, { value: found.value, key, reason: found.reason, variant: found.variant, metadata: {} }];
}
