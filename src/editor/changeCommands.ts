import * as vscode from 'vscode';
import type { ChangeOutcome, ChangesApi } from '../change/api';
import { iconless, linkless, oneLine, quoted } from '../view/text';
import type { Flags } from '../flags/api';
import type { Intent, JournalEntry } from '../model/change';
import type { FlagRef } from '../model/identity';
import type { L10n } from '../platform/l10n';
import type { CommandHandler } from './commandTable';
import type { FlagPick, FlagTarget } from './flagPick';
import { meIntent } from './meIntent';
import { newFlagRequests } from './newFlagRequests';
import { parseProposal, type Proposal } from './proposal';
import { SurfaceArgument, surfaceOf } from './surfaceArgument';
import type { TextDiff } from './textDiff';

/** What the commands that write need. They propose; `changes` plans, asks the person through the consent port, and sends. */
export interface ChangeCommandsOf {
  readonly changes: ChangesApi;
  readonly flags: Flags;
  readonly pick: FlagPick;
  readonly diff: TextDiff;
  readonly l10n: L10n;
  /** Of this workspace, VS Code's own. */
  readonly memory: vscode.Memento;
  /** Facts of the flag for the question: `300 requests/min, errors 4.1%`. */
  facts(target: FlagTarget): readonly string[];
  /** Where in code it is asked for from, by the document in front. */
  place(ref: FlagRef): string | undefined;
}

type WriteCommand =
  | 'sightglass.toggleFlag'
  | 'sightglass.setPercentage'
  | 'sightglass.killFlag'
  | 'sightglass.createFlag'
  | 'sightglass.onForMe'
  | 'sightglass.removeMe'
  | 'sightglass.undoChange'
  | 'sightglass.addReason';

export function changeCommands(of: ChangeCommandsOf): Readonly<Record<WriteCommand, CommandHandler>> {
  const { l10n } = of;

  const propose = async (
    argument: unknown,
    intentOf: (target: FlagTarget, asked: Proposal) => Promise<Intent | undefined>,
  ) => {
    if (!trusted(l10n)) return;
    const asked = parseProposal(argument);
    const target = await of.pick.target(asked);
    if (!target) return;
    const intent = await intentOf(target, asked);
    if (!intent) return;
    const request = {
      ref: target.flag.flag.ref,
      environment: target.environment.ref,
      intent,
      seen: target.state,
      through: surfaceOf(argument),
      facts: of.facts(target),
      place: placeOf(argument, target.flag.flag.ref, of),
    };
    await inProgress((signal) => of.changes.change(request, signal), of);
  };

  return {
    'sightglass.killFlag': (argument) => propose(argument, async () => ({ kind: 'kill' })),
    'sightglass.toggleFlag': (argument) => propose(argument, async (target, asked) => toggle(target, asked, of)),
    'sightglass.setPercentage': (argument) =>
      propose(argument, async (target, asked) => percentage(target, asked, l10n)),
    'sightglass.onForMe': (argument) =>
      propose(argument, (target, { variant }) => meIntent(target, true, () => variantPick(target, l10n, variant), of)),
    'sightglass.removeMe': (argument) =>
      propose(argument, (target) => meIntent(target, false, async () => undefined, of)),
    'sightglass.createFlag': async (argument) => {
      if (!trusted(l10n)) return;
      for (const request of await newFlagRequests(argument, of)) {
        const asked = { ...request, through: surfaceOf(argument), place: placeOf(argument, request.ref, of) };
        const outcome = await inProgress((signal) => of.changes.change(asked, signal), of);
        // Who says no to one environment is not asked about the next.
        if (outcome.kind !== 'done') return;
      }
    },
    'sightglass.undoChange': async (argument) => {
      if (!trusted(l10n)) return;
      const { changeId, ref } = parseProposal(argument);
      const entry = await undoTarget(of, changeId, ref);
      if (entry) await inProgress((signal) => of.changes.undo(entry.id, surfaceOf(argument), signal), of);
    },
    'sightglass.addReason': async (argument) => {
      if (trusted(l10n)) await addReason(of, parseProposal(argument).changeId);
    },
  };
}

