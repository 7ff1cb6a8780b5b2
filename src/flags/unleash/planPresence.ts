import type { Intent, Plan } from '../../model/change';
import type { Environment } from '../../model/flag';
import type { FlagRef } from '../../model/identity';
import { PlanError } from '../system';
import { environmentState } from './environmentState';
import { seenEvents } from './flagEvents';
import { stateWords, type Planner } from './plan';
import { nameRefused, presenceOf } from './presence';
import type { PresencePlan } from './presencePlan';
import { readState } from './snapshot';
import { OFF, ON } from './strategies';

/** What Unleash makes of a flag of which nothing else was said. */
const TYPE = 'release';

interface Asked {
  readonly ref: FlagRef;
  readonly environment: Environment;
  readonly intent: Intent;
}

/** A new flag, off in every environment: Unleash's flags are the project's. Rejects with {@link PlanError}. */
export async function planMaking(planner: Planner, asked: Asked, signal: AbortSignal, type = TYPE): Promise<Plan> {
  const { project, deps } = planner;
  const { t } = deps.l10n;
  const { ref, environment, intent } = asked;
  const { name } = environment.ref;
  const seen = await seenEvents(planner.client, project.id, ref.key, signal);
  const { kind } = await presenceOf(planner, ref.key, name, signal);
  if (kind !== 'gone')
    throw new PlanError('changedSince', t('"{0}" is defined in {1} by now. Look at it again.', ref.key, project.id));
  if (!project.facts.rights.mayMake())
    throw new PlanError(
      'notWritable',
      t('The token\'s owner may not make flags. Ask for the role "Member" in the Unleash project "{0}".', project.id),
    );
  const refused = await nameRefused(planner, ref.key, signal);
  if (refused !== null) throw new PlanError('unsupported', refused);
  const environments = project.facts.known.length > 0 ? project.facts.known : [name];
  return planOf(planner, asked, { presence: 'make', type, seenEvents: seen }, 'off', {
    before: absentSide(planner),
    after: madeSide(planner, name),
    notes: [
      t('It is made in the Unleash project "{0}", off in every environment: {1}.', project.id, environments.join(', ')),
      t('Who asks for it got the default in the code until now.'),
      ...(intent.kind === 'create' && intent.type !== 'boolean'
        ? [t('Flags of Unleash have no type: values come with the variants of its strategies.')]
        : []),
    ],
  });
}

/** Takes back that a flag was made or taken out. Rejects with {@link PlanError}. */
export async function planPresenceUndo(
  planner: Planner,
  { ref, id }: Pick<Plan, 'ref' | 'id'>,
  done: PresencePlan,
  environment: Environment,
  signal: AbortSignal,
): Promise<Plan> {
  const { t } = planner.deps.l10n;
  const asked: Asked = { ref, environment, intent: { kind: 'undo', changeId: id } };
  if (done.presence === 'remove') return planMaking(planner, asked, signal, done.type);
  const found = await presenceOf(planner, ref.key, environment.ref.name, signal);
  if (found.kind === 'gone')
    throw new PlanError(
      'changedSince',
      t('"{0}" is no longer in the Unleash project "{1}".', ref.key, planner.project.id),
    );
  if (found.kind === 'touched')
    throw new PlanError(
      'changedSince',
      t('"{0}" was changed since it was made: {1}. Undoing would lose that.', ref.key, found.words),
    );
  const seen = await seenEvents(planner.client, planner.project.id, ref.key, signal);
  // What callers get from then on stands in their code, and may be anything.
  return planOf(planner, asked, { presence: 'remove', type: found.type, seenEvents: seen }, 'up', {
    before: madeSide(planner, environment.ref.name),
    after: absentSide(planner),
    notes: [
      t('It is archived and deleted in Unleash, in every environment.'),
      t('Unleash cannot check and write in one: what somebody gives it at the same moment goes with it.'),
    ],
  });
}

function planOf(
  { client, deps }: Planner,
  { ref, environment, intent }: Asked,
  change: Pick<PresencePlan, 'presence' | 'type' | 'seenEvents'>,
  direction: Plan['direction'],
  said: Pick<Plan, 'before' | 'after' | 'notes'>,
): Plan {
  const native: PresencePlan = {
    ...{ format: 1, url: client.url, key: ref.key, environment: environment.ref.name },
    ...change,
  };
  const inverse: PresencePlan = {
    ...native,
    presence: native.presence === 'make' ? 'remove' : 'make',
    seenEvents: null,
  };
  return {
    id: deps.hash.random(12),
    ref,
    environment: environment.ref,
    intent,
    direction,
    ...said,
    // Names are unique on the server: of two who make one, one is told so.
    precondition: { kind: native.presence === 'make' ? 'atomic' : 'compareThenWrite', token: native.presence },
    approval: 'none',
    native: JSON.stringify(native),
    inverse: JSON.stringify(inverse),
    madeAt: deps.clock.now(),
  };
}

function madeSide({ project, deps }: Planner, name: string): Plan['before'] {
  const state = environmentState({ name, enabled: false, strategies: [], variants: [], type: null });
  const read = readState(state, 0, [ON, OFF], { l10n: deps.l10n, segments: project.segments });
  return { words: stateWords(read, deps.l10n), text: state.raw, shares: read.effective.shares };
}

const absentSide = ({ deps: { l10n } }: Planner): Plan['before'] => ({
  words: l10n.t('not defined: everyone gets the default in the code'),
  text: '',
  shares: null,
});
