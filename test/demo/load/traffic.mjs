// Customers in front of services: the same ones all day, each asking for what people ask. For a program of its own with
// an IPC channel: `{ ask: 'tally' }` is answered with `{ tally, inFlight, at }`, what each variant got so far;
// `{ ask: 'stop' }` lets nobody else in and answers `{ stopped }` once the last has been served. Ends with its parent.
import { Agent, request } from 'node:http';
import { connect } from 'node:net';
import { Tally } from './tally.mjs';

/** Asks to be left out of tracing: W3C's `sampled` flag is not set. */
const untraced = { traceparent: `00-${'1'.repeat(32)}-${'1'.repeat(16)}-00` };

/**
 * @template Customer
 * @typedef {{ share: number, route: string, url: () => string, body?: () => unknown, variants: (customer: Customer) => Record<string, string>, orElse?: (customer: Customer) => Record<string, string> }} Visit
 *   `share` of all requests; `variants`: of the flags that decide about the answer; `orElse`: what the customer may get
 *   instead for a moment, as the flags have just been changed
 */

/**
 * Lets the customers in, after a warm-up that nobody counts.
 * @template Customer
 * @param {{ visits: Visit<Customer>[], customers: Customer[], headersOf: (customer: Customer) => Record<string, string>, rate: number, warmUpMs?: number, waitFor?: number }} options
 *   `rate` in requests a second; `waitFor`: a port that must listen first, as what is sent before is not seen by anybody
 */
export async function letIn({ visits, customers, headersOf, rate, warmUpMs = 5000, waitFor }) {
  const tally = new Tally();
  const agent = new Agent({ keepAlive: true, maxSockets: 128 });
  let inFlight = 0;
  let open = true;

  /** @param {Visit<Customer>} chosen @param {{ counted: boolean }} options */
  function visit(chosen, { counted }) {
    const customer = pick(customers);
    const variants = chosen.variants(customer);
    const orElse = chosen.orElse?.(customer) ?? {};
    const body = chosen.body ? JSON.stringify(chosen.body()) : undefined;
    const start = performance.now();
    inFlight += 1;
    const done = (status) => {
      inFlight -= 1;
      const milliseconds = performance.now() - start;
      if (counted) tally.add({ route: chosen.route, variants, orElse, status, milliseconds, at: Date.now() });
    };
    const sent = request(
      chosen.url(),
      {
        agent,
        method: body ? 'POST' : 'GET',
        headers: {
          ...headersOf(customer),
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

  function any() {
    let dice = Math.random();
    return visits.find(({ share }) => (dice -= share) < 0) ?? visits[0];
  }

  /** Arrivals are independent of each other and of the answers, as customers are. */
  function arrive() {
    if (!open) return;
    visit(any(), { counted: true });
    setTimeout(arrive, (-Math.log(1 - Math.random()) * 1000) / rate);
  }

  const said = () => ({ tally: tally.arms(), inFlight, at: Date.now() });
  process.on('message', (message) => {
    if (message?.ask === 'tally') process.send?.(said());
    if (message?.ask !== 'stop') return;
    open = false;
    const last = setInterval(() => {
      if (inFlight > 0) return;
      clearInterval(last);
      process.send?.({ stopped: said() });
    }, 50);
  });
  process.on('disconnect', () => process.exit(0));
  // Ctrl-C reaches the whole terminal: whoever started this ends it, in order.
  process.on('SIGINT', () => {});

  // The first requests of a process are slow, being compiled. No shop is opened to customers like that, and neither the
  // telemetry nor the tally should be about it.
  const warmUp = setInterval(() => visit(any(), { counted: false }), 50);
  await new Promise((done) => setTimeout(done, warmUpMs));
  clearInterval(warmUp);
  if (waitFor) await listening(waitFor);
  process.send?.({ started: Date.now() });
  arrive();
}

/** @template T @param {readonly T[]} from @returns {T} */
export function pick(from) {
  return /** @type {T} */ (from[Math.floor(Math.random() * from.length)]);
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