/** Views and panels are not of the code that happens to be in front. */
const placeOf = (argument: unknown, ref: FlagRef, of: ChangeCommandsOf): string | undefined =>
  argument instanceof SurfaceArgument ? undefined : of.place(ref);

function trusted(l10n: L10n): boolean {
  if (vscode.workspace.isTrusted) return true;
  void vscode.window.showWarningMessage(
    l10n.t('This workspace is not trusted: Sightglass changes no flag from it. Trust it with Manage Workspace Trust.'),
  );
  return false;
}

/** Progress stands in the view and at the flag; a notification comes only for what needs a decision. */
async function inProgress(
  change: (signal: AbortSignal) => Promise<ChangeOutcome>,
  of: ChangeCommandsOf,
): Promise<ChangeOutcome> {
  const controller = new AbortController();
  const outcome = await vscode.window.withProgress({ location: { viewId: 'sightglass.flags' } }, () =>
    change(controller.signal),
  );
  await tell(outcome, of);
  return outcome;
}

async function tell(outcome: ChangeOutcome, { l10n, diff }: ChangeCommandsOf): Promise<void> {
  switch (outcome.kind) {
    case 'done':
    case 'cancelled':
      return;
    case 'requested': {
      const open = l10n.t('Open the request');
      if ((await vscode.window.showInformationMessage(linkless(outcome.words), open)) === open)
        await openPage(outcome.link);
      return;
    }
    case 'conflict': {
      const show = l10n.t('Show what changed');
      if ((await vscode.window.showWarningMessage(linkless(outcome.words), show)) === show)
        await diff.show(l10n.t('What you saw and what is there now'), outcome.sides.base, outcome.sides.theirs);
      return;
    }
    case 'refused':
      void vscode.window.showErrorMessage(linkless(outcome.words));
      return;
    case 'unknown': {
      const journal = l10n.t('Show journal');
      if ((await vscode.window.showWarningMessage(linkless(outcome.words), journal)) === journal)
        await vscode.commands.executeCommand('sightglass.showJournal');
    }
  }
}

/** The system's own page: nothing but a page of the web is opened, whatever it answered. */
async function openPage(link: string): Promise<void> {
  const uri = vscode.Uri.parse(link, true);
  if (uri.scheme === 'https' || uri.scheme === 'http') await vscode.env.openExternal(uri);
}

/** Off when somebody gets more than the off variant; on offers what stood before, a percentage, or everyone. */
async function toggle(target: FlagTarget, asked: Proposal, of: ChangeCommandsOf): Promise<Intent | undefined> {
  const { l10n, changes } = of;
  const { state, flag } = target;
  const on = asked.on ?? isOff(target);
  if (!on) return { kind: 'switch', on: false };
  const earlier = changes.listing.entries.find(
    (entry) =>
      entry.plan.ref.key === flag.flag.ref.key &&
      entry.plan.ref.project === flag.flag.ref.project &&
      entry.plan.ref.system === flag.flag.ref.system &&
      entry.plan.environment.name === target.environment.ref.name &&
      (entry.plan.direction === 'off' || entry.plan.direction === 'down') &&
      changes.undoable(entry),
  );
  const items: (vscode.QuickPickItem & { readonly choose: () => Promise<Intent | undefined> })[] = [];
  if (earlier)
    items.push({
      label: l10n.t('What stood before'),
      description: iconless(oneLine(earlier.plan.before.words)),
      choose: async () => ({ kind: 'undo', changeId: earlier.id }),
    });
  if (flag.flag.variants.some(({ name }) => name !== state.offVariant)) {
    items.push({ label: l10n.t('A percentage…'), choose: async () => percentage(target, asked, l10n) });
    items.push({ label: l10n.t('Everyone'), choose: async () => everyone(target, l10n) });
  }
  if (state.switch === 'off')
    items.push({
      label: l10n.t('Switch it on, with its rules as they are'),
      choose: async () => ({ kind: 'switch', on: true }),
    });
  const picked = await vscode.window.showQuickPick(items, {
    title: l10n.t('Turn on "{0}" in {1}', flag.flag.ref.key, target.environment.ref.name),
  });
  return picked?.choose();
}

function isOff({ state }: FlagTarget): boolean {
  if (state.switch === 'off') return true;
  const { shares } = state.effective;
  return shares !== null && state.offVariant !== null && (shares[state.offVariant] ?? 0) >= 1;
}

