import { describe, expect, it } from 'vitest';
import { reviewConsumers, type ConsumersAsked } from '../../../src/workers/review/reviewConsumers';
import { memoryL10n } from '../../../src/platform/memory/l10n';

/** A review of one file, with what is given; nothing is found in code. */
const asked = (more: Partial<ConsumersAsked>): ConsumersAsked =>
  ({
    ...{
      revision: { tree: new Map(), content: () => Promise.resolve(null) },
      tip: new Map(),
      top: '/r',
      readsRoutes: true,
    },
    ...{ tools: { searches: [{ matching: () => Promise.resolve([]) }] }, changed: new Set(['pay/a.ts']) },
    ...{ code: [], services: { pay: ['pay'] }, environments: [], signals: [], exclude: [] },
    ...{ telemetry: { graphs: () => Promise.resolve([]) }, l10n: memoryL10n, signal: new AbortController().signal },
    ...more,
  }) as unknown as ConsumersAsked;

describe('who may know who uses what is changed', () => {
  it('is told of the environment that an answer is of, and once', async () => {
    const graph = (environment: string) => ({ edges: [], environment, partial: false, services: [] });
    const telemetry = {
      graphs: ({ environment }: { environment: string }) =>
        Promise.resolve([
          { id: 'a', name: 'built-in receiver', graph: graph(environment), reason: null },
          { id: 'b', name: 'jaeger', graph: graph(''), reason: null },
          { id: 'c', name: 'away', graph: null, reason: 'it is away' },
        ]),
    } as unknown as ConsumersAsked['telemetry'];
    const { consumers } = await reviewConsumers(asked({ telemetry, environments: ['production', 'staging'] }));
    expect(consumers.observed.map(({ source, environment }) => [source, environment])).toEqual([
      ['built-in receiver', 'production'],
      ['jaeger', ''],
      ['away', 'production'],
      ['built-in receiver', 'staging'],
      ['away', 'staging'],
    ]);
  });

  it('is told by catalogs up to so much of their text, and said of how many', async () => {
    const text = `# ${'x'.repeat(500 * 1_000)}\n`;
    const catalogs = Array.from({ length: 40 }, (_, at) => [`s${String(at)}/catalog-info.yaml`, {}] as const);
    const { consumers } = await reviewConsumers(
      asked({
        tip: new Map(catalogs),
        revision: { tree: new Map(), content: () => Promise.resolve(new TextEncoder().encode(text)) },
      } as unknown as ConsumersAsked),
    );
    expect(consumers.unread).toEqual(['9 of 40 catalog files were read.']);
  });

  it('is looked for in code by routes of both sides, and said not to be all where it is not', async () => {
    const side = (...templates: string[]) =>
      [
        {
          files: [
            { path: 'pay/a.ts', references: [], codePaths: [{ routes: templates.map((template) => ({ template })) }] },
          ],
        },
      ][0];
    const text = 'fetch("http://pay/charges"); fetch("http://pay/refunds");';
    const of = (more: Partial<ConsumersAsked>, ...sides: unknown[]) =>
      asked({
        revision: { tree: new Map(), content: () => Promise.resolve(new TextEncoder().encode(text)) },
        tools: { searches: [{ matching: () => Promise.resolve(['shop/b.ts']) }] },
        code: sides,
        ...more,
      } as unknown as ConsumersAsked);
    const gone = await reviewConsumers(of({}, side('/charges', '/refunds'), side('/refunds')));
    expect(gone.consumers.found.map(({ template, client }) => [template, client])).toEqual([
      ['/charges', 'shop/b.ts'],
      ['/refunds', 'shop/b.ts'],
    ]);
    expect(gone.consumers.notSearched).toBeNull();
    const part = await reviewConsumers(of({}, side('/charges', '/:id')));
    expect(part.consumers.notSearched).toBe('not all code was searched for callers');
    const unread = { tree: new Map(), content: () => Promise.resolve(null) } as unknown as ConsumersAsked['revision'];
    expect((await reviewConsumers(of({ revision: unread }, side('/charges')))).consumers.notSearched).not.toBeNull();
    expect((await reviewConsumers(of({ readsRoutes: false }))).consumers.notSearched).toMatch(/too many files/);
  });
});
