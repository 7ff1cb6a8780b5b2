import type { FileSummary } from './summary';

/** Lists that other tables know their piece by: each piece has its own, even where it is empty. */
const known: ReadonlySet<string> = new Set(['decls', 'fns', 'calls', 'guards']);
const none: readonly never[] = [];

/** What names were seen lately, as an object: its keys are texts that the engine has once each. */
let names: Record<string, true> = {};
let count = 0;
const mostNames = 10_000;

/**
 * Makes a summary as small as it can be that is to be held for long, in place: one empty list for all that are empty,
 * the others no longer than what is in them, and names as texts of their own, which hold no part of the file's.
 */
export function compact(summary: FileSummary): void {
  compactObject(summary.pieces as unknown as Record<string, unknown>);
}

function compactObject(object: Record<string, unknown>): void {
  for (const field in object) {
    const value = object[field];
    if (typeof value === 'string') own(value);
    else if (Array.isArray(value)) object[field] = compactList(value, field);
    else if (typeof value === 'object' && value !== null) compactObject(value as Record<string, unknown>);
  }
}

function compactList(list: readonly unknown[], field: string): readonly unknown[] {
  if (list.length === 0) return known.has(field) ? list : none;
  // What is pushed to has room for sixteen more.
  const exact = list.slice();
  for (const value of exact) {
    if (typeof value === 'string') own(value);
    else if (typeof value === 'object' && value !== null) compactObject(value as Record<string, unknown>);
  }
  return exact;
}

/** A text that was cut out of another holds it as a whole, until it is the name of a property. */
function own(text: string): void {
  if (text.length > 200) return;
  if (count++ > mostNames) {
    names = {};
    count = 0;
  }
  names[text] = true;
}
