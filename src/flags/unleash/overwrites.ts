import type { Overwritten } from '../../model/change';
import { canonical, isSame } from '../canonical';
import { eventWords, timeOf } from './eventLog';
import type { Step } from './nativePlan';
import type { UnleashEvent } from './schema';

/** A step that was sent, with what Unleash answered (the strategy as it is now, for a patch). */
export interface SentStep {
  readonly step: Step;
  readonly answer: unknown;
}

/**
 * Changes of others that ours replaced. Unleash writes an event in the transaction of each change, after it has locked
 * the row, so that the ids of two changes to one row are in the order in which they were made: what has an id below
 * ours and was not there when we read was written between our read and our write. It is overwritten when something it
 * set is another value after us. An equal write of ours leaves no event, and overwrites nothing.
 * `userId` is ours in the log (null: not known), which tells our switch from another's.
 */
export function overwritten(
  events: readonly UnleashEvent[],
  environment: string,
  sent: readonly SentStep[],
  userId: number | null,
): Overwritten[] {
  const here = events.filter((event) => event.environment === environment).sort((a, b) => a.id - b.id);
  const found = new Map<number, UnleashEvent>();
  for (const each of sent) {
    const own = ownEvent(here, each, userId);
    if (!own) continue;
    const between = here.filter(({ id }) => id < own.id);
    for (const event of lostTo(own, between)) found.set(event.id, event);
  }
  return [...found.values()].map((event) => ({ who: event.createdBy, at: timeOf(event), words: eventWords(event) }));
}

const SWITCHED: Readonly<Record<string, boolean>> = {
  'feature-environment-enabled': true,
  'feature-environment-disabled': false,
};

/** The event that our own step left; without Unleash's answer, one that wrote what the step did. */
export function ownEvent(
  events: readonly UnleashEvent[],
  { step, answer }: SentStep,
  userId: number | null,
): UnleashEvent | undefined {
  const mine = events.filter((event) => userId === null || (event.createdByUserId ?? userId) === userId);
  switch (step.do) {
    case 'on':
    case 'off':
      return mine.findLast(({ type }) => SWITCHED[type] === (step.do === 'on'));
    case 'patch':
      return mine.findLast(
        ({ type, data }) =>
          type === 'feature-strategy-update' && (answer === null ? wrote(data, step) : isSame(data, answer)),
      );
    case 'delete':
      return mine.findLast(
        ({ type, preData }) => type === 'feature-strategy-remove' && fieldOf(preData, 'id') === step.id,
      );
    case 'add':
      return undefined;
  }
}

function wrote(strategy: unknown, { id, operations }: Extract<Step, { do: 'patch' }>): boolean {
  const fields = flat(strategy);
  return (
    fieldOf(strategy, 'id') === id &&
    operations.every(({ op, path, value }) => op === 'test' || fields.get(path.slice(1)) === canonicalOf(op, value))
  );
}

const canonicalOf = (op: string, value: unknown): string | undefined =>
  op === 'remove' ? undefined : canonical(value);

function lostTo(own: UnleashEvent, between: readonly UnleashEvent[]): UnleashEvent[] {
  const ours = SWITCHED[own.type];
  if (ours !== undefined) {
    const last = between.findLast(({ type }) => SWITCHED[type] !== undefined);
    return last && SWITCHED[last.type] !== ours ? [last] : [];
  }
  const id = fieldOf(own.data ?? own.preData, 'id');
  const result = flat(own.data);
  // What another had overwritten before us was not lost to us.
  const last = new Map<string, { readonly event: UnleashEvent; readonly value: string | undefined }>();
  for (const event of between) {
    if (event.type !== 'feature-strategy-update' || fieldOf(event.data, 'id') !== id) continue;
    const [before, after] = [flat(event.preData), flat(event.data)];
    for (const name of new Set([...before.keys(), ...after.keys()]))
      if (before.get(name) !== after.get(name)) last.set(name, { event, value: after.get(name) });
  }
  return [...last].filter(([name, { value }]) => result.get(name) !== value).map(([, { event }]) => event);
}

/** Fields of a strategy, its parameters one by one. */
function flat(strategy: unknown): Map<string, string> {
  const fields = new Map<string, string>();
  if (typeof strategy !== 'object' || strategy === null) return fields;
  for (const [name, value] of Object.entries(strategy))
    if (name === 'parameters' && typeof value === 'object' && value !== null)
      for (const [key, item] of Object.entries(value as Readonly<Record<string, unknown>>))
        fields.set(`parameters/${key}`, canonical(item));
    else fields.set(name, canonical(value));
  return fields;
}

const fieldOf = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>)[name] : undefined;
