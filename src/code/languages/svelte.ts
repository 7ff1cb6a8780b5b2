import { scriptOfSvelte } from '../embed/svelte';
import { componentExtractor } from './components';
import { ecmascript } from './ecmascript';
import type { LanguageSupport } from './language';

/** Components: their scripts, and the expressions of their markup. */
export const svelte: LanguageSupport = {
  ...ecmascript,
  id: 'svelte',
  grammar: 'typescript',
  extensions: ['.svelte'],
  host: { read: scriptOfSvelte, extractor: componentExtractor },
};
