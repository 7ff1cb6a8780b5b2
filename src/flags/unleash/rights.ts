import type { Environment, Writable } from '../../model/flag';
import type { L10n } from '../../platform/l10n';
import type { EnvironmentMark, UserRights } from './schema';

/** What the token may do, and what the project asks for, environment by environment. */
export class Rights {
  readonly #user: UserRights | null;
  readonly #approvals: ReadonlyMap<string, number>;
  readonly #project: string;

  constructor(project: string, user: UserRights | null, approvals: ReadonlyMap<string, number>) {
    this.#project = project;
    this.#user = user;
    this.#approvals = approvals;
  }

  /** The token's owner in the event log; null when unknown. */
  get userId(): number | null {
    return this.#user?.user?.id ?? this.#user?.user?.internalAdminTokenUserId ?? null;
  }

  /** Unknown rights are tried: the server's own refusal is then said in its words. */
  writable(environment: Environment, readOnlyReason: string | null, { t }: L10n): Writable {
    if (readOnlyReason !== null) return { kind: 'no', reason: readOnlyReason };
    if (environment.readOnly) return { kind: 'no', reason: t('.sightglass.json says it is read-only.') };
    if (!this.#user) return { kind: 'unknown' };
    const { name } = environment.ref;
    if (['UPDATE_FEATURE_ENVIRONMENT', 'UPDATE_FEATURE_STRATEGY'].some((each) => this.#has(each, name)))
      return { kind: 'yes' };
    // With a change request others decide; who may open one is not in the permissions of every version.
    if (this.needsApproval(name)) return { kind: 'unknown' };
    return {
      kind: 'no',
      reason: t(
        'The token\'s owner may only look. Ask for the role "Member" in the Unleash project "{0}".',
        this.#project,
      ),
    };
  }

  /** Unknown rights are tried, as in {@link writable}. */
  mayMake(): boolean {
    return this.#user === null || this.#has('CREATE_FEATURE', null);
  }

  /** Changes to this environment go through a change request. */
  asksApproval(environment: string): boolean {
    return this.#approvals.has(environment);
  }

  /** As {@link asksApproval}, and this token cannot go past it. */
  needsApproval(environment: string): boolean {
    return this.asksApproval(environment) && !this.#has('SKIP_CHANGE_REQUEST', environment);
  }

  #has(permission: string, environment: string | null): boolean {
    return (
      this.#user?.permissions.some(
        (each) =>
          each.permission === 'ADMIN' ||
          (each.permission === permission &&
            (each.project === null || each.project === '*' || each.project === this.#project) &&
            (each.environment === null || each.environment === '' || each.environment === environment)),
      ) ?? false
    );
  }
}

/** Unleash's own marking: its environments have a type. */
export function markedEnvironment(
  environment: Environment,
  mark: EnvironmentMark | undefined,
  configuredProduction: boolean | undefined,
  asksApproval: boolean,
  words: { readonly sourceName: string; readonly pollMs: number; readonly askedMs: number },
): Environment {
  const isProduction = mark?.type === 'production';
  const marked = isProduction || asksApproval;
  const { protected: protection } = environment;
  // What the user's own settings loosened stays so.
  const byUser = protection.because === 'user';
  return {
    ...environment,
    // SDKs read Unleash's environments as they are: none of them is a definition that somebody has to deploy.
    kind: environment.kind === 'local' ? 'local' : 'live',
    production: configuredProduction ?? (isProduction || environment.production),
    protected: marked && !byUser ? { value: true, because: 'system' } : protection,
    sourceName: words.sourceName,
    pollMs: environment.pollMs ?? words.pollMs,
    askedMs: words.askedMs,
  };
}
