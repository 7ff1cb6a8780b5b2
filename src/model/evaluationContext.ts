import * as z from 'zod';
import type { Json } from './json';

const attributeSchema = z.union([z.string().max(500), z.number(), z.boolean()]);
export const attributesSchema = z
  .record(z.string().min(1).max(200), attributeSchema)
  .refine((attributes) => Object.keys(attributes).length <= 50, 'at most 50 attributes');
export type Attributes = z.infer<typeof attributesSchema>;

/** A kind of user that flags are evaluated as: what is true of many, never who one is. */
export const savedContextSchema = z.strictObject({
  name: z.string().min(1).max(100).describe('Its name in the list.'),
  attributes: attributesSchema.describe(
    'Attributes that targeting reads: plan, country, version. Nothing that names a person: such a context is not offered.',
  ),
});
export type SavedContext = z.infer<typeof savedContextSchema>;

/** Names whose values say who somebody is, whatever they are. */
const personalNames =
  /^(?:e?mail(?:address)?|(?:first|last|full|given|family|sur|user|nick)?name|login|phone(?:number)?|mobile|telephone|address|street|remoteaddress|ip(?:address)?|birth(?:day|date)|dateofbirth|dob|ssn|iban|passport)$/;
/** Names of ids: made-up ones may stand there. */
const idNames = /^(?:(?:targeting|user|session|account|customer|device|person|member|contact)?(?:id|key|uuid))$/;
const madeUp =
  /^(?:test|example|sample|demo|fake|nobody|somebody|someone|anyone|user)(?:[-_. ]user)?(?:[-_. ]?(?:[a-z]|\d{1,4}))?$/i;
const personalValues = [
  // An e-mail address, a UUID, an IPv4 and an IPv6 address, a telephone number.
  /\S@\S/,
  /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i,
  /^\d{1,3}(?:\.\d{1,3}){3}$/,
  /^(?=.*::?[0-9a-f])(?:[0-9a-f]{0,4}:){2,7}[0-9a-f]{0,4}$/i,
  /^\+?\d[\d ()/-]{7,}\d$/,
];

/**
 * The first attribute that may say who somebody is: by its name (`email`), as an id that is not plainly made up
 * (`test-1`, `user-7`), or by a value of that look under any name. Null where none does. It errs on the side of a yes.
 */
export function personalAttribute(attributes: Readonly<Record<string, Json>>): string | null {
  for (const [name, value] of Object.entries(attributes)) {
    const plain = name.toLowerCase().replace(/[^a-z]/g, '');
    if (personalNames.test(plain)) return name;
    if (typeof value === 'boolean' || value === null) continue;
    if (idNames.test(plain) && !madeUp.test(typeof value === 'string' ? value : JSON.stringify(value))) return name;
    if (typeof value === 'string' && personalValues.some((look) => look.test(value.trim()))) return name;
  }
  return null;
}

/**
 * `plan=pro, country=NL, beta=true`: numbers, true and false as such, all else as text; in double quotes what holds a comma or
 * is meant as text. Null where it cannot be read so.
 */
export function readAttributes(written: string): Attributes | null {
  const attributes: [string, string | number | boolean][] = [];
  const part = /\s*([^=,"\s]+)\s*=\s*(?:"([^"]*)"|([^,"]*))\s*(?:,|$)/y;
  let end = 0;
  while (end < written.length) {
    part.lastIndex = end;
    const found = part.exec(written);
    if (!found) return null;
    const [all, name = '', text, bare = ''] = found;
    attributes.push([name, text ?? attributeValue(bare.trim())]);
    end += all.length;
  }
  return attributesSchema.safeParse(Object.fromEntries(attributes)).data ?? null;
}

/** As JSON where it is a number, true or false; a text otherwise. */
export function attributeValue(text: string): string | number | boolean {
  if (text === 'true' || text === 'false') return text === 'true';
  return /^-?(0|[1-9]\d{0,14})(\.\d+)?$/.test(text) ? Number(text) : text;
}

/** As {@link readAttributes} reads it. */
export function writtenAttributes(attributes: Readonly<Record<string, Json>>): string {
  return Object.entries(attributes)
    .map(([name, value]) => {
      const text = typeof value === 'string' ? value : JSON.stringify(value);
      const quoted = typeof value === 'string' && (attributeValue(value) !== value || /[,"]|^\s|\s$/.test(value));
      return `${name}=${quoted ? `"${text.replaceAll('"', '')}"` : text}`;
    })
    .join(', ');
}
