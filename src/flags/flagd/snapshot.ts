import type { FlagState } from '../../model/flag';
import type { L10n } from '../../platform/l10n';
import { definedState } from '../files/definedFlag';
import type { Definition } from './definition';
import type { FlagdEnvironment } from './environment';

/** flagd has no switch that hands out the off variant: `state: DISABLED` gives the default written in the code. */
export const stateOf = (definition: Definition, of: FlagdEnvironment, l10n: L10n): FlagState => ({
  ...definedState(definition, of, l10n),
  switch: 'none',
  offServes: null,
});
