import type { L10n } from '../platform/l10n';
import type { ReasonCode } from './report';

/** What a reason is about, in a few words. */
export function reasonTitle(code: ReasonCode, { t }: L10n): string {
  switch (code) {
    case 'flag-unknown':
      return t('Unknown flag');
    case 'flag-archived':
      return t('Flag is to go');
    case 'live-on-deploy':
      return t('Goes live on deploy');
    case 'definition-changed':
      return t('Flag definition changed');
    case 'removed-while-served':
      return t('Flag removed while served');
    case 'failing-path':
      return t('Failing already');
    case 'busy-path-unguarded':
      return t('Busy path without a flag');
    case 'default-changed':
      return t('Default changed');
    case 'dead-side-edited':
      return t('Dead side edited');
    case 'telemetry-removed':
      return t('Telemetry removed');
    case 'behind-off-flag':
      return t('Behind a flag that is off');
    case 'flag-extinct':
      return t('Flag extinct');
  }
}
