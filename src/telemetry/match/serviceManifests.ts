/** A file that says how something is built or run; `path` relative to the workspace folder, with `/`. */
export interface Manifest {
  readonly path: string;
  readonly text: string;
}

/** Folders by the name of the service that is built from them. */
export type FoldersByService = Readonly<Record<string, readonly string[]>>;

/** What {@link foldersByService} reads. */
export const manifestGlobs: readonly string[] = [
  '**/{docker-compose,compose}*.{yml,yaml}',
  '**/Dockerfile',
  '**/{package.json,go.mod,.env}',
  '**/{k8s,kubernetes,deploy,manifests}/**/*.{yml,yaml}',
];
/** Larger ones are none that people write. */
export const mostManifestText = 64 * 1024;
const mostServices = 500;

// Spaces and line ends apart: an expression that takes both goes through a file of empty lines for each of them.
/** In an .env file, a Dockerfile, a script, a list or a map of compose; Kubernetes puts the value on the next line. */
const serviceName = /\bOTEL_SERVICE_NAME["']?[ \t]*[:=][ \t]*["']?([\w][\w./-]{0,127})/gu;
const serviceNameBelow =
  /name:[ \t]*["']?OTEL_SERVICE_NAME["']?[ \t]*\r?\n[ \t]*value:[ \t]*["']?([\w][\w./-]{0,127})/gu;
const deployFolder = /^(?:k8s|kubernetes|deploy|manifests|templates|base)$/u;

/**
 * Which folders services are built from, as compose files, Dockerfiles, Kubernetes manifests, `.env` files and packages of the
 * workspace say: by OTEL_SERVICE_NAME, else by a compose service's or a package's own name. A folder of everything (the
 * workspace's own) says nothing and is left out.
 */
export function foldersByService(manifests: readonly Manifest[]): FoldersByService {
  const found = new Map<string, Set<string>>();
  const add = (service: string, folder: string): void => {
    if (folder === '' || found.size >= mostServices) return;
    found.set(service, (found.get(service) ?? new Set()).add(folder));
  };
  const variables = new Map<string, ReadonlyMap<string, string>>();
  for (const { path, text } of manifests)
    if (baseName(path) === '.env') variables.set(folderOf(path), assignments(text));
  for (const { path, text } of manifests) {
    if (text.length > mostManifestText) continue;
    const folder = folderOf(path);
    const name = baseName(path);
    if (/^(?:docker-)?compose/u.test(name)) readCompose(text, folder, variables.get(folder) ?? new Map(), add);
    else {
      for (const [, service] of [...text.matchAll(serviceName), ...text.matchAll(serviceNameBelow)])
        if (service !== undefined) add(service, builtFrom(folder));
      const own = name === 'package.json' ? packageName(text) : name === 'go.mod' ? moduleName(text) : undefined;
      if (own !== undefined) add(own, folder);
    }
  }
  return Object.fromEntries([...found].map(([service, folders]) => [service, [...folders].sort()]));
}

/** What a compose service is built from, by indentation: anchors, merges and inline maps are not followed. */
function readCompose(
  text: string,
  folder: string,
  variables: ReadonlyMap<string, string>,
  add: (service: string, folder: string) => void,
): void {
  let inServices = false;
  let indent = 0;
  let block: string[] = [];
  let service = '';
  const close = (): void => {
    if (service === '') return;
    const body = block.join('\n');
    const value = (key: string): string | undefined =>
      new RegExp(`^[ \\t]+${key}:[ \\t]+["']?([^"'#\\s]+)`, 'mu')
        .exec(body)?.[1]
        ?.replace(/\$\{?(\w+)(?::?-[^}]*)?\}?/gu, (_, name: string) => variables.get(name) ?? '');
    const context = value('context') ?? value('build');
    const dockerfile = value('dockerfile');
    if (context !== undefined || dockerfile !== undefined) {
      const at = joined(folder, context ?? '');
      const built = dockerfile === undefined ? at : joined(at, folderOf(dockerfile));
      const names = [...body.matchAll(serviceName)].flatMap(([, name]) => name ?? []);
      for (const name of [service, ...names]) add(name, builtFrom(built));
    }
    service = '';
    block = [];
  };
  for (const line of text.split('\n')) {
    if (/^\S/u.test(line)) {
      close();
      inServices = /^services:\s*(?:#.*)?$/u.test(line);
      indent = 0;
    } else if (inServices) {
      const [, space = '', name] = /^(\s+)["']?([\w.-]+)["']?:\s*(?:#.*|&\w+)?$/u.exec(line) ?? [];
      if (name !== undefined && (indent === 0 || space.length === indent)) {
        close();
        indent = space.length;
        service = name;
      } else block.push(line);
    }
  }
  close();
}

/** A Dockerfile or manifest may lie in a folder of its own within what it is of. */
function builtFrom(folder: string): string {
  const segments = folder.split('/');
  while (segments.length > 1 && /^(?:src|docker|build)$/u.test(segments.at(-1) ?? '')) segments.pop();
  while (segments.length > 0 && deployFolder.test(segments.at(-1) ?? '')) segments.pop();
  return segments.join('/');
}

const baseName = (path: string): string => path.slice(path.lastIndexOf('/') + 1);
const folderOf = (path: string): string => path.slice(0, Math.max(0, path.lastIndexOf('/')));

/** `child` below `folder`, with `.` and `..` followed; above the workspace nothing is. */
function joined(folder: string, child: string): string {
  const segments: string[] = [];
  for (const segment of `${folder}/${child}`.split('/')) {
    if (segment === '..') segments.pop();
    else if (segment !== '' && segment !== '.') segments.push(segment);
  }
  return segments.join('/');
}

function assignments(text: string): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const [, name = '', value = ''] of text.slice(0, mostManifestText).matchAll(/^(\w+)=["']?([^"'\s#]+)/gmu))
    found.set(name, value);
  return found;
}

/** Without its scope: services are seldom called by that. */
function packageName(text: string): string | undefined {
  return /^\s{0,4}"name"\s*:\s*"(?:@[\w.-]{1,100}\/)?([\w.-]{1,100})"/mu.exec(text)?.[1];
}

const moduleName = (text: string): string | undefined => /^module\s+\S*?([\w.-]{1,100})\s*$/mu.exec(text)?.[1];
