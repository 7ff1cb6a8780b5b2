import type { ChangeStatus, Intent, JournalEntry } from '../model/change';
import type { L10n } from '../platform/l10n';
import type { JournalInput } from './input';
import { numbersFor } from './numbers';
import type { ActionLink, JournalRow, Tone } from './output';
import { dotted, oneLine, quoted } from './text';

/** The journal, newest first. */
export function journalRows(input: JournalInput): readonly JournalRow[] {
  return [...input.entries]
    .sort((a, b) => b.consent.at - a.consent.at || (a.id < b.id ? 1 : -1))
    .map((entry) => journalRow(input, entry));
}

/** One change in one line: what, where; how it ended, who, when. */
export function journalRow(input: JournalInput, entry: JournalEntry): JournalRow {
  const { l10n, now } = input;
  const { ago, clock } = numbersFor(l10n);
  const { plan, consent, seen } = entry;
  const place = oneLine(input.environmentName(plan.environment), 60);
  const label = l10n.t('{0} {1} in {2}', oneLine(plan.ref.key, 100), intentInWords(plan.intent, l10n), place);
  const who = consent.who === input.me ? l10n.t('you') : oneLine(consent.who, 60);
  const outcome = outcomeInWords(entry, l10n);
  const undone = entry.undoneBy === null ? null : l10n.t('undone');
  const description = dotted(outcome, undone, who, ago(consent.at, now));
  const actions: ActionLink[] = input.undoable(entry)
    ? [{ label: l10n.t('Undo'), action: { kind: 'undo', changeId: entry.id } }]
    : [];
  const { icon, tone } = looks[entry.status];
  return {
    id: entry.id,
    icon: entry.undoneBy === null ? icon : 'discard',
    tone,
    label,
    description,
    tooltip: [
      label,
      l10n.t('Before: {0}', oneLine(plan.before.words)),
      l10n.t('After: {0}', oneLine(plan.after.words)),
      ...(consent.reason === '' ? [] : [l10n.t('Reason: {0}', oneLine(consent.reason))]),
      l10n.t('Consent: {0}, through {1}', who, oneLine(consent.through, 60)),
      ...(seen && seen.facts.length > 0 ? [l10n.t('Seen: {0}', oneLine(seen.facts.join(', ')))] : []),
      ...(seen?.place ? [l10n.t('Asked for at {0}', oneLine(seen.place))] : []),
      ...entry.steps.map(({ at, words }) => dotted(clock(at, now), oneLine(words))),
    ].join('\n'),
    accessibilityLabel: dotted(label, description).replaceAll(' · ', ', '),
    contextValue: actions.length > 0 ? 'change undo' : 'change',
    actions,
    open: { kind: 'showChange', changeId: entry.id },
  };
}

const looks: Record<ChangeStatus, { readonly icon: string; readonly tone: Tone | null }> = {
  consented: { icon: 'circle-outline', tone: null },
  applying: { icon: 'sync', tone: null },
  applied: { icon: 'check', tone: null },
  written: { icon: 'check', tone: null },
  requested: { icon: 'git-pull-request', tone: null },
  conflict: { icon: 'warning', tone: 'stale' },
  refused: { icon: 'circle-slash', tone: 'stale' },
  unknown: { icon: 'question', tone: 'unknown' },
  verified: { icon: 'pass', tone: null },
  abandoned: { icon: 'circle-slash', tone: null },
};

/** `off`, `on`, `25% "on"`, `"blue"`, `as before`. */
export function intentInWords(intent: Intent, l10n: L10n): string {
  switch (intent.kind) {
    case 'switch':
      return intent.on ? l10n.t('on') : l10n.t('off');
    case 'kill':
      return l10n.t('off');
    case 'percentage':
      return l10n.t('{0} {1}', numbersFor(l10n).percent(intent.share), quoted(intent.variant));
    case 'defaultVariant':
      return quoted(intent.variant);
    case 'undo':
      return l10n.t('as before');
    case 'create':
      return l10n.t('created');
    case 'target':
      return intent.on
        ? l10n.t('{0} for {1}', quoted(intent.variant), quoted(intent.value))
        : l10n.t('as others for {0}', quoted(intent.value));
  }
}

function outcomeInWords(entry: JournalEntry, l10n: L10n): string {
  const { verification, result, status } = entry;
  const { count, duration } = numbersFor(l10n);
  if (status === 'verified' && verification) {
    const { onNew, instances, tookMs } = verification;
    const where = l10n.t('verified on {0} of {1} instances', count(onNew), count(instances));
    if (instances === 0) return l10n.t('verified');
    if (tookMs === null) return where;
    // No old evaluation came after the write: there is no time to name.
    return tookMs < 100 ? l10n.t('{0} at once', where) : l10n.t('{0} in {1}', where, duration(tookMs / 1000));
  }
  if ((status === 'applied' || status === 'written') && verification && verification.state !== 'verified') {
    const { onNew, instances } = verification;
    const waiting =
      verification.state === 'unseen'
        ? l10n.t('not seen in telemetry')
        : verification.state === 'laggards'
          ? l10n.t('{0} of {1} instances behind', count(instances - onNew), count(instances))
          : l10n.t('on {0} of {1} instances', count(onNew), count(instances));
    return dotted(statusWord(status, l10n), waiting);
  }
  const words = result && 'words' in result ? oneLine(result.words, 120) : '';
  return words === '' ? statusWord(status, l10n) : l10n.t('{0}: {1}', statusWord(status, l10n), words);
}

function statusWord(status: ChangeStatus, l10n: L10n): string {
  switch (status) {
    case 'consented':
      return l10n.t('consented, not sent');
    case 'applying':
      return l10n.t('being sent');
    case 'applied':
      return l10n.t('applied');
    case 'written':
      return l10n.t('written');
    case 'requested':
      return l10n.t('approval requested');
    case 'conflict':
      return l10n.t('conflict');
    case 'refused':
      return l10n.t('refused');
    case 'unknown':
      return l10n.t('outcome unknown');
    case 'verified':
      return l10n.t('verified');
    case 'abandoned':
      return l10n.t('abandoned');
  }
}