async function everyone(target: FlagTarget, l10n: L10n): Promise<Intent | undefined> {
  const variant = await variantPick(target, l10n, undefined);
  return variant === undefined ? undefined : { kind: 'defaultVariant', variant };
}

/** A share of one variant; the rest goes to the off variant. */
async function percentage(target: FlagTarget, asked: Proposal, l10n: L10n): Promise<Intent | undefined> {
  const variant = await variantPick(target, l10n, asked.variant);
  if (variant === undefined) return undefined;
  const title = l10n.t(
    '{0} in {1}: percentage that gets {2}',
    target.flag.flag.ref.key,
    target.environment.ref.name,
    quoted(variant),
  );
  const now = target.state.effective.defaultShares?.[variant];
  const text = await vscode.window.showInputBox({
    title,
    prompt: l10n.t('A number from 0 to 100. The change is shown and asked for before it is sent.'),
    value: String(Math.round((asked.share ?? now ?? 0) * 1e4) / 100),
    validateInput: (typed) => (shareOf(typed) === undefined ? l10n.t('A number from 0 to 100, please.') : undefined),
  });
  const share = text === undefined ? undefined : shareOf(text);
  return share === undefined ? undefined : { kind: 'percentage', variant, share };
}

function shareOf(typed: string): number | undefined {
  const text = typed.trim().replace(/\s*%$/, '').replace(',', '.');
  if (!/^\d{1,3}(\.\d{1,4})?$/.test(text)) return undefined;
  const share = Number(text) / 100;
  return share <= 1 ? share : undefined;
}

/** The variant that is not off; asked for when there are several. */
async function variantPick(target: FlagTarget, l10n: L10n, wanted: string | undefined): Promise<string | undefined> {
  const names = target.flag.flag.variants.map(({ name }) => name).filter((name) => name !== target.state.offVariant);
  if (wanted !== undefined && names.includes(wanted)) return wanted;
  if (names.length <= 1) return names[0];
  const items = names.map((variant) => ({ label: iconless(variant), variant }));
  return (await vscode.window.showQuickPick(items, { placeHolder: l10n.t('Which variant?') }))?.variant;
}

async function undoTarget(
  { changes, l10n }: ChangeCommandsOf,
  changeId: string | undefined,
  ref: Proposal['ref'],
): Promise<JournalEntry | undefined> {
  const { entries } = await changes.list(changeId === undefined ? undefined : Number.MAX_SAFE_INTEGER);
  const proposed = entries.find(({ id }) => id === changeId);
  const ofFlag =
    ref &&
    entries.filter(
      ({ plan }) => plan.ref.key === ref.key && plan.ref.project === ref.project && plan.ref.system === ref.system,
    );
  // A change that was named is that one or none: never the latest of another flag in its place.
  const entry = changeId === undefined ? (ofFlag ?? entries).find((one) => changes.undoable(one)) : proposed;
  if (!entry) void vscode.window.showInformationMessage(l10n.t('There is no change that can be taken back exactly.'));
  return entry;
}

/** To the change that was named, or to the latest. What a caller claims to be the reason is not looked at. */
async function addReason({ changes, l10n }: ChangeCommandsOf, changeId: string | undefined): Promise<void> {
  const { entries } = await changes.list(changeId === undefined ? undefined : Number.MAX_SAFE_INTEGER);
  const entry = changeId === undefined ? entries[0] : entries.find(({ id }) => id === changeId);
  if (!entry) {
    void vscode.window.showInformationMessage(l10n.t('There is no such change in the journal.'));
    return;
  }
  const { plan, consent } = entry;
  const reason = await vscode.window.showInputBox({
    title: l10n.t('Reason for the change of {0} in {1}', quoted(plan.ref.key), quoted(plan.environment.name)),
    prompt: l10n.t('Why? The reason stands in the journal.'),
    value: consent.reason,
    ignoreFocusOut: true,
    validateInput: (text) =>
      text.trim() === '' || text.length > 2_000 ? l10n.t('A reason of 1 to 2,000 signs, please.') : undefined,
  });
  if (reason !== undefined && reason.trim() !== consent.reason) await changes.giveReason(entry.id, reason);
}
