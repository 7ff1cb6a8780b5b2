import type { Config } from '../model/config';
import type { SystemDeps } from './deps';
import { keysOfFlagFile } from './flagFileKeys';

/** Where definition files of flagd, GO Feature Flag and Flipt usually are; for the search of the host. */
export const FLAG_FILE_GLOBS: readonly string[] = [
  '**/*.flagd',
  '**/flagd',
  '**/flags',
  '**/flagd/*',
  '**/*.goff',
  '**/goff/*',
  '**/flag-config',
  '**/features',
  '**/*.features',
].flatMap((start) =>
  // One by one: they are put into braces themselves.
  ['json', 'yaml', 'yml'].map((ending) => `${start}.${ending}`),
);
/** Where manifests of OpenFeature's command line are besides. */
export const MANIFEST_GLOBS: readonly string[] = ['**/*flag*manifest*.json'];
/** And where they are not: dependencies, output, and hidden folders. */
export const FLAG_FILE_EXCLUDES = '**/{node_modules,dist,build,out,target,vendor,.*}/**';
const MAX_CANDIDATES = 50;

/** A file that holds flags, of flagd where nothing else is said. `keys` in the order of the file. */
export interface DetectedFile {
  readonly type?: 'flagd' | 'goff' | 'flipt';
  /** What its flags are in, in systems that have such; their project is named after it. */
  readonly namespace?: string;
  readonly path: string;
  readonly keys: readonly string[];
}

/** Which of the candidates hold flags; what cannot be read is passed over. Sorted by path. */
export async function detectFlagFiles(
  candidates: readonly string[],
  deps: Pick<SystemDeps, 'files' | 'clock'>,
  signal: AbortSignal,
): Promise<DetectedFile[]> {
  const found: DetectedFile[] = [];
  for (const path of [...candidates].sort().slice(0, MAX_CANDIDATES)) {
    signal.throwIfAborted();
    const read = await keysOfFlagFile(path, deps, signal);
    if (read && read.format !== 'openfeature')
      found.push({
        path,
        type: read.format,
        ...(read.namespace !== undefined && { namespace: read.namespace }),
        keys: read.keys.map(({ key }) => key),
      });
  }
  return found;
}

/**
 * A configuration for detected files, to be offered. Files that mostly define the same keys are environments of one
 * project, others are projects of their own. A file is a definition until someone says that services read it.
 */
export function proposeConfiguration(
  folder: string,
  detected: readonly DetectedFile[],
  { paths }: Pick<SystemDeps, 'paths'>,
): Config {
  const groups: DetectedFile[][] = [];
  for (const file of detected) {
    const group = groups.find(([first]) => first && typeOf(first) === typeOf(file) && isSameProject(first, file));
    if (group) group.push(file);
    else groups.push([file]);
  }
  const relative = (path: string): string => paths.relative(folder, path).replaceAll(paths.separator, '/');
  const stem = (path: string): string => {
    const own = paths.basename(path).replace(/(\.flagd|\.goff|\.features)?\.(json|ya?ml)$/, '');
    // Flipt has a folder for each: its file is called alike in all of them.
    return own === 'features' ? paths.basename(paths.dirname(path)) : own;
  };
  const named = uniqueNames(
    groups.map(
      ([first]) => first?.namespace ?? (groups.length === 1 || !first ? paths.basename(folder) : stem(first.path)),
    ),
  );
  const projects = groups.map((files, index) => ({
    type: typeOf(files[0]),
    name: named[index] ?? 'flags',
    folders: ['.'],
    environments: uniqueNames(files.map(({ path }) => stem(path))).map((name, at) => ({
      name,
      kind: 'definition' as const,
      source: [relative(files[at]?.path ?? '')],
      write: 'rename' as const,
    })),
  }));
  return {
    systems: (['flagd', 'goff', 'flipt'] as const).flatMap((wanted) => {
      const own = projects.flatMap(({ type, ...project }) => (type === wanted ? [project] : []));
      return own.length === 0 ? [] : [{ id: wanted === 'flagd' ? 'flags' : wanted, type: wanted, projects: own }];
    }),
    backends: [],
    contexts: [],
    services: {},
    finder: { exclude: [] },
    matcher: { overrides: {} },
    guardrails: {},
  };
}

const typeOf = (file: DetectedFile | undefined): 'flagd' | 'goff' | 'flipt' => file?.type ?? 'flagd';

/** Mostly the same keys; where there are namespaces, the same one, which alone tells flags apart. */
const isSameProject = (a: DetectedFile, b: DetectedFile): boolean =>
  a.namespace === b.namespace && (a.namespace !== undefined || overlap(a.keys, b.keys) >= 0.5);

function overlap(a: readonly string[], b: readonly string[]): number {
  const known = new Set(a);
  return b.filter((key) => known.has(key)).length / Math.max(a.length, b.length, 1);
}

function uniqueNames(names: readonly string[]): string[] {
  const seen = new Map<string, number>();
  return names.map((name) => {
    const count = (seen.get(name) ?? 0) + 1;
    seen.set(name, count);
    return count === 1 ? name : `${name}-${String(count)}`;
  });
}
