/**
 * Base of what our own surfaces pass to commands: it says which surface asked, for the record. Only instances are
 * believed, and those cannot be made from outside; consent is asked all the same.
 */
export abstract class SurfaceArgument {
  abstract readonly through: 'sidebar' | 'journal' | 'detail panel';
}

export function surfaceOf(argument: unknown): string {
  return argument instanceof SurfaceArgument ? argument.through : 'command';
}
