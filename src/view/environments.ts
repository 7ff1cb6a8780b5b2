import { lastKnown, type Answer } from '../model/answer';
import type { SignalFacts } from '../model/facts';
import type { Environment, FlagSnapshot, FlagState, SilentEnvironment } from '../model/flag';
import { environmentId } from '../model/identity';
import type { L10n } from '../platform/l10n';
import type { ViewContext } from './input';
import { sourceOf } from './subject';

/**
 * A flag's state in an environment of its project. `state` is null where the snapshot says nothing of it; `silent` is set
 * while that environment does not answer, though its project does.
 */
export interface Standing {
  readonly environment: Environment;
  readonly state: FlagState | null;
  readonly silent?: SilentEnvironment | null;
}

/** The flag in each environment of its project, in the system's order. */
export function standings(context: ViewContext, flag: FlagSnapshot): readonly Standing[] {
  const states = new Map(flag.states.map((state) => [environmentId(state.environment), state]));
  const answer = sourceOf(context.flags, flag)?.answer;
  const silent = (answer && lastKnown(answer)?.value.silent) ?? [];
  return context.flags.environments(flag.ref).map((environment) => {
    const id = environmentId(environment.ref);
    return {
      environment,
      state: states.get(id) ?? null,
      silent: silent.length === 0 ? null : (silent.find((one) => environmentId(one.environment) === id) ?? null),
    };
  });
}

/**
 * The one environment shown where there is room for one: the reader's choice where the project has it, else the live
 * one marked production, else the first live one, else what is marked production, else the first.
 */
export function chosenStanding(
  context: ViewContext,
  flag: FlagSnapshot,
  all: readonly Standing[] = standings(context, flag),
): Standing | null {
  return (
    all.find(({ environment }) => environment.ref.name === context.environment) ??
    all.find(({ environment }) => isLive(environment) && environment.production) ??
    all.find(({ environment }) => isLive(environment)) ??
    all.find(({ environment }) => environment.production) ??
    all[0] ??
    null
  );
}

const isLive = ({ kind }: Environment): boolean => kind === 'live';

/**
 * `prod` only for what is marked production, and only where that names one: of several (regions, cells) each goes by
 * its own name, as everything else does; a definition goes by its file. `among`: the environments of its project.
 */
export function shortName(environment: Environment, among: readonly Environment[], l10n: L10n): string {
  if (!isLive(environment)) return environment.sourceName || environment.ref.name;
  if (!environment.production) return environment.ref.name;
  const productions = among.filter((one) => isLive(one) && one.production).length;
  return productions > 1 ? environment.ref.name : l10n.t('prod');
}

/** Nothing names the environment that was asked for: what is shown beside it is telemetry that names none. */
export function namesNoEnvironment({ environment, environments }: SignalFacts): boolean {
  return environment !== '' && !environments.includes(environment);
}

/** `production (live)`. */
export function fullName(environment: Environment, l10n: L10n): string {
  return `${environment.ref.name} (${kindWord(environment, l10n)})`;
}

function kindWord(environment: Environment, l10n: L10n): string {
  switch (environment.kind) {
    case 'live':
      return l10n.t('live');
    case 'definition':
      return l10n.t('{0}, not live', environment.sourceName);
    case 'local':
      return l10n.t('{0}, local', environment.sourceName);
  }
}

/**
 * The environment that speaks for a file as a whole (lenses, status bar): chosen as {@link chosenStanding} does, from
 * all projects in their order. A live one goes before a definition of the same name, which has no signals.
 */
export function fileEnvironment(context: ViewContext): Environment | null {
  const all = environmentsOfAll(context);
  const chosen = all.filter(({ ref }) => ref.name === context.environment);
  return (
    chosen.find(isLive) ??
    chosen[0] ??
    all.find((environment) => isLive(environment) && environment.production) ??
    all.find(isLive) ??
    all.find(({ production }) => production) ??
    all[0] ??
    null
  );
}

function environmentsOfAll(context: ViewContext): readonly Environment[] {
  return context.flags.projects.flatMap(({ answer }) => lastKnown(answer)?.value.environments ?? []);
}

/** Signals that speak for a file as a whole, and the name they are shown under. */
export function fileSignals(context: ViewContext): { name: string; answer: Answer<SignalFacts> | null } {
  const environment = fileEnvironment(context);
  if (!environment) {
    const name = context.environment ?? '';
    return { name, answer: context.signals(name) };
  }
  const answer = environment.kind === 'definition' ? null : context.signals(environment.telemetryName);
  const { system, project } = environment.ref;
  const among = environmentsOfAll(context).filter(({ ref }) => ref.system === system && ref.project === project);
  return { name: shortName(environment, among, context.l10n), answer };
}
