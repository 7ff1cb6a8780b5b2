import type { Environment } from '../../model/flag';
import type { L10n } from '../../platform/l10n';
import type { SystemOptions } from '../deps';
import type { ApiClient, Asked } from '../rest/apiClient';
import { ALL_PROJECTS, apiPaths } from './paths';
import { environmentsSchema } from './schema';

/**
 * SDKs keep what they were given for a minute before they ask again, unless they stream
 * (https://docs.growthbook.io/lib/js#caching; `staleTTL`).
 */
const SDK_POLL_MS = 60_000;

/** What is rarely asked for: the environments of the organisation. GrowthBook marks none as production, nor as reviewed. */
export class Facts {
  readonly environments: readonly Environment[];
  /** Ids of the environments that the project has. */
  readonly known: readonly string[];
  /** Configured environments that it does not have. */
  readonly missing: readonly string[];

  constructor(options: SystemOptions, known: readonly string[] | null, l10n: L10n, askedMs: number) {
    this.known = known ?? [];
    this.missing = known ? options.environments.map(({ ref }) => ref.name).filter((name) => !known.includes(name)) : [];
    const seconds = new Intl.NumberFormat(l10n.locale).format(Math.round(askedMs / 1000));
    const sourceName = l10n.t('GrowthBook, asked every {0} s', seconds);
    this.environments = options.environments.map((environment) => ({
      ...environment,
      // SDKs are served what GrowthBook has: none of its environments is a definition that somebody has to deploy.
      kind: environment.kind === 'local' ? 'local' : 'live',
      pollMs: environment.pollMs ?? SDK_POLL_MS,
      sourceName,
      askedMs,
    }));
  }

  /** The same, asked for at another interval. */
  withInterval(options: SystemOptions, l10n: L10n, askedMs: number): Facts {
    return new Facts(options, this.known.length > 0 ? this.known : null, l10n, askedMs);
  }
}

export async function askFacts(
  client: ApiClient,
  options: SystemOptions,
  l10n: L10n,
  askedMs: number,
  asking: Pick<Asked, 'signal' | 'urgent'>,
): Promise<Facts> {
  const { name } = options.project;
  const asked: Asked = { ...asking, about: { project: name } };
  const { environments } = await client.get(apiPaths.environments, environmentsSchema, asked);
  const known = environments
    .filter(({ projects }) => name === ALL_PROJECTS || projects.length === 0 || projects.includes(name))
    .map(({ id }) => id);
  return new Facts(options, known, l10n, askedMs);
}
