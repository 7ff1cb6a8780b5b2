import * as z from 'zod';
import type { L10n } from '../../platform/l10n';
import type { Remote } from '../../platform/remotes';
import { askForJson, type ServerProblem } from '../../platform/serverAnswer';
import { apiPaths } from './apiPaths';

type Checked<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly problem: ServerProblem };
interface Asking {
  readonly l10n: L10n;
  readonly signal: AbortSignal;
}

const key = z.string().min(1).max(500);
const environmentsSchema = z.object({
  environments: z
    .array(z.object({ key, default: z.boolean().nullish().catch(null) }))
    .min(1)
    .max(1_000),
});
const namespacesSchema = z.object({
  items: z.array(z.object({ key, name: z.string().nullish().catch(null) })).max(1_000),
});

/** Asks which namespaces a Flipt has in its default environment. Names come from the server. */
export async function checkFlipt(
  remote: Remote,
  asking: Asking,
): Promise<Checked<readonly { readonly id: string; readonly name: string }[]>> {
  const environments = await ask(remote, apiPaths.environments, environmentsSchema, asking);
  if (!environments.ok) return environments;
  const [first] = environments.value.environments;
  const usual = environments.value.environments.find((each) => each.default === true) ?? first;
  const found = await ask(remote, apiPaths.namespaces(usual?.key ?? 'default'), namespacesSchema, asking);
  if (!found.ok) return found;
  return {
    ok: true,
    value: found.value.items.map((item) => ({
      id: item.key,
      name: item.name === null || item.name === undefined || item.name === '' ? item.key : item.name,
    })),
  };
}

/** Keys of its environments. */
export async function fliptEnvironments(remote: Remote, asking: Asking): Promise<Checked<readonly string[]>> {
  const found = await ask(remote, apiPaths.environments, environmentsSchema, asking);
  return found.ok ? { ok: true, value: found.value.environments.map((each) => each.key) } : found;
}

async function ask<T>(remote: Remote, path: string, schema: z.ZodType<T>, asking: Asking): Promise<Checked<T>> {
  const answer = await askForJson(remote, path, { name: 'Flipt', ...asking });
  if (!answer.ok) return answer;
  const parsed = schema.safeParse(answer.json);
  if (parsed.success) return { ok: true, value: parsed.data };
  const words = asking.l10n.t(
    '{0} answers, but not as a Flipt of version 2 does. Is the address right?',
    remote.origin,
  );
  return { ok: false, problem: { about: 'address', words } };
}
