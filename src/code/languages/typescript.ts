import { ecmascript } from './ecmascript';
import type { LanguageSupport } from './language';

export const typescript: LanguageSupport = {
  ...ecmascript,
  id: 'typescript',
  grammar: 'typescript',
  extensions: ['.ts', '.mts', '.cts'],
};

export const tsx: LanguageSupport = {
  ...ecmascript,
  id: 'typescriptreact',
  grammar: 'tsx',
  extensions: ['.tsx'],
};
