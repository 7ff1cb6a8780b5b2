import type { Value } from './value';

/** The name of the type that a receiver is known to have. */
export function typeOf(receiver: Value): string | null {
  switch (receiver.k) {
    case 'instance':
      return receiver.cls.n;
    case 'typed':
    case 'parameter':
      return receiver.type?.split('.').at(-1) ?? null;
    case 'made':
    case 'package':
      return receiver.name === '*' || receiver.name === 'default' ? null : (receiver.name.split('.').at(-1) ?? null);
    default:
      return null;
  }
}

/** `flagService` is an instance of `FlagService`, or of `IFlagService`, `useFlags()` gives `flags`, as far as names go. */
export function alike(owner: string, called: string): boolean {
  const plain = (text: string): string => text.replace(/^_+/, '').toLowerCase();
  const a = plain(owner);
  const b = plain(called);
  return a === b || a === `i${b}` || `${a}client` === b || `use${a}` === b;
}
