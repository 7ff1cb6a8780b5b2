// Customers in front of the services of this folder. See test/demo/load/traffic.mjs for how it is spoken with.
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { letIn, pick } from '../../demo/load/traffic.mjs';
import { Variants } from '../../demo/load/variants.mjs';
import { customers } from './customers.mjs';

const { values } = parseArgs({
  options: {
    /** Service to address, as JSON; what is not named is not visited. */
    services: { type: 'string' },
    flags: { type: 'string' },
    launchdarkly: { type: 'string' },
    /** Cohorts below it have Unleash's flag. */
    'points-below': { type: 'string' },
    rate: { type: 'string' },
  },
});
const services = JSON.parse(values.services ?? '{}');
const products = ['kettle', 'lamp', 'teapot', 'chair', 'mug'];

const decided = new Variants(values.flags ?? '');
const byFlagd = (customer) => ({ 'new-pricing': decided.of('new-pricing', customer) });

/** LaunchDarkly's hook names no variants; it reports the value. */
const [clause] = JSON.parse(readFileSync(values.launchdarkly ?? '', 'utf8')).flags['personal-picks'].rules[0].clauses;
const byLaunchDarkly = ({ cohort }) => ({ 'personal-picks': String(cohort < clause.values[0]) });

const byUnleash = ({ cohort }) => ({ 'loyalty-points': cohort < Number(values['points-below']) ? 'on' : 'off' });

const visits = [
  {
    service: 'catalogue',
    route: 'GET /products/:id/price',
    variants: byFlagd,
    path: () => `/products/${pick(products)}/price`,
  },
  {
    service: 'catalogue',
    route: 'GET /products/:id/points',
    variants: byUnleash,
    path: () => `/products/${pick(products)}/points`,
  },
  {
    service: 'recommendations',
    route: 'GET /related/<product>',
    variants: byFlagd,
    path: () => `/related/${pick(products)}`,
  },
  { service: 'recommendations', route: 'GET /picks', variants: byLaunchDarkly, path: () => '/picks' },
  {
    service: 'shipping',
    route: 'GET /quotes/{country}',
    variants: byFlagd,
    path: () => `/quotes/${pick(['DE', 'NL', 'SE'])}`,
  },
  {
    service: 'invoices',
    route: 'GET /invoices/{number}',
    variants: byFlagd,
    path: () => `/invoices/${1000 + Math.floor(Math.random() * 9000)}`,
  },
].filter(({ service }) => service in services);

await letIn({
  rate: Number(values.rate),
  customers,
  headersOf: ({ id, cohort }) => ({ 'x-customer-id': id, 'x-cohort': String(cohort) }),
  warmUpMs: 8000,
  visits: visits.map(({ service, path, ...rest }) => ({
    ...rest,
    share: 1 / visits.length,
    url: () => `${services[service]}${path()}`,
  })),
});
