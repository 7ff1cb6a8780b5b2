import type { FlagSnapshot } from '../../model/flag';
import { callLike, type Sample } from '../callLike';

/** What a flag is asked for: whether it is on, or whether it serves a variant of this text. */
export interface Asked {
  readonly key: string;
  /** null: on or off. */
  readonly text: string | null;
}

/**
 * The condition that asks for a flag as a call of the file asks for another one. `before`: what Go writes ahead of it in
 * the `if`. Null where the sample cannot be turned into such a call.
 */
export function conditionLike(
  sample: Sample,
  asked: Asked,
  body: string,
): { readonly before: string; readonly condition: string } | null {
  const type: FlagSnapshot['type'] = asked.text === null ? 'boolean' : 'string';
  const call = callLike(sample, { type, ref: { key: asked.key } });
  if (call === null) return null;
  const { language } = sample;
  const given = /^([\p{L}_]\w*),\s*\p{L}*_?\s*:?=\s*/u.exec(call);
  if (given && language !== 'go') return null;
  const name = given ? unusedName(given[1] ?? 'on', body) : null;
  if (given && name === null) return null;
  const value = name ?? call;
  const before = given ? `${name ?? ''}, _ := ${call.slice(given[0].length)}; ` : '';
  return { before, condition: asked.text === null ? value : compared(value, asked.text, sample) };
}

function unusedName(first: string, body: string): string | null {
  const names = first === '_' ? ['on', 'isOn', 'flagOn'] : [first, 'on', 'isOn', 'flagOn'];
  return names.find((name) => !new RegExp(`\\b${name}\\b`).test(body)) ?? null;
}

/** Languages whose strings may stand in double quotes only, or whose single quotes mean something else. */
const doubleOnly = /^(?:go|java|kotlin|csharp|rust|swift)$/;

function compared(call: string, text: string, { language, line, keyFrom }: Sample): string {
  const sign = !doubleOnly.test(language) && line.charAt(keyFrom) === "'" ? "'" : '"';
  const written = `${sign}${text.replaceAll('\\', '\\\\').replaceAll(sign, `\\${sign}`)}${sign}`;
  if (language === 'java') return `${written}.equals(${call})`;
  const strict = /^(?:typescript|javascript|php|vue|svelte|html)/.test(language);
  return `${call} ${strict ? '===' : '=='} ${written}`;
}
