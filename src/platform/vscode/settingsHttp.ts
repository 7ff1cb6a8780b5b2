import * as z from 'zod';
import { FileError, type Files } from '../files';
import { HttpError, type Http, type HttpRequest } from '../http';
import type { UndiciHttpOptions } from '../node/undiciHttp';
import type { Settings } from '../settings';

const maxPemBytes = 1024 * 1024;
const certificateSchema = z.object({ certificate: z.string().min(1), key: z.string().min(1) });

export interface SettingsHttpOf {
  readonly settings: Settings;
  readonly files: Files;
  /** The host's own `fetch`: VS Code's proxy and certificates. */
  readonly host: Http;
  /** HTTP with a proxy and certificates of its own. */
  readonly own: (options: UndiciHttpOptions) => Http;
}

/**
 * The host's own HTTP, or ours where `sightglass.http.proxy`, `.ca` or `.clientCertificate` say something. Settings are
 * read at each request, files of certificates when the settings changed.
 */
export function settingsHttp(of: SettingsHttpOf): Http {
  let known: { readonly text: string; readonly http: Promise<Http> } | undefined;
  return {
    async request(asked) {
      const text = JSON.stringify(read(of.settings));
      if (known?.text !== text) known = { text, http: build(of, asked) };
      const { http } = known;
      try {
        return await (await http).request(asked);
      } catch (error) {
        // A file that could not be read may be there the next time.
        if (known.http === http && (await failed(http))) known = undefined;
        throw error;
      }
    },
  };
}

function read(settings: Settings): { proxy: string; ca: string; client: z.infer<typeof certificateSchema> | null } {
  return {
    proxy: settings.get('http.proxy', '').trim(),
    ca: settings.get('http.ca', '').trim(),
    client: certificateSchema.safeParse(settings.get<unknown>('http.clientCertificate', {})).data ?? null,
  };
}

async function build({ settings, files, host, own }: SettingsHttpOf, asked: HttpRequest): Promise<Http> {
  const { proxy, ca, client } = read(settings);
  if (proxy === '' && ca === '' && client === null) return host;
  const refuse = (words: string): HttpError => new HttpError('unreachable', asked.url, words);
  if (proxy !== '') {
    const url = URL.canParse(proxy) ? new URL(proxy) : null;
    if (!url || !/^https?:$/.test(url.protocol)) throw refuse('sightglass.http.proxy is no http or https address');
    if (url.username !== '' || url.password !== '')
      throw refuse('sightglass.http.proxy has a password in it, and settings are no place for one');
  }
  const pem = async (name: string, path: string): Promise<string> => {
    try {
      return new TextDecoder().decode(await files.read(path, maxPemBytes));
    } catch (error) {
      throw refuse(`sightglass.http.${name} cannot be read: ${FileError.is(error) ? error.message : path}`);
    }
  };
  return own({
    ...(proxy !== '' && { proxy }),
    ...(ca !== '' && { ca: await pem('ca', ca) }),
    ...(client && {
      clientCertificate: {
        cert: await pem('clientCertificate', client.certificate),
        key: await pem('clientCertificate', client.key),
      },
    }),
  });
}

const failed = (http: Promise<Http>): Promise<boolean> =>
  http.then(
    () => false,
    () => true,
  );
