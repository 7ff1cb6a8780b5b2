import { ofrepPath } from '../sdks/ofrep';
import type { Expr, Span } from '../summary';
import type { Draft } from './draft';

let asked = '';
let answer = false;

/** Whether a file names such a URL at all. Asked of each string of it: the last answer is remembered. */
export function mayHoldOfrepUrl(text: string): boolean {
  if (text !== asked) {
    asked = text;
    answer = text.includes(ofrepPath);
  }
  return answer;
}

/** A URL of OpenFeature's remote evaluation protocol asks for the flag that its last segment names. */
export function readOfrepUrl(draft: Draft, url: Expr, [from, to]: Span): void {
  const key = from < draft.urlEnd ? undefined : keyOf(url);
  if (!key) return;
  // A shell's command ends where its last argument does.
  const id = draft.callId({ startIndex: from + draft.base, endIndex: to + draft.base });
  if (draft.call(id)) return;
  draft.urlEnd = to;
  draft.addCall({ id, from, c: { k: 'id', n: 'ofrep', at: from }, a: [key], kind: 'template', f: draft.fn });
}

function keyOf(url: Expr): Expr | undefined {
  if (url.k === 'str') return written(url.v, url.at);
  if (url.k !== 'tpl') return undefined;
  const isHole = url.s.at(-1) === '' && url.s.at(-2)?.endsWith(ofrepPath) === true;
  return isHole ? url.e.at(-1) : written(url.s.at(-1) ?? '', url.at);
}

/** The key that a URL, or what follows its last hole, ends with. */
function written(text: string, at: number): Expr | undefined {
  const from = text.lastIndexOf(ofrepPath);
  const v = from < 0 ? '' : text.slice(from + ofrepPath.length).replace(/[?#].*$/s, '');
  // `:key` and `{key}` stand for a key where a server says what it answers.
  return v === '' || /\/|^[:{<*]/.test(v) ? undefined : { k: 'str', v, at };
}
