import { isInFolder } from './folderGlob';

/** Words of a service's or folder's name: `checkout-service`, `CheckoutService` and `checkout_service` have the same. */
function words(name: string): readonly string[] {
  return name
    .replace(/(?<=[a-z\d])(?=[A-Z])/gu, ' ')
    .toLowerCase()
    .split(/[^\p{L}\d]+/u)
    .filter((word) => word !== '' && !genericWords.has(word));
}

const genericWords = new Set([
  'service',
  'services',
  'svc',
  'app',
  'apps',
  'server',
  'backend',
  'package',
  'packages',
  'src',
]);

/**
 * Which services a path may belong to: the configuration's map where it names the service, else the likeness of folder
 * and service names. Answers are kept, as the same
 * few files are asked about for many operations.
 */
export class ServiceFolders {
  readonly #map: Readonly<Record<string, readonly string[]>>;
  readonly #services: readonly { readonly name: string; readonly words: readonly string[] }[];
  readonly #fits = new Map<string, number | null>();

  /** `map`: service to folders (globs). `services`: all that telemetry names. */
  constructor(map: Readonly<Record<string, readonly string[]>>, services: readonly string[]) {
    this.#map = map;
    this.#services = services.map((name) => ({ name, words: words(name) }));
  }

  /**
   * 2 = the configuration puts the service there, 1 = a folder bears the service's name, 0 = nothing says so or
   * against it, -1 = a folder bears another service's name, null = the configuration puts the service elsewhere.
   */
  fit(service: string, path: string): number | null {
    const key = `${service}\n${path}`;
    const known = this.#fits.get(key);
    if (known !== undefined) return known;
    const found = this.#work(service, path);
    this.#fits.set(key, found);
    return found;
  }

  #work(service: string, path: string): number | null {
    if (Object.hasOwn(this.#map, service))
      return (this.#map[service] ?? []).some((pattern) => isInFolder(path, pattern)) ? 2 : null;
    const segments = path.split('/').slice(0, -1).map(words);
    const own = this.#services.find(({ name }) => name === service)?.words ?? words(service);
    if (bears(segments, own)) return 1;
    const others = this.#services.some((other) => other.name !== service && bears(segments, other.words));
    return others ? -1 : 0;
  }
}

/** Whether some folder on the way has exactly the service's words, generic ones not counted. */
function bears(segments: readonly (readonly string[])[], service: readonly string[]): boolean {
  return service.length > 0 && segments.some((segment) => segment.join(' ') === service.join(' '));
}
