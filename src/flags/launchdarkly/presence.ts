import type { ApplyResult, Intent, Plan } from '../../model/change';
import type { Environment } from '../../model/flag';
import type { FlagRef } from '../../model/identity';
import { PlanError } from '../system';
import { leavesOpen, ApiError } from '../rest/apiErrors';
import { commentOf } from '../rest/comment';
import type { NativePlan } from './nativePlan';
import { apiPaths } from './paths';
import type { Planner } from './planner';
import { anyObjectSchema } from './schema';

type Creation = Extract<Intent, { kind: 'create' }>;
const NEVER = new AbortController().signal;

/** A new flag, off in every environment: LaunchDarkly makes flags for a project as a whole. Rejects with {@link PlanError}. */
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
    throw new PlanError('changedSince', t('"{0}" is in the LaunchDarkly project "{1}" by now.', ref.key, project.id));
  if (!/^[\w.-]{1,256}$/.test(ref.key))
    throw new PlanError(
      'unsupported',
      t('LaunchDarkly takes letters, digits, ".", "_" and "-" in keys, not "{0}".', ref.key),
    );
  // The second value of other types is for a person to think of, and LaunchDarkly wants two that differ.
  if (intent.type !== 'boolean')
    throw new PlanError(
      'unsupported',
      t('A flag of LaunchDarkly needs two different values: make "{0}" there, or as a boolean.', ref.key),
    );
  const variations = [
    { value: true, name: 'on' },
    { value: false, name: 'off' },
  ];
  const body = {
    key: ref.key,
    name: ref.key,
    variations,
    defaults: { onVariation: 0, offVariation: 1 },
    temporary: true,
    isFlagOn: false,
  };
  const base = { format: 1, url: project.client.url, key: ref.key, environment: environment.ref.name } as const;
  const native: NativePlan = { ...base, do: 'create', body };
  const names = variations.map(({ name }) => `"${name}"`).join(', ');
  return {
    id: deps.hash.random(12),
    ref,
    environment: environment.ref,
    intent,
    direction: 'off',
    before: { words: t('not defined: everyone gets the default in the code'), text: '', shares: null },
    after: {
      words: t('off: everyone gets "{0}"', 'off'),
      text: JSON.stringify(body, null, 2),
      shares: { on: 0, off: 1 },
    },
    notes: [
      t(
        'It is made in every environment of the LaunchDarkly project "{0}", with the variations {1}.',
        project.id,
        names,
      ),
      t('Taking it back archives it: LaunchDarkly keeps its key.'),
    ],
    precondition: { kind: 'atomic', token: 'absent' },
    approval: 'none',
    native: JSON.stringify(native),
    inverse: JSON.stringify({ ...base, do: 'archive', patch: [{ op: 'replace', path: '/archived', value: true }] }),
    madeAt: deps.clock.now(),
  };
}

/** Takes a creation back while nobody has changed anything since. Rejects with {@link PlanError}. */
export async function planArchiving(planner: Planner, done: Plan, signal: AbortSignal): Promise<Plan> {
  const { project, deps } = planner;
  const { t } = deps.l10n;
  const listed = await project.read(done.ref.key, signal, true);
  if (!listed || !('flag' in listed) || listed.flag.archived)
    throw new PlanError('nothingToDo', t('"{0}" is gone already.', done.ref.key));
  const { flag, configs } = listed;
  const untouched = [...configs.values()].every(
    (config) => typeof config === 'object' && !config.on && config.version <= 1,
  );
  if (!untouched || typeof flag._version !== 'number' || flag._version > 1)
    throw new PlanError('changedSince', t('"{0}" was changed since: undoing would lose that.', done.ref.key));
  const native: NativePlan = {
    format: 1,
    do: 'archive',
    url: project.client.url,
    key: done.ref.key,
    environment: done.environment.name,
    patch: [
      { op: 'test', path: '/_version', value: flag._version },
      { op: 'replace', path: '/archived', value: true },
    ],
  };
  return {
    ...done,
    id: deps.hash.random(12),
    intent: { kind: 'undo', changeId: done.id },
    // What callers get from then on stands in their code, and may be anything.
    direction: 'up',
    before: { ...done.after, shares: null },
    after: { words: t('archived: everyone gets the default in the code'), text: '', shares: null },
    notes: [t('It is archived in every environment; LaunchDarkly keeps its key.')],
    precondition: { kind: 'atomic', token: `version ${String(flag._version)}` },
    native: JSON.stringify(native),
    inverse: JSON.stringify({ ...native, patch: [{ op: 'replace', path: '/archived', value: false }] }),
    madeAt: deps.clock.now(),
  };
}

/** Makes or archives, and looks at once what became of it where the answer leaves that open. */
export async function applyPresence(
  planner: Planner,
  plan: Plan,
  native: Exclude<NativePlan, { do: 'patch' }>,
  comment: string,
): Promise<ApplyResult> {
  const { project, deps } = planner;
  const { t } = deps.l10n;
  const about = { project: project.id, key: native.key };
  try {
    const asked = { about, signal: NEVER };
    const answer =
      native.do === 'create'
        ? await project.client.write('POST', apiPaths.create(project.id), native.body, anyObjectSchema, asked)
        : await project.client.write(
            'PATCH',
            apiPaths.patch(project.id, native.key, false),
            { comment: commentOf(plan.id, comment), patch: native.patch },
            anyObjectSchema,
            asked,
          );
    project.take(native.key, answer);
    return { kind: 'applied', version: presenceVersion(planner, native) };
  } catch (error) {
    if (!ApiError.is(error)) throw error;
    if (leavesOpen(error.reason) || error.reason === 'moved') {
      const result = await settledPresence(planner, native, NEVER).catch(() => null);
      if (result?.kind === 'applied' && error.reason !== 'moved') return result;
      if (error.reason !== 'moved') return { kind: 'unknown', words: error.message };
      return { kind: 'conflict', words: t('{0} Nothing was written.', error.message), theirs: '' };
    }
    return { kind: 'refused', words: t('{0} Nothing was written.', error.message) };
  }
}

/** What became of it, by whether the flag is there. */
export async function settledPresence(
  planner: Planner,
  native: Exclude<NativePlan, { do: 'patch' }>,
  signal: AbortSignal,
): Promise<ApplyResult> {
  const { project, deps } = planner;
  const listed = await project.read(native.key, signal, true);
  const there = listed !== null && 'flag' in listed && !listed.flag.archived;
  if (there === (native.do === 'create')) return { kind: 'applied', version: presenceVersion(planner, native) };
  return { kind: 'refused', words: deps.l10n.t('It was not written: "{0}" is as it was.', native.key) };
}

function presenceVersion({ project, deps }: Planner, { key, environment }: NativePlan): string {
  const state = project.flag(key)?.states.find((each) => each.environment.name === environment);
  return state?.version ?? deps.hash.sha256(key).slice(0, 20);
}
