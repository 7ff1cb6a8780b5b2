import type { Environment } from '../../model/flag';
import type { L10n } from '../../platform/l10n';
import { sourceAddress } from './sourceAddress';

/** flagd asks an HTTP source this often unless told otherwise (https://flagd.dev/reference/sync-configuration, `interval`). */
const FLAGD_POLL_MS = 5_000;

/**
 * An environment with definitions at a URL says how often they are asked for, `askedMs`; others tell changes by themselves
 * and are given back as they are. A definition that is not live keeps the bare name of its file, which stands beside the code.
 */
export function polledEnvironment(
  environment: Environment,
  sources: readonly string[],
  askedMs: number,
  { t, locale }: L10n,
): Environment {
  if (!sources.some((source) => sourceAddress(source).kind === 'http')) return environment;
  if (environment.kind !== 'live') return { ...environment, askedMs };
  const seconds = new Intl.NumberFormat(locale).format(askedMs / 1000);
  return {
    ...environment,
    sourceName: t('{0}, asked every {1} s', environment.sourceName, seconds),
    pollMs: environment.pollMs ?? FLAGD_POLL_MS,
    askedMs,
  };
}
