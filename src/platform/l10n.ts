/** Translates user text. `{0}`, `{1}`: positional arguments, as in `vscode.l10n.t`. */
export interface L10n {
  readonly t: (message: string, ...args: readonly (string | number)[]) => string;
  /** BCP 47 tag of the display language, for Intl. */
  readonly locale: string;
}
