import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { cp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * A repository of the demo shop with a branch that edits the failing path (POST /orders), adds an unguarded call to a
 * busy one (GET /prices/:id), removes a flag that half get (`ranked-search`) and drops a span (`authorise card`). The
 * shop starts no span of its own, so the base is given that one.
 */
export async function makeShopChange(shop, folder) {
  await cp(shop, folder, { recursive: true });
  const git = gitIn(folder);
  git('init', '-q', '-b', 'main');
  await edit(folder, 'payments/charges.ts', [
    [`import { customerOf }`, `import { trace } from '@opentelemetry/api';\nimport { customerOf }`],
    [
      `  response.status(201).json({ id: await authorise('charge') });`,
      `  const id = await trace.getTracer('payments').startActiveSpan('authorise card', () => authorise('charge'));\n  response.status(201).json({ id });`,
    ],
  ]);
  git('add', '-A');
  git('commit', '-q', '-m', 'the shop');
  git('checkout', '-q', '-b', 'quicker');
  await edit(folder, 'checkout/orders.ts', [
    [`  const order = request.body as Order;`, `  const order = (request.body ?? {}) as Order;`],
  ]);
  await edit(folder, 'storefront/products.ts', [
    [
      `  await waitAbout(4);`,
      `  await call(customerOf(request), \`\${checkout}/delivery/DE\`);\n  await waitAbout(4);`,
    ],
  ]);
  await edit(folder, 'storefront/search.ts', [
    [`import { customerOf } from '../shared/customer';\nimport { Flag } from '../shared/flagKeys';\n`, ''],
    [`import { hasFeature } from '../shared/flags';\n`, ''],
    [`  const ranked = await hasFeature(Flag.RankedSearch, customerOf(request));\n`, ''],
    [`  if (ranked) {\n    found.sort((a, b) => b.soldLastWeek - a.soldLastWeek);\n  }\n`, ''],
  ]);
  await edit(folder, 'shared/flagKeys.ts', [[`  RankedSearch = 'ranked-search',\n`, '']]);
  await edit(folder, 'payments/charges.ts', [
    [`import { trace } from '@opentelemetry/api';\n`, ''],
    [`trace.getTracer('payments').startActiveSpan('authorise card', () => authorise('charge'))`, `authorise('charge')`],
  ]);
  git('add', '-A');
  git('commit', '-q', '-m', 'quicker');
}

export function gitIn(folder) {
  const who = ['-c', 'user.name=somebody', '-c', 'user.email=somebody@example.com', '-c', 'commit.gpgsign=false'];
  return (...args) =>
    execFileSync('git', [...who, ...args], {
      cwd: folder,
      encoding: 'utf8',
      env: { ...process.env, GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_SYSTEM: '/dev/null' },
    });
}

/** Replaces texts of a file; one that is not there is a failure, so that the shop cannot change under its tests. */
async function edit(folder, path, changes) {
  const file = join(folder, path);
  let text = await readFile(file, 'utf8');
  for (const [old, now] of changes) {
    if (!text.includes(old)) throw new Error(`${path} does not have: ${old}`);
    text = text.replace(old, now);
  }
  await writeFile(file, text);
}

/** What the shop got in the last ten minutes: 1 in 10 orders fails, prices are asked for 1,800 times. */
const traffic = [
  { service: 'checkout', method: 'POST', route: '/orders', calls: 400, errors: 40, milliseconds: 300 },
  { service: 'storefront', method: 'GET', route: '/prices/:id', calls: 1_800, errors: 0, milliseconds: 5 },
  {
    service: 'storefront',
    method: 'GET',
    route: '/search',
    calls: 200,
    errors: 0,
    milliseconds: 110,
    flag: 'ranked-search',
  },
  { service: 'payments', method: 'POST', route: '/charges', calls: 300, errors: 0, milliseconds: 60 },
];

/** Sends it to a receiver as the shop's instrumentation does, entry spans with evaluations as events. */
export async function sendShopTraffic(origin) {
  const now = Date.now();
  for (const one of traffic) {
    const spans = Array.from({ length: one.calls }, (_, index) =>
      spanOf(one, index, now - 30_000 - Math.floor((index / one.calls) * 570_000)),
    );
    const resource = {
      attributes: [
        text('service.name', one.service),
        text('service.instance.id', `${one.service}-1`),
        text('deployment.environment.name', 'production'),
      ],
    };
    const body = { resourceSpans: [{ resource, scopeSpans: [{ scope: { name: 'shop' }, spans }] }] };
    const answer = await post(`${origin}/v1/traces`, JSON.stringify(body));
    if (answer.status !== 200) throw new Error(`${origin} answered ${String(answer.status)}: ${await answer.text()}`);
  }
}

/** A receiver that is still starting says to send again, which every exporter does. */
async function post(url, body) {
  for (let attempt = 1; ; attempt++) {
    const answer = await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
    if (answer.status !== 503 || attempt === 20) return answer;
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
}

const text = (key, stringValue) => ({ key, value: { stringValue } });

function spanOf({ method, route, calls, errors, milliseconds, flag }, index, at) {
  const nano = (ms) => String(BigInt(Math.round(ms)) * 1_000_000n);
  const isError = index % Math.floor(calls / Math.max(1, errors)) === 0 && errors > 0;
  const evaluation = {
    name: 'feature_flag.evaluation',
    timeUnixNano: nano(at - milliseconds),
    attributes: [
      text('feature_flag.key', flag ?? ''),
      text('feature_flag.result.variant', index % 2 === 0 ? 'on' : 'off'),
      text('feature_flag.provider.name', 'flagd'),
    ],
  };
  return {
    traceId: randomBytes(16).toString('hex'),
    spanId: randomBytes(8).toString('hex'),
    name: `${method} ${route}`,
    kind: 2,
    startTimeUnixNano: nano(at - milliseconds),
    endTimeUnixNano: nano(at),
    attributes: [
      text('http.request.method', method),
      text('http.route', route),
      { key: 'http.response.status_code', value: { intValue: isError ? '500' : '200' } },
    ],
    events: flag === undefined ? [] : [evaluation],
    status: isError ? { code: 2 } : {},
  };
}
