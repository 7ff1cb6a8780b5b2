import * as z from 'zod';
import type { L10n } from '../../platform/l10n';
import { canonical } from '../canonical';
import { short } from '../boundedWords';

const operationSchema = z.object({
  op: z.enum(['test', 'replace', 'add', 'remove']),
  path: z.string(),
  value: z.unknown().optional(),
});
export type Operation = z.infer<typeof operationSchema>;

/** One request to Unleash about the flag and environment of the plan. */
const stepSchema = z.discriminatedUnion('do', [
  z.object({ do: z.literal('on') }),
  z.object({ do: z.literal('off') }),
  z.object({ do: z.literal('patch'), id: z.string(), operations: z.array(operationSchema) }),
  z.object({ do: z.literal('add'), strategy: z.record(z.string(), z.unknown()) }),
  z.object({ do: z.literal('delete'), id: z.string() }),
]);
export type Step = z.infer<typeof stepSchema>;

/**
 * Unleash's side of a plan, as JSON in `Plan.native` and `Plan.inverse`. `before` and `after` are raw states.
 * `seenEvents` are the ids of the flag's newest events when it was read, null where the log cannot be read.
 */
export const nativePlanSchema = z.object({
  format: z.literal(1),
  url: z.string(),
  key: z.string(),
  environment: z.string(),
  steps: z.array(stepSchema).min(1).max(200),
  before: z.string(),
  after: z.string(),
  seenEvents: z.array(z.number()).max(1_000).nullable(),
});
export type NativePlan = z.infer<typeof nativePlanSchema>;

/** Undefined for a plan of another kind of system, or a damaged one. */
export function readNativePlan(native: string): NativePlan | undefined {
  try {
    return nativePlanSchema.parse(JSON.parse(native));
  } catch {
    return undefined;
  }
}

/** The requests in Unleash's own terms: `parameters/rollout "25" → "50"; environment on`. */
export function stepWords(steps: readonly Step[], { t }: L10n): string {
  const shown = (value: unknown): string => short(canonical(value));
  const words = steps.flatMap((step): string[] => {
    switch (step.do) {
      case 'on':
        return [t('environment on')];
      case 'off':
        return [t('environment off')];
      case 'add':
        return [t('new strategy "{0}"', short(String(step.strategy.name)))];
      case 'delete':
        return [t('strategy {0} removed', step.id)];
      case 'patch':
        return step.operations.flatMap(({ op, path, value }, index) => {
          if (op === 'test') return [];
          const before = step.operations[index - 1];
          const name = path.slice(1);
          if (op === 'remove') return [t('{0} removed', name)];
          return before?.op === 'test' && before.path === path
            ? [t('{0} {1} → {2}', name, shown(before.value), shown(value))]
            : [t('{0} = {1}', name, shown(value))];
        });
    }
  });
  return words.join('; ');
}
