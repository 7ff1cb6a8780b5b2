import type { Setting } from '../sdks/callShape';
import type { KeyFound } from './keyFound';

const placeholder = /\$\{\s*([^:}\s]+)/g;

/** The settings among what a call names that are flags, by what they are called. `prefix` stands before each, if any. */
export function flagSettings(
  found: readonly KeyFound[],
  { flag, placeholder: inside }: Setting,
  prefix: string | null,
): KeyFound[] {
  return found.flatMap((one) => {
    if (one.k !== 'key') return [];
    const names = inside ? [...one.key.matchAll(placeholder)].map(([, name = '']) => name) : [one.key];
    return names
      .map((name) => (prefix === null || prefix === '' ? name : `${prefix.replace(/\.$/, '')}.${name}`))
      .filter((key) => flag.test(key))
      .map((key) => ({ ...one, key }));
  });
}
