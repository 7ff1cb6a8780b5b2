import { lastKnown } from '../model/answer';
import type { Environment, FlagSnapshot } from '../model/flag';
import { environmentId, flagId } from '../model/identity';
import type { FlagLookup } from '../view/input';
import { shareWords, stateInFull, type Shown } from '../view/shareWords';
import type { DefinitionChange, ReviewInput } from './input';
import type { EnvironmentState, KnownFlag } from './report';

/** A flag as the reviewer is told of it: its effective state in every environment of its project. */
export function knownFlag(flag: FlagSnapshot, lookup: FlagLookup, input: ReviewInput): KnownFlag {
  const change = input.definitions.find(({ before }) => before && flagId(before.ref) === flagId(flag.ref));
  return described(flag, lookup.environments(flag.ref), input, {
    change,
    shown: (environment) => shownIn(flag, environment, lookup),
  });
}

/** A flag that is there only with the change: nobody gets anything of it without. Its environments are the project's. */
export function newFlag(flag: FlagSnapshot, input: ReviewInput): KnownFlag {
  const environments = flag.states.map(({ environment }) => environment);
  const known = input.flagsOf('').environments(flag.ref);
  return {
    ...head(flag),
    environments: environments.map((ref) => {
      const own = known.find(({ ref: one }) => environmentId(one) === environmentId(ref));
      const shown = stateOf(flag, ref);
      return {
        name: ref.name,
        kind: own?.kind ?? 'definition',
        production: own?.production ?? false,
        protected: own?.protected.value ?? false,
        words: input.l10n.t('absent'),
        shares: null,
        ...offOf(shown),
        telemetryName: own?.telemetryName ?? ref.name,
        reach: 'off',
        becomes: stateInFull(flag, shown, input.l10n),
        reachAfter: reachOf(flag, shown, input.l10n),
        evaluations: null,
      };
    }),
  };
}

const head = (flag: FlagSnapshot) => ({
  ref: flag.ref,
  name: flag.name,
  owner: flag.owner,
  archived: flag.archived,
  deprecated: flag.deprecated === true,
  changed: flag.changed,
});

function described(
  flag: FlagSnapshot,
  environments: readonly Environment[],
  input: ReviewInput,
  of: {
    readonly change: DefinitionChange | undefined;
    readonly shown: (environment: Environment) => Shown;
  },
): KnownFlag {
  const { l10n } = input;
  return {
    ...head(flag),
    environments: environments.map((environment): EnvironmentState => {
      const shown = of.shown(environment);
      return {
        name: environment.ref.name,
        kind: environment.kind,
        production: environment.production,
        protected: environment.protected.value,
        words: stateInFull(flag, shown, l10n),
        shares: shown.state?.effective.shares ?? null,
        ...offOf(shown),
        telemetryName: environment.telemetryName,
        reach: reachOf(flag, shown, l10n),
        ...becoming(of.change, flag, environment, input),
        evaluations: evaluationsOf(flag.ref.key, environment, input),
      };
    }),
  };
}

const offOf = ({ state }: Shown): Pick<EnvironmentState, 'offVariant' | 'offVariantReason'> => ({
  offVariant: state?.offVariant ?? null,
  offVariantReason: state?.offVariantReason ?? '',
});

const stateOf = (flag: FlagSnapshot, ref: Environment['ref']): Shown => ({
  state: flag.states.find(({ environment }) => environmentId(environment) === environmentId(ref)) ?? null,
});

function shownIn(flag: FlagSnapshot, environment: Environment, lookup: FlagLookup): Shown {
  const { system, project } = flag.ref;
  const answer = lookup.projects.find((one) => one.system === system && one.project === project)?.answer;
  const silent = (answer && lastKnown(answer)?.value.silent) ?? [];
  const id = environmentId(environment.ref);
  return {
    ...stateOf(flag, environment.ref),
    silent: silent.find((one) => environmentId(one.environment) === id) ?? null,
  };
}

function reachOf(flag: FlagSnapshot, shown: Shown, l10n: ReviewInput['l10n']): EnvironmentState['reach'] {
  const { tone } = shareWords(flag, shown, l10n);
  if (tone === 'off') return 'off';
  if (tone === 'partial') return 'some';
  return tone === 'on' ? 'everyone' : 'unknown';
}

/** What the change makes of its state, where it leaves it not as it is there. */
function becoming(
  change: DefinitionChange | undefined,
  before: FlagSnapshot,
  { ref }: Environment,
  { l10n }: ReviewInput,
): Pick<EnvironmentState, 'becomes' | 'reachAfter'> {
  if (!change) return { becomes: null };
  const { after } = change;
  if (!after) return { becomes: l10n.t('absent'), reachAfter: 'unknown' };
  const [was, is] = [stateOf(before, ref), stateOf(after, ref)];
  const facts = ({ state }: Shown): string =>
    JSON.stringify(state && [state.switch, state.effective, state.rules, state.defaultRule, state.prerequisites]);
  const values = (flag: FlagSnapshot): string => JSON.stringify(flag.variants);
  if (facts(was) === facts(is) && values(before) === values(after)) return { becomes: null };
  return { becomes: stateInFull(after, is, l10n), reachAfter: reachOf(after, is, l10n) };
}

function evaluationsOf(
  key: string,
  { telemetryName }: Environment,
  { signals }: ReviewInput,
): EnvironmentState['evaluations'] {
  const facts = signals.find(({ facts: { environment } }) => environment === telemetryName)?.facts;
  if (!facts) return null;
  const count = facts.flags
    .filter((flag) => flag.key === key && flag.operation === null)
    .reduce((sum, { evaluations }) => sum + evaluations, 0);
  return { count, windowMinutes: facts.windowMinutes, source: facts.source };
}
