import type { SignalFacts } from '../../model/facts';
import type { Clock } from '../../platform/clock';
import type { Compress } from '../../platform/compress';
import type { Files, Paths } from '../../platform/files';
import type { Hash } from '../../platform/hash';
import type { Http } from '../../platform/http';
import type { L10n } from '../../platform/l10n';
import type { Listen } from '../../platform/listen';
import type { Log } from '../../platform/log';
import type { FactsRequest } from '../api';
import type { SignalBackend } from '../backend';

/** What the telemetry service stands on. */
export interface TelemetryPorts {
  readonly clock: Clock;
  readonly files: Files;
  readonly paths: Paths;
  readonly hash: Hash;
  readonly log: Log;
  readonly l10n: L10n;
  readonly listen: Listen;
  readonly compress: Compress;
  /** To the owner in another process of this machine. */
  readonly http: Http;
  readonly pid: number;
  readonly answerFacts: (
    backend: SignalBackend,
    request: FactsRequest,
    now: number,
    signal: AbortSignal,
  ) => Promise<SignalFacts>;
}
