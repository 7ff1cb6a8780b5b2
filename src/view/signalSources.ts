import type { SignalFacts, SignalSource } from '../model/facts';
import type { L10n } from '../platform/l10n';
import { numbersFor } from './numbers';
import { phrase } from './phrases';
import { dotted, oneLine } from './text';

/** Facts of a path or a flag, which say whose they are when several sources were asked. */
type Sourced = { readonly source?: string | undefined } | null | undefined;

/** The source of these facts; null where only one was asked. */
export function sourceOf({ sources }: SignalFacts, of: Sourced): SignalSource | null {
  return sources?.find(({ id }) => id === of?.source) ?? null;
}

/** The name of the source of these facts; of all that were asked, with commas, where nothing says whose they are. */
export function sourceName(facts: SignalFacts, of: Sourced, l10n: L10n): string {
  const source = sourceOf(facts, of);
  return source ? phrase(source.name, l10n, 60) : sourceNames(facts, l10n);
}

export function sourceNames({ source }: SignalFacts, l10n: L10n): string {
  const names = source.split(', ').map((name) => phrase(name, l10n));
  return oneLine(names.join(', '), 60);
}

/** When the newest thing these facts rest on happened, epoch ms. */
export function dataTime(facts: SignalFacts, at: number, of: Sourced): number {
  const source = sourceOf(facts, of);
  const newest = source ? source.coverage?.newestSample : facts.coverage.newestSample;
  return Math.min(source?.asOf ?? at, newest ?? at);
}

/**
 * `Prometheus metrics, 3 s ago`, and what of it is to be doubted. `beside`: an age that stands beside it, which is not
 * said twice.
 */
export function sourceWords(facts: SignalFacts, of: Sourced, now: number, l10n: L10n, beside?: string): string {
  const source = sourceOf(facts, of);
  const { partial, approximate, sampled } = source?.coverage ?? facts.coverage;
  const name = sourceName(facts, of, l10n);
  const age = numbersFor(l10n).ago(source?.asOf ?? facts.asOf, now);
  return dotted(
    age === beside ? name : l10n.t('{0}, {1}', name, age),
    source?.state === 'unreachable' &&
      l10n.t('unreachable since {0}', numbersFor(l10n).clock(source.since ?? now, now)),
    partial && l10n.t('incomplete'),
    approximate && l10n.t('approximate'),
    sampled && l10n.t('sampled'),
  );
}

/** Whether the source's calls do not say which variant they got, so that arms cannot be told apart. */
export function tellsNoArms(facts: SignalFacts, of: Sourced, key: string): boolean {
  const source = sourceOf(facts, of);
  const apart = source ? source.toldApart : facts.toldApart;
  return apart !== null && apart !== undefined && !apart.includes(key);
}

/** Why a source has, or has no, part in the numbers of an environment. */
export function decidedWords({ decided }: SignalSource, environment: string, l10n: L10n): string {
  const name = oneLine(environment, 60);
  switch (decided) {
    case 'configured':
      return l10n.t('holds "{0}" by configuration', name);
    case 'found':
      return l10n.t('its telemetry names "{0}"', name);
    case 'namesNone':
      return l10n.t('its telemetry names no environment');
    case 'notThere':
      return l10n.t('not used: it has nothing of "{0}"', name);
    case 'unknown':
      return l10n.t('not known yet what it holds');
  }
}

/** A line for every source that was asked: its health and age, and why it counts. */
export function sourceLines(
  facts: SignalFacts,
  now: number,
  l10n: L10n,
): readonly { readonly name: string; readonly words: string; readonly health: SignalSource['state'] }[] {
  const { ago, clock } = numbersFor(l10n);
  return (facts.sources ?? []).map((source) => ({
    name: phrase(source.name, l10n, 60),
    health: source.state,
    words: dotted(
      source.state === 'asking' && source.asOf === null && l10n.t('asking…'),
      source.state === 'unreachable' &&
        l10n.t('unreachable since {0}: {1}', clock(source.since ?? now, now), oneLine(source.reason ?? '')),
      source.asOf !== null && ago(source.asOf, now),
      source.coverage?.partial === true && l10n.t('incomplete'),
      decidedWords(source, facts.environment, l10n),
    ),
  }));
}
