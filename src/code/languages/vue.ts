import { isJsxInVue, scriptOfVue } from '../embed/vue';
import { componentExtractor } from './components';
import { ecmascript } from './ecmascript';
import type { LanguageSupport } from './language';

/** Single-file components: their scripts, and the expressions of their templates. */
export const vue: LanguageSupport = {
  ...ecmascript,
  id: 'vue',
  grammar: 'typescript',
  extensions: ['.vue'],
  host: {
    read: scriptOfVue,
    extractor: componentExtractor,
    grammar: (text) => (isJsxInVue(text) ? 'tsx' : null),
  },
};
