import type { Intent, Plan } from '../../model/change';
import type { Environment } from '../../model/flag';
import type { FlagRef } from '../../model/identity';
import type { SystemDeps } from '../deps';
import { serveWords } from '../serveWords';
import { PlanError } from '../system';
import { changedState, newRollout } from './changes';
import type { UnleashClient } from './client';
import { directionOf } from './direction';
import type { EffectiveState } from './effective';
import { environmentState, readings } from './environmentState';
import { seenEvents } from './flagEvents';
import { stepWords, type NativePlan } from './nativePlan';
import type { UnleashProject } from './project';
import { idOf, asDetailEnvironment, parseRaw, stepsBetween, textOf, type RawState } from './rawState';
import { strategySchema, type Detail } from './schema';
import { readState, variantsOf } from './snapshot';
import type { Changed, Standing } from './standing';

/** What planning needs of the system. */
export interface Planner {
  readonly client: UnleashClient;
  readonly project: UnleashProject;
  readonly deps: SystemDeps;
}

/** A flag in one environment as Unleash has it now. */
export interface Fresh {
  readonly environment: Environment;
  readonly detail: Detail;
  readonly raw: RawState;
  readonly text: string;
  readonly seenEvents: readonly number[] | null;
}

/** Asks Unleash for the flag. Rejects with {@link PlanError}, or why Unleash cannot be asked. */
export async function freshFlag(
  { client, project, deps }: Planner,
  key: string,
  environment: Environment,
  signal: AbortSignal,
): Promise<Fresh> {
  const { t } = deps.l10n;
  const { name } = environment.ref;
  const seen = await seenEvents(client, project.id, key, signal);
  const answer = await project.details.read(key, signal);
  if (answer.kind === 'unreadable') throw new PlanError('notWritable', answer.reason);
  if (answer.kind === 'gone')
    throw new PlanError('unknownFlag', t('"{0}" is no longer in the Unleash project "{1}".', key, project.id));
  const { detail } = answer;
  if (detail.archived === true)
    throw new PlanError('notWritable', t('"{0}" is archived. Revive it in Unleash first.', key));
  const found = detail.environments.find((each) => each.name === name);
  if (!found) throw new PlanError('unknownFlag', t('"{0}" does not exist in {1}.', key, name));
  const state = environmentState(found);
  const raw = parseRaw(state.raw);
  // What has no id could only be added once more.
  if (!raw || state.unreadable > 0 || raw.strategies.some((strategy) => idOf(strategy) === ''))
    throw new PlanError(
      'unsupported',
      t('"{0}" has strategies in {1} that cannot be read. Change it in Unleash.', key, name),
    );
  return { environment, detail, raw, text: state.raw, seenEvents: seen };
}

/** The plan of an intent on a flag as it is now. Rejects with {@link PlanError}. */
export function planIntent(planner: Planner, ref: FlagRef, fresh: Fresh, intent: Intent): Plan {
  const { l10n } = planner.deps;
  const standing = standingOf(planner, ref.key, fresh);
  return planState(planner, ref, fresh, intent, changedState(standing, intent, l10n));
}

