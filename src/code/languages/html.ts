import { scriptsOfHtml } from '../embed/html';
import { ecmascript } from './ecmascript';
import type { LanguageSupport } from './language';

/** Inline scripts of pages. */
export const html: LanguageSupport = {
  ...ecmascript,
  id: 'html',
  grammar: 'javascript',
  extensions: ['.html', '.htm'],
  host: { read: scriptsOfHtml },
};
