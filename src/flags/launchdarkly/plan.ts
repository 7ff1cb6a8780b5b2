import type { Intent, Plan } from '../../model/change';
import type { Environment } from '../../model/flag';
import type { FlagRef } from '../../model/identity';
import type { SystemDeps } from '../deps';
import { stateWords } from '../rest/stateWords';
import { PlanError } from '../system';
import { changedState } from './changes';
import { directionOf } from './direction';
import { instructionWords, type NativePlan, type PatchPlan } from './nativePlan';
import { instructionsBetween, patchBetween } from './operations';
import type { Planner } from './planner';
import { isSameState, rawStateOf, textOf, type RawState } from './rawState';
import { readState } from './reading';
import { rehearse } from './rehearsal';
import { scheduleWords } from './schedule';
import type { LdFlag } from './schema';
import { offVariantOf } from './snapshot';
import type { Changed, Standing } from './standing';
import { variantsOf } from './variants';

/** A flag in one environment as LaunchDarkly has it now. */
export interface Fresh {
  readonly environment: Environment;
  readonly flag: LdFlag;
  readonly raw: RawState;
  readonly text: string;
  readonly version: number;
  readonly standing: Standing;
  /** What LaunchDarkly will change by itself. */
  readonly schedule: readonly string[];
}

/** Asks LaunchDarkly for the flag. Rejects with {@link PlanError}, or why LaunchDarkly cannot be asked. */
export async function freshFlag(
  { project, deps }: Planner,
  key: string,
  environment: Environment,
  signal: AbortSignal,
): Promise<Fresh> {
  const { t } = deps.l10n;
  const { name } = environment.ref;
  const place = { project: project.id, environment: name, key };
  const [listed, schedule] = await Promise.all([
    project.read(key, signal, true),
    scheduleWords(project.client, place, deps.l10n, signal),
  ]);
  if (!listed)
    throw new PlanError('unknownFlag', t('"{0}" is no longer in the LaunchDarkly project "{1}".', key, project.id));
  if (!('flag' in listed)) throw new PlanError('notWritable', listed.reason);
  const { flag, configs } = listed;
  if (flag.archived) throw new PlanError('notWritable', t('"{0}" is archived. Restore it in LaunchDarkly first.', key));
  const config = configs.get(name);
  if (typeof config === 'string') throw new PlanError('notWritable', config);
  const raw = config && rawStateOf(config);
  if (!config) throw new PlanError('unknownFlag', t('"{0}" does not exist in {1}.', key, name));
  if (!raw)
    throw new PlanError(
      'unsupported',
      t('LaunchDarkly says too little of "{0}" in {1} to change it safely.', key, name),
    );
  const variants = variantsOf(flag.variations).map((variant) => variant.name);
  const off = offVariantOf(raw.offVariation, flag, variants, deps.l10n);
  const standing: Standing = {
    flag,
    environment: name,
    raw,
    variants,
    off: off.at === null || off.variant === null ? null : { at: off.at, name: off.variant },
    offReason: off.reason,
  };
  return { environment, flag, raw, text: textOf(raw), version: config.version, standing, schedule };
}

/** The plan of an intent on a flag as it is now. Rejects with {@link PlanError}. */
export function planIntent(
  planner: Planner,
  ref: FlagRef,
  fresh: Fresh,
  intent: Intent,
  signal: AbortSignal,
): Promise<Plan> {
  return planState(planner, ref, fresh, intent, changedState(fresh.standing, intent, planner.deps.l10n), signal);
}

/** The plan that gives a flag another state, tried on LaunchDarkly without effect. Rejects with {@link PlanError}. */
export async function planState(
  planner: Planner,
  ref: FlagRef,
  fresh: Fresh,
  intent: Intent,
  changed: Changed,
  signal: AbortSignal,
): Promise<Plan> {
  const { project, deps } = planner;
  const { l10n } = deps;
  const { t } = l10n;
  const { environment, raw, version, standing } = fresh;
  const { name } = environment.ref;
  const before = readState(raw, standing.variants, l10n);
  if (isSameState(raw, changed.raw))
    throw new PlanError('nothingToDo', t('Nothing to do: {0}.', stateWords(before, l10n)));
  const after = readState(changed.raw, standing.variants, l10n);
  const patch = patchBetween(raw, changed.raw, name, version);
  const ids = fresh.flag.variations.map(({ _id }) => _id);
  const instructions = instructionsBetween(raw, changed.raw, ids) ?? [{ kind: 'patch', patch }];
  const native: PatchPlan = {
    format: 1,
    do: 'patch',
    url: project.client.url,
    key: ref.key,
    environment: name,
    version,
    patch,
    instructions,
    before: fresh.text,
    after: textOf(changed.raw),
  };
  const id = deps.hash.random(12);
  const rehearsed = await rehearse(planner, native, id, changed.raw, signal);
  const inverse: NativePlan = {
    ...native,
    version: version + 1,
    patch: patchBetween(changed.raw, raw, name, version + 1),
    instructions: instructionsBetween(changed.raw, raw, ids) ?? [{ kind: 'patch' }],
    before: native.after,
    after: native.before,
  };
  return {
    id,
    ref,
    environment: environment.ref,
    intent,
    direction: directionOf(
      { raw, reading: before },
      { raw: changed.raw, reading: after },
      standing.off?.at ?? null,
      standing.variants,
    ),
    before: { words: stateWords(before, l10n), text: native.before, shares: before.effective.shares },
    after: { words: stateWords(after, l10n), text: native.after, shares: after.effective.shares },
    notes: [
      ...changed.notes,
      t('In LaunchDarkly: {0}.', instructionWords(instructions, l10n)),
      ...fresh.schedule.map((words) => t('LaunchDarkly has a change scheduled. {0}.', words)),
      ...rehearsed.notes,
      ...(rehearsed.approval === 'required'
        ? [t('{0} wants approval: a request is opened for others to approve, and nothing changes until then.', name)]
        : []),
      ...(project.facts.requiresComment(name)
        ? [t('{0} wants a comment with every change: your reason is sent.', name)]
        : []),
      t('SDKs that stream follow at once, those that poll within {0} s.', seconds(environment, deps)),
    ],
    precondition: { kind: 'atomic', token: `${name} version ${String(version)}` },
    approval: rehearsed.approval,
    native: JSON.stringify(native),
    inverse: JSON.stringify(inverse),
    madeAt: deps.clock.now(),
  };
}

const seconds = ({ pollMs }: Environment, { l10n }: SystemDeps): string =>
  new Intl.NumberFormat(l10n.locale).format((pollMs ?? 30_000) / 1000);
