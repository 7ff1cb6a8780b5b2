import type { Verification } from '../model/change';
import type { L10n } from '../platform/l10n';
import { plainText } from './plainText';
import { count, duration } from './quantities';

const mostNamed = 5;

/** What verification came to, apart from how it is said. */
export interface Finding {
  readonly state: Verification['state'];
  readonly seen: number;
  readonly moved: number;
  /** Instances that evaluated the flag before the change; null = not known. */
  readonly expected: number | null;
  readonly oldShare: number | null;
  readonly laggards: readonly string[];
  readonly tookMs: number | null;
  readonly why: Why;
  /** What the data plane answers: the new state, the old one, too little to tell yet; `none`: it is not asked. */
  readonly dataPlane: 'none' | 'waiting' | 'moved' | 'old';
}

/** Why a finding is no proof, or what goes with it. */
export type Why =
  | 'none'
  | 'nobodyAsked'
  | 'noEvaluations'
  | 'rulesDecide'
  | 'tooFew'
  | 'definition'
  | 'changedSince'
  | 'unwatched'
  | 'superseded';

/** `state`: what the flag now is in short, `off`. `patienceMs`: twice the poll interval. */
export function verificationOf(
  l10n: L10n,
  finding: Finding,
  said: { readonly state: string; readonly patienceMs: number; readonly proposeInPlace: boolean },
): Verification {
  return {
    state: finding.state,
    instances: finding.seen,
    onNew: finding.moved,
    oldShare: finding.oldShare,
    laggards: finding.laggards.map((name) => plainText(name, 120)),
    tookMs: finding.tookMs,
    words: said.proposeInPlace
      ? `${words(l10n, finding, said)} ${l10n.t('No instance follows the file: if it is a bind mount, set "write": "inPlace" for this environment.')}`
      : words(l10n, finding, said),
    proposal: said.proposeInPlace ? 'writeInPlace' : null,
  };
}

function words(l10n: L10n, finding: Finding, said: { readonly state: string; readonly patienceMs: number }): string {
  const { moved, seen } = finding;
  switch (finding.state) {
    case 'verified': {
      if (seen === 0)
        return finding.tookMs === null
          ? l10n.t('{0}, as the data plane answers', said.state)
          : l10n.t('{0}, as the data plane answers after {1}', said.state, duration(l10n, finding.tookMs));
      const counted =
        finding.tookMs === null
          ? l10n.t('{0} on {1} of {2} instances', said.state, count(l10n, moved), count(l10n, seen))
          : l10n.t(
              '{0} on {1} of {2} instances after {3}',
              said.state,
              count(l10n, moved),
              count(l10n, seen),
              duration(l10n, finding.tookMs),
            );
      const base = finding.dataPlane === 'moved' ? l10n.t('{0}; the data plane answers so', counted) : counted;
      const missing = (finding.expected ?? 0) - seen;
      return missing > 0 ? l10n.t('{0}; {1} not seen evaluating since', base, count(l10n, missing)) : base;
    }
    case 'laggards': {
      if (finding.laggards.length === 0)
        return l10n.t('The data plane still answers as before, after {0}.', duration(l10n, said.patienceMs));
      const named = finding.laggards.slice(0, mostNamed).map((name) => plainText(name, 60));
      const rest = finding.laggards.length - named.length;
      const names = rest > 0 ? l10n.t('{0} and {1} more', named.join(', '), count(l10n, rest)) : named.join(', ');
      return l10n.t(
        '{0} on {1} of {2} instances; still on the old state after {3}: {4}.',
        said.state,
        count(l10n, moved),
        count(l10n, seen),
        duration(l10n, said.patienceMs),
        names,
      );
    }
    case 'waiting':
      if (seen > 0) return l10n.t('{0} on {1} of {2}', said.state, count(l10n, moved), count(l10n, seen));
      if ((finding.expected ?? 0) === 0 && finding.dataPlane !== 'none')
        return l10n.t('written, waiting for the data plane');
      if (finding.expected === null || finding.expected === 0) return l10n.t('written, waiting for evaluations');
      return finding.expected === 1
        ? l10n.t('written, waiting for 1 instance')
        : l10n.t('written, waiting for {0} instances', count(l10n, finding.expected));
    case 'unseen':
      return unseenWords(l10n, finding);
  }
}

function unseenWords(l10n: L10n, { why, moved, seen }: Finding): string {
  switch (why) {
    case 'nobodyAsked':
      return l10n.t('Telemetry could not be asked: not verified by it.');
    case 'rulesDecide':
      return l10n.t('Rules decide who gets what: evaluations cannot show this change.');
    case 'tooFew':
      return l10n.t(
        'Seen on {0} of {1} instances; the others evaluated too little to tell.',
        count(l10n, moved),
        count(l10n, seen),
      );
    case 'definition':
      return l10n.t('Written; it goes live by commit, deploy or sync, and nothing shows it live yet.');
    case 'changedSince':
      return l10n.t('The flag was changed again before this was verified.');
    case 'unwatched':
      return l10n.t('Nobody watched it at the time: not verified by telemetry.');
    case 'superseded':
      return l10n.t('A later change came before this was verified.');
    case 'noEvaluations':
    case 'none':
      return l10n.t('No evaluations seen since: not verified by telemetry.');
  }
}

/** What a flag says of its change while it is verified, and for a moment after. */
export function boardWords(l10n: L10n, verification: Verification): string {
  switch (verification.state) {
    case 'waiting':
    case 'laggards':
      return verification.words;
    case 'verified':
      return verification.tookMs === null
        ? l10n.t('verified')
        : verification.tookMs === 0
          ? l10n.t('verified at once')
          : l10n.t('verified in {0}', duration(l10n, verification.tookMs));
    case 'unseen':
      return l10n.t('written, not verified');
  }
}
