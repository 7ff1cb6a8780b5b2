import * as vscode from 'vscode';
import type { L10n, Translations } from '../l10n';

/** The display language of VS Code; messages come from `l10n/bundle.l10n.<language>.json` where there is one. */
export function editorL10n(): L10n {
  let locale: string | undefined;
  return {
    t: (message, ...args) => vscode.l10n.t(message, ...args),
    // Asked when first needed: the first question to Intl loads its data, and took most of activation.
    get locale() {
      return (locale ??= supported(vscode.env.language) ? vscode.env.language : 'en');
    },
  };
}

/** The same for a worker, which has no `vscode` to ask. */
export function editorTranslations(): Translations {
  return { locale: vscode.env.language, messages: { ...vscode.l10n.bundle } };
}

/** Pseudo languages and misspelt ones would make Intl throw. */
function supported(locale: string): boolean {
  try {
    return Intl.NumberFormat.supportedLocalesOf(locale).length > 0;
  } catch {
    return false;
  }
}
