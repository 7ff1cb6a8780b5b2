import { environmentId, type EnvironmentRef, type FlagRef } from '../../model/identity';
import type { Json } from '../../model/json';
import type { SystemDeps, SystemOptions } from '../deps';
import { OfrepClient } from '../ofrep/ofrepClient';

/** Where services evaluate beside Unleash (OFREP: Edge or a provider's), as far as the configuration names it. */
export class DataPlanes {
  readonly #clients: ReadonlyMap<string, OfrepClient>;
  readonly #l10n: SystemDeps['l10n'];

  constructor({ system, project }: SystemOptions, { remotes, l10n }: SystemDeps, type: string) {
    this.#l10n = l10n;
    this.#clients = new Map(
      project.environments.flatMap(({ name, ofrep }) => {
        if (ofrep === undefined) return [];
        const asked = { id: system, type, url: ofrep, authorization: 'bearer', tokenOptional: true } as const;
        const id = environmentId({ system, project: project.name, name });
        return [[id, new OfrepClient(remotes.remote(asked), l10n)] as const];
      }),
    );
  }

  has(environment: EnvironmentRef): boolean {
    return this.#clients.has(environmentId(environment));
  }

  /** Rejects where none is named. */
  async evaluate(
    ref: FlagRef,
    environment: EnvironmentRef,
    context: Readonly<Record<string, Json>>,
    signal?: AbortSignal,
  ): Promise<{ variant: string | null; value: Json; reason: string }> {
    const found = this.#clients.get(environmentId(environment));
    if (found) return found.evaluate(ref.key, context, signal);
    throw new Error(this.#l10n.t('"{0}" names no data plane. Add "ofrep": its address.', environment.name));
  }
}
