import { describe, expect, it } from 'vitest';
import { reviewSarif } from '../../../src/review/formats/sarif';
import type { Place, Reason } from '../../../src/review/report';
import { placeAt, sampleReason, sampleReport } from './sampleReport';

const at = (side: Place['side'], path: string): Place => placeAt(path, { side });
const reason = (places: readonly Place[], words = 'Look.'): Reason => sampleReason({ places, words });

function resultsOf(...reasons: readonly Reason[]) {
  const report = sampleReport({ reasons });
  const log = JSON.parse(reviewSarif(report, '1.2.3', '.sightglass.json')) as {
    runs: {
      results: {
        message: { text: string };
        locations: { physicalLocation?: { artifactLocation: { uri: string }; region: { startLine: number } } }[];
        relatedLocations?: { physicalLocation: { artifactLocation: { uri: string } } }[];
      }[];
    }[];
  };
  return log.runs[0]?.results ?? [];
}

describe('a report as SARIF', () => {
  it('gives each result a place, as GitHub wants it: of the head, of what is gone, or of the configuration', () => {
    const results = resultsOf(
      reason([at('base', 'old.ts'), at('head', 'new.ts')]),
      reason([at('base', 'old.ts')]),
      reason([]),
    );
    const places = results.map(({ locations }) => {
      const { artifactLocation, region } = locations[0]?.physicalLocation ?? {};
      return [artifactLocation?.uri, region?.startLine];
    });
    expect(places).toEqual([
      ['new.ts', 4],
      ['old.ts', 4],
      ['.sightglass.json', 1],
    ]);
    expect(results.map(({ relatedLocations }) => relatedLocations?.length ?? 0)).toEqual([1, 0, 0]);
  });

  it('makes no link of a name', () => {
    expect(resultsOf(reason([], '[here](https://example.com)'))[0]?.message.text).not.toContain('](');
  });
});
