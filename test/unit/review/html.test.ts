import { describe, expect, it } from 'vitest';
import { nodeHash } from '../../../src/platform/node/hash';
import type { Party } from '../../../src/review/consumers/consumersReport';
import { reviewHtml } from '../../../src/review/formats/html';
import { english } from '../view/sample';
import { placeAt, sampleReason, sampleReport } from './sampleReport';

const party = (name: string | null): Party => ({
  ...{ name, declared: [], observed: [], found: [], disagreement: 'not-declared' },
  left: { declared: 0, observed: 0, found: 0 },
});
const service = {
  service: 'shop',
  files: [],
  owner: null,
  providers: [],
  left: { consumers: 0, providers: 0 },
  windowMinutes: 1440,
  asked: ['jaeger'],
  unknown: [],
};

describe('a report as a page', () => {
  it('tells who uses what is changed, and whose it is', () => {
    const page = reviewHtml(
      sampleReport({
        services: [
          { ...service, consumers: [party('web<b>'), party(null)] },
          { ...service, service: 'lonely', consumers: [] },
        ],
        owners: [{ owners: ['@shop'], paths: ['src/a.ts'] }],
      }),
      english,
      nodeHash,
    );
    expect(page).toContain('Used by <code>web&#60;b&#62;</code>');
    expect(page).toContain('callers that are not traced');
    expect(page).toContain('<code>lonely</code></td><td>None, say jaeger.');
    expect(page).toContain('<td>@shop</td><td><code>src/a.ts</code></td>');
  });

  it('lets no name turn round what surrounds it', () => {
    const reasons = [sampleReason({ words: 'a\u202eb', places: [placeAt('c\u202ed.ts')] })];
    const page = reviewHtml(sampleReport({ reasons }), english, nodeHash);
    expect(page).not.toContain('\u202e');
    expect(page).toContain('<strong>Error · Unknown flag</strong> a b');
  });
});
