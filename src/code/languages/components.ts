import type { Inner } from '../embed/inner';
import { parts, expression } from '../extract/ecmascript/expressions';
import type { Extractor } from '../extract/extractor';
import { withMarkupGuards } from '../extract/withMarkupGuards';
import { ecmascript } from './ecmascript';

/** Components: conditions of their markup are expression statements. */
export function componentExtractor({ guards }: Inner): Extractor {
  return withMarkupGuards(ecmascript.extractor, guards, (draft, statement) => expression(draft, parts(statement)[0]));
}
