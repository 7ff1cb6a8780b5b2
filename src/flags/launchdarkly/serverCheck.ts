import * as z from 'zod';
import type { L10n } from '../../platform/l10n';
import type { Remote } from '../../platform/remotes';
import { askForJson, type ServerProblem } from '../../platform/serverAnswer';
import { launchDarklyProfile } from './profile';

/** What a token is and sees. Names come from the server. */
export interface LaunchDarklyAccess {
  readonly projects: readonly { readonly id: string; readonly name: string }[];
  /** Nobody's own: changes are in the token's name. */
  readonly isService: boolean;
}

export interface LaunchDarklyEnvironment {
  readonly name: string;
  /** LaunchDarkly marks it as critical. */
  readonly critical: boolean;
}

type Checked<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly problem: ServerProblem };
interface Asking {
  readonly l10n: L10n;
  readonly signal: AbortSignal;
}

const key = z.string().min(1).max(500);
const callerSchema = z.object({ accountId: z.string(), serviceToken: z.boolean().nullish().catch(null) });
const projectsSchema = z.object({
  items: z.array(z.object({ key, name: z.string().catch('') })).max(1_000),
});
/** SDK and mobile keys, which come with environments, are dropped here. */
const environmentsSchema = z.object({
  items: z.array(z.object({ key, critical: z.boolean().catch(false) })).max(1_000),
});

/** Asks whose the token is, and which projects it sees: the first hundred of them, by name. */
export async function checkLaunchDarkly(
  remote: Remote,
  token: string,
  asking: Asking,
): Promise<Checked<LaunchDarklyAccess>> {
  const caller = await ask(remote, '/api/v2/caller-identity', callerSchema, asking);
  if (!caller.ok) return { ok: false, problem: ofAnotherKind(caller.problem, token, asking.l10n) };
  const projects = await ask(remote, '/api/v2/projects?limit=100&sort=name', projectsSchema, asking);
  if (!projects.ok) return projects;
  return {
    ok: true,
    value: {
      projects: projects.value.items.map((project) => ({
        id: project.key,
        name: project.name === '' ? project.key : project.name,
      })),
      isService: caller.value.serviceToken === true,
    },
  };
}

export async function launchDarklyEnvironments(
  remote: Remote,
  project: string,
  asking: Asking,
): Promise<Checked<readonly LaunchDarklyEnvironment[]>> {
  const path = `/api/v2/projects/${encodeURIComponent(project)}/environments?limit=100`;
  const found = await ask(remote, path, environmentsSchema, asking);
  if (!found.ok) return found;
  return { ok: true, value: found.value.items.map((item) => ({ name: item.key, critical: item.critical })) };
}

/** Keys of server-side SDKs are `sdk-…`, of mobile ones `mob-…`, client-side ids 24 hex digits; access tokens `api-…`. */
export const isSdkKey = (token: string): boolean => /^(?:(?:sdk|mob)-|[0-9a-f]{24}$)/.test(token);

function ofAnotherKind(problem: ServerProblem, token: string, { t }: L10n): ServerProblem {
  if (problem.about !== 'token' || !isSdkKey(token)) return problem;
  const words = t('This is a key for SDKs, which cannot read how flags are set. Enter an access token (api-…).');
  return { about: 'token', words };
}

const { name, headers } = launchDarklyProfile;

async function ask<T>(remote: Remote, path: string, schema: z.ZodType<T>, asking: Asking): Promise<Checked<T>> {
  const answer = await askForJson(remote, path, { name, headers, ...asking });
  if (!answer.ok) return answer;
  const parsed = schema.safeParse(answer.json);
  if (parsed.success) return { ok: true, value: parsed.data };
  const words = asking.l10n.t('{0} answers, but not as LaunchDarkly does. Is the address right?', remote.origin);
  return { ok: false, problem: { about: 'address', words } };
}
