/** Offsets of a line, 0-based. `literal`: the key is written there, not a name that stands for it. */
export interface KeyToken {
  readonly from: number;
  readonly to: number;
  readonly literal: boolean;
}

const string = /^(?:[\p{L}@$]{0,3}|:)("""|'''|["'`])((?:\\.|(?!\1).)*)\1/u;
const symbol = /^:[\p{L}\p{N}_]+[?!]?/u;
const name = /^[$@&]{0,2}[\p{L}_][\p{L}\p{N}_$]*(?:(?:\?\.|\.|::|->)[$]?[\p{L}_][\p{L}\p{N}_$]*)*/u;

/** The token that starts at an offset of a line and names a flag: a string, a symbol, or a name. Null where it is none. */
export function keyToken(line: string, from: number, key: string | null): KeyToken | null {
  const rest = line.slice(from, from + 1_000);
  const literal = string.exec(rest) ?? symbol.exec(rest);
  if (literal) return { from, to: from + literal[0].length, literal: true };
  // In an attribute of a template, on a command line.
  if (key !== null && rest.startsWith(key))
    return { from, to: from + key.length, literal: name.exec(key)?.[0] !== key };
  const named = name.exec(rest);
  return named ? { from, to: from + named[0].length, literal: false } : null;
}

const declared = /([\p{L}_$][\p{L}\p{N}_$]*)["']?\]?\s*(?:=>?|\(|:(?!:)(?:\s*[\p{L}&'<>[\]. |"-]+?=)?)\s*$/u;
/** `New FlagKey = "new"`: Go writes the type behind the name, most others before it. */
const declaredInGo = /(?:^|\s)(?!(?:const|var)\s)([\p{L}_][\p{L}\p{N}_]*)(?:\s+[\p{L}_][\p{L}\p{N}_.]*)?\s*:?=\s*$/u;

/**
 * The name that a line gives to the text which starts at an offset: `NEW` of `static readonly NEW: string = 'new'`, of
 * `NEW("new")`, of `NEW: 'new'`. Null where it gives none. `language` as VS Code names it.
 */
export function nameGiven(line: string, from: number, language = ''): KeyToken | null {
  const before = line.slice(0, from);
  const found = (language === 'go' ? declaredInGo : declared).exec(before);
  const [whole, called] = found ?? [];
  if (!found || whole === undefined || called === undefined) return null;
  const at = found.index + whole.indexOf(called);
  return { from: at, to: at + called.length, literal: false };
}
