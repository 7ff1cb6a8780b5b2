import { describe, expect, it } from 'vitest';
import { finderOf } from './finderHarness';

async function routes(sources: Readonly<Record<string, string>>, path = 'src/a.ts'): Promise<string[]> {
  const { index } = await finderOf(sources);
  const facts = (await index.facts(path))!;
  return facts.codePaths.flatMap(({ name, kind, routes: own, lensLine }) =>
    own.map(
      ({ method, template, framework }) => `${method} ${template} ${framework}: ${name} (${kind}, ${String(lensLine)})`,
    ),
  );
}

describe('routes', () => {
  it('Express: handlers in place, named, imported; routers under prefixes, across files', async () => {
    const sources = {
      'src/app.ts': `import express from 'express';\nimport { orders } from './orders';\nconst app = express();\napp.use('/api', orders);\napp.get('/health', (req, res) => res.end());\napp.listen(1);`,
      'src/orders.ts': `import { Router } from 'express';\nimport { create } from './create';\nexport const orders = Router();\nconst list = async (req, res) => {};\norders.get('/orders', auth, list);\norders.route('/orders/:id').get(function one(req, res) {}).delete((req, res) => {});\norders.post('/orders', create);`,
      'src/create.ts': `export async function create(req, res) {}`,
    };
    expect(await routes(sources, 'src/app.ts')).toEqual(['GET /health express: GET /health (route, 5)']);
    expect((await routes(sources, 'src/orders.ts')).sort()).toEqual([
      'DELETE /api/orders/:id express: DELETE /api/orders/:id (route, 6)',
      'GET /api/orders express: list (route, 4)',
      'GET /api/orders/:id express: GET /api/orders/:id (route, 6)',
    ]);
    expect(await routes(sources, 'src/create.ts')).toEqual(['POST /api/orders express: create (route, 1)']);
  });

  it('Fastify: plugins under a prefix, route objects', async () => {
    const sources = {
      'src/a.ts': `import Fastify, { type FastifyInstance } from 'fastify';\nconst app = Fastify();\nasync function cart(fastify: FastifyInstance) {\n  fastify.get('/cart', async () => ({}));\n  fastify.route({ method: ['PUT', 'PATCH'], url: '/cart/:id', handler: async () => ({}) });\n}\napp.register(cart, { prefix: '/v1' });`,
    };
    expect((await routes(sources)).sort()).toEqual([
      'GET /v1/cart fastify: GET /v1/cart (route, 4)',
      'PATCH /v1/cart/:id fastify: cart.handler (route, 5)',
      'PUT /v1/cart/:id fastify: cart.handler (route, 5)',
    ]);
  });

  it('Nest: decorators of class and method', async () => {
    const source = `import { Controller, Get, Post } from '@nestjs/common';\n@Controller('carts')\nexport class CartController {\n  @Get(':id')\n  one() {}\n  @Post()\n  async add() {}\n  helper() {}\n}`;
    expect(await routes({ 'src/a.ts': source })).toEqual([
      'GET /carts/:id nest: CartController.one (route, 5)',
      'POST /carts nest: CartController.add (route, 7)',
    ]);
  });

  it('Koa: prefix of the router, routers in routers', async () => {
    const source = `import Router from '@koa/router';\nconst inner = new Router();\nconst outer = new Router();\ninner.get('/x', async (ctx) => {});\nouter.prefix('/v2');\nouter.use('/in', inner.routes());`;
    expect(await routes({ 'src/a.ts': source })).toEqual(['GET /v2/in/x koa: GET /v2/in/x (route, 4)']);
  });

  it('is no route because something has a get method', async () => {
    expect(
      await routes({
        'src/a.ts': `const map = new Map(); map.get('/x', () => 1); axios.get('/y', () => 2); api.get('/z', () => 3);`,
      }),
    ).toEqual([]);
  });

  it('gives references their route, and code paths their spans and calls', async () => {
    const source = `import express from 'express';\nimport { OpenFeature } from '@openfeature/server-sdk';\nimport { trace } from '@opentelemetry/api';\nconst tracer = trace.getTracer('shop');\nconst client = OpenFeature.getClient();\nexport const app = express();\napp.post('/checkout', async (req, res) => {\n  const span = tracer.startSpan('charge');\n  items.forEach((item) => pay(item));\n  if (await client.getBooleanValue('k', false)) fast();\n});`;
    const { index } = await finderOf({ 'src/a.ts': source });
    const facts = (await index.facts('src/a.ts'))!;
    expect(facts.references[0]).toMatchObject({ function: 'POST /checkout', route: 'POST /checkout' });
    const [path] = facts.codePaths;
    expect(path!.spans).toEqual([{ tracer: 'shop', name: 'charge' }]);
    expect(path!.calls).toEqual(expect.arrayContaining(['startSpan', 'forEach', 'pay', 'getBooleanValue', 'fast']));
  });

  it('qualifies names by class, object and enclosing function', async () => {
    const source = `class A { run() {} static go = () => 1 }\nconst handlers = { checkout() {}, deep: { pay: async () => 1 } };\nfunction outer() { function inner() {} }\nexport const Card = memo(() => null);\nmodule.exports.charge = async (r) => r;`;
    const { index } = await finderOf({ 'a.js': source });
    expect((await index.facts('a.js'))!.codePaths.map(({ name }) => name)).toEqual([
      'A.run',
      'A.go',
      'handlers.checkout',
      'handlers.deep.pay',
      'outer',
      'outer.inner',
      'Card',
      'charge',
    ]);
  });
});
