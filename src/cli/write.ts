import type { ChangeOutcome } from '../change/api';
import type { Changes } from '../change/changes';
import { isMade } from '../change/entry';
import { absentState } from '../flags/absentState';
import type { ResolvedFlag } from '../flags/api';
import { userAttribute } from '../flags/userAttribute';
import type { Intent, JournalEntry } from '../model/change';
import { environmentId } from '../model/identity';
import { systemClock } from '../platform/node/clock';
import { quoted } from '../view/text';
import { UsageError, type Command, type GivenConsent, type Place, type WantedIntent } from './commandLine';
import { CannotError, exitCodes, type Surroundings } from './surroundings';
import { OptionConsent, TerminalConsent } from './terminalConsent';
import { Workspace } from './workspace';

type Wanted = Extract<Command, { name: 'change' | 'undo' }>;

/** `set`, `kill` and `undo`: a change like any other, with the terminal as its modal. */
export async function writeCommand(wanted: Wanted, surroundings: Surroundings): Promise<number> {
  const { l10n, signal, who } = surroundings;
  const asking = { who, given: wanted.given, clock: systemClock, l10n, say: (text: string) => surroundings.err(text) };
  const consent = surroundings.prompt ? new TerminalConsent(surroundings.prompt, asking) : new OptionConsent(asking);
  const workspace = await Workspace.open(wanted.place, surroundings);
  try {
    const changes = await workspace.changes(consent);
    try {
      // What an earlier run left open is found out first: an undo needs the truth.
      await changes.resume({ verify: false });
      const outcome =
        wanted.name === 'undo'
          ? await changes.undo(await changeToUndo(wanted.id, wanted.place, changes, workspace), 'command line', signal)
          : await change(wanted, changes, workspace, signal);
      const code = await told(outcome, wanted, changes, surroundings);
      return 'missing' in consent && consent.missing.length > 0 ? exitCodes.usage : code;
    } finally {
      changes.dispose();
      await changes.closed();
    }
  } finally {
    workspace.dispose();
  }
}

async function change(
  { key, intent, place }: Extract<Wanted, { name: 'change' }>,
  changes: Changes,
  workspace: Workspace,
  signal: AbortSignal,
): Promise<ChangeOutcome> {
  if (intent.kind === 'create') {
    const { ref, environment } = workspace.newFlag(key, place);
    const request = { ref, environment: environment.ref, intent, seen: absentState(environment.ref) };
    return changes.change({ ...request, through: 'command line' }, signal);
  }
  const found = workspace.flag(key, place);
  const { ref: environment } = workspace.environment(found, place);
  const seen = found.flag.states.find((state) => environmentId(state.environment) === environmentId(environment));
  if (!seen) throw new CannotError(`The state of ${quoted(key)} in ${environment.name} is not known.`);
  const whole = wholeIntent(intent, found, seen.offVariant);
  return changes.change({ ref: found.flag.ref, environment, intent: whole, seen, through: 'command line' }, signal);
}

function wholeIntent(intent: WantedIntent, { flag, project }: ResolvedFlag, offVariant: string | null): Intent {
  if (intent.kind !== 'percentage' && intent.kind !== 'target') return intent;
  const candidates = flag.variants.filter(({ name }) => name !== offVariant).map(({ name }) => name);
  if (intent.kind === 'target') {
    const attribute = intent.attribute === '' ? userAttribute(project.systemType) : intent.attribute;
    // Who is taken out is taken out of whatever they were given.
    const variant = intent.variant ?? (candidates.length === 1 || !intent.on ? candidates[0] : undefined);
    if (variant !== undefined) return { ...intent, attribute, variant };
  } else if (intent.variant !== null) return { ...intent, variant: intent.variant };
  const [only, another] = candidates;
  if (only !== undefined && another === undefined) return { ...intent, variant: only };
  throw new UsageError(`Say of which variant with --variant: ${candidates.map(quoted).join(', ')}.`);
}

/** The change named, else the last one made here that was not undone. */
async function changeToUndo(id: string | null, place: Place, changes: Changes, workspace: Workspace): Promise<string> {
  if (id !== null) return id;
  const { entries } = await changes.list();
  const last = entries.find(
    (entry) =>
      isMade(entry) &&
      entry.undoneBy === null &&
      entry.undoes === null &&
      workspace.flags.systemForPlan(entry.plan) !== undefined &&
      (place.environment === null || entry.plan.environment.name === place.environment),
  );
  if (!last) throw new CannotError('There is no change to undo here.');
  return last.id;
}

async function told(
  outcome: ChangeOutcome,
  wanted: { readonly json: boolean; readonly wait: boolean; readonly given: GivenConsent },
  changes: Changes,
  { out, err, l10n, signal }: Surroundings,
): Promise<number> {
  const { json } = wanted;
  const data = (entry: JournalEntry | null, more: object = {}): void => {
    if (json) out(`${JSON.stringify({ outcome: outcome.kind, ...more, entry })}\n`);
    else if (entry) out(`${entry.id}\n`);
  };
  switch (outcome.kind) {
    case 'done': {
      err(`${outcome.words}.\n`);
      const settled = wanted.wait ? await waitFor(outcome, changes, err, signal) : outcome.entry;
      data(settled);
      return exitCodes.done;
    }
    case 'requested':
      err(`${outcome.words}: ${outcome.link}\n`);
      data(outcome.entry, { link: outcome.link });
      return exitCodes.done;
    case 'cancelled':
      err(`${l10n.t('Nothing was changed.')}\n`);
      data(null);
      return exitCodes.couldNotAsk;
    case 'conflict':
      err(`${outcome.words}\n`);
      data(outcome.entry, { words: outcome.words, sides: outcome.sides });
      return exitCodes.couldNotAsk;
    case 'refused':
    case 'unknown':
      err(`${outcome.words}\n`);
      data(outcome.entry, { words: outcome.words });
      return exitCodes.couldNotAsk;
  }
}

/** Tells each new word of the verification until its first conclusion. Ctrl-C stops the waiting, not the change. */
async function waitFor(
  { entry, settled }: Extract<ChangeOutcome, { kind: 'done' }>,
  changes: Changes,
  err: (text: string) => void,
  signal: AbortSignal,
): Promise<JournalEntry> {
  let said = '';
  const listening = changes.onDidChange(() => {
    const words = changes.inFlight(entry.plan.ref, entry.plan.environment)?.words ?? '';
    if (words !== said && words !== '') err(`${words}\n`);
    said = words;
  });
  const stopped = new Promise<JournalEntry>((resolve) => {
    if (signal.aborted) resolve(entry);
    signal.addEventListener('abort', () => resolve(entry), { once: true });
  });
  try {
    const last = await Promise.race([settled, stopped]);
    if (last.verification) err(`${last.verification.words}\n`);
    return last;
  } finally {
    listening.dispose();
  }
}