/** The plan that gives a flag another state. */
export function planState(planner: Planner, ref: FlagRef, fresh: Fresh, intent: Intent, changed: Changed): Plan {
  const { client, project, deps } = planner;
  const { t } = deps.l10n;
  const { environment, detail, raw } = fresh;
  const { name } = environment.ref;
  const before = readOf(planner, raw, fresh);
  const steps = stepsBetween(raw, changed.raw);
  if (steps.length === 0) throw new PlanError('nothingToDo', t('Nothing to do: {0}.', stateWords(before, deps.l10n)));
  const addition = steps.some((step) => step.do === 'on') ? addedByUnleash(planner, ref.key, name, changed.raw) : null;
  const planned = addition ? { ...changed.raw, strategies: [...changed.raw.strategies, addition] } : changed.raw;
  const after = readOf(planner, planned, fresh);
  const native: NativePlan = {
    format: 1,
    url: client.url,
    key: ref.key,
    environment: name,
    steps,
    before: fresh.text,
    after: textOf(planned),
    seenEvents: fresh.seenEvents === null ? null : [...fresh.seenEvents],
  };
  const inverse: NativePlan = {
    ...native,
    steps: stepsBetween(planned, raw),
    before: native.after,
    after: native.before,
    seenEvents: null,
  };
  return {
    id: deps.hash.random(12),
    ref,
    environment: environment.ref,
    intent,
    direction: directionOf(before, after),
    before: { words: stateWords(before, deps.l10n), text: native.before, shares: before.effective.shares },
    after: { words: stateWords(after, deps.l10n), text: native.after, shares: after.effective.shares },
    notes: [
      ...changed.notes,
      ...(addition
        ? [t('It has no active strategy: Unleash adds its default one, so that {0}.', stateWords(after, deps.l10n))]
        : []),
      ...dependentNotes(planner, detail, planned.enabled),
      t('In Unleash: {0}.', stepWords(steps, deps.l10n)),
      ...approvalNotes(planner, name),
      ...(environment.pollMs === null
        ? []
        : [t('SDKs follow within {0} s.', new Intl.NumberFormat(deps.l10n.locale).format(environment.pollMs / 1000))]),
      t(
        'Unleash cannot check and write in one: a change of somebody else at the same moment would be overwritten, and is named afterwards.',
      ),
    ],
    precondition: { kind: 'compareThenWrite', token: deps.hash.sha256(native.before).slice(0, 20) },
    approval: project.facts.rights.needsApproval(name) ? 'required' : 'none',
    native: JSON.stringify(native),
    inverse: JSON.stringify(inverse),
    madeAt: deps.clock.now(),
  };
}

/** What a flag does, in one sentence part: `25% "enabled", 75% "disabled"`. */
export function stateWords(state: EffectiveState, l10n: Planner['deps']['l10n']): string {
  const { t } = l10n;
  const { ruleCount, kind } = state.effective;
  const serve = state.defaultRule.kind === 'dynamic' ? state.defaultRule.words : serveWords(state.defaultRule, l10n);
  if (kind !== 'rules') return serve;
  return ruleCount === 1 ? t('1 rule, else {0}', serve) : t('{0} rules, else {1}', ruleCount, serve);
}

function standingOf(planner: Planner, key: string, fresh: Fresh): Standing {
  const { environment, raw } = fresh;
  const { name } = environment.ref;
  const state = environmentState(asDetailEnvironment(name, raw));
  return {
    key,
    environment: name,
    raw,
    active: readings(state, planner.project.segments, planner.deps.l10n),
    state: readOf(planner, raw, fresh),
    variants: variantNames(fresh.detail),
  };
}

const variantNames = (detail: Detail): string[] =>
  variantsOf(detail.environments.map(environmentState)).map(({ name }) => name);

function readOf({ project, deps }: Planner, raw: RawState, { detail, environment }: Fresh): EffectiveState {
  const state = environmentState(asDetailEnvironment(environment.ref.name, raw));
  const { segments } = project;
  return readState(state, detail.dependencies.length, variantNames(detail), { l10n: deps.l10n, segments });
}

/** Switched on with no active strategy, a flag gets the project's default strategy, else one for everyone. */
function addedByUnleash(
  { project }: Planner,
  key: string,
  environment: string,
  raw: RawState,
): Readonly<Record<string, unknown>> | null {
  if (raw.strategies.some(({ disabled }) => disabled !== true)) return null;
  const mark = project.facts.marks.find(({ name }) => name === environment);
  const standard = strategySchema.safeParse(mark?.defaultStrategy).data;
  if (!standard) return newRollout(key, 100);
  const { name, constraints, variants, segments, parameters } = standard;
  return {
    name,
    constraints,
    variants,
    segments,
    parameters: { ...parameters, ...('rollout' in parameters && { groupId: key }) },
    disabled: false,
  };
}

function dependentNotes({ deps }: Planner, { children }: Detail, enabled: boolean): string[] {
  if (enabled || children.length === 0) return [];
  const shown = children.slice(0, 6).join(', ');
  return [deps.l10n.t('Flags that depend on it are off with it: {0}.', children.length > 6 ? `${shown}, …` : shown)];
}

function approvalNotes({ project, deps }: Planner, environment: string): string[] {
  const { rights } = project.facts;
  const { t } = deps.l10n;
  if (rights.needsApproval(environment))
    return [t('It is added to your draft change request in Unleash; send it for review there.')];
  return rights.asksApproval(environment)
    ? [t('Changes in {0} need approval; this token goes past it.', environment)]
    : [];
}
