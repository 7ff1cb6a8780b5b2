import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ServiceEdge, ServiceGraph } from '../../../../src/model/serviceGraph';
import { memoryL10n } from '../../../../src/platform/memory/l10n';
import { readCatalog } from '../../../../src/review/consumers/catalog';
import { readCodeOwners } from '../../../../src/review/consumers/codeOwners';
import type { ConsumersInput } from '../../../../src/review/consumers/consumersInput';
import { ownedPaths, serviceImpacts } from '../../../../src/review/consumers/serviceImpacts';
import { consumersPart } from '../../../../src/review/formats/consumersMarkdown';
import type { Report } from '../../../../src/review/report';

const since = Date.UTC(2026, 10, 22, 9, 14);
const edge = (client: string | null, server: string, more: Partial<ServiceEdge> = {}): ServiceEdge => ({
  ...{ client, server, operation: null, kind: 'call', requests: 1204, since, lastSeen: since + 60_000 },
  ...more,
});
const graph = (edges: ServiceEdge[], more: Partial<ServiceGraph> = {}): ServiceGraph => ({
  ...{ edges, environment: 'production', partial: false, services: ['checkout', 'payments', 'storefront'] },
  ...more,
});
const seen = (from: ServiceGraph | null, reason: string | null = null) => ({
  ...{ source: 'built-in receiver', environment: 'production', graph: from, reason },
});
const input = (more: Partial<ConsumersInput> = {}): ConsumersInput => ({
  servicesOf: (path) => (path.startsWith('payments/') ? ['payments'] : []),
  ...{ entities: [], owners: [], observed: [seen(graph([]))], windowMinutes: 1440, found: [] },
  ...{ notSearched: null, unread: [] },
  ...more,
});
const changed = ['payments/charges.ts', 'README.md'];
const impactOf = (of: ConsumersInput) => serviceImpacts(of, changed, [], memoryL10n)[0]!;
const markdownOf = (of: ConsumersInput): string =>
  consumersPart(
    {
      services: serviceImpacts(of, changed, [], memoryL10n),
      owners: ownedPaths(of, changed).owned,
    } as unknown as Report,
    memoryL10n,
  ).join('\n\n');

const catalog = async (consumer: string): Promise<ConsumersInput['entities']> =>
  (
    await readCatalog(
      'catalog-info.yaml',
      [
        'apiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata: { name: payments-service }\nspec: { owner: money, providesApis: [charges] }',
        `apiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata: { name: ${consumer} }\nspec: { consumesApis: [charges] }`,
      ].join('\n---\n'),
    )
  ).entities;

