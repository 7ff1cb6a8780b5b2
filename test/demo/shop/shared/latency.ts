import { setTimeout as sleep } from 'node:timers/promises';

/** Stands in for a database or a partner: waits about `typicalMs`, at times up to three times as long. */
export function waitAbout(typicalMs: number): Promise<void> {
  const spread = Math.exp(0.3 * normal());
  return sleep(Math.min(typicalMs * spread, typicalMs * 3));
}

/** Box and Muller's. */
function normal(): number {
  return Math.sqrt(-2 * Math.log(1 - Math.random())) * Math.cos(2 * Math.PI * Math.random());
}
