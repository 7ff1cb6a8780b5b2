import { ecmascript } from './ecmascript';
import type { LanguageSupport } from './language';

/** The grammar reads JSX as well. */
export const javascript: LanguageSupport = {
  ...ecmascript,
  id: 'javascript',
  grammar: 'javascript',
  // Flow's types are written as TypeScript's are, as far as names and calls go.
  grammarFor: (text) => (/^[^\n]{0,80}@flow\b|^\/\*[^]{0,300}@flow\b/.test(text.slice(0, 400)) ? 'tsx' : undefined),
  extensions: ['.js', '.jsx', '.mjs', '.cjs'],
};
