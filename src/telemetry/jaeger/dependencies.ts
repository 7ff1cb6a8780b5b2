import * as z from 'zod';
import type { ServiceEdge } from '../../model/serviceGraph';

/** Dependencies of an answer beyond these are left out, and said to be. */
export const mostDependencies = 5_000;
const longestName = 256;

/** int64 is a text in JSON of protobuf; the older API writes a number. */
const countSchema = z
  .union([
    z.number(),
    z
      .string()
      .regex(/^\d{1,19}$/)
      .transform(Number),
  ])
  .pipe(z.number().nonnegative());
const nameSchema = z.string().min(1).max(longestName);
const dependencySchema = z.object({ parent: nameSchema, child: nameSchema, callCount: countSchema });

/** `jaeger.api_v3.DependenciesResponse`; where there are none, JSON of protobuf may leave the member out. */
const thirdSchema = z.union([
  z.object({ dependencies: z.array(z.unknown()) }),
  z.strictObject({}).transform(() => ({ dependencies: [] })),
]);
/** The answer of `/api/dependencies`: `{ data, total, limit, offset, errors }`. */
const olderSchema = z.object({
  data: z.array(z.unknown()).nullable(),
  errors: z
    .array(z.object({ msg: z.string() }))
    .nullish()
    .catch(null),
});

export interface Dependencies {
  readonly edges: readonly ServiceEdge[];
  readonly services: readonly string[];
  /** Some of them could not be read, or were too many. */
  readonly partial: boolean;
}

/** Reads the dependencies of either API; null where it is neither's answer. Throws an Error with what the server says. */
export function readDependencies(body: Uint8Array): Dependencies | null {
  let json: unknown;
  try {
    json = JSON.parse(new TextDecoder().decode(body));
  } catch {
    return null;
  }
  const older = olderSchema.safeParse(json);
  if (older.success) {
    const [error] = older.data.errors ?? [];
    if (error) throw new Error(error.msg.slice(0, 200));
    return dependenciesOf(older.data.data ?? []);
  }
  const third = thirdSchema.safeParse(json);
  const hasError = typeof json === 'object' && json !== null && ('error' in json || 'code' in json);
  return third.success && !hasError ? dependenciesOf(third.data.dependencies) : null;
}

function dependenciesOf(all: readonly unknown[]): Dependencies {
  let partial = all.length > mostDependencies;
  const calls = new Map<string, ServiceEdge>();
  const services = new Set<string>();
  for (const one of all.slice(0, mostDependencies)) {
    const read = dependencySchema.safeParse(one);
    if (!read.success) {
      partial = true;
      continue;
    }
    const { parent, child, callCount } = read.data;
    services.add(parent).add(child);
    // Jaeger with a database behind it may count calls within one service as well.
    if (parent === child || callCount === 0) continue;
    const key = JSON.stringify([parent, child]);
    calls.set(key, {
      client: parent,
      server: child,
      operation: null,
      kind: 'call',
      requests: (calls.get(key)?.requests ?? 0) + callCount,
      since: null,
      lastSeen: null,
    });
  }
  return { edges: [...calls.values()], services: [...services].sort(), partial };
}
