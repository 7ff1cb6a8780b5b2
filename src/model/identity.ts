import * as z from 'zod';

/** Identifies a flag. `project` is whatever scopes keys in that system (project, namespace, config, flag set). */
export const flagRefSchema = z.object({ system: z.string(), project: z.string(), key: z.string() });
export type FlagRef = z.infer<typeof flagRefSchema>;

/** Identifies an environment of one project of one flag system. */
export const environmentRefSchema = z.object({ system: z.string(), project: z.string(), name: z.string() });
export type EnvironmentRef = z.infer<typeof environmentRefSchema>;

const part = (text: string): string => encodeURIComponent(text);

/** A string that is equal exactly when the refs are; used in maps, tree ids and links. */
export function flagId(ref: FlagRef): string {
  return `${part(ref.system)}/${part(ref.project)}/${part(ref.key)}`;
}

/** Environments are few, and asked for with every flag. */
const environmentIds = new WeakMap<EnvironmentRef, string>();

/** As {@link flagId}, for environments. */
export function environmentId(ref: EnvironmentRef): string {
  const known = environmentIds.get(ref);
  if (known !== undefined) return known;
  const id = `${part(ref.system)}/${part(ref.project)}/${part(ref.name)}`;
  environmentIds.set(ref, id);
  return id;
}
