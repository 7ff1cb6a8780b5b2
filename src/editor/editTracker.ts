/** 0-based, as VS Code has them. */
export interface Spot {
  readonly line: number;
  readonly character: number;
}

export interface TextEdit {
  readonly range: { readonly start: Spot; readonly end: Spot };
  readonly text: string;
}

/** Past this many changes since the facts, positions are not worth following: fresh facts are on their way. */
const longest = 1_000;

/**
 * Follows positions through the edits made since the text they are of, so that what is drawn stays with its code while
 * fresh facts are on their way. One a document.
 */
export class EditTracker {
  #edits: { readonly version: number; readonly edits: readonly TextEdit[] }[] = [];

  /** `version`: the document's version after these edits, given in the order VS Code gives them. */
  record(version: number, edits: readonly TextEdit[]): void {
    this.#edits.push({ version, edits });
    if (this.#edits.length > longest) this.#edits.shift();
  }

  /** Forgets what happened up to `version`: the facts are of that text or a later one. */
  settle(version: number): void {
    this.#edits = this.#edits.filter((edit) => edit.version > version);
  }

  /** Where a position of version `from` is now; undefined when an edit replaced the text around it. */
  now(spot: Spot, from: number): Spot | undefined {
    let at: Spot | undefined = spot;
    for (const { version, edits } of this.#edits) {
      if (version <= from) continue;
      for (const edit of edits) {
        at = moved(at, edit);
        if (!at) return undefined;
      }
    }
    return at;
  }
}

function moved(spot: Spot, { range: { start, end }, text }: TextEdit): Spot | undefined {
  if (isBefore(spot, start) || (same(spot, start) && same(start, end))) return spot;
  if (isBefore(spot, end)) return undefined;
  const lines = text.split('\n');
  const last = lines.at(-1) ?? '';
  const line = spot.line - (end.line - start.line) + (lines.length - 1);
  if (spot.line > end.line) return { line, character: spot.character };
  const from = lines.length === 1 ? start.character : 0;
  return { line, character: from + last.length + (spot.character - end.character) };
}

const isBefore = (a: Spot, b: Spot): boolean => a.line < b.line || (a.line === b.line && a.character < b.character);
const same = (a: Spot, b: Spot): boolean => a.line === b.line && a.character === b.character;
