import { PlanError, type FlagSystem } from '../flags/system';
import type { JournalEntry, Plan } from '../model/change';
import { bareFlag } from '../flags/bareFlag';
import type { Environment, FlagSnapshot, FlagState } from '../model/flag';
import { environmentId, flagId, type EnvironmentRef, type FlagRef } from '../model/identity';
import type { L10n } from '../platform/l10n';
import type { Log } from '../platform/log';
import type { ChangeOutcome, ChangeRequest, FlagSystems } from './api';
import type { PlannedChange } from './carryOut';
import { isMade } from './entry';
import { changeRequestSchema } from './requestSchema';
import { plainText } from './plainText';
import { messageOf } from './sending';
import { shownName } from './words';

export interface PlanningPorts {
  readonly systems: FlagSystems;
  readonly l10n: L10n;
  readonly log: Log;
}

/** A change to ask a person about, or the outcome when there is none. */
export type Planned =
  | { readonly kind: 'planned'; readonly change: PlannedChange }
  | { readonly kind: 'outcome'; readonly outcome: ChangeOutcome };

/** The request validated again, whoever made it. `undo` intents are not planned here. */
export function parseRequest(l10n: L10n, request: unknown): ChangeRequest | ChangeOutcome {
  const parsed = changeRequestSchema.safeParse(request);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const where = issue?.path.join('.') ?? '';
  return refused(l10n.t('This is no change that can be made ({0}: {1}).', where, issue?.message ?? ''));
}

export async function planChange(request: ChangeRequest, ports: PlanningPorts, signal: AbortSignal): Promise<Planned> {
  const { ref, environment, intent, seen, through, facts, place } = request;
  const system = ports.systems.systemFor(ref);
  return planned(ports, request, signal, async () => {
    const found = await find(ports.l10n, system, ref, environment, intent.kind === 'create', signal);
    if (typeof found === 'string') return found;
    // Where it is the state shown, the system's own picture of it: nobody else's words get into the question.
    const shown = found.state?.version === seen.version ? found.state : seen;
    const plan = await found.system.plan(ref, environment, intent, shown, signal);
    return change(found, plan, { through, facts: facts ?? [], place: place ?? null, undoes: null });
  });
}

/** The inverse of a change in the journal, worked out by its system against what it has now. */
export async function planUndo(
  entry: JournalEntry,
  through: string,
  ports: PlanningPorts,
  signal: AbortSignal,
): Promise<Planned> {
  const why = whyNoUndo(ports.l10n, entry);
  if (why !== null) return { kind: 'outcome', outcome: refused(why) };
  const { ref, environment } = entry.plan;
  const system = ports.systems.systemForPlan(entry.plan);
  return planned(ports, null, signal, async () => {
    // What was taken out is not there to be found.
    const found = await find(ports.l10n, system, ref, environment, entry.plan.after.text === '', signal);
    if (typeof found === 'string') return found;
    const plan = await found.system.planUndo(entry.plan, signal);
    return change(found, plan, { through, facts: [], place: null, undoes: entry.id });
  });
}

/** null when the journal has nothing against it; whether it would be exact, its system knows. */
export function whyNoUndo(l10n: L10n, entry: JournalEntry): string | null {
  if (entry.undoneBy !== null) return l10n.t('This change was undone already.');
  if (!isMade(entry)) return l10n.t('This change was not made, so there is nothing to undo.');
  return null;
}

interface Found {
  readonly system: FlagSystem;
  readonly environment: Environment;
  readonly flag: FlagSnapshot;
  /** undefined: not known, or there is none yet. */
  readonly state: FlagState | undefined;
}

async function planned(
  ports: PlanningPorts,
  shown: Pick<ChangeRequest, 'ref' | 'seen'> | null,
  signal: AbortSignal,
  make: () => Promise<PlannedChange | string>,
): Promise<Planned> {
  try {
    const made = await make();
    if (typeof made === 'string') return { kind: 'outcome', outcome: refused(made) };
    return { kind: 'planned', change: made };
  } catch (error) {
    if (signal.aborted) return { kind: 'outcome', outcome: { kind: 'cancelled' } };
    if (!PlanError.is(error)) ports.log.error('planning a change', error);
    else if (error.reason === 'changedSince' && shown) {
      return { kind: 'outcome', outcome: await conflict(ports, shown.ref, shown.seen, error.message, signal) };
    }
    return { kind: 'outcome', outcome: refused(messageOf(error)) };
  }
}

/** The state moved on before a plan could be made: what was shown against what is there. */
async function conflict(
  { systems }: PlanningPorts,
  ref: FlagRef,
  seen: FlagState,
  words: string,
  signal: AbortSignal,
): Promise<ChangeOutcome> {
  // A look at the system makes what it tells of the flag new.
  const system = systems.systemFor(ref);
  await system?.snapshot(signal).catch(() => undefined);
  const flag = await system?.detail(ref, signal).catch(() => null);
  const state = flag?.states.find((one) => environmentId(one.environment) === environmentId(seen.environment));
  const sides = { base: seen.raw, mine: null, theirs: state?.raw ?? '' };
  return { kind: 'conflict', entry: null, words: plainText(words, 500), sides };
}

async function find(
  l10n: L10n,
  system: FlagSystem | undefined,
  ref: FlagRef,
  environment: EnvironmentRef,
  mayBeMissing: boolean,
  signal: AbortSignal,
): Promise<Found | string> {
  const where = shownName(environment.name);
  if (!system) return l10n.t('The flags of {0} are not connected here.', shownName(`${ref.system}/${ref.project}`));
  const known = system.environments().find((one) => environmentId(one.ref) === environmentId(environment));
  const sameProject = environment.system === ref.system && environment.project === ref.project;
  if (!known || !sameProject) return l10n.t('{0} is no environment of "{1}".', where, shownName(ref.key));
  const flag = (await system.detail(ref, signal)) ?? (mayBeMissing ? bareFlag(ref) : null);
  if (!flag) return l10n.t('There is no flag "{0}" in {1}.', shownName(ref.key), shownName(ref.project));
  const state = flag.states.find((one) => environmentId(one.environment) === environmentId(environment));
  return { system, environment: known, flag, state: mayBeMissing && state?.switch === 'absent' ? undefined : state };
}

function change(
  { system, environment, flag, state }: Found,
  plan: Plan,
  also: Pick<PlannedChange, 'through' | 'facts' | 'place' | 'undoes'>,
): PlannedChange {
  if (flagId(plan.ref) !== flagId(flag.ref) || environmentId(plan.environment) !== environmentId(environment.ref)) {
    throw new Error(`${system.type} planned a change of another flag than the one asked for`);
  }
  return { ...also, plan, system, environment, flag, writable: state?.writable ?? { kind: 'unknown' } };
}

const refused = (words: string): ChangeOutcome => ({ kind: 'refused', entry: null, words });
