import * as z from 'zod';
import { isObject } from '../issue';
import type { Payload } from './payload';

/**
 * A server's side of a plan, as JSON in `Plan.native` and `Plan.inverse`: replace one flag by another, whole, each as JSON;
 * '' stands for no flag of that key at all. `beside`: the segments that both name, with their fingerprints at the time.
 */
const nativePlanSchema = z.object({
  format: z.literal(1),
  url: z.string(),
  namespace: z.string(),
  environment: z.string(),
  key: z.string(),
  before: z.string(),
  after: z.string(),
  beside: z.record(z.string(), z.string()).optional(),
});
export type ServerPlan = z.infer<typeof nativePlanSchema>;

/** Undefined for a plan of another kind of system, or a damaged one. */
export function readServerPlan(native: string): ServerPlan | undefined {
  try {
    const plan = nativePlanSchema.parse(JSON.parse(native));
    const whole = [plan.before, plan.after].every((text) => text === '' || payloadIn(text) !== null);
    return whole && plan.before !== plan.after ? plan : undefined;
  } catch {
    return undefined;
  }
}

/** A flag of a plan; null for none. Throws for what is no JSON. */
export function payloadIn(text: string): Payload | null {
  const value: unknown = text === '' ? null : JSON.parse(text);
  return isObject(value) ? value : null;
}
