import { isInFolder } from './folderGlob';
import type { FoldersByService } from './serviceManifests';

/** Words of a service's or folder's name: `checkout-service`, `CheckoutService` and `checkout_service` have the same. */
function words(name: string): string {
  return name
    .replace(/(?<=[a-z\d])(?=[A-Z])/gu, ' ')
    .toLowerCase()
    .split(/[^\p{L}\d]+/u)
    .filter((word) => word !== '' && !genericWords.has(word))
    .join(' ');
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
 * and service names. Answers are kept, as the same few files are asked about for many operations.
 */
export class ServiceFolders {
  readonly #map: Readonly<Record<string, readonly string[]>>;
  /** Words by name. */
  readonly #names: ReadonlyMap<string, string>;
  readonly #services: ReadonlySet<string>;
  #folders: FoldersOnTheWay = { of: '', words: new Set(), builders: new Set() };
  /** Services by the folder that they are built from. */
  readonly #builders = new Map<string, Set<string>>();
  readonly #fits = new Map<string, number | null>();

  /**
   * `map`: service to folders (globs). `services`: all that telemetry names. `discovered`: the folders that manifests of the
   * workspace build services from; they say as much as a folder's name.
   */
  constructor(
    map: Readonly<Record<string, readonly string[]>>,
    services: readonly string[],
    discovered: FoldersByService = {},
  ) {
    for (const service of services)
      for (const folder of Object.hasOwn(discovered, service) ? (discovered[service] ?? []) : [])
        this.#builders.set(folder, (this.#builders.get(folder) ?? new Set()).add(service));
    this.#map = map;
    this.#names = new Map(services.map((name) => [name, words(name)]));
    this.#services = new Set(this.#names.values());
  }

  /**
   * 2 = the configuration puts the service there, 1 = a folder bears the service's name or is what it is built from,
   * 0 = nothing says so or against it, -1 = a folder is another service's by the same, null = the configuration puts the
   * service elsewhere.
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
    const { words: folders, builders } = this.#foldersOf(path);
    if (builders.has(service)) return 1;
    const own = this.#names.get(service) ?? words(service);
    if (own !== '' && folders.has(own)) return 1;
    if (builders.size > 0) return -1;
    // Names of the same words were told already.
    return [...folders].some((folder) => folder !== '' && this.#services.has(folder)) ? -1 : 0;
  }

  /** All services are asked for one path, then for the next. */
  #foldersOf(path: string): FoldersOnTheWay {
    const of = path.slice(0, path.lastIndexOf('/') + 1);
    if (this.#folders.of !== of)
      this.#folders = { of, words: new Set(of.split('/').map(words)), builders: this.#buildersOf(of) };
    return this.#folders;
  }

  /** Of the innermost folder that anything is built from. `of` ends with `/`. */
  #buildersOf(of: string): ReadonlySet<string> {
    for (let end = of.lastIndexOf('/'); end > 0; end = of.lastIndexOf('/', end - 1)) {
      const found = this.#builders.get(of.slice(0, end));
      if (found) return found;
    }
    return new Set();
  }
}

interface FoldersOnTheWay {
  readonly of: string;
  readonly words: ReadonlySet<string>;
  readonly builders: ReadonlySet<string>;
}
