import type { Event } from './emitter';

/** A token is kept for one origin and handed out for that origin only. */
export interface Secrets {
  get(origin: string): Promise<string | undefined>;
  set(origin: string, token: string): Promise<void>;
  delete(origin: string): Promise<void>;
  /** One was entered or wiped, in this window or another. */
  readonly onDidChange: Event<void>;
}
