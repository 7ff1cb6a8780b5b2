// Customers for the shop: the same ones all day, each asking for what people ask a shop. Started with an IPC channel:
// `{ ask: 'tally' }` is answered with `{ tally, inFlight }`, what each variant got so far. Ends with its parent.
import { Agent, request } from 'node:http';
import { connect } from 'node:net';
import { parseArgs } from 'node:util';
import { Tally } from './tally.mjs';
import { Variants } from './variants.mjs';

const { values } = parseArgs({
  options: {
    storefront: { type: 'string' },
    checkout: { type: 'string' },
    flags: { type: 'string' },
    /** Port that must listen before the first request: what is sent before is not seen by anybody. */
    'wait-for': { type: 'string' },
    rate: { type: 'string', default: '36' },
    customers: { type: 'string', default: '1000' },
  },
});
const { storefront, checkout, flags } = values;
if (!storefront || !checkout || !flags) throw new Error('--storefront URL --checkout URL --flags FILE are needed');

const countries = ['DE', 'DE', 'DE', 'NL', 'SE', 'NO'];
const customers = Array.from({ length: Number(values.customers) }, (_, index) => ({
  id: `user-${index + 1}`,
  country: countries[index % countries.length] ?? 'DE',
}));
const products = ['kettle', 'lamp', 'teapot', 'chair', 'mug'];
const words = ['e', 'r', 'tea', 'la', 'book'];

/** What is asked, how often (shares of all requests), and which flags decide about the answer. */
const visits = [
  {
    share: 0.35,
    route: 'POST /orders',
    flags: ['new-checkout'],
    url: () => `${checkout}/orders`,
    body: () => ({ lines: [{ product: pick(products), quantity: 1 }], card: 'tok_4242' }),
  },
  {
    share: 0.3,
    route: 'GET /search',
    flags: ['ranked-search'],
    url: () => `${storefront}/search?q=${pick(words)}`,
  },
  { share: 0.2, route: 'GET /', flags: ['home-banner'], url: () => `${storefront}/` },
  { share: 0.15, route: 'GET /products/:id', flags: [], url: () => `${storefront}/products/${pick(products)}` },
];

const variants = new Variants(flags);
const tally = new Tally();
const agent = new Agent({ keepAlive: true, maxSockets: 128 });
let inFlight = 0;

/** @template T @param {readonly T[]} from @returns {T} */
function pick(from) {
  return /** @type {T} */ (from[Math.floor(Math.random() * from.length)]);
}

/** Asks to be left out of tracing: W3C's `sampled` flag is not set. */
const untraced = { traceparent: `00-${'1'.repeat(32)}-${'1'.repeat(16)}-00` };

/** @param {{ counted: boolean }} options */
function visit({ counted }) {
  let dice = Math.random();
  const chosen = visits.find(({ share }) => (dice -= share) < 0) ?? visits[0];
  const customer = pick(customers);
  const expected = Object.fromEntries(chosen.flags.map((key) => [key, variants.of(key, customer)]));
  const body = chosen.body ? JSON.stringify(chosen.body()) : undefined;
  const start = performance.now();
  inFlight += 1;
  const done = (status) => {
    inFlight -= 1;
    const milliseconds = performance.now() - start;
    if (counted) tally.add({ route: chosen.route, variants: expected, status, milliseconds, at: Date.now() });
  };
  const sent = request(
    chosen.url(),
    {
      agent,
      method: body ? 'POST' : 'GET',
      headers: {
        'x-customer-id': customer.id,
        'x-country': customer.country,
        ...(counted ? {} : untraced),
        ...(body ? { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) } : {}),
      },
    },
    (response) => {
      response.resume();
      response.on('end', () => done(response.statusCode ?? 0));
    },
  );
  sent.on('error', () => done(0));
  sent.end(body);
}

/** Arrivals are independent of each other and of the answers, as customers are. */
function arrive() {
  visit({ counted: true });
  setTimeout(arrive, (-Math.log(1 - Math.random()) * 1000) / Number(values.rate));
}

async function listening(port) {
  for (;;) {
    const open = await new Promise((done) => {
      const socket = connect(port, '127.0.0.1');
      socket.once('connect', () => done(true)).once('error', () => done(false));
      socket.once('close', () => done(false));
      setTimeout(() => socket.destroy(), 500).unref();
    });
    if (open) return;
    await new Promise((done) => setTimeout(done, 250));
  }
}

process.on('message', (message) => {
  if (message?.ask === 'tally') process.send?.({ tally: tally.arms(), inFlight, at: Date.now() });
});
process.on('disconnect', () => process.exit(0));
// Ctrl-C reaches the whole terminal: whoever started this ends it, in order.
process.on('SIGINT', () => {});

// The first requests of a process are slow, being compiled. No shop is opened to customers like that, and neither the
// telemetry nor the tally should be about it.
const warmUp = setInterval(() => visit({ counted: false }), 50);
await new Promise((done) => setTimeout(done, 5000));
clearInterval(warmUp);
if (values['wait-for']) await listening(Number(values['wait-for']));
process.send?.({ started: Date.now() });
arrive();
