import type { Environment, Writable } from '../../model/flag';
import type { L10n } from '../../platform/l10n';
import type { SystemOptions } from '../deps';
import type { Asked, ApiClient } from '../rest/apiClient';
import { ApiError } from '../rest/apiErrors';
import { apiPaths } from './paths';
import {
  callerSchema,
  environmentSchema,
  environmentsSchema,
  projectsSchema,
  type Caller,
  type LdConfig,
  type LdEnvironment,
  type LdFlag,
} from './schema';

const PAGE = 20;
const MOST_ENVIRONMENTS = 500;
/**
 * Server-side SDKs stream; those that are told to poll, and those behind a proxy that cuts streams, look every 30 s
 * (https://launchdarkly.com/docs/sdk/concepts/client-side-server-side#how-sdks-receive-updates).
 */
const SDK_POLL_MS = 30_000;
/** Actions that a change of ours takes; without any of them a token only looks. */
const WRITES = ['updateOn', 'updateFallthrough', 'updateTargets', 'updateOffVariation', '*'];

/** What is rarely asked for: environments as LaunchDarkly marks them, and whose token it is. */
export class Facts {
  readonly environments: readonly Environment[];
  /** Configured environments that the project does not have, and those that it has. */
  readonly missing: readonly string[];
  readonly known: readonly string[];
  readonly #marks: ReadonlyMap<string, LdEnvironment>;
  readonly #caller: Caller | null;

  constructor(
    options: SystemOptions,
    marks: readonly LdEnvironment[] | null,
    caller: Caller | null,
    l10n: L10n,
    askedMs: number,
  ) {
    this.#marks = new Map((marks ?? []).map((mark) => [mark.key, mark]));
    this.#caller = caller;
    this.known = [...this.#marks.keys()];
    this.missing = marks
      ? options.environments.map(({ ref }) => ref.name).filter((name) => !this.#marks.has(name))
      : [];
    const seconds = new Intl.NumberFormat(l10n.locale).format(Math.round(askedMs / 1000));
    const sourceName = l10n.t('LaunchDarkly, asked every {0} s', seconds);
    this.environments = options.environments.map((environment) => {
      const { name } = environment.ref;
      const configured = options.project.environments.find((each) => each.name === name)?.production;
      return marked(environment, this.#marks.get(name), configured, { sourceName, askedMs });
    });
  }

  /** The same, asked for at another interval. */
  withInterval(options: SystemOptions, l10n: L10n, askedMs: number): Facts {
    const marks = this.known.length > 0 ? [...this.#marks.values()] : null;
    return new Facts(options, marks, this.#caller, l10n, askedMs);
  }

  /** Names of the environments that are configured and there. */
  get asked(): readonly string[] {
    return this.environments.map(({ ref }) => ref.name).filter((name) => !this.missing.includes(name));
  }

  requiresComment(environment: string): boolean {
    return this.#marks.get(environment)?.requireComments === true;
  }

  /** Changes of this flag go through an approval request: of every flag there, or of those with certain tags. */
  asksApproval(environment: string, flag: Pick<LdFlag, 'tags'> | null): boolean {
    const settings = this.#marks.get(environment)?.approvalSettings;
    if (settings?.required !== true) return false;
    const tags = settings.requiredApprovalTags;
    return tags.length === 0 || flag === null || flag.tags.some((tag) => tags.includes(tag));
  }

  /** What is known of the right to write; what is not is tried at the next plan, without effect. */
  writable(environment: Environment, config: LdConfig, { t }: L10n): Writable {
    if (environment.readOnly) return { kind: 'no', reason: t('.sightglass.json says it is read-only.') };
    const { scopes, tokenName } = this.#caller ?? {};
    if (scopes && scopes.length > 0 && !scopes.some((scope) => /writer|admin|owner/i.test(scope)))
      return { kind: 'no', reason: readerWords(tokenName ?? null, t) };
    const access = config._access ?? this.#marks.get(environment.ref.name)?._access;
    const has = (list: readonly { readonly action: string }[]): boolean =>
      list.some(({ action }) => WRITES.includes(action));
    if (access && has(access.denied)) return { kind: 'no', reason: readerWords(tokenName ?? null, t) };
    return access && has(access.allowed) ? { kind: 'yes' } : { kind: 'unknown' };
  }
}

export function readerWords(tokenName: string | null, t: L10n['t']): string {
  return tokenName
    ? t('The token "{0}" may only look. Ask for the role Writer in LaunchDarkly, or a custom role.', tokenName)
    : t('The token may only look. Ask for the role Writer in LaunchDarkly, or a custom role.');
}

/** LaunchDarkly's own marking: an environment is critical, or its changes want a comment, a confirmation, an approval. */
function marked(
  environment: Environment,
  mark: LdEnvironment | undefined,
  configuredProduction: boolean | undefined,
  words: { readonly sourceName: string; readonly askedMs: number },
): Environment {
  const careful =
    mark !== undefined &&
    (mark.critical || mark.requireComments || mark.confirmChanges || mark.approvalSettings?.required === true);
  const { protected: protection } = environment;
  return {
    ...environment,
    // SDKs read LaunchDarkly's environments as they are: none of them is a definition that somebody has to deploy.
    kind: environment.kind === 'local' ? 'local' : 'live',
    production: configuredProduction ?? (mark?.critical === true || environment.production),
    // What the user's own settings loosened stays so.
    protected: careful && protection.because !== 'user' ? { value: true, because: 'system' } : protection,
    pollMs: environment.pollMs ?? SDK_POLL_MS,
    ...words,
  };
}

/** Rejects when the environments cannot be asked for, or the project does not exist; whose token it is may stay unknown. */
export async function askFacts(
  client: ApiClient,
  options: SystemOptions,
  l10n: L10n,
  askedMs: number,
  asking: Pick<Asked, 'signal' | 'urgent'>,
): Promise<Facts> {
  const { signal } = asking;
  const asked: Asked = { ...asking, about: { project: options.project.name } };
  const [marks, caller] = await Promise.all([
    environmentsOf(client, options.project.name, l10n, asked),
    client.get(apiPaths.caller, callerSchema, asked).catch((error: unknown) => {
      signal.throwIfAborted();
      if (ApiError.is(error) && error.reason !== 'signedOut') return null;
      throw error;
    }),
  ]);
  return new Facts(options, marks, caller, l10n, askedMs);
}

async function environmentsOf(
  client: ApiClient,
  project: string,
  l10n: L10n,
  asked: Asked,
): Promise<readonly LdEnvironment[]> {
  const found: LdEnvironment[] = [];
  try {
    for (let offset = 0; offset < MOST_ENVIRONMENTS; offset += PAGE) {
      const path = apiPaths.environments(project, PAGE, offset);
      const { items } = await client.get(path, environmentsSchema, asked);
      found.push(...items.flatMap((item) => environmentSchema.safeParse(item).data ?? []));
      if (items.length < PAGE) break;
    }
    return found;
  } catch (error) {
    if (!ApiError.is(error, 'notFound')) throw error;
    const { items } = await client.get(apiPaths.projects(PAGE), projectsSchema, asked);
    const known = items.slice(0, 10).map(({ key }) => key);
    throw new ApiError(
      'notFound',
      l10n.t(
        'LaunchDarkly at {0} has no project "{1}", or does not show it to this token. It has: {2}.',
        client.url,
        project,
        known.join(', '),
      ),
    );
  }
}
