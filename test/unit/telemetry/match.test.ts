import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { codePathId, type CodePath } from '../../../src/model/reference';
import type { Operation } from '../../../src/model/signal';
import { isInFolder } from '../../../src/telemetry/match/folderGlob';
import { matchCodePaths, type MatchRequest } from '../../../src/telemetry/match/matchCodePaths';
import { routeKey, routeSegments } from '../../../src/telemetry/match/routeTemplate';

const at = (path: string, name: string, more: Partial<CodePath> = {}): CodePath => ({
  path,
  name,
  kind: 'function',
  startLine: 10,
  startColumn: 1,
  endLine: 20,
  lensLine: 10,
  routes: [],
  spans: [],
  calls: [],
  ...more,
});
const route = (method: string, template: string): Pick<CodePath, 'routes'> => ({
  routes: [{ method, template, framework: 'express', line: 1 }],
});
const operation = (id: string, more: Partial<Operation> = {}): Operation => ({
  id,
  service: 'shop',
  environment: 'production',
  kind: 'server',
  name: id,
  httpMethod: null,
  httpRoute: null,
  scope: null,
  codeFunction: null,
  codeFile: null,
  codeLine: null,
  ...more,
});
const http = (httpMethod: string, httpRoute: string, more: Partial<Operation> = {}): Operation =>
  operation(`${more.service ?? ''} ${httpMethod} ${httpRoute}`, { name: httpMethod, httpMethod, httpRoute, ...more });

/** `path#name` to `operation rank reason` (and `~` when approximate, `via` when a caller's). */
function run(
  codePaths: readonly CodePath[],
  operations: readonly Operation[],
  more: Partial<MatchRequest> = {},
): Record<string, string[]> {
  const matched = matchCodePaths({ codePaths, operations, overrides: {}, services: {}, ...more });
  return Object.fromEntries(
    codePaths.map((codePath) => [
      codePath.name,
      (matched.get(codePathId(codePath)) ?? []).map(
        ({ operation: { id }, match }) =>
          `${id.trim()} | ${match.rank} ${match.reason}${match.approximate ? ' ~' : ''}${match.via ? ` via ${match.via}` : ''}`,
      ),
    ]),
  );
}

describe('route templates', () => {
  it('brings the spellings of frameworks together', () => {
    const same = ['/orders/:id/items', '/orders/{id}/items/', 'orders//<id>/items', '/orders/[id]/items'];
    const more = ['/orders/:id(\\d+)/items', '/orders/{id:int}/items', '/orders/<int:id>/items', '/orders/:id?/items'];
    expect(new Set([...same, ...more].map((each) => routeKey(routeSegments(each)))).size).toBe(1);
    const rest = ['/files/*', '/files/**', '/files/[...path]', '/files/<path:name>', '/files/{*path}', '/files/*path'];
    expect(new Set(rest.map((each) => routeKey(routeSegments(each)))).size).toBe(1);
    expect(routeKey(routeSegments('/'))).toBe('');
  });

  it('is stable under its own result and never throws', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const key = routeKey(routeSegments(text));
        expect(routeKey(routeSegments(`/${key}/`))).toBe(key);
      }),
    );
  });
});

describe('folders', () => {
  it('takes paths and globs', () => {
    expect(isInFolder('services/cart/src/a.ts', 'services/cart')).toBe(true);
    expect(isInFolder('services/cart/src/a.ts', './services/cart/')).toBe(true);
    expect(isInFolder('services/cart2/a.ts', 'services/cart')).toBe(false);
    expect(isInFolder('services/cart/src/a.ts', 'services/*/src/**')).toBe(true);
    expect(isInFolder('a/b/cart/x.ts', '**/cart')).toBe(true);
    expect(isInFolder('a/b/cart/x.ts', '**/car?/*.ts')).toBe(true);
    expect(isInFolder('x.ts', '.')).toBe(true);
  });

  it('answers hostile patterns at once', () => {
    const started = performance.now();
    expect(isInFolder('a'.repeat(300), '*a'.repeat(200) + 'b')).toBe(false);
    expect(isInFolder('a/'.repeat(200), '**/a/'.repeat(100) + 'b')).toBe(false);
    expect(performance.now() - started).toBeLessThan(5_000);
  });
});

