import { afterAll, beforeAll, expect, it } from 'vitest';
import { reviewBench, type Bench } from './reviewRepository';

let bench: Bench;
beforeAll(async () => {
  bench = await reviewBench();
});
afterAll(() => bench.dispose());

const component = (name: string, spec: object): string =>
  `apiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata: { name: ${name} }\nspec: ${JSON.stringify(spec)}\n`;
const served = (body: string): string =>
  `import express from 'express';\nconst app = express();\napp.post('/charges', (request, response) => {\n  response.json(${body});\n});\n`;

it('who uses a service is told by catalog, CODEOWNERS and code of the base, and none is not said without telemetry', async () => {
  const repository = await bench.repository('consumers');
  await repository.commit({
    '.github/CODEOWNERS': '* @org/all\n/payments/ @org/money\n',
    'payments/catalog-info.yaml': component('payments-service', { owner: 'group:money', providesApis: ['charges'] }),
    'reporting/catalog-info.yaml': component('reporting', { consumesApis: ['charges'] }),
    'checkout/catalog-info.yaml': 'kind: [',
    'payments/server.ts': served('1'),
    'checkout/pay.ts': 'export const pay = (base: string) => fetch(`${base}/charges`, { method: "POST" });\n',
  });
  await repository.commit({
    'payments/server.ts': served('2'),
    // A change does not decide who is said to use what, nor whose it is.
    '.github/CODEOWNERS': '* @evil\n',
    'reporting/catalog-info.yaml': component('reporting', {}),
  });
  const report = await repository.report('--base', 'HEAD~1');
  const payments = report.services?.find(({ service }) => service === 'payments-service');
  expect(payments).toMatchObject({ files: ['payments/server.ts'], owner: 'money' });
  const left = { declared: 0, observed: 0, found: 0 };
  expect(payments?.consumers).toEqual([
    {
      ...{ left, name: 'checkout/pay.ts', declared: [], observed: [], disagreement: null },
      found: [{ path: 'checkout/pay.ts', line: 1, template: '/charges' }],
    },
    {
      ...{ left, name: 'reporting', observed: [], found: [], disagreement: null },
      declared: [{ api: 'charges', path: 'reporting/catalog-info.yaml' }],
    },
  ]);
  expect(payments?.unknown.join('\n')).toMatch(/built-in receiver could not be asked/);
  expect(report.owners.find(({ paths }) => paths.includes('payments/server.ts'))?.owners).toEqual(['@org/money']);
  expect(report.missing.map(({ words }) => words).join('\n')).toContain(
    'checkout/catalog-info.yaml could not be read whole',
  );
});
