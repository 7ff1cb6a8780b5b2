import type { FlagSystem } from '../flags/system';
import { applyResultSchema, type ApplyResult, type ChangeStatus, type JournalEntry, type Plan } from '../model/change';
import { sleep, type Clock } from '../platform/clock';
import type { L10n } from '../platform/l10n';
import { auditComment } from './auditComment';
import { withStep } from './entry';
import type { Journal } from './journal';
import { plainText } from './plainText';

const inquireAfterMs = [0, 500, 2_000] as const;
const mostOverwritten = 3;

export interface SendingPorts {
  readonly journal: Journal;
  readonly clock: Clock;
  readonly l10n: L10n;
}

/**
 * The entry of a change that is about to be sent. It is on disk before the system hears of the change: rejects when it
 * cannot be, and nothing may be sent then.
 */
export async function startSending(asked: JournalEntry, { journal, clock, l10n }: SendingPorts): Promise<JournalEntry> {
  const applying = withStep(asked, { at: clock.now(), status: 'applying', words: l10n.t('Being sent') });
  await journal.write(applying);
  return applying;
}

/**
 * Sends a change that {@link startSending} has put on disk. An answer that leaves it open, or is none at all, is settled
 * by asking the system what became of it.
 */
export async function send(
  entry: JournalEntry,
  system: FlagSystem,
  ports: SendingPorts,
  signal: AbortSignal,
): Promise<ApplyResult> {
  const { plan, id } = entry;
  let result: ApplyResult;
  try {
    result = applyResultSchema.parse(await system.apply(plan, id, signal, auditComment(entry, ports.l10n)));
  } catch (error) {
    result = { kind: 'unknown', words: messageOf(error) };
  }
  return settled(system, plan, result, ports, signal);
}

/** What became of a change whose sending went wrong in a way nobody foresaw. Never rejects, and sends nothing. */
export async function findOutAfter(
  error: unknown,
  applying: JournalEntry,
  system: FlagSystem,
  ports: SendingPorts,
  signal: AbortSignal,
): Promise<JournalEntry> {
  const open = { kind: 'unknown' as const, words: messageOf(error) };
  try {
    return await withResult(applying, await settled(system, applying.plan, open, ports, signal), ports);
  } catch {
    return { ...applying, status: 'unknown', result: open };
  }
}

async function settled(
  system: FlagSystem,
  plan: Plan,
  result: ApplyResult,
  { clock }: SendingPorts,
  signal: AbortSignal,
): Promise<ApplyResult> {
  if (result.kind !== 'unknown') return result;
  for (const wait of inquireAfterMs) {
    try {
      if (wait > 0) await sleep(clock, wait, signal);
      const found = applyResultSchema.parse(await system.inquire(plan, signal));
      if (found.kind !== 'unknown') return found;
    } catch {
      // Still not known; the last word stays what the system said when it was sent.
    }
    if (signal.aborted) break;
  }
  return result;
}

/**
 * Records a result. The entry returned is the truth even where its file cannot be written: `resume` finds out next time.
 */
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
      return [l10n.t('Applied'), ...overwriteWords(l10n, result)].join('. ');
    case 'written':
      return [l10n.t('Written'), ...overwriteWords(l10n, result)].join('. ');
    case 'requested':
      return l10n.t('Approval requested');
    case 'conflict':
    case 'refused':
      return plainText(result.words, 500);
    case 'unknown':
      return unknownWords(l10n, result.words);
  }
}

/** Whom a change overwrote unseen, and what else its system says of it. */
function overwriteWords(
  l10n: L10n,
  { overwrote = [], remarks = [] }: Pick<Extract<ApplyResult, { kind: 'applied' }>, 'overwrote' | 'remarks'>,
): string[] {
  const shown = overwrote.slice(0, mostOverwritten).map(({ words }) => plainText(words, 200));
  const more = overwrote.length - shown.length;
  return [
    ...(shown.length > 0 ? [l10n.t('It overwrote, unseen: {0}', shown.join('; '))] : []),
    ...(more > 0 ? [l10n.t('And {0} more', more)] : []),
    ...remarks.map((remark) => plainText(remark, 200)),
  ];
}

export function unknownWords(l10n: L10n, why: string): string {
  return l10n.t('It is not known what became of this change: {0}', plainText(why, 500));
}

export function messageOf(error: unknown): string {
  return plainText(error instanceof Error ? error.message : String(error), 500);
}