describe('the cascade', () => {
  it('1: by file and function, whatever the container root, the line breaking ties', () => {
    const add = at('src/cart.ts', 'Cart.add');
    const other = at('src/other.ts', 'Cart.add');
    const found = { codeFile: '/app/src/cart.ts', codeFunction: 'add' };
    expect(run([add], [operation('x', found)])).toEqual({
      'Cart.add': ['x | 1 by code.file.path and code.function.name'],
    });
    expect(
      matchCodePaths({ codePaths: [other], operations: [operation('x', found)], overrides: {}, services: {} }).size,
    ).toBe(0);
    const twin = at('src/cart.ts', 'add', { startLine: 40, endLine: 50 });
    const bare = at('src/cart.ts', 'Basket.add');
    expect(run([twin, bare], [operation('x', { ...found, codeLine: 45 })])).toMatchObject({ 'Basket.add': [] });
    expect(run([twin, bare], [operation('x', { ...found, codeLine: 45 })]).add).toHaveLength(1);
  });

  it('2: by a qualified function name that is unique', () => {
    const x = operation('x', { codeFunction: 'com.shop.Cart::add' });
    expect(run([at('a.ts', 'Cart.add')], [x])).toEqual({ 'Cart.add': ['x | 2 by code.function.name'] });
    const twice = matchCodePaths({
      codePaths: [at('a.ts', 'Cart.add'), at('b.ts', 'Cart.add')],
      operations: [x],
      overrides: {},
      services: {},
    });
    expect(twice.size).toBe(0);
    expect(run([at('a.ts', 'add')], [operation('y', { codeFunction: 'add' })])).toEqual({ add: [] });
  });

  it("2: by a name as Go writes it, of a pointer's method or of a closure in it", () => {
    for (const codeFunction of ['example.com/shop/cart.(*Cart).Add', 'main.(*Cart).Add.func1', 'main.Cart.Add.func2.1'])
      expect(run([at('a.go', 'Cart.Add'), at('b.go', 'Order.Add')], [operation('x', { codeFunction })])).toEqual({
        'Cart.Add': ['x | 2 by code.function.name'],
        'Order.Add': [],
      });
  });

  it('3: by the service and method of gRPC, whatever its package is called', () => {
    const paths = [at('a.go', 'cart.AddItem', route('RPC', 'CartService/AddItem')), at('b.go', 'other.AddItem')];
    for (const name of ['oteldemo.CartService/AddItem', '/oteldemo.CartService/AddItem', 'CartService/AddItem'])
      expect(run(paths, [operation('x', { name })])).toEqual({
        'cart.AddItem': ['x | 3 by rpc.service and rpc.method'],
        'other.AddItem': [],
      });
    const nowhere = { 'cart.AddItem': [], 'other.AddItem': [] };
    expect(run(paths, [operation('oteldemo.CartService/AddItem', { kind: 'internal' })])).toEqual(nowhere);
    expect(run(paths, [operation('oteldemo.CartService/Empty')])).toEqual(nowhere);
  });

  it('3: by the HTTP request that carries gRPC, as ASP.NET Core calls it, and by no other route of two names', () => {
    const paths = [at('a.cs', 'CartService.AddItem', route('RPC', 'CartService/AddItem'))];
    const name = 'POST /oteldemo.CartService/AddItem';
    const found = { 'CartService.AddItem': ['x | 3 by rpc.service and rpc.method'] };
    const httpRoute = '/oteldemo.CartService/AddItem';
    expect(run(paths, [operation('x', { name })])).toEqual(found);
    expect(run(paths, [operation('x', { name, httpMethod: 'POST', httpRoute })])).toEqual(found);
    const plain = { name: 'POST /CartService/AddItem', httpMethod: 'POST', httpRoute: '/CartService/AddItem' };
    expect(run(paths, [operation('x', plain)])).toEqual({ 'CartService.AddItem': [] });
  });

  it('4: by the place of the file, where a framework makes routes of that', () => {
    const cart = at('web/pages/api/cart.ts', 'cart');
    const product = at('web/pages/api/products/[id]/index.ts', 'show');
    const helper = at('web/pages/api/orders.ts', 'parse');
    const orders = at('web/pages/api/orders.ts', 'handler', { startLine: 30 });
    const pay = at('app/(shop)/pay/[order]/route.ts', 'POST');
    const all = [cart, product, helper, orders, pay];
    const by = (method: string, template: string): string[] =>
      Object.entries(run(all, [http(method, template)])).flatMap(([name, found]) =>
        found.map((one) => `${name}: ${one}`),
      );
    expect(by('GET', '/api/cart')).toEqual(['cart: GET /api/cart | 4 by http.route']);
    expect(by('DELETE', '/api/products/:id')).toEqual(['show: DELETE /api/products/:id | 4 by http.route']);
    expect(by('POST', '/api/orders')).toEqual(['handler: POST /api/orders | 4 by http.route']);
    expect(by('POST', '/pay/[order]')).toEqual(['POST: POST /pay/[order] | 4 by http.route']);
    expect(by('GET', '/pay/[order]')).toEqual([]);
  });

  it('9: a message by the only consumer in its service, approximately, and never by a constructor that subscribes', () => {
    const job = (path: string, name: string): CodePath => at(path, name, { kind: 'job' });
    const message = operation('orders process', { kind: 'consumer', service: 'billing' });
    expect(run([job('billing/a.ts', 'take'), job('mail/b.ts', 'send')], [message])).toEqual({
      take: ['orders process | 9 by the only consumer of the service ~'],
      send: [],
    });
    expect(run([job('billing/a.ts', 'take'), job('billing/b.ts', 'send')], [message])).toEqual({ take: [], send: [] });
    expect(run([job('billing/A.cs', 'Consumer.ctor')], [message])).toEqual({ 'Consumer.ctor': [] });
    expect(run([job('elsewhere/a.ts', 'take')], [message])).toEqual({ take: [] });
    expect(run([job('billing/a.ts', 'take')], [operation('x', { service: 'billing' })])).toEqual({ take: [] });
  });

  it('4: by route, after normalising, methods agreeing', () => {
    const pay = at('a.ts', 'pay', route('POST', '/orders/:id/pay'));
    const all = at('a.ts', 'all', { ...route('ALL', '/health'), startLine: 30 });
    const matched = run(
      [pay, all],
      [http('POST', '/orders/{id}/pay/'), http('GET', '/orders/{id}/pay'), http('GET', '/health')],
    );
    expect(matched).toEqual({
      pay: ['POST /orders/{id}/pay/ | 4 by http.route'],
      all: ['GET /health | 4 by http.route'],
    });
    expect(run([pay], [http('POST', '/orders/{id}/pay', { kind: 'internal' })])).toEqual({ pay: [] });
  });

  it('4: by the end of a route where a mount prefix is missing, with a lower score, and only without an exact one', () => {
    const pay = at('a.ts', 'pay', route('POST', '/pay'));
    const mounted = http('POST', '/api/v1/pay');
    expect(run([pay], [mounted])).toEqual({ pay: ['POST /api/v1/pay | 4 by the end of http.route ~'] });
    const scores = matchCodePaths({ codePaths: [pay], operations: [mounted], overrides: {}, services: {} });
    expect(scores.get(codePathId(pay))?.[0]?.match.score).toBeCloseTo(0.3);
    expect(run([pay], [mounted, http('POST', '/pay')])).toEqual({ pay: ['POST /pay | 4 by http.route'] });
    expect(run([at('a.ts', 'pay', route('POST', '/api/v1/pay'))], [http('POST', '/pay')]).pay).toHaveLength(1);
    expect(run([at('a.ts', 'one', route('GET', '/:id'))], [http('GET', '/orders/:id')])).toEqual({ one: [] });
    expect(run([at('a.ts', 'one', route('GET', '/'))], [http('GET', '/orders')])).toEqual({ one: [] });
  });

  it('5: by tracer and span name, the tracer of both agreeing where both say one', () => {
    const job = at('a.ts', 'job', { spans: [{ tracer: 'shop', name: 'settle' }] });
    const settle = operation('x', { name: 'settle', scope: 'shop', kind: 'root' });
    expect(run([job], [settle])).toEqual({ job: ['x | 5 by tracer and span name'] });
    expect(run([job], [{ ...settle, scope: 'other' }])).toEqual({ job: [] });
    const unsaid = at('a.ts', 'job', { spans: [{ tracer: null, name: 'settle' }] });
    expect(run([unsaid], [settle])).toEqual({ job: ['x | 5 by literal span name'] });
  });

  it('7: by span name: a unique function, or a route where telemetry names none', () => {
    expect(run([at('a.ts', 'Cart.add')], [operation('Cart.add', { kind: 'root' })])).toEqual({
      'Cart.add': ['Cart.add | 7 by span name'],
    });
    expect(run([at('a.ts', 'GET')], [operation('GET')])).toEqual({ GET: [] });
    const pay = at('a.ts', 'pay', route('POST', '/pay'));
    expect(run([pay], [operation('POST /pay')])).toEqual({ pay: ['POST /pay | 7 by the route in the span name'] });
    expect(run([at('a.ts', 'Cart.add')], [operation('add', { kind: 'root' })])).toEqual({ 'Cart.add': [] });
  });

  it('8: by the end of the file, compiled or not, flagged approximate, never by the basename alone', () => {
    const add = at('services/cart/src/handlers/add.ts', 'add');
    const built = operation('x', { codeFile: '/app/dist/handlers/add.js', codeFunction: 'add' });
    expect(run([add], [built])).toEqual({ add: ['x | 8 by the end of code.file.path ~'] });
    expect(run([add], [{ ...built, codeFile: '/app/add.js' }])).toEqual({ add: [] });
    const twin = at('services/pay/src/handlers/add.ts', 'add');
    expect(matchCodePaths({ codePaths: [add, twin], operations: [built], overrides: {}, services: {} }).size).toBe(0);
  });

  it('never merges ranks', () => {
    const pay = at('src/pay.ts', 'pay', { ...route('POST', '/pay'), spans: [{ tracer: null, name: 'pay' }] });
    const matched = run([pay], [http('POST', '/pay'), operation('x', { name: 'pay', kind: 'root' })]);
    expect(matched).toEqual({ pay: ['POST /pay | 4 by http.route'] });
  });
});

