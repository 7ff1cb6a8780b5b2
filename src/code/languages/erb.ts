import { rubyOfErb } from '../embed/erb';
import type { LanguageSupport } from './language';
import { ruby } from './ruby';

/** Templates: Ruby between `<%` and `%>`. */
export const erb: LanguageSupport = { ...ruby, id: 'erb', extensions: ['.erb', '.rhtml'], host: { read: rubyOfErb } };
