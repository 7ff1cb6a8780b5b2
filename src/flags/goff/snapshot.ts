import type { FlagState } from '../../model/flag';
import type { L10n } from '../../platform/l10n';
import { definedState } from '../files/definedFlag';
import type { Definition } from './definition';
import type { GoffEnvironment } from './environment';

export function stateOf(definition: Definition, of: GoffEnvironment, l10n: L10n): FlagState {
  const { tied, unreadable, disabled, schedule, key } = definition;
  return {
    ...definedState(definition, of, l10n),
    ...(tied && !unreadable && { writable: { kind: 'no', reason: tiedWords(key, l10n) } }),
    ...(schedule.length > 0 && { schedule: [...schedule] }),
    switch: disabled ? 'off' : 'on',
    offServes: { kind: 'codeDefault' },
  };
}

export const tiedWords = (key: string, { t }: L10n): string =>
  t('"{0}" shares text with others of its file (& and * of YAML): change it there.', key);
