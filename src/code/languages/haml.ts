import { rubyOfHaml } from '../embed/haml';
import { withMarkupGuards } from '../extract/withMarkupGuards';
import { Reading } from '../extract/grammar/reading';
import type { LanguageSupport } from './language';
import { ruby, rubyGrammar } from './ruby';

/** Templates whose nesting is told by indents. */
export const haml: LanguageSupport = {
  ...ruby,
  id: 'haml',
  extensions: ['.haml'],
  host: {
    read: rubyOfHaml,
    extractor: ({ guards }) =>
      withMarkupGuards(ruby.extractor, guards, (draft, statement) =>
        new Reading(rubyGrammar, draft).expression(statement),
      ),
  },
};
