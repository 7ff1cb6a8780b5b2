import * as z from 'zod';
import type { SystemDeps } from '../deps';
import { contextOf, type GoffFile } from './flagFile';
import { definitionAt, readDefinition, type Definition, type Entry } from './definition';

/**
 * Answer of `POST /v1/flag/configuration` (cmd/relayproxy/controller/flag_configuration.go): every flag that the relay
 * found valid; no `flags` where there are none.
 */
const answerSchema = z.looseObject({ flags: z.record(z.string(), z.unknown()).nullish() });

/** Flags as a relay gave them; null when the answer is none of its. `name`: its address, for people. */
export function readRelayAnswer(name: string, text: string, hash: string, deps: SystemDeps): GoffFile | null {
  let answer: unknown;
  try {
    answer = JSON.parse(text);
  } catch {
    return null;
  }
  const parsed = answerSchema.safeParse(answer);
  if (!parsed.success || 'errorCode' in parsed.data) return null;
  const context = contextOf(name, 'json', null, null, deps);
  const entries = Object.entries(parsed.data.flags ?? {}).map(([key, value]): Entry => {
    return { key, value, text: JSON.stringify(value, null, 2), offset: 0, tied: false };
  });
  const of = (definitions: ReadonlyMap<string, Definition>): GoffFile => ({
    path: name,
    hash,
    text,
    definitions,
    problems: [...definitions.values()].flatMap(({ unreadable }) => unreadable ?? []),
    // It stands for what it serves.
    refusal: null,
    at: (now) =>
      of(
        new Map(
          entries.flatMap((entry) => {
            const known = definitions.get(entry.key);
            return known ? [[entry.key, definitionAt(known, entry, context, now)] as const] : [];
          }),
        ),
      ),
    definitionWith: () => null,
    edits: () => null,
  });
  const now = deps.clock.now();
  return of(new Map(entries.map((entry) => [entry.key, readDefinition(entry, context, now)])));
}
