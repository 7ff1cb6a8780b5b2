import * as z from 'zod';
import { FileError, type Files, type Paths } from '../../platform/files';

/** The owner of the store, as the other windows and the command line find it: `<home>/receiver.json`, mode 0600. */
export const receiverFileSchema = z.object({
  pid: z.number().int(),
  address: z.string(),
  port: z.number().int().min(1).max(65_535),
  /** Asked of whoever queries; not the one exporters may need. */
  token: z.string().min(16),
  startedAt: z.number(),
  protocol: z.literal(1),
});
export type ReceiverFile = z.infer<typeof receiverFileSchema>;

const maxBytes = 4096;

export class ReceiverFileAccess {
  readonly #files: Files;
  readonly #path: string;

  constructor(files: Files, paths: Paths, home: string) {
    this.#files = files;
    this.#path = paths.join(home, 'receiver.json');
  }

  /** Undefined when there is none, or none that can be understood. */
  async read(): Promise<ReceiverFile | undefined> {
    try {
      const text = new TextDecoder().decode(await this.#files.read(this.#path, maxBytes));
      return receiverFileSchema.safeParse(JSON.parse(text)).data;
    } catch (error) {
      if (error instanceof SyntaxError || FileError.is(error)) return undefined;
      throw error;
    }
  }

  async write(content: ReceiverFile): Promise<void> {
    await this.#files.writeAtomic(this.#path, new TextEncoder().encode(JSON.stringify(content)), 0o600);
  }

  /** Removes the file if it is still the one that was written with this token. */
  async removeOwn(token: string): Promise<void> {
    if ((await this.read())?.token !== token) return;
    try {
      await this.#files.remove(this.#path);
    } catch (error) {
      if (!FileError.is(error, 'notFound')) throw error;
    }
  }
}

/** `http://address:port` to reach an owner at; one that listens everywhere is asked on loopback. */
export function originOf({ address, port }: Pick<ReceiverFile, 'address' | 'port'>): string {
  const host = address === '0.0.0.0' ? '127.0.0.1' : address === '::' ? '::1' : address;
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
}
