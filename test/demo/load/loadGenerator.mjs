// Customers for the shop. See traffic.mjs for how it is spoken with.
import { parseArgs } from 'node:util';
import { letIn, pick } from './traffic.mjs';
import { Variants } from './variants.mjs';

const { values } = parseArgs({
  options: {
    storefront: { type: 'string' },
    checkout: { type: 'string' },
    flags: { type: 'string' },
    /** Port that must listen before the first request. */
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

const decided = new Variants(flags);
const by = (key) => ({
  variants: (customer) => ({ [key]: decided.of(key, customer) }),
  orElse: (customer) => ({ [key]: decided.orElse(key, customer) }),
});

await letIn({
  rate: Number(values.rate),
  customers,
  headersOf: ({ id, country }) => ({ 'x-customer-id': id, 'x-country': country }),
  ...(values['wait-for'] && { waitFor: Number(values['wait-for']) }),
  visits: [
    {
      share: 0.35,
      route: 'POST /orders',
      ...by('new-checkout'),
      url: () => `${checkout}/orders`,
      body: () => ({ lines: [{ product: pick(products), quantity: 1 }], card: 'tok_4242' }),
    },
    {
      share: 0.3,
      route: 'GET /search',
      ...by('ranked-search'),
      url: () => `${storefront}/search?q=${pick(words)}`,
    },
    { share: 0.2, route: 'GET /', ...by('home-banner'), url: () => `${storefront}/` },
    {
      share: 0.15,
      route: 'GET /products/:id',
      variants: () => ({}),
      url: () => `${storefront}/products/${pick(products)}`,
    },
  ],
});
