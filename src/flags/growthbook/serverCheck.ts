import type * as z from 'zod';
import type { L10n } from '../../platform/l10n';
import type { Remote } from '../../platform/remotes';
import { askForJson, type ServerProblem } from '../../platform/serverAnswer';
import { ALL_PROJECTS } from './paths';
import { environmentsSchema, projectsSchema } from './schema';

type Checked<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly problem: ServerProblem };
interface Asking {
  readonly l10n: L10n;
  readonly signal: AbortSignal;
}

/** Projects that a token sees, by name; and all of them as one, for organisations whose features are in none. */
export async function checkGrowthBook(
  remote: Remote,
  token: string,
  asking: Asking,
): Promise<Checked<{ readonly projects: readonly { readonly id: string; readonly name: string }[] }>> {
  const { t } = asking.l10n;
  const found = await ask(remote, '/api/v1/projects?limit=100', projectsSchema, asking);
  if (!found.ok) return { ok: false, problem: ofAnotherKind(found.problem, token, asking.l10n) };
  const projects = found.value.projects.map(({ id, name }) => ({ id, name: name === '' ? id : name }));
  return { ok: true, value: { projects: [...projects, { id: ALL_PROJECTS, name: t('All features') }] } };
}

/** Environments of the organisation that a project has. */
export async function growthBookEnvironments(
  remote: Remote,
  project: string,
  asking: Asking,
): Promise<Checked<readonly string[]>> {
  const found = await ask(remote, '/api/v1/environments', environmentsSchema, asking);
  if (!found.ok) return found;
  const names = found.value.environments
    .filter(({ projects }) => project === ALL_PROJECTS || projects.length === 0 || projects.includes(project))
    .map(({ id }) => id);
  return { ok: true, value: names };
}

/** Client keys of SDKs are `sdk-…`; tokens that see flags as people do are `secret_…`. */
export const isClientKey = (token: string): boolean => token.startsWith('sdk-');

function ofAnotherKind(problem: ServerProblem, token: string, { t }: L10n): ServerProblem {
  if (problem.about !== 'token' || !isClientKey(token)) return problem;
  const words = t(
    'This is a client key for SDKs, which cannot read how flags are set. Enter a personal access token or a secret key (secret_…).',
  );
  return { about: 'token', words };
}

async function ask<T>(remote: Remote, path: string, schema: z.ZodType<T>, asking: Asking): Promise<Checked<T>> {
  const answer = await askForJson(remote, path, { name: 'GrowthBook', ...asking });
  if (!answer.ok) return answer;
  const parsed = schema.safeParse(answer.json);
  if (parsed.success) return { ok: true, value: parsed.data };
  const words = asking.l10n.t('{0} answers, but not as GrowthBook does. Is the address right?', remote.origin);
  return { ok: false, problem: { about: 'address', words } };
}
