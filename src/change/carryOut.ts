import type { FlagSystem } from '../flags/system';
import type { ApplyResult, Consent, JournalEntry, Plan } from '../model/change';
import type { Environment, FlagSnapshot, Writable } from '../model/flag';
import type { Clock } from '../platform/clock';
import type { L10n } from '../platform/l10n';
import type { Log } from '../platform/log';
import type { ChangeOutcome } from './api';
import type { ConsentPort } from './consentPort';
import { consentRequirement, type AskableRequirement } from './consentRules';
import { DataPlaneProbe } from './dataPlaneProbe';
import { newEntry, placeOf, withStep } from './entry';
import type { Journal } from './journal';
import { madeMeanwhile } from './madeMeanwhile';
import { plainText } from './plainText';
import type { ProgressBoard } from './progressBoard';
import { readBack, type ReadBack } from './readBack';
import { givenConsentSchema } from './requestSchema';
import { findOutAfter, messageOf, send, startSending, unknownWords, withResult } from './sending';
import type { Verifications } from './verifications';
import { baselineOf, type VerifyPorts } from './verify';
import { doingWords, question, shownFacts, shownName } from './words';

export interface CarryOutPorts extends VerifyPorts {
  readonly consent: ConsentPort;
  readonly journal: Journal;
  readonly clock: Clock;
  readonly l10n: L10n;
  readonly log: Log;
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
  readonly place: string | null;
  readonly undoes: string | null;
}

/**
 * Consent, journal, apply, read back; verification goes on behind. The one place where a change is sent. Two windows
 * that are given a yes to the same change make it once.
 */
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
  const dataPlane = DataPlaneProbe.of(change.system, plan.ref, environment.ref, ports.clock);
  const baseline = baselineOf(ports, plan.ref.key, environment, ports.closing, dataPlane);
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
    seen: seenWith(change),
    at: ports.clock.now(),
    words: l10n.t('Consented to'),
  });
  let attempt: Attempt;
  try {
    attempt = await journal.alone(placeOf(plan.ref, environment.ref), () => attemptOnce(asked, change, ports));
  } catch (error) {
    return refused(
      l10n.t('Nothing was sent: the change could not be written to the journal first. {0}', messageOf(error)),
    );
  }
  if (attempt.kind === 'madeMeanwhile') {
    const { entry } = attempt;
    const words = l10n.t('This very change was made in another window meanwhile');
    return { kind: 'done', entry, words, settled: Promise.resolve(entry) };
  }
  const { applying, release } = attempt;
  try {
    return await ended(await attempt.sent, await attempt.back, change, ports, await baseline, release);
  } catch (error) {
    ports.log.error(`change ${id}`, error);
    release();
    ports.board.drop(asked);
    return outcomeOf(await findOutAfter(error, applying, change.system, ports, ports.closing), change, ports);
  }
}

/** A change that is being sent (`sent` may reject only for what nobody foresaw), or that another window has made. */
type Attempt =
  | {
      readonly kind: 'sent';
      readonly applying: JournalEntry;
      readonly sent: Promise<JournalEntry>;
      /** null for what was not made. */
      readonly back: Promise<TimedReadBack | null>;
      readonly release: () => void;
    }
  | { readonly kind: 'madeMeanwhile'; readonly entry: JournalEntry };

interface TimedReadBack {
  readonly back: ReadBack;
  /** Epoch ms. */
  readonly at: number;
}

/** While nobody else changes this flag here. Rejects only before anything was sent. */
async function attemptOnce(asked: JournalEntry, change: PlannedChange, ports: CarryOutPorts): Promise<Attempt> {
  const { journal, board, closing, l10n } = ports;
  const entry = await madeMeanwhile(asked.plan, change.system, journal, closing);
  if (entry) return { kind: 'madeMeanwhile', entry };
  const release = (await journal.hold(asked.id)) ?? ((): void => undefined);
  let applying: JournalEntry;
  try {
    board.say(asked, doingWords(l10n, asked.plan.intent), false);
    applying = await startSending(asked, ports);
  } catch (error) {
    release();
    board.drop(asked);
    throw error;
  }
  const result = send(applying, change.system, ports, closing);
  const sent = result.then((of) => withResult(applying, of, ports));
  // It is read back while its result is being written down.
  const back = result.then(async (of) =>
    isMadeBy(of) ? { back: await readBack(change.system, change.plan, of, closing), at: ports.clock.now() } : null,
  );
  back.catch(() => undefined);
  // Waited for here, so that the next one in line finds it made; looked at by whoever takes the attempt.
  await sent.catch(() => undefined);
  return { kind: 'sent', applying, sent, back, release };
}

const longestPlace = 300;

const isMadeBy = ({ kind }: ApplyResult): boolean => kind === 'applied' || kind === 'written';

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
  read: TimedReadBack | null,
  change: PlannedChange,
  ports: CarryOutPorts,
  baseline: Awaited<ReturnType<typeof baselineOf>>,
  release: () => void,
): Promise<ChangeOutcome> {
  const { l10n, journal } = ports;
  if (read === null) {
    release();
    ports.board.drop(sent);
    return outcomeOf(sent, change, ports);
  }
  const step = { at: read.at, status: sent.status, words: readBackWords(l10n, read.back) };
  const entry = await journal.update(sent.id, (fresh) => withStep(fresh, step)).catch(() => withStep(sent, step));
  const settled = ports.verifications.start(entry, change.system, change.environment, baseline, release);
  return { kind: 'done', entry, words: lastWords(sent), settled };
}

/** What the journal knows of a change, for whoever asked for it; nobody in this call watches it any further. */
function outcomeOf(entry: JournalEntry, { plan }: PlannedChange, { l10n }: CarryOutPorts): ChangeOutcome {
  const words = lastWords(entry);
  const { result } = entry;
  switch (result?.kind) {
    case 'applied':
    case 'written':
      return { kind: 'done', entry, words, settled: Promise.resolve(entry) };
    case 'requested':
      return { kind: 'requested', entry, words, link: result.link };
    case 'conflict': {
      const sides = { base: plan.before.text, mine: plan.after.text, theirs: result.theirs };
      return { kind: 'conflict', entry, words, sides };
    }
    case 'refused':
      return { kind: 'refused', entry, words };
    case 'unknown':
    case undefined:
      return { kind: 'unknown', entry, words: unknownWords(l10n, result?.words ?? '') };
  }
}

const lastWords = (entry: JournalEntry): string => entry.steps.at(-1)?.words ?? '';

function readBackWords(l10n: L10n, back: ReadBack): string {
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

/** What the reader of the question had before them, for the journal and the system's audit log. */
function seenWith({ facts, place }: PlannedChange): JournalEntry['seen'] {
  if (facts.length === 0 && place === null) return undefined;
  return { facts: shownFacts(facts), place: place === null ? null : plainText(place, longestPlace) };
}
