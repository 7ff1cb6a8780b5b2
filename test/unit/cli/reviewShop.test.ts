import { build } from 'esbuild';
import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DisposableStack } from '../../../src/platform/disposable';
import { nodeWorkers } from '../../../src/platform/node/workerChannel';
import { rpcClient } from '../../../src/platform/rpc';
import { impactTree } from '../../../src/review/impactTree';
import { memoryL10n } from '../../../src/platform/memory/l10n';
import type { Report } from '../../../src/review/report';
import type { TelemetryEvents, TelemetryMethods } from '../../../src/telemetry/api';
import { makeShopChange, sendShopTraffic } from '../../shopChange.mjs';
import { Repository, reasonsOf, reviewBench, type Bench } from './reviewRepository';

const root = resolve(import.meta.dirname, '../../..');

/** Telemetry is really sent, to a receiver as the editor has it, whose store the command line asks. */
describe('review: the demo shop, a branch that edits the failing path, calls without a flag, removes one and a span', () => {
  const held = new DisposableStack();
  let bench: Bench;
  let shop: Repository;
  let report: Report;
  const args = ['--base', 'main', '--head', 'quicker', '--window', '15'];

  beforeAll(async () => {
    bench = await reviewBench();
    shop = new Repository(bench.folder, join(bench.folder, 'shop'));
    await mkdir(shop.folder);
    await makeShopChange(join(root, 'test/demo/shop'), shop.folder);
    await build({
      entryPoints: [join(root, 'src/workers/telemetry.ts')],
      ...{ bundle: true, platform: 'node', format: 'cjs', target: 'node20', logLevel: 'silent' },
      outfile: join(bench.folder, 'worker-telemetry.js'),
    });
    const worker = held.add(nodeWorkers(bench.folder).start('telemetry', null));
    const client = held.add(rpcClient<TelemetryMethods, TelemetryEvents>(worker.channel));
    const home = join(bench.folder, 'home');
    await mkdir(home, { mode: 0o700 });
    const status = await client.call('start', { home, address: '127.0.0.1', port: 0, token: null });
    await sendShopTraffic(`http://127.0.0.1:${String(status.port)}`);
    report = await shop.report(...args);
  }, 120_000);
  afterAll(async () => {
    held.dispose();
    await bench.dispose();
  });

  it('says all of it, in order, each with the number that proves it', () => {
    expect(reasonsOf(report)).toEqual([
      'removed-while-served ranked-search',
      'failing-path',
      'busy-path-unguarded',
      'telemetry-removed',
      'flag-extinct ranked-search',
    ]);
    const [removed, failing, busy, span] = report.reasons;
    expect(removed?.evidence.join('\n')).toMatch(/production: 50% "on".*200 evaluations in 15m/);
    expect(failing?.words).toBe('POST /orders is failing already, before this is deployed.');
    expect(failing?.evidence.join('\n')).toMatch(/err 10%.*400 calls in 15m/);
    expect(busy?.words).toContain('GET /prices/:id is busy and has no flag on it');
    expect(busy?.evidence.join('\n')).toMatch(/1,800 calls in 15m.*busy: 60\/min or more/);
    expect(span?.words).toContain('The span "authorise card" is no longer started');
    expect(span?.evidence.join('\n')).toMatch(/was started in postCharge\n.*300 calls in 15m.*code that started it/);
    expect(report.reasons.map(({ places }) => places[0]?.path)).toEqual([
      'storefront/search.ts',
      'checkout/orders.ts',
      'storefront/products.ts',
      'payments/charges.ts',
      'shared/flagKeys.ts',
    ]);
  });

  it('says so in Markdown', async () => {
    const { out } = await shop.review(...args);
    const reasons = out.slice(out.indexOf('### What to look at'), out.indexOf('### Flags'));
    expect(reasons.match(/^- \*\*.*?\*\*/gm)).toEqual([
      '- **Warning · Flag removed while served:**',
      '- **Warning · Failing already:**',
      '- **Warning · Busy path without a flag:**',
      '- **Warning · Telemetry removed:**',
      '- **Information · Flag extinct:**',
    ]);
    for (const number of [/50% "on"/, /err 10%/, /1,800 calls in 15m/, /300 calls in 15m/])
      expect(reasons).toMatch(number);
  });

  it('says so in SARIF', async () => {
    const { out } = await shop.review(...args, '--format', 'sarif');
    const log = JSON.parse(out) as {
      runs: { results: { ruleId: string; message: { text: string }; locations: { physicalLocation: object }[] }[] }[];
    };
    const results = log.runs[0]?.results ?? [];
    expect(
      results.map(({ ruleId, message }) => [ruleId, /(50%|err 10%|1,800 calls|300 calls)/.exec(message.text)?.[0]]),
    ).toEqual([
      ['removed-while-served', '50%'],
      ['failing-path', 'err 10%'],
      ['busy-path-unguarded', '1,800 calls'],
      ['telemetry-removed', '300 calls'],
      ['flag-extinct', '50%'],
    ]);
    expect(results.map(({ locations }) => locations[0]?.physicalLocation)).toMatchObject([
      { artifactLocation: { uri: 'storefront/search.ts' } },
      { artifactLocation: { uri: 'checkout/orders.ts' } },
      { artifactLocation: { uri: 'storefront/products.ts' } },
      { artifactLocation: { uri: 'payments/charges.ts' } },
      { artifactLocation: { uri: 'shared/flagKeys.ts' } },
    ]);
  });

  it('says so in rows of the view, with the evidence below', () => {
    const { sections } = impactTree(report, 'abcdef0123', memoryL10n);
    const reasons = sections.find(({ id }) => id === 'reasons');
    expect(reasons?.children.map(({ label, icon }) => [label, icon])).toEqual([
      ['Flag removed while served', 'warning'],
      ['Failing already', 'warning'],
      ['Busy path without a flag', 'warning'],
      ['Telemetry removed', 'warning'],
      ['Flag extinct', 'info'],
    ]);
    const below = reasons?.children.map(({ children }) => children.map(({ label }) => label).join('\n'));
    expect(below?.[3]).toMatch(/300 calls in 15m[^]*payments\/charges\.ts:8/);
  });
});
