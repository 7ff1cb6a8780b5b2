import type { Reference } from '../../model/reference';
import type { Places } from './places';
import type { FileView } from './view';
import { writtenIn } from './writtenKeys';

/** Constants, enum members and properties of a file that hold one of the texts, as definitions of flags. */
export function* definitionsIn(view: FileView, wanted: ReadonlySet<string>, places: Places): Generator<Reference> {
  for (const { piece, text, via, name } of writtenIn(view, wanted)) {
    const place = places.of({ view, piece }, text.at, text.at + text.v.length + 2, -1);
    yield {
      ...place,
      kind: places.isTest ? 'test' : 'definition',
      key: text.v,
      pattern: null,
      certainty: 'certain',
      via,
      sdk: null,
      evaluatedOn: 'unknown',
      regions: [],
      trace: [{ words: `"${text.v}" is written in ${name}`, path: view.path, line: place.line }],
    };
  }
}
