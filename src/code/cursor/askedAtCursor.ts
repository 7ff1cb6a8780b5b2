import type { Reference } from '../../model/reference';
import type { AskedAtCursor } from '../api';
import type { Linked } from '../linkFile';
import { cursorMark, type Repair } from './repairs';

/** What the finder says about the mark: the flag's key that is being written, or the variant its value is compared with. */
export function askedAbout(linked: Pick<Linked, 'references'>, repair: Repair): AskedAtCursor | null {
  for (const reference of linked.references) {
    const { key } = reference;
    const about =
      key?.includes(cursorMark) === true && reference.kind !== 'mention' ? keyAsked(key, reference, repair) : null;
    if (about) return about;
  }
  for (const reference of linked.references) {
    const compared = reference.key === null ? undefined : comparedWith(reference);
    if (reference.key === null || compared === undefined) continue;
    const { behind, ahead, quotes } = around(compared, repair);
    return { kind: 'variant', key: reference.key, behind, ahead, quotes };
  }
  return null;
}

function keyAsked(key: string, { sdk, valueType }: Reference, repair: Repair): AskedAtCursor {
  const { behind, ahead, quotes } = around(key, repair);
  const at = key.indexOf(cursorMark);
  return {
    kind: 'key',
    prefix: repair.quotes === null ? key.slice(0, at - behind) : key.slice(0, at),
    suffix: key.slice(at + cursorMark.length + (repair.quotes === null ? ahead : 0)),
    behind,
    ahead,
    quotes,
    sdk,
    valueType: valueType ?? null,
  };
}

/** How much of what is written around the cursor belongs to the text that the mark is in. */
function around(value: string, repair: Repair): { behind: number; ahead: number; quotes: string | null } {
  const { text, at, quotes } = repair;
  if (quotes !== null) return { behind: repair.behind, ahead: repair.ahead, quotes };
  const inValue = value.indexOf(cursorMark);
  let behind = 0;
  while (behind < inValue && value.charAt(inValue - behind - 1) === text.charAt(at - behind - 1)) behind++;
  const end = at + cursorMark.length;
  const valueEnd = inValue + cursorMark.length;
  let ahead = 0;
  while (valueEnd + ahead < value.length && value.charAt(valueEnd + ahead) === text.charAt(end + ahead)) ahead++;
  return { behind, ahead, quotes };
}

/** The value with the mark in it that the flag's result is compared with. */
function comparedWith({ regions }: Reference): string | undefined {
  for (const { when } of regions) {
    const values = when.is === 'oneOf' ? when.values : 'value' in when ? [when.value] : [];
    for (const value of values) if (typeof value === 'string' && value.includes(cursorMark)) return value;
  }
  return undefined;
}