describe('services', () => {
  const health = (path: string): CodePath => at(path, path, route('GET', '/health'));
  const seen = ['cart', 'checkout-service'].map((service) => http('GET', '/health', { service }));

  it('prefers the folder that bears the name of the service, and takes none that bears the name of another', () => {
    const paths = [health('services/cart/app.ts'), health('services/checkout/app.ts'), health('shared/app.ts')];
    expect(run(paths, seen)).toEqual({
      'services/cart/app.ts': ['cart GET /health | 4 by http.route'],
      'services/checkout/app.ts': ['checkout-service GET /health | 4 by http.route'],
      'shared/app.ts': [],
    });
    expect(run([health('services/cart/app.ts')], [seen[1]!, http('GET', '/x', { service: 'cart' })])).toEqual({
      'services/cart/app.ts': [],
    });
  });

  it('keeps all where nothing tells them apart', () => {
    expect(run([health('src/app.ts')], seen)['src/app.ts']).toHaveLength(2);
  });

  it('the configured map restricts, likeness or not', () => {
    const paths = [health('services/cart/app.ts'), health('legacy/app.ts')];
    expect(run(paths, seen, { services: { cart: ['legacy/**'] } })).toEqual({
      'services/cart/app.ts': [],
      'legacy/app.ts': ['cart GET /health | 4 by http.route'],
    });
  });
});

