import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** What the shop's services serve; test/unit/review/consumers holds it against their code. */
export const shopRoutes = {
  checkout: ['POST /orders', 'GET /delivery/:country'],
  payments: ['POST /charges', 'POST /reservations', 'POST /reservations/:id/collect'],
  storefront: ['GET /', 'GET /search', 'GET /products/:id', 'GET /prices/:id'],
};

/** Who calls what, as the shop's code has it. */
export const shopCalls = [
  { client: 'checkout', server: 'payments', operation: 'POST /charges' },
  { client: 'checkout', server: 'payments', operation: 'POST /reservations' },
  { client: 'checkout', server: 'payments', operation: 'POST /reservations/:id/collect' },
  { client: 'checkout', server: 'storefront', operation: 'GET /prices/:id' },
  { client: 'storefront', server: 'checkout', operation: 'GET /delivery/:country' },
];

/** The customers, who send no spans, are let in here. */
const open = ['checkout', 'storefront'];

const lineOf = ({ client, server, operation }) => `${client} -> ${server} ${operation}`;

/**
 * What the receiver has seen of who calls whom, held against the shop's code.
 * @param {string} home @returns {Promise<string[]>} what differs
 */
export async function edgeProblems(home) {
  const { address, port, token } = JSON.parse(readFileSync(join(home, 'receiver.json'), 'utf8'));
  const answer = await fetch(`http://${address}:${port}/sightglass/v1/graph`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ environment: 'production', windowMinutes: 60 }),
    signal: AbortSignal.timeout(10_000),
  });
  if (!answer.ok) return [`who calls whom is not told: ${answer.status} ${await answer.text()}`];
  return differences(/** @type {{ edges: object[] }} */ (await answer.json()).edges);
}

/** @param {any[]} edges @returns {string[]} */
export function differences(edges) {
  // A request that breaks off before it is routed has no route, whoever made it.
  const isRouted = ({ operation }) => operation?.name.includes(' /') === true;
  const traced = edges.filter((edge) => edge.client !== null && isRouted(edge));
  const seen = new Set(traced.map((edge) => lineOf({ ...edge, operation: edge.operation?.name })));
  const coded = new Set(shopCalls.map(lineOf));
  // Whether a service is up is asked at a path that it does not have.
  const untraced = edges.filter((edge) => edge.client === null && isRouted(edge));
  const entered = new Set(untraced.map(({ server }) => server));
  return [
    ...[...coded].filter((one) => !seen.has(one)).map((one) => `${one} is in the code, and was not observed`),
    ...[...seen].filter((one) => !coded.has(one)).map((one) => `${one} was observed, and is not in the code`),
    ...open.filter((one) => !entered.has(one)).map((one) => `no customer was observed at ${one}`),
    ...[...entered].filter((one) => !open.includes(one)).map((one) => `somebody untraced was observed at ${one}`),
  ];
}
