import type { CommandHandler } from '../commandTable';
import type { Accessors } from './accessors';
import { extractKey, type ExtractOf } from './extractKey';
import { wrapInFlag, type WrapOf } from './wrapInFlag';

type AuthoringCommand = 'sightglass.wrapInFlag' | 'sightglass.extractKey' | 'sightglass.generateAccessors';

/** What writes code that asks for flags; each shows what it would write first, or asks where. */
export function authoringCommands(
  of: WrapOf & ExtractOf & { readonly accessors: Accessors },
): Readonly<Record<AuthoringCommand, CommandHandler>> {
  return {
    'sightglass.wrapInFlag': (argument) => wrapInFlag(of, argument),
    'sightglass.extractKey': () => extractKey(of),
    'sightglass.generateAccessors': () => of.accessors.generate(),
  };
}
