import * as vscode from 'vscode';
import type { L10n } from '../l10n';

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

/** Pseudo languages and misspelt ones would make Intl throw. */
function supported(locale: string): boolean {
  try {
    return Intl.NumberFormat.supportedLocalesOf(locale).length > 0;
  } catch {
    return false;
  }
}
