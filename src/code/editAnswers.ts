import type { CodePath, FileFacts } from '../model/reference';
import type { EditAnswer } from './api';

interface Answered {
  readonly serial: number;
  readonly codePaths: readonly CodePath[];
}

/**
 * What was last answered for each document, so that an answer leaves out the code paths that whoever asks holds: of a
 * long file they are nearly all there is to send, and an edit moves few of them.
 */
export class EditAnswers {
  readonly #last = new Map<string, Map<string, Answered>>();
  #serial = 0;

  /** `held` is the serial of the answer that whoever asks holds, null for none. */
  answer(root: string, facts: FileFacts, held: number | null): EditAnswer {
    const ofRoot = this.#last.get(root) ?? new Map<string, Answered>();
    this.#last.set(root, ofRoot);
    const last = ofRoot.get(facts.path);
    const serial = ++this.#serial;
    const { codePaths } = facts;
    ofRoot.set(facts.path, { serial, codePaths });
    if (last?.serial !== held) return { serial, facts, kept: { first: 0, last: 0 } };
    const kept = sameAtEnds(last.codePaths, codePaths);
    const changed = codePaths.slice(kept.first, codePaths.length - kept.last);
    return { serial, facts: { ...facts, codePaths: changed }, kept };
  }

  forget(root: string, path?: string): void {
    if (path === undefined) this.#last.delete(root);
    else this.#last.get(root)?.delete(path);
  }
}

/** How many of both lists are the same at the start, and of what is left at the end. */
function sameAtEnds(before: readonly CodePath[], now: readonly CodePath[]): EditAnswer['kept'] {
  const most = Math.min(before.length, now.length);
  let first = 0;
  while (first < most && isSame(before[first], now[first])) first++;
  let last = 0;
  while (last < most - first && isSame(before[before.length - 1 - last], now[now.length - 1 - last])) last++;
  return { first, last };
}

/** What an edit left alone is the same object, but for what depends on other parts of the file. */
const isSame = (a: CodePath | undefined, b: CodePath | undefined): boolean =>
  a === b || JSON.stringify(a) === JSON.stringify(b);
