import type { FlagState } from '../../model/flag';
import type { SystemDeps } from '../deps';
import { definedState } from '../files/definedFlag';
import type { Definition } from './definition';
import type { FliptEnvironment } from './environment';
import { tiedWords } from './plan';

export function stateOf(definition: Definition, of: FliptEnvironment, deps: SystemDeps): FlagState {
  const { tied, unreadable, key } = definition;
  return {
    ...definedState(definition, of, deps.l10n),
    ...(tied && !unreadable && { writable: { kind: 'no', reason: tiedWords(key, deps) } }),
    ...switchOf(definition),
  };
}

/** Switched off it hands out the code's default. */
export function switchOf({
  hasSwitch,
  disabled,
}: Pick<Definition, 'hasSwitch' | 'disabled'>): Pick<FlagState, 'switch' | 'offServes'> {
  if (!hasSwitch) return { switch: 'none', offServes: null };
  return { switch: disabled ? 'off' : 'on', offServes: { kind: 'codeDefault' } };
}
