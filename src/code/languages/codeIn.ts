import type { Extractor } from '../extract/extractor';
import type { LanguageSupport } from './language';

/** What of a file is parsed, and how. */
export interface CodeIn {
  /** As long as the file, with the same lines. */
  readonly source: string;
  readonly grammar: string;
  readonly extractor: Extractor;
}

/** Which grammar reads a file of this text. */
export function grammarOf({ grammar, grammarFor, host }: LanguageSupport, text: string): string {
  return host?.grammar?.(text) ?? grammarFor?.(text) ?? grammar;
}

/** The file itself, or the parts of it that are of the language. Never throws. */
export function codeIn(language: LanguageSupport, text: string): CodeIn {
  const { host, extractor } = language;
  const grammar = grammarOf(language, text);
  const inner = host?.read(text);
  return {
    source: inner?.text ?? language.readable?.(text) ?? text,
    grammar,
    extractor: (inner && host?.extractor?.(inner)) ?? extractor,
  };
}
