import * as vscode from 'vscode';
import type { ChangesApi } from '../change/api';
import type { L10n } from '../platform/l10n';
import { anyChange, choicesOf, journalOutcomes, outcomeWord, type JournalFilter } from '../view/journalFilter';
import { iconless } from '../view/text';
import type { CommandHandler } from './commandTable';
import type { FlagViews } from './flagViews';

export interface JournalFilteringOf {
  readonly changes: ChangesApi;
  readonly views: FlagViews;
  readonly l10n: L10n;
}

type FilterCommand = 'sightglass.filterJournal' | 'sightglass.clearJournalFilter';
type Part = keyof JournalFilter;

/** Which changes the Journal view shows. */
export function journalFilterCommands(of: JournalFilteringOf): Readonly<Record<FilterCommand, CommandHandler>> {
  return {
    'sightglass.filterJournal': () => filterJournal(of),
    'sightglass.clearJournalFilter': () => of.views.setJournalFilter(anyChange),
  };
}

/** By what, then which: what the journal has, and how many changes each would leave. */
async function filterJournal({ changes, views, l10n }: JournalFilteringOf): Promise<void> {
  const { t } = l10n;
  const filter = views.journalFilter;
  const names: Readonly<Record<Part, string>> = {
    flag: t('Flag'),
    environment: t('Environment'),
    who: t('Person'),
    outcome: t('Outcome'),
  };
  const shown = (part: Part, value: string): string => {
    const outcome = journalOutcomes.find((each) => each === value);
    return iconless(part === 'outcome' && outcome ? outcomeWord(outcome, l10n) : value);
  };
  const parts: readonly (vscode.QuickPickItem & { readonly part: Part | null })[] = [
    ...(Object.keys(names) as Part[]).map((part) => {
      const value = filter[part];
      return { label: names[part], description: value === null ? t('any') : shown(part, value), part };
    }),
    ...(filter === anyChange ? [] : [{ label: `$(clear-all) ${t('Clear filter')}`, part: null }]),
  ];
  const by = await vscode.window.showQuickPick(parts, { placeHolder: t('Show changes by what?') });
  if (!by) return;
  const { part } = by;
  if (part === null) {
    views.setJournalFilter(anyChange);
    return;
  }
  const values: readonly (vscode.QuickPickItem & { readonly value: string | null })[] = [
    { label: t('Any'), value: null },
    ...choicesOf(changes.listing.entries, filter, part).map(({ value, count }) => ({
      label: shown(part, value),
      description: count === 1 ? t('1 change') : t('{0} changes', count),
      value,
    })),
  ];
  const picked = await vscode.window.showQuickPick(values, { title: by.label, placeHolder: t('Show which changes?') });
  if (!picked) return;
  const next = { ...filter, [part]: picked.value };
  views.setJournalFilter(Object.values(next).every((value) => value === null) ? anyChange : next);
}
