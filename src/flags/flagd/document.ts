import { JsonSyntaxError, parseJson, spanOf } from '../jsonText';
import { JsonTokens } from '../jsonTokens';
import { TextSyntaxError } from '../textSyntax';
import type { Turns } from '../turns';
import { isObject, type At, type Issue, type JsonObject } from '../issue';
import type { FlagSyntax } from './flagSyntax';
import { jsonFlags } from './jsonFlags';

/** One flag as it stands in a file: its key and its text, at its offset. */
export interface FlagEntry {
  /** Null in a list when `key` is missing or no string. */
  readonly key: string | null;
  readonly value: unknown;
  readonly text: string;
  readonly offset: number;
  /** What is wrong with how it is written, and not seen in its value. */
  readonly issues?: readonly Issue[];
}

/** A flag definition file taken apart. `frame` is everything beside the flags. */
export interface FlagDocument {
  readonly form: 'map' | 'list' | 'none';
  readonly entries: readonly FlagEntry[];
  readonly frame: JsonObject;
  /** Offsets of the value at a path of the frame. */
  readonly spanInFrame: (path: At) => { readonly offset: number; readonly length: number };
  /** Comments are there: flagd reads strict JSON. */
  readonly comments: boolean;
  readonly syntax: FlagSyntax;
}

/**
 * Takes a file apart flag by flag, so that neither 10,000 flags nor a bad one stop anything: tokens are walked in
 * turns and every flag is parsed alone. Throws {@link JsonSyntaxError} with the offset when it is
 * not JSON at all, {@link TextSyntaxError} when it is something else than flags.
 */
export async function readDocument(text: string, turns: Turns, signal: AbortSignal): Promise<FlagDocument> {
  const { form, spans } = await findFlags(text, turns, signal);
  let comments = false;
  const entries: FlagEntry[] = [];
  for (const { name, start, end } of spans) {
    const slice = text.slice(start, end);
    const parsed = at(start, () => parseJson(slice));
    comments ||= parsed.comments;
    const key = form === 'map' ? name : isObject(parsed.value) ? parsed.value.key : null;
    entries.push({ key: typeof key === 'string' ? key : null, value: parsed.value, text: slice, offset: start });
    if (turns.over) await turns.rest(signal);
  }
  const frameText = blanked(text, spans);
  const frame = parseJson(frameText);
  if (!isObject(frame.value)) throw new TextSyntaxError('A flag definition file is an object with "flags".', 0);
  return {
    form,
    entries,
    frame: frame.value,
    spanInFrame: (path) => spanOf(frameText, path),
    comments: comments || frame.comments,
    syntax: jsonFlags,
  };
}

interface Span {
  readonly name: string;
  readonly start: number;
  readonly end: number;
}

/**
 * Where the members of "flags" stand. Only brackets, texts and comments are told apart: whether it all is JSON is
 * for the parser to say, which gets every part. In a file that is no JSON the spans may be anything.
 */
async function findFlags(
  text: string,
  turns: Turns,
  signal: AbortSignal,
): Promise<{ form: FlagDocument['form']; spans: Span[] }> {
  const tokens = new JsonTokens(text);
  let spans: Span[] = [];
  let form: FlagDocument['form'] = 'none';
  let depth = 0;
  let inside = false;
  let name = '';
  let start = 0;
  for (let count = 1; tokens.next(); count++) {
    if (count % 512 === 0 && turns.over) await turns.rest(signal);
    const { kind } = tokens;
    if (kind === 'close') {
      depth--;
      if (inside && depth === 2) spans.push({ name, start, end: tokens.end });
      if (depth === 1) inside = false;
    } else if (kind === 'open') {
      if (depth === 1 && name === 'flags') {
        // A second "flags" replaces the first, as JSON parsers do.
        [inside, spans, form] = [true, [], text[tokens.start] === '{' ? 'map' : 'list'];
      } else if (depth === 2) start = tokens.start;
      depth++;
    } else if (depth === 1 || (inside && depth === 2)) {
      if (kind === 'text' && tokens.isName) name = tokens.name;
      // Not an object: kept as it is, to be told about at its place.
      else if (depth === 2) spans.push({ name, start: tokens.start, end: tokens.end });
    }
  }
  return { form, spans };
}

/** The text with every flag replaced by `0`, all offsets kept. */
function blanked(text: string, spans: readonly Span[]): string {
  const parts: string[] = [];
  let from = 0;
  for (const { start, end } of spans) {
    parts.push(text.slice(from, start), '0'.padEnd(end - start));
    from = end;
  }
  parts.push(text.slice(from));
  return parts.join('');
}

function at<T>(offset: number, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof JsonSyntaxError) throw new JsonSyntaxError(error.message, error.offset + offset);
    throw error;
  }
}
