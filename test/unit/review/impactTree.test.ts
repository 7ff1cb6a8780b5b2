import { describe, expect, it } from 'vitest';
import { memoryL10n } from '../../../src/platform/memory/l10n';
import { impactTree } from '../../../src/review/impactTree';
import type { ImpactNode } from '../../../src/review/impactRow';
import type { Party, ServiceImpact } from '../../../src/review/consumers/consumersReport';
import { reasonCodes, type Report } from '../../../src/review/report';
import { reasonTitle } from '../../../src/review/reasonTitles';
import { placeAt, sampleImpact, sampleReason, sampleReport } from './sampleReport';

const treeOf = (more: Partial<Report>, parted: string | null = 'abcdef0123456789') =>
  impactTree(sampleReport({ files: { changed: 2, read: 2 }, ...more }), parted, memoryL10n);
const ids = (nodes: readonly ImpactNode[]): string[] => nodes.flatMap(({ id, children }) => [id, ...ids(children)]);
const party = (more: Partial<Party>): Party => ({
  ...{ name: 'web', declared: [], observed: [], found: [], left: { declared: 0, observed: 0, found: 0 } },
  ...{ disagreement: null },
  ...more,
});
const service = (more: Partial<ServiceImpact>): ServiceImpact => ({
  ...{ service: 'checkout', files: ['a.ts'], owner: null, consumers: [], providers: [], windowMinutes: 1_440 },
  ...{ left: { consumers: 0, providers: 0 }, asked: ['catalog', 'built-in receiver'], unknown: [] },
  ...more,
});

describe('rows of the Production impact view', () => {
  it('name what is not known first, then reasons in the order of the report, each with its evidence and places', () => {
    const reasons = [
      sampleReason({ code: 'live-on-deploy', evidence: ['production: 25% "on"'], places: [placeAt('src/a.ts')] }),
      sampleReason({
        ...{ code: 'telemetry-removed', severity: 'warning', key: null },
        places: [placeAt('old.ts', { side: 'base' })],
      }),
    ];
    const { sections, description, empty } = treeOf({
      missing: [{ source: 'telemetry', words: 'It did not answer.' }],
      reasons,
    });
    expect([description, empty]).toEqual(['main against main, from abcdef0', null]);
    expect(sections.map(({ label, description: count }) => [label, count])).toEqual([
      ['Not known', '1'],
      ['What to look at', '2'],
    ]);
    const [live, span] = sections[1]?.children ?? [];
    expect(live).toMatchObject({ label: 'Goes live on deploy', icon: 'error', tone: 'regression' });
    expect(live?.spoken).toBe('Error: Goes live on deploy. Look.');
    expect(live?.children.map(({ label, icon }) => [label, icon])).toEqual([
      ['production: 25% "on"', 'graph'],
      ['src/a.ts:4', 'go-to-file'],
    ]);
    expect(span).toMatchObject({ label: 'Telemetry removed', place: { side: 'base', path: 'old.ts' } });
    expect(span?.children[0]).toMatchObject({ icon: 'diff-removed', description: 'before the change' });
  });

  it('say that nothing is changed, which is not that nothing was found', () => {
    expect(treeOf({ files: { changed: 0, read: 0 } }, null)).toEqual({
      description: 'main against main',
      sections: [],
      empty: 'Nothing is changed: main against main.',
    });
    const nothing = treeOf({ missing: [{ source: 'git', words: 'x' }] }).sections.at(-1);
    expect(nothing).toMatchObject({
      label: 'Nothing was found in what could be asked.',
      description: 'see what is not known',
    });
  });

  it('call nobody none unless every source answered, and mark what sources say differently', () => {
    const known = treeOf({ services: [service({})] }).sections.at(-1)?.children[0];
    expect(known?.description).toBe('None, say catalog, built-in receiver.');
    const [unsure] =
      treeOf({
        services: [
          service({
            unknown: ['no catalog has checkout'],
            providers: [party({ disagreement: 'not-observed', declared: [{ api: 'pay', path: 'catalog-info.yaml' }] })],
          }),
        ],
      }).sections.at(-1)?.children ?? [];
    expect(unsure?.description).toBe('nobody is known, which does not mean none');
    expect(unsure?.children.map(({ label }) => label)).toEqual([
      'Used by',
      'Uses',
      'There may be others: no catalog has checkout.',
    ]);
    expect(unsure?.children[1]?.children[0]).toMatchObject({
      description: 'declared, not observed in 24h',
      icon: 'warning',
      children: [
        { label: 'catalog-info.yaml', description: 'declared, API pay', place: { path: 'catalog-info.yaml' } },
      ],
    });
  });

  it('are no more than the view can hold, and each is told from all others', () => {
    const flags = Array.from({ length: 450 }, (_, at) =>
      sampleImpact(`flag-${String(at)}`, { added: [placeAt('a.ts'), placeAt('a.ts')], left: left(placeAt('a.ts')) }),
    );
    const reasons = Array.from({ length: 3 }, () => sampleReason({ places: [placeAt('a.ts'), placeAt('a.ts')] }));
    const { sections } = treeOf({ flags, reasons });
    const shown = sections.find(({ id }) => id === 'flags');
    expect([shown?.description, shown?.children.length]).toEqual(['450', 201]);
    expect(shown?.children.at(-1)?.label).toBe('And 250 more, which the report has.');
    const all = ids(sections);
    expect(new Set(all).size).toBe(all.length);
  });

  it('have a title of its own for every reason', () => {
    const titles = reasonCodes.map((code) => reasonTitle(code, memoryL10n));
    expect(new Set(titles).size).toBe(reasonCodes.length);
  });
});

const left = (...places: ReturnType<typeof placeAt>[]) => ({ count: places.length, evaluations: 0, places });
