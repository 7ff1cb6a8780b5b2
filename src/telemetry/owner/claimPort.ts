import { ListenError } from '../../platform/listen';
import { whoListens } from './ownerClient';
import type { TelemetryPorts } from './ports';
import type { ReceiverFile } from './receiverFile';
import type { StoreOwner } from './storeOwner';

export interface StartRequest {
  readonly home: string;
  readonly address: string;
  readonly port: number;
  readonly token: string | null;
}

/** How many ports are tried beyond the wanted one. */
const portsTried = 20;

export type Claim =
  | { readonly kind: 'bound'; readonly owner: StoreOwner; readonly problem: string | null }
  | { readonly kind: 'ours'; readonly isSilent: boolean }
  | { readonly kind: 'failed'; readonly problem: string };

/**
 * Tries the last owner's port first, so that exporters need not be told of a new one and so that an owner who is
 * only slow is not mistaken for gone; then the wanted one and those after it. `candidate` makes an owner of the home
 * with this id.
 */
export async function claimPort(
  { http, hash, l10n }: Pick<TelemetryPorts, 'http' | 'hash' | 'l10n'>,
  start: StartRequest,
  known: ReceiverFile | undefined,
  candidate: (homeId: string) => StoreOwner,
): Promise<Claim> {
  const wanted = Array.from({ length: portsTried + 1 }, (_, offset) => start.port + offset);
  const last = known?.address === start.address && wanted.includes(known.port) ? known.port : null;
  const ports = last === null ? wanted : [last, ...wanted.filter((port) => port !== last)];
  const homeId = hash.sha256(`sightglass home ${start.home}`);
  for (const port of ports) {
    if (port > 65_535) continue;
    const owner = candidate(homeId);
    try {
      await owner.bind(port);
      const moved = port === start.port || start.port === 0;
      const problem = moved
        ? null
        : l10n.t('Port {0} is taken by another program; listening on {1}.', String(start.port), String(port));
      return { kind: 'bound', owner, problem };
    } catch (error) {
      if (!(error instanceof ListenError)) throw error;
      if (error.reason !== 'inUse') return { kind: 'failed', problem: error.message };
      const who = await whoListens(http, { address: start.address, port }, homeId);
      // One that holds the last owner's port and is silent is that owner, busy.
      const isSilent = who === 'silent';
      if (who === 'ours' || (isSilent && port === last)) return { kind: 'ours', isSilent };
    }
  }
  return {
    kind: 'failed',
    problem: l10n.t(
      'Ports {0} to {1} are all taken. Choose another.',
      String(start.port),
      String(start.port + portsTried),
    ),
  };
}
