import type { Event } from './emitter';

/** The settings of package.json's `contributes.configuration`, read at the time of asking. */
export interface Settings {
  get<T>(name: string, fallback: T): T;
  readonly onDidChange: Event<void>;
}
