import type { Intent, Plan } from '../../model/change';
import type { Environment } from '../../model/flag';
import type { FlagRef } from '../../model/identity';
import type { SystemDeps } from '../deps';
import { isObject } from '../issue';
import { offVariantOf } from '../offVariant';
import { switchDirection } from '../switchDirection';
import { PlanError } from '../system';
import { change, fulfils, type Changing } from './changes';
import type { EnvironmentState, Fresh } from './environmentState';
import { segmentPrints } from './flagModel';
import type { ServerPlan } from './nativePlan';
import { newFlag } from './newFlag';
import { payloadText, readPayload, type Payload } from './payload';
import { PayloadEdits } from './payloadEdits';
import { isDisabled, readState, stateWords, type Reading } from './reading';
import { versionWords, type FliptProject } from './serverProject';

/** What changes of a server's flags are planned and made with. */
export interface Planner {
  readonly project: FliptProject;
  readonly deps: SystemDeps;
}

/** A flag in one environment as the server gave it just now. */
export interface Standing {
  readonly ref: FlagRef;
  readonly environment: Environment;
  readonly state: EnvironmentState;
  readonly fresh: Fresh;
}

/** Reads the flag anew. Rejects with {@link PlanError} for an environment that there is none of. */
export async function standingNow(
  { project, deps }: Planner,
  ref: FlagRef,
  environment: Environment,
  signal: AbortSignal,
): Promise<Standing> {
  if (project.version === 1) throw new PlanError('notWritable', versionWords(deps.l10n));
  const state = project.state(environment.ref.name);
  if (!state) throw new PlanError('unknownFlag', deps.l10n.t('There is no environment "{0}".', environment.ref.name));
  return { ref, environment, state, fresh: await state.read(ref.key, { signal, urgent: true }) };
}

/** The plan of an intent on a flag as it stands. Throws {@link PlanError}. */
export function planIntent(planner: Planner, standing: Standing, intent: Intent): Plan {
  const { l10n } = planner.deps;
  const { ref, fresh, environment } = standing;
  if (intent.kind === 'create') {
    if (fresh.known)
      throw new PlanError(
        'changedSince',
        l10n.t('"{0}" is defined in {1} by now. Look at it again.', ref.key, environment.ref.name),
      );
    const notes = [l10n.t('Who asks for it got the default in the code until now.')];
    return planPayload(planner, standing, intent, payloadOf(newFlag(ref.key, intent, l10n)), notes);
  }
  const known = knownOf(planner, standing);
  const changing = changingOf(planner, standing, known);
  const edits = new PayloadEdits(known);
  const notes = change(changing, edits, intent, l10n);
  if (!fulfils(intent, changingOf(planner, standing, edits.payload)))
    throw new PlanError('unsupported', l10n.t('"{0}" is to be changed in Flipt itself for this.', ref.key));
  return planPayload(planner, standing, intent, edits.payload, notes);
}

/** The plan that makes a flag another; null is none at all. Throws {@link PlanError}. */
export function planPayload(
  planner: Planner,
  standing: Standing,
  intent: Intent,
  after: Payload | null,
  notes: readonly string[],
): Plan {
  const { project, deps } = planner;
  const { ref, environment, fresh } = standing;
  const before = fresh.known?.payload ?? null;
  const from = before && changingOf(planner, standing, before);
  const to = after && changingOf(planner, standing, after);
  if (before && after && payloadText(before) === payloadText(after))
    throw new PlanError(
      'nothingToDo',
      deps.l10n.t('Nothing to do: {0}.', from ? stateWords(from.reading, deps.l10n) : ''),
    );
  const native: ServerPlan = {
    format: 1,
    url: project.client.url,
    namespace: project.id,
    environment: environment.ref.name,
    key: ref.key,
    before: before ? JSON.stringify(before) : '',
    after: after ? JSON.stringify(after) : '',
  };
  const flags = [from?.flag ?? null, to?.flag ?? null];
  const beside = segmentPrints(flags, standing.state.segments, deps.hash);
  return {
    id: deps.hash.random(12),
    ref,
    environment: environment.ref,
    intent,
    direction: from && to ? switchDirection(from.reading, to.reading, from.off.variant, isDisabled) : to ? 'off' : 'up',
    before: sideOf(before, from?.reading ?? null, deps),
    after: sideOf(after, to?.reading ?? null, deps),
    notes: [...notes, ...pollNotes(environment, deps)],
    precondition: { kind: 'atomic', token: fresh.revision },
    approval: 'none',
    native: JSON.stringify({ ...native, beside }),
    inverse: JSON.stringify({ ...native, before: native.after, after: native.before }),
    madeAt: deps.clock.now(),
  };
}

/** The flag that is there. Throws {@link PlanError}. */
export function knownOf({ deps }: Planner, { ref, environment, fresh }: Standing): Payload {
  if (fresh.known) return fresh.known.payload;
  throw new PlanError('unknownFlag', deps.l10n.t('"{0}" is not defined in {1}.', ref.key, environment.ref.name));
}

function changingOf({ project, deps }: Planner, { ref, environment, state }: Standing, payload: Payload): Changing {
  const { flag } = readPayload(payload);
  if (!flag) throw new PlanError('notWritable', deps.l10n.t('Flag "{0}" cannot be read.', ref.key));
  const { segments } = state;
  const reading = readState(flag, segments, deps.l10n);
  const configured = project.offVariant(environment.ref.name, ref.key);
  return { flag, reading, segments, hasDefault: true, off: offVariantOf(reading.variants, configured, deps.l10n) };
}

/** A new flag in the server's own terms: the default stands beside the variants. */
function payloadOf(value: Readonly<Record<string, unknown>>): Payload {
  const { variants, ...flag } = value;
  const named = (Array.isArray(variants) ? variants : []).filter(isObject);
  const fallback = named.find((variant) => variant.default === true)?.key;
  return {
    '@type': 'flipt.core.Flag',
    ...flag,
    description: '',
    variants: named.map(({ key, name }) => ({ key, name })),
    rules: [],
    rollouts: [],
    ...(fallback !== undefined && { defaultVariant: fallback }),
  };
}

const sideOf = (payload: Payload | null, reading: Reading | null, { l10n }: SystemDeps): Plan['before'] =>
  payload && reading
    ? { words: stateWords(reading, l10n), text: payloadText(payload), shares: reading.effective.shares }
    : { words: l10n.t('not defined: everyone gets the default in the code'), text: '', shares: null };

function pollNotes({ pollMs }: Environment, { l10n: { t, locale } }: SystemDeps): string[] {
  if (pollMs === null) return [];
  return [t('SDKs look every {0} s.', new Intl.NumberFormat(locale).format(pollMs / 1000))];
}
