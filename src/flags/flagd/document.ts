import { createScanner } from 'jsonc-parser';
import { JsonSyntaxError, parseJson } from '../jsonText';
import type { Turns } from '../turns';
import { isObject, type JsonObject } from './issue';

/** jsonc-parser's `SyntaxKind`, a const enum that cannot be imported under isolatedModules; a test holds them equal. */
export const SyntaxKind = {
  OpenBraceToken: 1,
  CloseBraceToken: 2,
  OpenBracketToken: 3,
  CloseBracketToken: 4,
  CommaToken: 5,
  ColonToken: 6,
  StringLiteral: 10,
  EOF: 17,
} as const;

/** One flag as it stands in a file: its key and its text, at its offset. */
export interface FlagEntry {
  /** Null in a list when `key` is missing or no string. */
  readonly key: string | null;
  readonly value: unknown;
  readonly text: string;
  readonly offset: number;
}

/** A flag definition file taken apart. `frame` is everything beside the flags. */
export interface FlagDocument {
  readonly form: 'map' | 'list' | 'none';
  readonly entries: readonly FlagEntry[];
  readonly frame: JsonObject;
  /** The text with every flag blanked out, for finding places in the frame. */
  readonly frameText: string;
  /** Comments are there: flagd reads strict JSON. */
  readonly comments: boolean;
}

/**
 * Takes a file apart flag by flag, so that neither 10,000 flags nor a bad one stop anything: tokens are walked in
 * turns and every flag is parsed alone. Throws {@link JsonSyntaxError} with the offset when it is not JSON at all.
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
  if (!isObject(frame.value)) throw new JsonSyntaxError('A flag definition file is an object with "flags".', 0);
  return { form, entries, frame: frame.value, frameText, comments: comments || frame.comments };
}

interface Span {
  readonly name: string;
  readonly start: number;
  readonly end: number;
}

async function findFlags(
  text: string,
  turns: Turns,
  signal: AbortSignal,
): Promise<{ form: FlagDocument['form']; spans: Span[] }> {
  const scanner = createScanner(text, true);
  let spans: Span[] = [];
  let form: FlagDocument['form'] = 'none';
  let depth = 0;
  let inside = false;
  let name = '';
  let start = -1;
  let count = 0;
  for (let token: number = scanner.scan(); token !== SyntaxKind.EOF; token = scanner.scan()) {
    if (++count % 256 === 0 && turns.over) await turns.rest(signal);
    const opens = token === SyntaxKind.OpenBraceToken || token === SyntaxKind.OpenBracketToken;
    const closes = token === SyntaxKind.CloseBraceToken || token === SyntaxKind.CloseBracketToken;
    if (closes) depth--;
    if (depth === 1) {
      if (closes) inside = false;
      else if (opens && name === 'flags') {
        // A second "flags" replaces the first, as JSON parsers do.
        [inside, spans, form] = [true, [], token === SyntaxKind.OpenBraceToken ? 'map' : 'list'];
      } else if (token === SyntaxKind.StringLiteral) name = scanner.getTokenValue();
    } else if (inside && depth === 2) {
      const value = !opens && !closes && token !== SyntaxKind.CommaToken && token !== SyntaxKind.ColonToken;
      if (closes) spans.push({ name, start, end: scanner.getTokenOffset() + scanner.getTokenLength() });
      else if (opens) start = scanner.getTokenOffset();
      else if (token === SyntaxKind.ColonToken) start = -2;
      else if (value && (start === -2 || form === 'list')) {
        // Not an object: kept as it is, to be told about at its place.
        const offset = scanner.getTokenOffset();
        spans.push({ name, start: offset, end: offset + scanner.getTokenLength() });
        start = -1;
      } else if (token === SyntaxKind.StringLiteral) [name, start] = [scanner.getTokenValue(), -1];
      else start = -1;
    }
    if (opens) depth++;
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
