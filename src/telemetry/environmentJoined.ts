/**
 * Whose telemetry is joined to an asked environment: its own, or that which names none (`''`) if and only if nothing
 * names the asked one. Never both, and never another's.
 */
export function environmentJoined(asked: string, named: readonly string[]): string {
  return named.includes(asked) || !named.includes('') ? asked : '';
}
