import * as z from 'zod';
import type { L10n } from '../../platform/l10n';
import type { Remote } from '../../platform/remotes';
import { askForJson, type ServerProblem } from '../../platform/serverAnswer';

/** What a token may see and do. Names come from the server. */
export interface UnleashAccess {
  readonly projects: readonly { readonly id: string; readonly name: string }[];
  /** `admin`: everything, and change requests are passed by; `none`: it reads, and changes nothing. */
  readonly rights: 'admin' | 'some' | 'none';
}

export interface UnleashEnvironment {
  readonly name: string;
  /** `production`, `development`, `test`, `preproduction` or one of the owner's own. */
  readonly type: string;
}

type Checked<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly problem: ServerProblem };
interface Asking {
  readonly l10n: L10n;
  readonly signal: AbortSignal;
}

const name = z.string().min(1).max(500);
const userSchema = z.object({ permissions: z.array(z.object({ permission: z.string() })) });
const projectsSchema = z.object({ projects: z.array(z.object({ id: name, name: name.catch('') })).max(10_000) });
const environmentsSchema = z.object({
  environments: z
    .array(z.object({ name, type: z.string().max(200).catch(''), enabled: z.boolean().catch(true) }))
    .max(1_000),
});

/** Asks who the token is (`GET /api/admin/user`) and which projects it sees (`GET /api/admin/projects`). */
export async function checkUnleash(remote: Remote, token: string, asking: Asking): Promise<Checked<UnleashAccess>> {
  const user = await ask(remote, '/api/admin/user', userSchema, asking);
  if (!user.ok) return { ok: false, problem: ofAnotherKind(user.problem, token, asking.l10n) };
  const projects = await ask(remote, '/api/admin/projects', projectsSchema, asking);
  if (!projects.ok) return projects;
  const { permissions } = user.value;
  const admin = permissions.some(({ permission }) => permission === 'ADMIN');
  return {
    ok: true,
    value: {
      projects: projects.value.projects.map((project) => ({ id: project.id, name: project.name || project.id })),
      rights: admin ? 'admin' : permissions.length > 0 ? 'some' : 'none',
    },
  };
}

/** The environments that are switched on for a project, in the server's order. */
export async function unleashEnvironments(
  remote: Remote,
  project: string,
  asking: Asking,
): Promise<Checked<readonly UnleashEnvironment[]>> {
  const path = `/api/admin/environments/project/${encodeURIComponent(project)}`;
  const found = await ask(remote, path, environmentsSchema, asking);
  if (!found.ok) return found;
  return { ok: true, value: found.value.environments.filter(({ enabled }) => enabled) };
}

/**
 * Admin tokens are `*:*.<hex>` and personal ones `user:<hex>`; those of SDKs are `<project>:<environment>.<hex>`
 * (https://docs.getunleash.io/concepts/api-tokens-and-client-keys).
 */
export function isSdkToken(token: string): boolean {
  return /^[^:]+:[^.:]+\./.test(token) && !token.startsWith('*:*.');
}

function ofAnotherKind(problem: ServerProblem, token: string, { t }: L10n): ServerProblem {
  if (problem.about !== 'token' || !(isSdkToken(token) || problem.words.includes('different token type')))
    return problem;
  const words = t(
    'This is a token for SDKs (client or frontend), which cannot read how flags are set. Enter a personal access token (user:…) or an admin token (*:*.…).',
  );
  return { about: 'token', words };
}

async function ask<T>(remote: Remote, path: string, schema: z.ZodType<T>, asking: Asking): Promise<Checked<T>> {
  const answer = await askForJson(remote, path, { name: 'Unleash', ...asking });
  if (!answer.ok) return answer;
  const parsed = schema.safeParse(answer.json);
  if (parsed.success) return { ok: true, value: parsed.data };
  const words = asking.l10n.t('{0} answers, but not as Unleash does. Is the address right?', remote.origin);
  return { ok: false, problem: { about: 'address', words } };
}
