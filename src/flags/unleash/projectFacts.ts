import type { Environment } from '../../model/flag';
import type { L10n } from '../../platform/l10n';
import type { SystemOptions } from '../deps';
import { UnleashError, type UnleashClient } from './client';
import { adminPaths } from './paths';
import { markedEnvironment, Rights } from './rights';
import {
  changeRequestConfigSchema,
  environmentsSchema,
  projectsSchema,
  userSchema,
  type EnvironmentMark,
  type UserRights,
} from './schema';

/** SDKs look every 15 s unless they are told otherwise (https://docs.getunleash.io/sdks/node, refreshInterval). */
const SDK_POLL_MS = 15_000;

/** What is rarely asked for: environments as Unleash marks them, rights of the token, approvals. */
export class ProjectFacts {
  readonly environments: readonly Environment[];
  readonly rights: Rights;
  /** Configured environments that the project does not have, and those that it has. */
  readonly missing: readonly string[];
  readonly known: readonly string[];
  readonly marks: readonly EnvironmentMark[];
  readonly #user: UserRights | null;
  readonly #approvals: ReadonlyMap<string, number>;

  constructor(
    options: SystemOptions,
    marks: readonly EnvironmentMark[] | null,
    user: UserRights | null,
    approvals: ReadonlyMap<string, number>,
    l10n: L10n,
    pollMs: number,
  ) {
    this.marks = (marks ?? []).filter(({ visible }) => visible !== false);
    this.#user = user;
    this.#approvals = approvals;
    this.rights = new Rights(options.project.name, user, approvals);
    this.known = this.marks.map(({ name }) => name);
    this.missing = marks
      ? options.environments.map(({ ref }) => ref.name).filter((name) => !this.known.includes(name))
      : [];
    const seconds = new Intl.NumberFormat(l10n.locale).format(pollMs / 1000);
    const words = { sourceName: l10n.t('Unleash, asked every {0} s', seconds), pollMs: SDK_POLL_MS, askedMs: pollMs };
    this.environments = options.environments.map((environment) =>
      markedEnvironment(
        environment,
        this.marks.find(({ name }) => name === environment.ref.name),
        options.project.environments.find(({ name }) => name === environment.ref.name)?.production,
        this.rights.asksApproval(environment.ref.name),
        words,
      ),
    );
  }

  withApproval(environment: string, options: SystemOptions, l10n: L10n, pollMs: number): ProjectFacts {
    const approvals = new Map([...this.#approvals, [environment, this.#approvals.get(environment) ?? 1]]);
    return new ProjectFacts(options, this.marks, this.#user, approvals, l10n, pollMs);
  }
}

/** Rejects when the environments cannot be asked for, or the project does not exist; rights may stay unknown. */
export async function askProjectFacts(
  client: UnleashClient,
  options: SystemOptions,
  l10n: L10n,
  pollMs: number,
  signal: AbortSignal,
): Promise<ProjectFacts> {
  const project = options.project.name;
  const [{ environments }, user, config] = await Promise.all([
    client.get(adminPaths.environments(project), environmentsSchema, signal),
    client.get(adminPaths.user, userSchema, signal).catch(unless('signedOut', signal)),
    // Only the commercial editions have it.
    client
      .get(adminPaths.changeRequestConfig(project), changeRequestConfigSchema, signal)
      .catch(unless('signedOut', signal)),
  ]);
  if (environments.every(({ visible }) => visible === false)) await checkProject(client, project, l10n, signal);
  const approvals = new Map<string, number>();
  for (const { name, requiredApprovals } of environments)
    if (typeof requiredApprovals === 'number') approvals.set(name, requiredApprovals);
  for (const each of config ?? [])
    if (each.changeRequestEnabled) approvals.set(each.environment, each.requiredApprovals ?? 1);
  return new ProjectFacts(options, environments, user, approvals, l10n, pollMs);
}

/** Unleash answers questions about a project that does not exist as if it were empty. */
async function checkProject(client: UnleashClient, project: string, l10n: L10n, signal: AbortSignal): Promise<void> {
  const { projects } = await client.get(adminPaths.projects, projectsSchema, signal);
  if (projects.some(({ id }) => id === project)) return;
  const known = projects
    .slice(0, 10)
    .map(({ id }) => id)
    .join(', ');
  throw new UnleashError(
    'notFound',
    l10n.t(
      'Unleash at {0} has no project "{1}", or does not show it to this token. It has: {2}.',
      client.url,
      project,
      known,
    ),
  );
}

function unless(fatal: UnleashError['reason'], signal: AbortSignal): (error: unknown) => null {
  return (error) => {
    signal.throwIfAborted();
    if (UnleashError.is(error) && error.reason !== fatal && error.reason !== 'noAnswer') return null;
    throw error;
  };
}
