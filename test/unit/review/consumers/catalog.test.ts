import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { componentAbove, declaredEdges, isCatalogPath, readCatalog } from '../../../../src/review/consumers/catalog';

const component = (name: string, spec: object = {}, more: object = {}): string =>
  `---\n${stringify({ apiVersion: 'backstage.io/v1alpha1', kind: 'Component', metadata: { name, ...more }, spec })}`;

describe('a Backstage catalog', () => {
  it('tells who uses whom: by API, by dependency either way round, with names written in any form', async () => {
    const { entities, problems } = await readCatalog(
      'shop/catalog-info.yaml',
      [
        component('Payments', { owner: 'group:default/money', providesApis: ['charges', 'api:default/refunds'] }),
        component('checkout', { consumesApis: ['Charges'], dependsOn: ['component:storefront', 'resource:db'] }),
        component('storefront', { dependencyOf: ['component:default/admin'] }),
        component('admin'),
        component('elsewhere', { consumesApis: ['charges'] }, { namespace: 'other' }),
        component('abroad', { consumesApis: ['default/charges'] }, { namespace: 'other' }),
      ].join(''),
    );
    expect(problems).toEqual([]);
    const path = 'shop/catalog-info.yaml';
    expect(declaredEdges(entities).edges).toEqual([
      { client: 'checkout', server: 'Payments', api: 'charges', path },
      { client: 'checkout', server: 'storefront', api: null, path },
      { client: 'admin', server: 'storefront', api: null, path },
      { client: 'abroad', server: 'Payments', api: 'charges', path },
    ]);
    expect(entities[0]).toMatchObject({ name: 'Payments', owner: 'money', folder: 'shop' });
  });

  it('leaves out what is none, and keeps what stands beside what cannot be read', async () => {
    const text = [
      component('one', { consumesApis: [1, null, 'good', { a: 1 }], owner: 7 }),
      '---\napiVersion: v1\nkind: Service\nmetadata: { name: pods }\n',
      '---\nkind: [unclosed\n',
      component('two', 'no map' as never),
      component('three'),
    ].join('');
    const { entities, problems } = await readCatalog('catalog-info.yml', text);
    expect(entities.map(({ name }) => name)).toEqual(['one', 'three']);
    expect(entities[0]).toMatchObject({ consumes: ['api:default/good'], owner: null });
    expect(problems).toHaveLength(1);
  });

  it('is not blown up by aliases of aliases', async () => {
    const lines = Array.from({ length: 30 }, (_, at) => `a${at}: &a${at} [${`*a${at - 1},`.repeat(at === 0 ? 0 : 9)}]`);
    const { entities } = await readCatalog('catalog-info.yaml', lines.join('\n'));
    expect(entities).toEqual([]);
  }, 5_000);

  it('is not read where it nests too deeply, in whichever way, and says so', async () => {
    for (const part of ['[', '{', '- ', '? ', 'a: ', '[a: ', '[ # ]\n', '["]", '])
      expect(await readCatalog('catalog-info.yaml', part.repeat(5_000))).toEqual({
        entities: [],
        problems: ['Nested too deeply to be read.'],
      });
    const flat = component('flat', { consumesApis: ['[[[[', '- - - '], more: [[[[{ a: [1] }]]]] });
    expect((await readCatalog('catalog-info.yaml', flat.repeat(30))).entities).toHaveLength(30);
  });

  it('tells so much of all that provide an API times all that consume it, and that it is not all', async () => {
    const [sample] = (await readCatalog('catalog-info.yaml', component('sample'))).entities;
    const apis = Array.from({ length: 50 }, (_, at) => `api:default/a${String(at)}`);
    const entities = Array.from({ length: 4_000 }, (_, at) => ({
      ...sample!,
      ...{ ref: `component:default/c${String(at)}`, name: `c${String(at)}`, provides: apis, consumes: apis },
    }));
    const { edges, isWhole } = declaredEdges(entities);
    expect([edges.length, isWhole]).toEqual([20_000, false]);
    expect(declaredEdges(entities.slice(0, 3))).toMatchObject({ edges: { length: 300 }, isWhole: true });
  }, 5_000);

  it('is read whatever the text: no throw, no other names than those in it', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.oneof(fc.string(), fc.constantFrom(component('a'), '---\n', 'kind: Component\n', '\t', '&x *x'))),
        async (parts) => {
          const text = parts.join('');
          const { entities } = await readCatalog('catalog-info.yaml', text);
          for (const { name } of entities) expect(text).toContain(name);
        },
      ),
    );
  });

  it('gives a file to the component whose catalog stands nearest above it', async () => {
    const read = async (path: string, name: string) => (await readCatalog(path, component(name))).entities;
    const entities = [
      ...(await read('catalog-info.yaml', 'all')),
      ...(await read('services/pay/catalog-info.yaml', 'pay')),
    ];
    expect(componentAbove(entities, 'services/pay/src/a.ts')?.name).toBe('pay');
    expect(componentAbove(entities, 'services/payments/a.ts')?.name).toBe('all');
    expect(['catalog-info.yaml', 'a/catalog-info.yml', 'my-catalog-info.yaml'].map(isCatalogPath)).toEqual([
      true,
      true,
      false,
    ]);
  });

  it('is not held up by a text of nothing but errors', async () => {
    const started = performance.now();
    const { problems } = await readCatalog('catalog-info.yaml', `a: 1\nb: ${'&a '.repeat(60_000)}`);
    // Each error told with its line went through the whole text: 25 s.
    expect(performance.now() - started).toBeLessThan(8_000);
    expect(problems).toEqual([expect.stringMatching(/^Line 2: /)]);
  });
});
