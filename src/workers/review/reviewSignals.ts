import type { FlagStore } from '../../flags/store';
import { lastKnown } from '../../model/answer';
import type { SignalFacts } from '../../model/facts';
import type { Environment } from '../../model/flag';
import { namesByValue } from '../../model/variantNames';
import type { L10n } from '../../platform/l10n';
import type { CodeSide, Signals } from '../../review/input';
import type { Missing } from '../../review/report';
import type { FactsRequest } from '../../telemetry/api';
import type { WorkspaceSignals } from '../workspaceSignals';

const mostEnvironments = 3;

/** Live environments, those that are production first; without any, telemetry that names none. */
function environmentsOf(flags: FlagStore): readonly Pick<Environment, 'telemetryName'>[] {
  const all = flags
    .projects()
    .flatMap(({ answer }) => lastKnown(answer)?.value.environments ?? [])
    .filter(({ kind }) => kind === 'live');
  const sorted = [...all].sort((a, b) => Number(b.production) - Number(a.production));
  const distinct = [...new Map(sorted.map((environment) => [environment.telemetryName, environment])).values()];
  return distinct.length === 0 ? [{ telemetryName: '' }] : distinct;
}

export interface SignalsAsked {
  readonly flags: FlagStore;
  readonly signals: WorkspaceSignals;
  readonly top: string;
  readonly windowMinutes: number;
  readonly l10n: L10n;
  readonly signal: AbortSignal;
}

/** Environments that telemetry has something of, and why it has nothing of the others. */
export async function telemetryEnvironments(
  of: SignalsAsked,
): Promise<{ readonly names: readonly string[]; readonly missing: readonly Missing[] }> {
  const names: string[] = [];
  const missing: Missing[] = [];
  const all = environmentsOf(of.flags);
  const asked = all.slice(0, mostEnvironments);
  if (asked.length < all.length)
    missing.push({
      source: 'telemetry',
      words: of.l10n.t('Telemetry was asked of {0} of {1} environments.', asked.length, all.length),
    });
  for (const { telemetryName } of asked) {
    const answer = await ask(telemetryName, { codePaths: [], flags: [] }, of);
    if ('missing' in answer) missing.push(answer.missing);
    else if (answer.facts.operationCount > 0) names.push(telemetryName);
    else missing.push({ source: 'telemetry', words: nothingOf(telemetryName, answer.facts.source, of.l10n) });
  }
  if (names.length === 0)
    missing.push({
      source: 'telemetry',
      words: of.l10n.t(
        'Without telemetry, functions that are changed are not told: nothing is known of their traffic.',
      ),
    });
  return { names, missing };
}

/** What telemetry has now of the code as it was, and of the flags of the change. */
export async function reviewSignals(
  names: readonly string[],
  { code, keys, ...of }: SignalsAsked & { readonly code: CodeSide; readonly keys: readonly string[] },
): Promise<{ readonly signals: readonly Signals[]; readonly missing: readonly Missing[] }> {
  const codePaths = code.files.flatMap((file) => file.codePaths);
  const signals: Signals[] = [];
  const missing: Missing[] = [];
  for (const name of names) {
    const flags = keys.map((key) => questionOf(key, name, of.flags, of.top));
    const answer = await ask(name, { codePaths, flags }, of);
    if ('missing' in answer) {
      missing.push(answer.missing);
      continue;
    }
    signals.push({ name, facts: answer.facts });
    for (const { name: source, state, reason } of answer.facts.sources ?? [])
      if (state !== 'ok')
        missing.push({ source: 'telemetry', words: of.l10n.t('{0} did not answer: {1}', source, reason ?? state) });
  }
  return { signals, missing };
}

async function ask(
  environment: string,
  about: Pick<FactsRequest, 'codePaths' | 'flags'>,
  { flags, signals, top, windowMinutes, l10n, signal }: SignalsAsked,
): Promise<{ readonly facts: SignalFacts } | { readonly missing: Missing }> {
  const config = flags.configurationFor(top)?.config;
  const [overrides, services] = [config?.matcher.overrides ?? {}, config?.services ?? {}];
  try {
    return { facts: await signals.facts({ environment, windowMinutes, overrides, services, ...about }, signal) };
  } catch (error) {
    signal.throwIfAborted();
    const why = error instanceof Error ? error.message : String(error);
    const words =
      environment === ''
        ? l10n.t('Telemetry could not be asked: {0}.', why)
        : l10n.t('Telemetry of {0} could not be asked: {1}.', environment, why);
    return { missing: { source: 'telemetry', words } };
  }
}

const nothingOf = (environment: string, source: string, l10n: L10n): string =>
  environment === ''
    ? l10n.t('{0} has no telemetry.', source)
    : l10n.t('{0} has no telemetry of {1}.', source, environment);

function questionOf(key: string, telemetryName: string, flags: FlagStore, top: string): FactsRequest['flags'][number] {
  const [resolved] = flags.resolve(key, top);
  const environment = resolved?.environments.find((one) => one.telemetryName === telemetryName);
  const state = resolved && environment && flags.state(resolved.flag.ref, environment.ref);
  return {
    key,
    at: [],
    effective: state?.effective ?? null,
    offVariant: state?.offVariant ?? null,
    ...(resolved && { variantNames: Object.fromEntries(namesByValue(resolved.flag.variants)) }),
  };
}
