import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { codePathId, type CodePath } from '../../../src/model/reference';
import type { Operation } from '../../../src/model/signal';
import { matchCodePaths, type MatchedOperation } from '../../../src/telemetry/match/matchCodePaths';
import { finderOf } from '../code/finderHarness';

const shop = join(import.meta.dirname, '../../demo/shop');

/** What OpenTelemetry's http and express instrumentation wrote of the running shop, as the receiver names it. */
const operation = (service: string, method: string, route: string | null): Operation => ({
  id: `${service} ${method} ${route ?? ''}`.trim(),
  ...{ service, environment: 'production', kind: 'server', name: route === null ? method : `${method} ${route}` },
  ...{ httpMethod: method, httpRoute: route, scope: '@opentelemetry/instrumentation-http' },
  ...{ codeFunction: null, codeFile: null, codeLine: null },
});

/** By hand, from the code: which function answers. */
const answeredBy: Readonly<Record<string, string>> = {
  'storefront GET /': 'storefront/home.ts#getHome',
  'storefront GET /search': 'storefront/search.ts#search',
  'storefront GET /products/:id': 'storefront/products.ts#getProduct',
  'storefront GET /prices/:id': 'storefront/products.ts#getPrice',
  'checkout POST /orders': 'checkout/orders.ts#placeOrder',
  'checkout GET /delivery/:country': 'checkout/delivery.ts#quoteDelivery',
  'payments POST /charges': 'payments/charges.ts#postCharge',
  'payments POST /reservations': 'payments/reservations.ts#postReservation',
  'payments POST /reservations/:id/collect': 'payments/reservations.ts#postCollect',
};
/** By hand: the nearest of those functions that call each other one, and as what they are known. */
const reachedFrom: Readonly<Record<string, readonly string[]>> = {
  'checkout/orders.ts#reserveThenCollect': ['checkout POST /orders'],
  'checkout/payments.ts#charge': ['checkout POST /orders'],
  'checkout/payments.ts#collect': ['checkout POST /orders'],
  'checkout/payments.ts#reserve': ['checkout POST /orders'],
  'checkout/prices.ts#priceOf': ['checkout POST /orders'],
  'payments/cardNetwork.ts#authorise': ['payments POST /charges', 'payments POST /reservations'],
  'payments/cardNetwork.ts#settle': ['payments POST /reservations/:id/collect'],
  'payments/fraud.ts#screen': ['payments POST /charges', 'payments POST /reservations'],
  'shared/call.ts#call': ['storefront GET /products/:id'],
  'shared/customer.ts#customerOf': [
    'checkout GET /delivery/:country',
    'checkout POST /orders',
    'payments POST /charges',
    'payments POST /reservations',
    'storefront GET /',
    'storefront GET /products/:id',
    'storefront GET /search',
  ],
  'shared/customer.ts#headersOf': ['storefront GET /products/:id'],
  'shared/flags.ts#contextOf': ['checkout POST /orders', 'storefront GET /'],
  'shared/flags.ts#hasFeature': ['checkout GET /delivery/:country', 'storefront GET /search'],
  'shared/latency.ts#normal': ['checkout GET /delivery/:country', 'storefront GET /', 'storefront GET /prices/:id'],
  'shared/latency.ts#waitAbout': ['checkout GET /delivery/:country', 'storefront GET /', 'storefront GET /prices/:id'],
  'storefront/catalogue.ts#productById': ['storefront GET /prices/:id', 'storefront GET /products/:id'],
  'storefront/search.ts#lookUp': ['storefront GET /search'],
};
/** Asked for what no route answers: HTTP instrumentation then knows none. */
const routeless = ['storefront', 'checkout', 'payments'].map((service) => operation(service, 'GET', null));
const operations = [
  ...Object.keys(answeredBy).map((name) => {
    const [service = '', method = '', route = ''] = name.split(' ');
    return operation(service, method, route);
  }),
  ...routeless,
];

describe('the demo shop', () => {
  let codePaths: CodePath[];
  let matched: ReadonlyMap<string, readonly MatchedOperation[]>;

  beforeAll(async () => {
    const files = readdirSync(shop, { recursive: true, encoding: 'utf8' })
      .map((file) => file.replaceAll('\\', '/'))
      .filter((file) => file.endsWith('.ts') && !file.includes('node_modules'));
    const { index } = await finderOf(
      Object.fromEntries(files.map((file) => [file, readFileSync(join(shop, file), 'utf8')])),
    );
    codePaths = [];
    for (const file of files) codePaths.push(...((await index.facts(file))?.codePaths ?? []));
    const services = { storefront: ['storefront/**'], checkout: ['checkout/**'], payments: ['payments/**'] };
    matched = matchCodePaths({ codePaths, operations, overrides: {}, services });
  }, 60_000);

  const all = (): readonly { readonly at: string; readonly one: MatchedOperation }[] =>
    codePaths.flatMap((codePath) =>
      (matched.get(codePathId(codePath)) ?? []).map((one) => ({ at: `${codePath.path}#${codePath.name}`, one })),
    );

  it('has every instrumented operation matched to the function that answers it, by its route, and no other', () => {
    const direct = all().filter(({ one }) => one.match.via === null);
    expect(direct).toHaveLength(Object.keys(answeredBy).length);
    expect(Object.fromEntries(direct.map(({ at, one }) => [one.operation.id, at]))).toEqual(answeredBy);
    for (const { one } of direct)
      expect(one.match).toMatchObject({ rank: 4, reason: 'by http.route', approximate: false });
  });

  it('lends what they call their numbers, saying so, and every such call is there', () => {
    const lent = all().filter(({ one }) => one.match.via !== null);
    for (const { one } of lent) expect(`${one.operation.service} ${one.match.via}`).toBe(one.operation.id);
    const byFunction: Record<string, string[]> = {};
    for (const { at, one } of lent) (byFunction[at] ??= []).push(one.operation.id);
    for (const [at, ids] of Object.entries(byFunction)) expect(reachedFrom[at], at).toEqual(ids.sort());
    expect(Object.keys(byFunction).sort()).toEqual(Object.keys(reachedFrom).sort());
  });
});
