import type { ApplyResult, Intent, Plan } from '../../model/change';
import type { Environment } from '../../model/flag';
import type { FlagRef } from '../../model/identity';
import { ApiError, leavesOpen } from '../rest/apiErrors';
import { PlanError } from '../system';
import { NEVER } from './drafts';
import type { NativePlan } from './nativePlan';
import { ALL_PROJECTS, apiPaths } from './paths';
import { rehearse } from './plan';
import type { Planner } from './planner';
import { featureAnswerSchema } from './schema';

type Creation = Extract<Intent, { kind: 'create' }>;
export type CreatePlan = Extract<NativePlan, { do: 'create' }>;

const valueTypes = { boolean: 'boolean', string: 'string', number: 'number', object: 'json' } as const;

/** A new flag, off in every environment: GrowthBook's flags are in all of them. Rejects with {@link PlanError}. */
export async function planCreation(
  planner: Planner,
  ref: FlagRef,
  environment: Environment,
  intent: Creation,
  signal: AbortSignal,
): Promise<Plan> {
  const { project, deps } = planner;
  const { t } = deps.l10n;
  if (await project.read(ref.key, signal, true))
    throw new PlanError('changedSince', t('"{0}" is in the GrowthBook project "{1}" by now.', ref.key, project.id));
  if (!/^[\w.:|-]{1,256}$/.test(ref.key))
    throw new PlanError(
      'unsupported',
      t('GrowthBook takes letters, digits, ".", ":", "|", "_" and "-" in keys, not "{0}".', ref.key),
    );
  const value = intent.type === 'boolean' ? false : intent.off;
  if (value === undefined)
    throw new PlanError(
      'unsupported',
      t('Say which value "{0}" has where it is off: it is its default value.', ref.key),
    );
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  const body = {
    id: ref.key,
    valueType: valueTypes[intent.type],
    defaultValue: text,
    ...(project.id !== ALL_PROJECTS && { project: project.id }),
    environments: Object.fromEntries(project.facts.known.map((name) => [name, { enabled: false }])),
  };
  const native: NativePlan = {
    format: 1,
    do: 'create',
    url: project.client.url,
    key: ref.key,
    environment: environment.ref.name,
    body,
  };
  return {
    id: deps.hash.random(12),
    ref,
    environment: environment.ref,
    intent,
    direction: 'off',
    before: { words: t('not defined: everyone gets the default in the code'), text: '', shares: null },
    after: {
      words: t('off: everyone gets the default in the code'),
      text: JSON.stringify(body, null, 2),
      shares: null,
    },
    notes: [
      t('It is made in every environment of GrowthBook, off, with the default value {0}.', text),
      t('Taking it back archives it: GrowthBook keeps its key.'),
    ],
    precondition: { kind: 'atomic', token: 'absent' },
    approval: 'none',
    native: JSON.stringify(native),
    inverse: JSON.stringify({ ...native, do: 'archive', version: 1, edits: [{ do: 'archive', archived: true }] }),
    madeAt: deps.clock.now(),
  };
}

/** Takes a creation back while nobody has changed anything since. Rejects with {@link PlanError}. */
export async function planArchiving(planner: Planner, done: Plan, signal: AbortSignal): Promise<Plan> {
  const { project, deps } = planner;
  const { t } = deps.l10n;
  const { key } = done.ref;
  const listed = await project.read(key, signal, true);
  if (!listed || !('feature' in listed) || listed.feature.archived)
    throw new PlanError('nothingToDo', t('"{0}" is gone already.', key));
  const { revision, rules, environments } = listed.feature;
  const untouched = rules.length === 0 && Object.values(environments).every(({ enabled }) => !enabled);
  if (!untouched || revision.version > 1)
    throw new PlanError('changedSince', t('"{0}" was changed since: undoing would lose that.', key));
  await rehearse(planner, key, done.environment.name, signal);
  const native: NativePlan = {
    format: 1,
    do: 'archive',
    url: project.client.url,
    key,
    environment: done.environment.name,
    version: revision.version,
    edits: [{ do: 'archive', archived: true }],
  };
  return {
    ...done,
    id: deps.hash.random(12),
    intent: { kind: 'undo', changeId: done.id },
    // What callers get from then on stands in their code, as it does while it is off.
    direction: 'sideways',
    before: { ...done.after, shares: null },
    after: { words: t('archived: everyone gets the default in the code'), text: '', shares: null },
    notes: [t('It is archived in every environment; GrowthBook keeps its key.')],
    precondition: { kind: 'compareThenWrite', token: t('revision {0}', revision.version) },
    native: JSON.stringify(native),
    inverse: JSON.stringify({ ...native, edits: [{ do: 'archive', archived: false }] }),
    madeAt: deps.clock.now(),
  };
}

/** Makes a flag, and looks at once what became of it where the answer leaves that open. */
export async function applyCreation(planner: Planner, native: CreatePlan): Promise<ApplyResult> {
  const { project, deps } = planner;
  const { t } = deps.l10n;
  const asked = { about: { project: project.id, environment: native.environment, key: native.key }, signal: NEVER };
  try {
    const { feature } = await project.client.write('POST', apiPaths.create, native.body, featureAnswerSchema, asked);
    project.take(native.key, feature);
    project.hurry();
    return { kind: 'applied', version: createdVersion(planner, native) };
  } catch (error) {
    if (!ApiError.is(error)) throw error;
    project.noteRefusal(native.environment, error);
    if (leavesOpen(error.reason)) {
      const result = await settledCreation(planner, native, NEVER).catch(() => null);
      return result?.kind === 'applied' ? result : { kind: 'unknown', words: error.message };
    }
    const there = await project.read(native.key, NEVER, true).catch(() => null);
    const words = t('{0} Nothing was written.', error.message);
    return there ? { kind: 'conflict', words, theirs: '' } : { kind: 'refused', words };
  }
}

/** What became of it, by whether the flag is there. */
export async function settledCreation(planner: Planner, native: CreatePlan, signal: AbortSignal): Promise<ApplyResult> {
  const listed = await planner.project.read(native.key, signal, true);
  if (listed && 'feature' in listed && !listed.feature.archived)
    return { kind: 'applied', version: createdVersion(planner, native) };
  return { kind: 'refused', words: planner.deps.l10n.t('It was not written: "{0}" is as it was.', native.key) };
}

function createdVersion({ project, deps }: Planner, { key, environment }: CreatePlan): string {
  const state = project.flag(key)?.states.find((each) => each.environment.name === environment);
  return state?.version ?? deps.hash.sha256(key).slice(0, 20);
}
