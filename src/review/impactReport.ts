import { ownedPaths, serviceImpacts } from './consumers/serviceImpacts';
import { flagImpacts } from './flagImpacts';
import { flagReasons } from './flagReasons';
import type { ReviewInput } from './input';
import { pathImpacts } from './pathImpacts';
import { pathReasons, spanReasons } from './pathReasons';
import { removedSpans } from './removedSpans';
import { suggestedRollouts } from './suggestedRollout';
import { severities, reasonCodes, type Reason, type Report } from './report';

/**
 * What a change will do in production, from what is known without it and of it. Pure: the same input gives the same
 * report. Reasons are in order (severity, then what they say, then where), never summed up to one number.
 */
export function impactReport(input: ReviewInput): Report {
  const flags = flagImpacts(input);
  // Functions are told for what they get; where nothing is known of that, the diff tells as much.
  const paths = input.signals.length === 0 ? [] : pathImpacts(input);
  const spans = removedSpans(input);
  const reasons = [...flagReasons(flags, input), ...pathReasons(paths, input), ...spanReasons(spans, input)];
  const { consumers } = input;
  const changed = input.changes.flatMap(({ before, after }) => after ?? before ?? []);
  const { owned, left } = consumers ? ownedPaths(consumers, changed) : { owned: [], left: 0 };
  const unowned = {
    source: 'consumers',
    words: input.l10n.t(
      'Owners of {0} changed files were not looked up: the patterns of CODEOWNERS take too long.',
      left,
    ),
  } as const;
  const read = new Set(input.codeAfter.files.map(({ path }) => path));
  return {
    base: input.base,
    head: input.head,
    missing: left > 0 ? [...input.missing, unowned] : input.missing,
    reasons: reasons.sort(inOrder),
    flags,
    paths,
    removedSpans: spans,
    rollouts: suggestedRollouts(flags, paths, input),
    services: consumers ? serviceImpacts(consumers, changed, paths, input.l10n) : null,
    owners: owned,
    files: {
      changed: input.changes.length,
      read: input.changes.filter(({ after }) => after !== null && read.has(after)).length,
    },
    madeAt: input.now,
  };
}

function inOrder(a: Reason, b: Reason): number {
  return (
    severities.indexOf(a.severity) - severities.indexOf(b.severity) ||
    reasonCodes.indexOf(a.code) - reasonCodes.indexOf(b.code) ||
    compare(a.key ?? '', b.key ?? '') ||
    compare(a.places[0]?.path ?? '', b.places[0]?.path ?? '') ||
    (a.places[0]?.line ?? 0) - (b.places[0]?.line ?? 0)
  );
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
