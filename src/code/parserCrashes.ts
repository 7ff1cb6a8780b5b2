import { mostCrashes } from './bounds';
import { UnparsableError } from './parserLibrary';

/** Which texts parsers did not survive, so that none of them is tried again, and no grammar fails for ever. */
export class ParserCrashes {
  readonly #texts = new Map<string, Map<string, UnparsableError>>();

  /** Throws what was told of this very text, or of the grammar where it failed too often. */
  check(grammar: string, text: string): void {
    const texts = this.#texts.get(grammar);
    if (!texts) return;
    const known = texts.get(fingerprint(text));
    if (known) throw known;
    this.checkGrammar(grammar);
  }

  checkGrammar(grammar: string): void {
    const failed = this.#texts.get(grammar)?.size ?? 0;
    if (failed >= mostCrashes)
      throw new UnparsableError(`the ${grammar} parser broke down on ${failed} other files and is no longer used`);
  }

  /** Takes in that the text ended the parser by this error; answers what its readers are told. */
  add(grammar: string, text: string, error: unknown): UnparsableError {
    const why = error instanceof Error ? error.message : String(error);
    const told = new UnparsableError(`the ${grammar} parser broke down on it (${why})`, { cause: error });
    let texts = this.#texts.get(grammar);
    if (!texts) this.#texts.set(grammar, (texts = new Map<string, UnparsableError>()));
    texts.set(fingerprint(text), told);
    return told;
  }
}

/** FNV-1a from both ends and the length: enough to tell a handful of texts from all others. */
function fingerprint(text: string): string {
  let forth = 0x811c9dc5;
  let back = forth;
  for (let at = 0, end = text.length - 1; end >= 0; at++, end--) {
    forth = Math.imul(forth ^ text.charCodeAt(at), 0x01000193);
    back = Math.imul(back ^ text.charCodeAt(end), 0x01000193);
  }
  return `${text.length} ${forth} ${back}`;
}
