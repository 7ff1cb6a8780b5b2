import { lastKnown } from '../model/answer';
import { fileSignals } from './environments';
import type { ViewInput } from './input';
import type { ReferenceFact } from './inlineFact';
import { numbersFor } from './numbers';
import type { StatusBarModel } from './output';
import { sourceLines, sourceNames } from './signalSources';
import { clip, dotted, iconless, oneLine } from './text';

/** `$(pulse) prod · 15m · 3 flags` for a file, `$(warning)` while a flag of it regresses; null where the file has neither flags nor signals. */
export function statusBar(input: ViewInput, facts: readonly (ReferenceFact | null)[]): StatusBarModel | null {
  const { file, l10n, now } = input;
  if (!file) return null;
  const evaluated = file.references.filter(({ kind }) => kind === 'evaluation');
  const keys = new Set(evaluated.map(({ key, pattern }) => key ?? pattern));
  const { name, answer } = fileSignals(input);
  const known = answer ? lastKnown(answer) : undefined;
  const matched = known?.value.paths.some(({ codePathId }) => codePathId.startsWith(`${file.path}:`)) ?? false;
  if (keys.size === 0 && !matched) return null;

  const numbers = numbersFor(l10n);
  const regressing = new Set(
    file.references.flatMap(({ key }, index) => (facts[index]?.regression === true && key !== null ? [key] : [])),
  );
  const flags = keys.size === 1 ? l10n.t('1 flag') : l10n.t('{0} flags', numbers.count(keys.size));
  const place = clip(oneLine(name), 24);
  const shown = dotted(place, numbers.window(input.windowMinutes), keys.size > 0 && flags);
  const warning = regressing.size > 0;
  const regression =
    regressing.size === 1
      ? l10n.t('Regression of {0}', oneLine([...regressing][0] ?? ''))
      : l10n.t('Regression of {0} flags', regressing.size);
  const source = known
    ? l10n.t('{0}, {1}', sourceNames(known.value, l10n), numbers.ago(known.value.asOf, now))
    : l10n.t('No telemetry yet');
  const health = answer?.state === 'unreachable' ? l10n.t('unreachable: {0}', oneLine(answer.reason)) : null;
  return {
    // Dark High Contrast has no warning background: the icon says it too.
    text: `$(${warning ? 'warning' : 'pulse'}) ${iconless(shown)}`,
    tooltip: [
      ...(warning ? [regression] : []),
      dotted(source, health),
      ...(known ? sourceLines(known.value, now, l10n).map(({ name: of, words }) => `${of}: ${words}`) : []),
      l10n.t('Click for environment, window and sources'),
    ].join('\n'),
    label: dotted(l10n.t('Sightglass'), warning && regression, shown).replaceAll(' · ', ', '),
    warning,
    action: { kind: 'sources' },
  };
}
