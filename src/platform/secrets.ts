/** A token is kept for one origin and handed out for that origin only. */
export interface Secrets {
  get(origin: string): Promise<string | undefined>;
  set(origin: string, token: string): Promise<void>;
  delete(origin: string): Promise<void>;
}
