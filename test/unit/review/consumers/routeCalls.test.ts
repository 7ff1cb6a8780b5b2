import * as fc from 'fast-check';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { routeCallsIn, writtenPart } from '../../../../src/review/consumers/routeCalls';
import { shopCalls, shopRoutes } from '../../../demo/steps/edges.mjs';

describe('calls of routes in code', () => {
  it('are looked for by what of a template is written as it is', () => {
    expect(
      ['/orders/:id/items', '/orders', '/{id}/x', '/', '/health', '/a', '/a/b', '/v1/:x'].map(writtenPart),
    ).toEqual(['/orders', '/orders', null, null, null, null, '/a/b', null]);
  });

  it('are lines that write it as a part of an address, not of another word, a module or a route that is served', () => {
    const lines = [
      'fetch(`${payments}/charges`, options)',
      "axios.post('/charges')",
      'client.get("http://payments:8080/charges?x=1")',
      'requests.post(f"{base}/charges/{id}")',
      'import x from "../payments/charges";',
      "app.post('/charges', postCharge);",
      'const a = "/recharges"; const b = "/charges-old"; // charges',
    ];
    expect(routeCallsIn(lines.join('\n'), ['/charges', '/none']).found.map(({ line }) => line)).toEqual([1, 2, 3, 4]);
  });

  it('are no declarations of routes, whatever the framework', () => {
    const declared = [
      '@GetMapping("/charges")',
      '@RequestMapping(value = "/charges", method = GET)',
      '@Get("/charges")',
      "@Controller('/charges')",
      '@bp.route("/charges")',
      'bp.route("/charges")',
      '@router.get("/charges/{id}")',
      '[HttpGet("/charges")]',
      'app.MapGet("/charges", () => 1);',
      'http.HandleFunc("/charges", charges)',
      'e.GET("/charges", charges)',
      'r.POST("/charges", charges)',
    ];
    for (const line of declared) expect([line, routeCallsIn(line, ['/charges']).found]).toEqual([line, []]);
    const called = [
      'this.http.get("/charges")',
      'axios.post("/charges")',
      'api.get("/charges")',
      '@GET("/charges") Call<Charges> charges();',
      'client.GetAsync("/charges")',
      'x = (a) => get("@b", "/charges")',
    ];
    for (const line of called) expect([line, routeCallsIn(line, ['/charges']).found.length]).toEqual([line, 1]);
  });

  it('are not all where a line is too long, or there are too many', () => {
    const call = 'fetch("/charges")\n';
    expect(routeCallsIn(call.repeat(200), ['/charges'])).toMatchObject({ found: { length: 200 }, isWhole: true });
    expect(routeCallsIn(call.repeat(201), ['/charges'])).toMatchObject({ found: { length: 200 }, isWhole: false });
    expect(routeCallsIn(`${'a/'.repeat(2_000)}\n`, ['/charges']).isWhole).toBe(true);
    expect(routeCallsIn(`${'a/'.repeat(2_000)}"/charges"`, ['/charges'])).toEqual({ found: [], isWhole: false });
  });

  it('are told of any text, by lines that are there', () => {
    fc.assert(
      fc.property(fc.string(), fc.array(fc.string()), (text, templates) => {
        for (const { line, template } of routeCallsIn(text, templates).found) {
          expect(text.split('\n')[line - 1]).toContain(writtenPart(template) ?? 'nothing');
        }
      }),
    );
  });

  it('in the demo shop are those that its spans are held against', () => {
    const shop = join(import.meta.dirname, '../../../demo/shop');
    const found = new Set<string>();
    for (const client of Object.keys(shopRoutes))
      for (const name of readdirSync(join(shop, client))) {
        const text = readFileSync(join(shop, client, name), 'utf8');
        for (const [server, routes] of Object.entries(shopRoutes)) {
          // What a service serves stands in its server.ts: the list of routes is the code's.
          if (client === server) continue;
          const templates = routes.map((route) => route.split(' ')[1] ?? '');
          if (routeCallsIn(text, templates).found.length > 0) found.add(`${client} -> ${server}`);
        }
      }
    expect([...found].sort()).toEqual(
      [...new Set(shopCalls.map(({ client, server }) => `${client} -> ${server}`))].sort(),
    );
    for (const [service, routes] of Object.entries(shopRoutes)) {
      const text = readFileSync(join(shop, service, 'server.ts'), 'utf8');
      const served = [...text.matchAll(/app\.(get|post)\('([^']+)'/g)].map(
        ([, method = '', template = '']) => `${method.toUpperCase()} ${template}`,
      );
      expect(served.sort()).toEqual([...routes].sort());
    }
  });
});
