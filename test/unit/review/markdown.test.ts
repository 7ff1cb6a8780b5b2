import { describe, expect, it } from 'vitest';
import { markdown } from '../../../src/review/formats/markdown';
import { english } from '../view/sample';
import { placeAt, sampleImpact, sampleReason, sampleReport } from './sampleReport';

const place = placeAt(`src/${'deep_folder/'.repeat(15)}a.ts`);

const reason = (at: number, proofs = 1) =>
  sampleReason({
    places: [place],
    words: `Reason ${at}. ${'* '.repeat(200)}`,
    evidence: Array.from({ length: proofs }, (_, one) => `proof ${one}`),
  });

const impact = (at: number) =>
  sampleImpact(`flag-${at}`, { added: [place], left: { count: 1, evaluations: 1, places: [place] } });

/** Under a heading: how many rows there are, and how many more there would be. */
function countsOf(text: string, heading: string, row: RegExp): readonly [number, number] {
  const part = text.split('### ').find((one) => one.startsWith(heading)) ?? '';
  return [part.match(row)?.length ?? 0, Number(/^And (\d+) more\./m.exec(part)?.[1] ?? 0)];
}

const made = <T>(count: number, of: (at: number) => T): T[] => Array.from({ length: count }, (_, at) => of(at));

describe('a report as a comment', () => {
  it('has rows of every section however long it would be, and counts those that it leaves out', () => {
    const text = markdown(sampleReport({ reasons: made(80, reason), flags: made(70, impact) }), english);
    expect(text.length).toBeLessThanOrEqual(60_000);
    const [reasons, moreReasons] = countsOf(text, 'What to look at', /^- \*\*/gm);
    const [flags, moreFlags] = countsOf(text, 'Flags', /^\| <code>/gm);
    expect([reasons + moreReasons, flags + moreFlags]).toEqual([80, 70]);
    expect(reasons).toBeGreaterThan(10);
    expect(flags).toBeGreaterThan(10);
    expect(text).toContain('The report in JSON has what is left out here.');
  });

  it('leaves out nothing of what is short, and says how much more proof there is', () => {
    const text = markdown(sampleReport({ reasons: [reason(1, 8)], flags: [impact(1)] }), english);
    expect(text).toContain('  - And 3 more.');
    expect(text).not.toContain('left out here');
    expect(countsOf(text, 'Flags', /^\| <code>/gm)).toEqual([1, 0]);
  });
});
