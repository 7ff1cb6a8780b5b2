import type { ResolvedFlag } from '../flags/api';
import { lastKnown } from '../model/answer';
import type { FlagFacts, SignalFacts, Totals } from '../model/facts';
import type { Environment, FlagState } from '../model/flag';
import { environmentId } from '../model/identity';
import { namesByValue } from '../model/variantNames';
import type { L10n } from '../platform/l10n';
import { systemClock } from '../platform/node/clock';
import { totalsInWords } from '../view/lenses';
import { numbersFor } from '../view/numbers';
import { sourceLines, sourceName, sourceWords, tellsNoArms } from '../view/signalSources';
import { ruleInWords, stateInFull } from '../view/shareWords';
import { dotted, oneLine, quoted } from '../view/text';
import { judgedSentence } from '../view/verdictWords';
import type { Command } from './commandLine';
import { scanForKey } from './scanForKey';
import { StoreOwner } from '../workers/storeOwner';
import { exitCodes, type Surroundings } from './surroundings';
import { Workspace } from './workspace';
import type { WorkspaceSignals } from '../workers/workspaceSignals';

/** The signals of one environment, or why there are none. */
type Telemetry =
  { readonly state: 'ok'; readonly facts: SignalFacts } | { readonly state: 'couldNotAsk'; readonly reason: string };

interface EnvironmentStatus {
  readonly environment: Environment;
  readonly state: FlagState | null;
  readonly words: string;
  readonly telemetry: Telemetry;
}

/** `status KEY`: what the flag does in each environment, and what the people behind each variant get. */
export async function statusCommand(
  { key, place, windowMinutes, references, json }: Extract<Command, { name: 'status' }>,
  surroundings: Surroundings,
): Promise<number> {
  const { out, err, l10n } = surroundings;
  const workspace = await Workspace.open(place, surroundings);
  try {
    const found = workspace.flag(key, place);
    const wanted = place.environment === null ? found.environments : [workspace.environment(found, place)];
    const signals = workspace.signals(new StoreOwner(surroundings.http, await surroundings.home()));
    const statuses: EnvironmentStatus[] = [];
    for (const environment of wanted) {
      statuses.push(await statusOf(found, environment, { signals, windowMinutes, surroundings }));
    }
    const places = references ? await scanForKey(workspace.folder, key, (text) => err(text)) : null;
    if (json) {
      // The states are with their environments.
      const flag = { ...found.flag, states: undefined };
      out(`${JSON.stringify({ flag, environments: statuses, ...(places && { references: places }) })}\n`);
    } else {
      out(`${dotted(oneLine(key), found.flag.name === null ? null : oneLine(found.flag.name), found.flag.type)}\n`);
      for (const status of statuses) for (const line of linesOf(found, status, windowMinutes, l10n)) out(`${line}\n`);
      for (const { path, line, kind } of places ?? []) out(`${oneLine(path, 1_000)}:${line}  ${kind}\n`);
    }
    const silent = statuses.flatMap(({ telemetry }) => (telemetry.state === 'ok' ? [] : [telemetry.reason]));
    for (const reason of new Set(silent)) err(`${l10n.t('Telemetry could not be asked: {0}.', reason)}\n`);
    return exitCodes.done;
  } finally {
    workspace.dispose();
  }
}

async function statusOf(
  { flag, project }: ResolvedFlag,
  environment: Environment,
  ask: { readonly signals: WorkspaceSignals; readonly windowMinutes: number; readonly surroundings: Surroundings },
): Promise<EnvironmentStatus> {
  const id = environmentId(environment.ref);
  const state = flag.states.find((one) => environmentId(one.environment) === id) ?? null;
  const silent = lastKnown(project.answer)?.value.silent?.find((one) => environmentId(one.environment) === id) ?? null;
  const words = stateInFull(flag, { state, silent }, ask.surroundings.l10n);
  const request = {
    environment: environment.telemetryName,
    windowMinutes: ask.windowMinutes,
    codePaths: [],
    overrides: {},
    services: {},
    flags: [
      {
        key: flag.ref.key,
        at: [],
        effective: state?.effective ?? null,
        offVariant: state?.offVariant ?? null,
        ...(flag.changed && { changedAt: flag.changed.at }),
        variantNames: Object.fromEntries(namesByValue(flag.variants)),
      },
    ],
  };
  try {
    const facts = await ask.signals.facts(request, ask.surroundings.signal);
    return { environment, state, words, telemetry: { state: 'ok', facts } };
  } catch (error) {
    const reason = oneLine(error instanceof Error ? error.message : String(error), 300);
    return { environment, state, words, telemetry: { state: 'couldNotAsk', reason } };
  }
}

function linesOf(
  { flag }: ResolvedFlag,
  { environment, state, words, telemetry }: EnvironmentStatus,
  windowMinutes: number,
  l10n: L10n,
): readonly string[] {
  const marks = dotted(environment.kind, environment.protected.value && l10n.t('protected'), environment.sourceName);
  const lines = [`${oneLine(environment.ref.name)}  ${oneLine(words)}  (${oneLine(marks)})`];
  for (const rule of state?.rules ?? []) lines.push(`  ${oneLine(ruleInWords(rule, l10n), 300)}`);
  for (const words of state?.schedule ?? []) lines.push(`  ${oneLine(words, 300)}`);
  if (telemetry.state !== 'ok') return [...lines, `  ${l10n.t('telemetry: could not ask')}`];
  const { facts } = telemetry;
  const ofFlag = facts.flags.filter(({ key }) => key === flag.ref.key);
  const window = numbersFor(l10n).window(windowMinutes);
  if (ofFlag.length === 0) lines.push(`  ${l10n.t('no traffic')} · ${window}`);
  for (const service of ofFlag) lines.push(...serviceLines(facts, service, window, l10n));
  const now = systemClock.now();
  if (facts.sources) for (const { name, words } of sourceLines(facts, now, l10n)) lines.push(`  ${name}: ${words}`);
  else lines.push(`  ${sourceWords(facts, null, now, l10n)}`);
  return lines;
}

function serviceLines(all: SignalFacts, facts: FlagFacts, window: string, l10n: L10n): readonly string[] {
  const { percentInFull, count } = numbersFor(l10n);
  const observed = Object.entries(facts.observed).map(([name, share]) => `${quoted(name)} ${percentInFull(share)}`);
  const evaluations = l10n.t('{0} evaluations', count(facts.evaluations));
  const judged = [facts.comparison, facts.latency].flatMap((one) =>
    one ? [`    ${judgedSentence(one, systemClock.now(), l10n).text}`] : [],
  );
  return [
    `  ${oneLine(facts.service)}  ${dotted(observed.join(', '), evaluations, window, all.sources && sourceName(all, facts, l10n))}`,
    ...(tellsNoArms(all, facts, facts.key) ? [`    ${l10n.t('which variant a request got is not known')}`] : []),
    ...facts.arms.map(({ variant, totals }) => `    ${quoted(variant)}  ${armWords(totals, l10n)}`),
    ...judged,
  ];
}

function armWords(totals: Totals, l10n: L10n): string {
  const { count } = numbersFor(l10n);
  return dotted(
    totalsInWords(totals, { l10n }),
    l10n.t('{0} of {1} failed', count(totals.errors), count(totals.calls)),
  );
}