describe('overrides', () => {
  it('settle their code path, first and alone', () => {
    const pay = at('a.ts', 'pay', route('POST', '/pay'));
    const operations = [http('POST', '/pay'), http('POST', '/v2', { service: 'edge' }), operation('job')];
    const by = (value: string): string[] | undefined =>
      run([pay], operations, { overrides: { 'a.ts#pay': value } }).pay;
    expect(by('POST /v2')).toEqual(['edge POST /v2 | 0 by override']);
    expect(by('edge: POST /v2')).toEqual(['edge POST /v2 | 0 by override']);
    expect(by('job')).toEqual(['job | 0 by override']);
    expect(by('gone')).toEqual([]);
    expect(run([pay], operations, { overrides: { 'a.ts#other': 'job' } }).pay).toEqual(['POST /pay | 4 by http.route']);
  });
});

describe('callers', () => {
  const handler = at('a.ts', 'handler', { ...route('POST', '/checkout'), calls: ['price', 'unknown'] });
  const price = at('b.ts', 'Pricing.price', { calls: ['discount'] });
  const discount = at('b.ts', 'discount', { startLine: 30, calls: ['round'] });
  const round = at('b.ts', 'round', { startLine: 40, calls: ['deeper'] });
  const deeper = at('b.ts', 'deeper', { startLine: 50, calls: ['price'] });

  it('lend their operation up to three calls deep, saying so', () => {
    const via = 'POST /checkout | 4 by http.route via POST /checkout';
    expect(run([deeper, round, discount, price, handler], [http('POST', '/checkout')])).toEqual({
      handler: ['POST /checkout | 4 by http.route'],
      'Pricing.price': [via],
      discount: [via],
      round: [via],
      deeper: [],
    });
  });

  it('are not followed by a name that several code paths have', () => {
    const twin = at('c.ts', 'Other.price');
    expect(run([handler, price, twin], [http('POST', '/checkout')])).toMatchObject({
      'Pricing.price': [],
      'Other.price': [],
    });
  });
});
