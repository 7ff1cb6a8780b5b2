import { expect, it } from 'vitest';
import { ServiceFolders } from '../../../src/telemetry/match/serviceFolders';

it('a folder with a service’s name, another’s, or none tells whose a path is', () => {
  const folders = new ServiceFolders({ set: ['deploy/set/**'] }, ['checkout-service', 'PaymentsService', 'app', 'set']);
  expect(folders.fit('checkout-service', 'services/checkout/src/a.ts')).toBe(1);
  expect(folders.fit('PaymentsService', 'services/checkout/src/a.ts')).toBe(-1);
  expect(folders.fit('payments_service', 'payments/a.ts')).toBe(1);
  expect(folders.fit('PaymentsService', 'lib/a.ts')).toBe(0);
  expect(folders.fit('app', 'apps/src/a.ts')).toBe(0);
  expect(folders.fit('PaymentsService', 'payments.ts')).toBe(0);
  expect(folders.fit('set', 'deploy/set/a.ts')).toBe(2);
  expect(folders.fit('set', 'set/a.ts')).toBe(null);
});

it('many services are asked about many files in little time', () => {
  const services = Array.from({ length: 200 }, (_, at) => `svc-${String(at)}-x`);
  const folders = new ServiceFolders({}, services);
  const started = performance.now();
  for (let at = 0; at < 1_000; at++)
    for (const service of services) folders.fit(service, `src/a/b/c/d${String(at)}/file.ts`);
  // Each name held against each of the others took 26 ms a file.
  expect(performance.now() - started).toBeLessThan(5_000);
});
