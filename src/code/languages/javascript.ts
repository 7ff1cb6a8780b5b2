import type { LanguageSupport } from './language';

/** The grammar reads JSX as well. */
export const javascript: LanguageSupport = {
  id: 'javascript',
  grammar: 'javascript',
  extensions: ['.js', '.jsx', '.mjs', '.cjs'],
  extractor: 'ecmascript',
};
