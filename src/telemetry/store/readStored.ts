import type { Clock } from '../../platform/clock';
import type { Files, Paths } from '../../platform/files';
import type { Log } from '../../platform/log';
import type { SignalBackend } from '../backend';
import { Segments } from './segments';
import { SignalStore } from './signalStore';
import { storeBackend } from './storeBackend';

/** Where in a home the segments stand. */
export const storeFolder = (paths: Paths, home: string): string => paths.join(home, 'store');

/** What is stored, read once and not followed: for the command line while nobody owns the store. */
export async function readStored(
  on: { readonly files: Files; readonly paths: Paths; readonly log: Log; readonly clock: Clock },
  home: string,
): Promise<SignalBackend> {
  const store = new SignalStore(on.clock);
  const segments = new Segments(on, storeFolder(on.paths, home), store.rollups);
  store.restored(await segments.load(on.clock.now()));
  return storeBackend(store);
}
