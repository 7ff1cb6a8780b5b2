import * as z from 'zod';

/** What a worker needs to speak as its host does; `messages` by the English one, none in English. */
export const translationsSchema = z.object({ locale: z.string(), messages: z.record(z.string(), z.string()) });
export type Translations = z.infer<typeof translationsSchema>;

/** Translates user text. `{0}`, `{1}`: positional arguments, as in `vscode.l10n.t`. */
export interface L10n {
  readonly t: (message: string, ...args: readonly (string | number)[]) => string;
  /** BCP 47 tag of the display language, for Intl. */
  readonly locale: string;
}
