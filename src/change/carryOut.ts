import type { FlagSystem } from '../flags/system';
import type { Consent, JournalEntry, Plan } from '../model/change';
import type { Environment, FlagSnapshot, Writable } from '../model/flag';
import type { Clock } from '../platform/clock';
import type { L10n } from '../platform/l10n';
import type { ChangeOutcome } from './api';
import type { ConsentPort } from './consentPort';
import { consentRequirement, type AskableRequirement } from './consentRules';
import { newEntry, withStep } from './entry';
import type { Journal } from './journal';
import { plainText } from './plainText';
import type { ProgressBoard } from './progressBoard';
import { readBack } from './readBack';
import { givenConsentSchema } from './requestSchema';
import { messageOf, resultWords, send } from './sending';
import type { Verifications } from './verifications';
import { baselineOf, type VerifyPorts } from './verify';
import { doingWords, question, shownName } from './words';

export interface CarryOutPorts extends VerifyPorts {
  readonly consent: ConsentPort;
  readonly journal: Journal;
  readonly clock: Clock;
  readonly l10n: L10n;
  readonly board: ProgressBoard;
  readonly verifications: Verifications;
  /** Aborts when the window closes: what is being sent by then is found out at the next start. */
  readonly closing: AbortSignal;
}

/** A plan that was made by its system, ready to be asked about. */
export interface PlannedChange {
  readonly plan: Plan;
  readonly system: FlagSystem;
  readonly environment: Environment;
  readonly flag: FlagSnapshot;
  readonly writable: Writable;
  readonly through: string;
  readonly facts: readonly string[];
  readonly undoes: string | null;
}

/** Consent, journal, apply, read back; verification goes on behind. The one place where a change is sent. */
export async function carryOut(
  change: PlannedChange,
  ports: CarryOutPorts,
  signal: AbortSignal,
): Promise<ChangeOutcome> {
  const { l10n, journal } = ports;
  const { plan, environment } = change;
  const requirement = consentRequirement({
    direction: plan.direction,
    approval: plan.approval,
    flagName: plan.ref.key,
    environment,
    writable: change.writable.kind,
  });
  if (requirement.kind === 'refused') return refused(refusalWords(l10n, change, requirement.reason));

  const id = journal.newId();
  const baseline = baselineOf(ports, plan.ref.key, environment, ports.closing);
  const consent = await askFor(id, change, requirement, ports, signal);
  if (!consent) return { kind: 'cancelled' };
  if (requirement.kind === 'typed' && consent.reason.trim() === '') {
    return refused(
      l10n.t(
        'A reason is needed to change "{0}" in {1} this way.',
        shownName(plan.ref.key),
        shownName(environment.ref.name),
      ),
    );
  }

  const asked = newEntry({
    id,
    plan,
    consent,
    undoes: change.undoes,
    at: ports.clock.now(),
    words: l10n.t('Consented to'),
  });
  let release = (): void => undefined;
  try {
    release = (await journal.hold(id)) ?? release;
    await journal.write(asked);
    ports.board.say(asked, doingWords(l10n, plan.intent), false);
    const sent = await send(asked, change.system, ports, ports.closing);
    return await ended(sent, change, ports, await baseline, release);
  } catch (error) {
    release();
    ports.board.drop(asked);
    return refused(
      l10n.t('Nothing was sent: the change could not be written to the journal first. {0}', messageOf(error)),
    );
  }
}

async function askFor(
  changeId: string,
  change: PlannedChange,
  requirement: AskableRequirement,
  { consent, l10n, clock }: CarryOutPorts,
  signal: AbortSignal,
): Promise<Consent | null> {
  const { plan, flag, environment, through } = change;
  const texts = question(l10n, plan, environment, change.facts);
  const flagNamed = { ref: plan.ref, name: flag.name };
  const given = await consent.ask(
    { changeId, plan, flag: flagNamed, environment, requirement, through, ...texts },
    signal,
  );
  if (!given || signal.aborted) return null;
  const parsed = givenConsentSchema.parse(given);
  return { ...parsed, at: clock.now(), through: plainText(through, 100) };
}

async function ended(
  sent: JournalEntry,
  change: PlannedChange,
  ports: CarryOutPorts,
  baseline: Awaited<ReturnType<typeof baselineOf>>,
  release: () => void,
): Promise<ChangeOutcome> {
  const { l10n, journal, clock } = ports;
  const { plan, system } = change;
  const result = sent.result ?? { kind: 'unknown' as const, words: '' };
  const words = sent.steps.at(-1)?.words ?? resultWords(l10n, result);
  if (result.kind !== 'applied' && result.kind !== 'written') {
    release();
    ports.board.drop(sent);
  }
  switch (result.kind) {
    case 'applied':
    case 'written': {
      const back = await readBack(system, plan, result, ports.closing);
      const step = { at: clock.now(), status: result.kind, words: readBackWords(l10n, back) };
      const entry = await journal.update(sent.id, (fresh) => withStep(fresh, step)).catch(() => withStep(sent, step));
      const settled = ports.verifications.start(entry, system, change.environment, baseline, release);
      return { kind: 'done', entry, words, settled };
    }
    case 'requested':
      return { kind: 'requested', entry: sent, words, link: result.link };
    case 'conflict': {
      const sides = { base: plan.before.text, mine: plan.after.text, theirs: result.theirs };
      return { kind: 'conflict', entry: sent, words, sides };
    }
    case 'refused':
      return { kind: 'refused', entry: sent, words };
    case 'unknown':
      return { kind: 'unknown', entry: sent, words };
  }
}

function readBackWords(l10n: L10n, back: Awaited<ReturnType<typeof readBack>>): string {
  switch (back) {
    case 'asPlanned':
      return l10n.t('Read back as planned');
    case 'different':
      return l10n.t('Read back another state: it was changed again since');
    case 'unknown':
      return l10n.t('Could not be read back');
  }
}

function refusalWords(l10n: L10n, change: PlannedChange, reason: 'readOnly' | 'notWritable'): string {
  const where = shownName(change.environment.ref.name);
  if (reason === 'readOnly') return l10n.t('{0} is read-only by configuration.', where);
  const why = change.writable.kind === 'no' ? plainText(change.writable.reason, 300) : '';
  return l10n.t('"{0}" cannot be changed in {1}: {2}', shownName(change.plan.ref.key), where, why);
}

const refused = (words: string): ChangeOutcome => ({ kind: 'refused', entry: null, words });
