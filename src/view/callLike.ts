import type { FlagSnapshot, FlagType } from '../model/flag';
import type { Reference } from '../model/reference';
import { isPlainInCode } from './keyInCode';
import { quoted } from './text';

/** A call of a file on one line, and what of it stands where. Offsets 0-based; `end` is where the call ends. */
export interface Sample {
  readonly line: string;
  readonly keyFrom: number;
  readonly keyTo: number;
  readonly end: number;
  readonly reference: Pick<Reference, 'key' | 'valueType' | 'defaultValue'>;
  /** As VS Code names it. */
  readonly language: string;
}

const typeWords =
  /Boolean|boolean|Bool|bool|String|string|Double|double|Number|number|Float|float|Integer|integer|Int|int/;

/** What SDKs call a number in their methods, where they have several words. */
const numberWords: Readonly<Record<string, string>> = {
  java: 'Double',
  kotlin: 'Double',
  csharp: 'Double',
  swift: 'Double',
  go: 'Float',
  php: 'Float',
  python: 'float',
  ruby: 'number',
  rust: 'float',
};

/**
 * Asks for a flag as the file itself asks for another: the same client, the same context, awaited where that is. The
 * method and the default are those of the flag's type. Null where the sample is no call that can be told, or where the
 * method of the type is not known from it, or where the key cannot be written as it is.
 */
export function callLike(
  sample: Sample,
  flag: Pick<FlagSnapshot, 'type'> & { readonly ref: { readonly key: string } },
): string | null {
  const { line, keyFrom, keyTo, end, reference } = sample;
  const open = openBefore(line, keyFrom);
  if (open < 0 || end < keyTo || !isPlainInCode(flag.ref.key)) return null;
  const from = startOf(line, open);
  const callee = line.slice(from, open);
  const asked = reference.valueType;
  const wanted = flag.type === 'unknown' ? (asked ?? 'unknown') : flag.type;
  const isOther = asked !== undefined && asked !== wanted;
  const named = isOther ? renamed(callee, wanted, sample.language) : callee;
  if (named === null) return null;
  const token = line.slice(keyFrom, keyTo);
  const [sign = "'"] = /["'`]/.exec(token) ?? [otherQuote(line)];
  const written =
    /^:[\p{L}_]/u.test(token) && /^\w+$/.test(flag.ref.key) ? `:${flag.ref.key}` : `${sign}${flag.ref.key}${sign}`;
  const rest = line.slice(keyTo, end);
  const more =
    reference.defaultValue === undefined || !isOther
      ? rest
      : withDefault(rest, reference.defaultValue, wanted, sign, sample.language);
  const before =
    /(?:(?:try[?!]?\s+)?await\s+|try[?!]?\s+|[\p{L}_][\p{L}\p{N}_]*,\s*\p{L}*_?\s*:?=\s*)$/u.exec(
      line.slice(0, from),
    )?.[0] ?? '';
  const after = /^(?:\.await)?(?:\.unwrap_or(?:_default)?\([^()]*\))?\??/.exec(line.slice(end))?.[0] ?? '';
  const kept = isOther ? after.replace(/unwrap_or\([^()]*\)/, 'unwrap_or_default()') : after;
  return `${before}${named}${line.slice(open, keyFrom)}${written}${more}${kept}`;
}

/** The call whose argument stands at an offset of a line: where its name begins, and its bracket. Null: none is seen. */
export function calleeAt(line: string, keyFrom: number): { readonly from: number; readonly open: number } | null {
  const open = openBefore(line, keyFrom);
  return open < 0 ? null : { from: startOf(line, open), open };
}

/** The bracket of the call whose argument stands at an offset. */
function openBefore(line: string, at: number): number {
  let depth = 0;
  for (let i = at - 1; i >= 0; i--) {
    if (line.charAt(i) === ')') depth++;
    else if (line.charAt(i) === '(' && depth-- === 0) return i;
  }
  return -1;
}

function startOf(line: string, open: number): number {
  let at = open;
  while (at > 0) {
    const sign = line.charAt(at - 1);
    if (/[\p{L}\p{N}_$@.:?\\]/u.test(sign) || (sign === '>' && line.charAt(at - 2) === '-')) at--;
    else if (sign === '-' && line.charAt(at) === '>') at--;
    else if (sign === ')') {
      const inner = openBefore(line, at - 1);
      if (inner < 0) break;
      at = inner;
    } else break;
  }
  return at;
}

function renamed(callee: string, wanted: FlagType, language: string): string | null {
  const method = /[\p{L}\p{N}_]+$/u.exec(callee)?.[0] ?? '';
  const word = typeWords.exec(method)?.[0];
  const inCase = (name: string): string =>
    word !== undefined && /^[A-Z]/.test(word) ? name.charAt(0).toUpperCase() + name.slice(1) : name;
  const shortBool = language === 'rust' ? 'bool' : 'boolean';
  const names = { boolean: shortBool, string: 'string', number: (numberWords[language] ?? 'number').toLowerCase() };
  if (word === undefined || wanted === 'object' || wanted === 'unknown') return null;
  return callee.slice(0, callee.length - method.length) + method.replace(word, inCase(names[wanted]));
}

/** The default that stands behind the key, replaced by one of the type. */
function withDefault(rest: string, old: unknown, wanted: FlagType, sign: string, language: string): string {
  const isPython = language === 'python';
  const value = wanted === 'boolean' ? (isPython ? 'False' : 'false') : wanted === 'number' ? '0' : `${sign}${sign}`;
  const literal =
    typeof old === 'boolean'
      ? /\b(?:[tT]rue|[fF]alse)\b/
      : typeof old === 'number'
        ? /\b\d[\d.]*\b/
        : /(["'])(?:\\.|(?!\1).)*\1/;
  return rest.replace(literal, () => value);
}

const otherQuote = (line: string): string => (line.includes('"') ? '"' : "'");

/** How the item reads in a list: what it writes, on one line. */
export function callTitle(flag: FlagSnapshot): string {
  return `flag ${quoted(flag.ref.key)}`;
}