describe('who uses a service of the change', () => {
  it('is told by each source, one party a service however its name is written', async () => {
    const of = input({
      entities: await catalog('CheckoutService'),
      observed: [seen(graph([edge('checkout', 'payments'), edge('payments', 'bank')]))],
      found: [{ client: 'checkout', server: 'payments', template: '/charges', path: 'checkout/payments.ts', line: 9 }],
    });
    const impact = impactOf(of);
    expect(impact).toMatchObject({ service: 'payments', files: ['payments/charges.ts'], owner: 'money', unknown: [] });
    expect(impact.consumers).toEqual([
      {
        name: 'checkout',
        declared: [{ api: 'charges', path: 'catalog-info.yaml' }],
        observed: [expect.objectContaining({ requests: 1204, since, source: 'built-in receiver' })],
        found: [{ path: 'checkout/payments.ts', line: 9, template: '/charges' }],
        left: { declared: 0, observed: 0, found: 0 },
        disagreement: null,
      },
    ]);
    expect(impact.providers.map(({ name, disagreement }) => [name, disagreement])).toEqual([['bank', 'not-declared']]);
    expect(markdownOf(of)).toContain(
      '| <code>checkout</code> | API charges <code>catalog-info.yaml</code> | production: 1,204 requests in 24h, since 2026-11-22 09:14Z · built-in receiver | <code>checkout/payments.ts:9</code> |',
    );
  });

  it('marks what is declared and never observed, where telemetry could have seen it, and what is observed only', async () => {
    const entities = await catalog('reporting');
    const marks = (of: ConsumersInput) => impactOf(of).consumers.map(({ name, disagreement }) => [name, disagreement]);
    const checkout = [edge('checkout', 'payments')];
    expect(marks(input({ entities, observed: [seen(graph(checkout))] }))).toEqual([
      ['checkout', 'not-declared'],
      ['reporting', 'not-observed'],
    ]);
    for (const silent of [
      [],
      [seen(null, 'away')],
      [seen(graph([], { partial: true }))],
      [seen(graph([], { services: ['other'] }))],
      [seen(graph([])), seen(null, 'away')],
    ])
      expect(marks(input({ entities, observed: silent }))).toEqual([['reporting', null]]);
    expect(marks(input({ observed: [seen(graph(checkout))] }))).toEqual([['checkout', null]]);
    // Who is declared may call without a trace; what could not be read may declare.
    const untraced = [seen(graph([edge(null, 'payments')]))];
    expect(marks(input({ entities, observed: untraced }))).toEqual([
      [null, null],
      ['reporting', null],
    ]);
    expect(marks(input({ entities, observed: [seen(graph(checkout))], unread: ['x'] }))[0]).toEqual(['checkout', null]);
    expect(markdownOf(input({ entities }))).toContain('declared, not observed in 24h');
    // Nobody can declare callers that are not traced.
    expect(marks(input({ entities: entities.slice(0, 1), observed: [seen(graph([edge(null, 'payments')]))] }))).toEqual(
      [[null, null]],
    );
  });

  it('says none only where every source has answered, whole, and knows the service', async () => {
    const entities = (await catalog('other')).slice(0, 1);
    const markdownWith = (more: Partial<ConsumersInput>) => markdownOf(input({ entities, ...more }));
    expect(markdownWith({})).toContain('None, say built-in receiver, catalog-info.yaml, the code of this repository.');
    for (const more of [
      { entities: [] },
      { observed: [] },
      { observed: [seen(graph([])), seen(null, 'it did not answer in time')] },
      { observed: [seen(graph([], { partial: true }))] },
      { observed: [seen(graph([], { services: ['checkout'] }))] },
      { notSearched: 'code could not be searched' },
      { unread: ['catalog-info.yaml could not be read.'] },
    ] as const) {
      const text = markdownWith(more);
      expect(text).not.toContain('None');
      expect(text).toContain('There may be others');
      expect(impactOf(input({ entities, ...more })).unknown).not.toEqual([]);
    }
    expect(impactOf(input({ entities, observed: [seen(null, 'it did not answer in time')] })).unknown).toEqual([
      'built-in receiver could not be asked: it did not answer in time',
    ]);
  });

  it('never adds up what several sources have seen, and counts what goes to changed operations apart', () => {
    const operation = (name: string) => ({ operation: { id: name, name } });
    const edges = [
      edge('checkout', 'payments', { ...operation('POST /charges'), requests: 10 }),
      edge('checkout', 'payments', { ...operation('GET /other'), requests: 5, since: since - 60_000 }),
    ];
    const of = input({
      observed: [seen(graph(edges)), { ...seen(graph([edge('checkout', 'payments')])), source: 'b' }],
    });
    const traffic = [{ service: 'payments', operation: 'POST /charges', via: null }];
    const [impact] = serviceImpacts(of, changed, [{ traffic }] as never, memoryL10n);
    expect(impact?.consumers[0]?.observed).toMatchObject([
      { requests: 15, requestsToChanged: 10, since: since - 60_000, operations: ['POST /charges'] },
      { requests: 1204, requestsToChanged: null, source: 'b' },
    ]);
  });

  it('shows so many lines of what declares or saw a party', () => {
    const entities = (['money', 'checkout'] as const).map((name) => ({
      ...{ ref: `component:default/${name}`, kind: 'component', name, owner: null, path: 'c.yaml', folder: '' },
      ...{ provides: [], consumes: [], dependsOn: [], dependencyOf: [] },
    }));
    const apis = Array.from({ length: 400 }, (_, at) => `api:default/a${String(at)}`);
    const of = input({
      servicesOf: () => ['money'],
      entities: [
        { ...entities[0]!, provides: apis },
        { ...entities[1]!, consumes: apis },
      ],
      observed: Array.from({ length: 400 }, (_, at) => ({
        ...seen(graph([edge('checkout', 'money')], { environment: `e${String(at)}` })),
        environment: `e${String(at)}`,
      })),
    });
    const row = markdownOf(of)
      .split('\n')
      .find((line) => line.startsWith('| <code>checkout'));
    expect(row?.match(/API /g)).toHaveLength(5);
    expect(row?.match(/requests/g)).toHaveLength(5);
    expect(row?.match(/and 395 more/g)).toHaveLength(2);
  });

  it('tells a line of code once, and of parties and lines that are too many how many there are', () => {
    const call = (line: number, template = '/charges', client = 'checkout') => ({
      ...{ client, server: 'payments', template, path: 'checkout/a.ts', line },
    });
    const lines = Array.from({ length: 30 }, (_, at) => call(at));
    const others = Array.from({ length: 120 }, (_, at) => call(1, '/charges', `c${String(at)}`));
    const of = input({ found: [...lines, call(0, '/charges/:id'), ...others] });
    const impact = impactOf(of);
    expect(impact.left).toEqual({ consumers: 21, providers: 0 });
    const checkout =
      impact.consumers.find(({ name }) => name === 'checkout') ?? impactOf(input({ found: lines })).consumers[0];
    expect(checkout?.found).toHaveLength(20);
    expect(checkout?.found[0]).toEqual({ path: 'checkout/a.ts', line: 0, template: '/charges' });
    expect(checkout?.left).toEqual({ declared: 0, observed: 0, found: 10 });
    expect(markdownOf(of)).toContain('And 96 more.');
  });

  it('tells owners of changed files, and which are nobody’s', () => {
    const owners = readCodeOwners('/payments/ @org/money\n').rules;
    expect(ownedPaths(input({ owners }), changed).owned).toEqual([
      { owners: ['@org/money'], paths: ['payments/charges.ts'] },
      { owners: [], paths: ['README.md'] },
    ]);
    expect(ownedPaths(input(), changed).owned).toEqual([]);
  });

  it('says of how many files the owners were not found out, where patterns are made to take long', () => {
    const rules = Array.from({ length: 2_000 }, (_, at) => `/${'**/a/'.repeat(20)}b${String(at)} @x`).join('\n');
    const paths = Array.from({ length: 500 }, (_, at) => `${'a/'.repeat(40)}c${String(at)}`);
    const { owned, left } = ownedPaths(input({ owners: readCodeOwners(`* @all\n${rules}`).rules }), ['a', ...paths]);
    expect(left).toBeGreaterThan(400);
    expect(owned[0]?.owners).toEqual(['@all']);
  });

  it('shows names from outside as text: no mention, link, image, cell or mark-up of theirs', () => {
    const hostile = fc.constantFrom(
      '@org/all',
      '[a](http://evil)',
      '![x](//evil/x.png)',
      '|x|y|',
      '<img src=x onerror=a>',
      '\n# Title',
      '`code`',
      'GH-1 #1 www.evil.example',
      '\u202eevil',
      '**None**',
    );
    fc.assert(
      fc.property(hostile, hostile, hostile, (client, source, name) => {
        const text = markdownOf(
          input({
            servicesOf: () => ['payments'],
            entities: [],
            observed: [{ ...seen(graph([edge(client, 'payments', { operation: { id: name, name } })])), source }],
            found: [{ client, server: 'payments', template: '/charges', path: `${name}.ts`, line: 1 }],
            unread: [name],
          }),
        );
        expect(text).not.toMatch(/@(?!\u200b)|\]\(|<(?!br>|\/?code>)|\u202e|^# |!\[|www\./m);
        for (const row of text.split('\n').filter((line) => line.startsWith('|')))
          expect(row.split('|')).toHaveLength(7);
      }),
    );
  });
});
