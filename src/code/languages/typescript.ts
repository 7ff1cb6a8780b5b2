import type { LanguageSupport } from './language';

export const typescript: LanguageSupport = {
  id: 'typescript',
  grammar: 'typescript',
  extensions: ['.ts', '.mts', '.cts'],
  extractor: 'ecmascript',
};

export const tsx: LanguageSupport = {
  id: 'typescriptreact',
  grammar: 'tsx',
  extensions: ['.tsx'],
  extractor: 'ecmascript',
};
