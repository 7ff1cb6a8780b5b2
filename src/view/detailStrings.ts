import type { L10n } from '../platform/l10n';
import type { DetailState } from '../protocol/detailPanel';

/** The labels of the detail panel: a webview has no bundle of its own. */
export function detailStrings(l10n: L10n): DetailState['strings'] {
  return {
    environment: l10n.t('Environment'),
    window: l10n.t('Window'),
    facts: l10n.t('Facts'),
    verdict: l10n.t('Verdict'),
    howComputed: l10n.t('How is this computed'),
    charts: l10n.t('Over time'),
    showTable: l10n.t('Numbers of this chart'),
    time: l10n.t('Time'),
    resetZoom: l10n.t('Show the whole window'),
    changes: l10n.t('Changes in this window'),
    rules: l10n.t('Rules'),
    noRules: l10n.t('No rules.'),
    references: l10n.t('References'),
    noReferences: l10n.t('No references found.'),
    history: l10n.t('History'),
    noHistory: l10n.t('Not changed from here yet.'),
    undo: l10n.t('Undo'),
    loading: l10n.t('Loading'),
    working: l10n.t('Asking for consent in VS Code'),
    failed: l10n.t('That did not work:'),
    notes: l10n.t('Worth knowing'),
  };
}
