import type { FlagSystem } from '../flags/system';
import type { ApplyResult, ChangeStatus, JournalEntry, Plan } from '../model/change';
import { sleep, type Clock } from '../platform/clock';
import type { L10n } from '../platform/l10n';
import { withStep } from './entry';
import type { Journal } from './journal';
import { plainText } from './plainText';

const inquireAfterMs = [0, 500, 2_000] as const;

export interface SendingPorts {
  readonly journal: Journal;
  readonly clock: Clock;
  readonly l10n: L10n;
}

/**
 * Sends a consented change: `applying` is on disk before the system hears of it, the result right after. An answer
 * that leaves it open is settled by asking the system what became of it. Rejects (nothing sent) when the journal
 * cannot be written before; afterwards the entry returned is the truth even where the disk is behind.
 */
export async function send(
  entry: JournalEntry,
  system: FlagSystem,
  ports: SendingPorts,
  signal: AbortSignal,
): Promise<JournalEntry> {
  const { journal, clock, l10n } = ports;
  const applying = await journal.update(entry.id, (fresh) =>
    withStep(fresh, { at: clock.now(), status: 'applying', words: l10n.t('Being sent') }),
  );
  let result: ApplyResult;
  try {
    result = await system.apply(applying.plan, applying.id, signal);
  } catch (error) {
    result = { kind: 'unknown', words: messageOf(error) };
  }
  if (result.kind === 'unknown') result = await settled(system, applying.plan, result, ports, signal);
  return withResult(applying, result, ports);
}

async function settled(
  system: FlagSystem,
  plan: Plan,
  open: ApplyResult,
  { clock }: SendingPorts,
  signal: AbortSignal,
): Promise<ApplyResult> {
  for (const wait of inquireAfterMs) {
    try {
      if (wait > 0) await sleep(clock, wait, signal);
      const found = await system.inquire(plan, signal);
      if (found.kind !== 'unknown') return found;
    } catch {
      // Still not known; the last word stays what the system said when it was sent.
    }
    if (signal.aborted) break;
  }
  return open;
}

/** Records a result. An entry whose file cannot be written is returned all the same: `resume` finds out next time. */
export async function withResult(
  entry: JournalEntry,
  result: ApplyResult,
  { journal, clock, l10n }: SendingPorts,
  as: ChangeStatus = result.kind,
): Promise<JournalEntry> {
  const step = { at: clock.now(), status: as, words: resultWords(l10n, result) };
  try {
    return await journal.update(entry.id, (fresh) => withStep(fresh, step, { result }));
  } catch (error) {
    const words = l10n.t('{0} The journal could not be written: {1}', step.words, messageOf(error));
    return withStep(entry, { ...step, words }, { result });
  }
}

export function resultWords(l10n: L10n, result: ApplyResult): string {
  switch (result.kind) {
    case 'applied':
      return l10n.t('Applied');
    case 'written':
      return l10n.t('Written');
    case 'requested':
      return l10n.t('Approval requested');
    case 'conflict':
    case 'refused':
    case 'unknown':
      return plainText(result.words, 500);
  }
}

export function messageOf(error: unknown): string {
  return plainText(error instanceof Error ? error.message : String(error), 500);
}
