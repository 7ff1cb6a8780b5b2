import type { FlagImpact, Place, Reason, Report } from '../../../src/review/report';

export const placeAt = (path: string, more: Partial<Place> = {}): Place => ({
  ...{ side: 'head', path, line: 4, endLine: 6, function: null, kind: null },
  ...more,
});

export const sampleReason = (more: Partial<Reason> = {}): Reason => ({
  ...{ code: 'flag-unknown', severity: 'error', key: 'one', words: 'Look.', evidence: [], places: [] },
  ...more,
});

export const sampleImpact = (key: string, more: Partial<FlagImpact> = {}): FlagImpact => ({
  ...{ key, change: 'added', added: [], removed: [], moved: [], edited: [], guarded: [], defaults: [] },
  ...{ left: { count: 1, evaluations: 1, places: [] }, written: true, known: 'unknown', nearest: null, flags: [] },
  ...more,
});

export function sampleReport(more: Partial<Report> = {}): Report {
  const revision = { name: 'main', commit: null };
  return {
    ...{ base: revision, head: revision, missing: [], reasons: [], flags: [], paths: [], removedSpans: [] },
    ...{ services: null, owners: [], rollouts: [], files: { changed: 0, read: 0 }, madeAt: 0 },
    ...more,
  };
}
