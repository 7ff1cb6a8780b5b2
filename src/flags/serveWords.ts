import type { Serve } from '../model/flag';
import type { L10n } from '../platform/l10n';

/** What a rule hands out, in one sentence part: `25% "on", 75% "off"`. Variant names come from outside. */
export function serveWords(serve: Serve, { t, locale }: L10n): string {
  switch (serve.kind) {
    case 'variant':
      return t('everyone gets "{0}"', serve.variant);
    case 'codeDefault':
      return t('everyone gets the default in the code');
    case 'dynamic':
      return t('computed for each caller');
    case 'split': {
      const total = serve.weights.reduce((sum, { weight }) => sum + weight, 0);
      const percent = new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 2 });
      return serve.weights.map(({ variant, weight }) => `${percent.format(weight / total)} "${variant}"`).join(', ');
    }
  }
}
