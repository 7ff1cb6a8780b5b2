import { phpOfBlade } from '../embed/blade';
import { Reading } from '../extract/grammar/reading';
import { withMarkupGuards } from '../extract/withMarkupGuards';
import type { LanguageSupport } from './language';
import { php, phpGrammar } from './php';

/** Laravel's templates: PHP in `{{ }}`, `@php` and what directives are given. */
export const blade: LanguageSupport = {
  ...php,
  id: 'blade',
  extensions: ['.blade.php'],
  excluded: [],
  host: {
    read: phpOfBlade,
    extractor: ({ guards }) =>
      withMarkupGuards(php.extractor, guards, (draft, statement) =>
        new Reading(phpGrammar, draft).expression(statement.namedChildren[0] ?? statement),
      ),
  },
};
