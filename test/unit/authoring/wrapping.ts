import type { WrapPlace } from '../../../src/code/api';
import type { Reference } from '../../../src/model/reference';
import type { Asked } from '../../../src/view/authoring/condition';
import { wrapEdit } from '../../../src/view/authoring/wrapEdit';
import { keyToken } from '../../../src/view/keyToken';
import { finderOf } from '../code/finderHarness';

export interface ToWrap {
  readonly path: string;
  /** As VS Code names it. */
  readonly language: string;
  /** `«` and `»` around what is selected. */
  readonly marked: string;
  readonly asked: Asked;
  readonly otherwise?: boolean;
}

/** The statements that are selected under a flag, as the editor puts them there; or why not. */
export async function wrappedIn({ path, language, marked, asked, otherwise = false }: ToWrap): Promise<string> {
  const from = marked.indexOf('«');
  const to = marked.indexOf('»') - 1;
  const text = marked.replace(/[«»]/g, '');
  const { place, references } = await placeIn(path, text, from, to);
  if (place.refused !== null) return `refused: ${place.refused}${place.name === null ? '' : ` ${place.name}`}`;
  const start = text.slice(0, place.from).split('\n').length - 1;
  const all = text.split('\n');
  const samples = place.calls.flatMap(({ line, column }) => {
    const reference = references.find((one) => one.line === line && one.column === column);
    const sampleLine = all[line - 1];
    const token = reference && sampleLine !== undefined && keyToken(sampleLine, column - 1, reference.key);
    if (!token) return [];
    const span = { keyFrom: token.from, keyTo: token.to, end: reference.endColumn - 1 };
    return [{ line: sampleLine, ...span, reference, language, type: reference.valueType }];
  });
  const last = text.slice(0, place.to).split('\n').length - 1;
  const { keptLines } = place;
  const made = wrapEdit({ language, lines: all, first: start, last, keptLines, samples, asked, otherwise });
  if (!made) return 'refused: no call';
  return [...all.slice(0, start), ...made.lines, ...all.slice(last + 1)].join('\n');
}

export async function placeIn(
  path: string,
  text: string,
  from: number,
  to: number,
): Promise<{ readonly place: WrapPlace; readonly references: readonly Reference[] }> {
  const finder = await finderOf({ [path]: text });
  const place = await finder.index.questions.wrapPlace(
    { path, text, version: '1', from, to },
    new AbortController().signal,
  );
  return { place, references: (await finder.index.facts(path))?.references ?? [] };
}
