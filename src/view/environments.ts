import { lastKnown, type Answer } from '../model/answer';
import type { SignalFacts } from '../model/facts';
import type { Environment, FlagSnapshot, FlagState } from '../model/flag';
import { environmentId } from '../model/identity';
import type { L10n } from '../platform/l10n';
import type { ViewContext } from './input';

/** A flag's state in an environment of its project. `state` is null where the snapshot says nothing of it. */
export interface Standing {
  readonly environment: Environment;
  readonly state: FlagState | null;
}

/** The flag in each environment of its project, in the system's order. */
export function standings(context: ViewContext, flag: FlagSnapshot): readonly Standing[] {
  const states = new Map(flag.states.map((state) => [environmentId(state.environment), state]));
  return context.flags
    .environments(flag.ref)
    .map((environment) => ({ environment, state: states.get(environmentId(environment.ref)) ?? null }));
}

/**
 * The one environment shown where there is room for one: the reader's choice where the project has it, else the one
 * marked production, else the first live one, else the first.
 */
export function chosenStanding(context: ViewContext, flag: FlagSnapshot): Standing | null {
  const all = standings(context, flag);
  return (
    all.find(({ environment }) => environment.ref.name === context.environment) ??
    all.find(({ environment }) => environment.production) ??
    all.find(({ environment }) => environment.kind === 'live') ??
    all[0] ??
    null
  );
}

/** `prod` only for what is marked production, else its own name; a definition goes by its file. */
export function shortName(environment: Environment, l10n: L10n): string {
  if (environment.kind !== 'live') return environment.sourceName || environment.ref.name;
  return environment.production ? l10n.t('prod') : environment.ref.name;
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
 * the first project that has the reader's choice, else from the first project.
 */
export function fileEnvironment(context: ViewContext): Environment | null {
  const lists = context.flags.projects.flatMap(({ answer }) => {
    const known = lastKnown(answer);
    return known && known.value.environments.length > 0 ? [known.value.environments] : [];
  });
  const all = lists.flat();
  const first = lists[0] ?? [];
  return (
    all.find(({ ref }) => ref.name === context.environment) ??
    first.find(({ production }) => production) ??
    first.find(({ kind }) => kind === 'live') ??
    first[0] ??
    null
  );
}

/** Signals that speak for a file as a whole, and the name they are shown under. */
export function fileSignals(context: ViewContext): { name: string; answer: Answer<SignalFacts> | null } {
  const environment = fileEnvironment(context);
  if (!environment) {
    const name = context.environment ?? '';
    return { name, answer: context.signals(name) };
  }
  const answer = environment.kind === 'definition' ? null : context.signals(environment.telemetryName);
  return { name: shortName(environment, context.l10n), answer };
}
