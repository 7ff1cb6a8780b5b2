import type { Config } from '../model/config';
import type { SystemDeps } from './deps';
import { readDocument } from './flagd/document';
import { MAX_FLAG_FILE_BYTES } from './flagd/flagFile';
import { isObject } from './flagd/issue';
import { Turns } from './turns';

/** Where flagd definition files usually are; for the search of the host. */
export const FLAG_FILE_GLOBS: readonly string[] = [
  '**/*.flagd.json',
  '**/flagd.json',
  '**/flags.json',
  '**/flagd/*.json',
];
/** And where they are not: dependencies, output, and hidden folders. */
export const FLAG_FILE_EXCLUDES = '**/{node_modules,dist,build,out,target,vendor,.*}/**';
const MAX_CANDIDATES = 50;

/** A file that holds flagd flags. `keys` in the order of the file. */
export interface DetectedFile {
  readonly path: string;
  readonly keys: readonly string[];
}

/** Which of the candidates hold flagd flags; what cannot be read is passed over. Sorted by path. */
export async function detectFlagFiles(
  candidates: readonly string[],
  deps: Pick<SystemDeps, 'files' | 'clock'>,
  signal: AbortSignal,
): Promise<DetectedFile[]> {
  const found: DetectedFile[] = [];
  for (const path of [...candidates].sort().slice(0, MAX_CANDIDATES)) {
    signal.throwIfAborted();
    const keys = await flagdKeys(path, deps, signal);
    if (keys.length > 0) found.push({ path, keys });
  }
  return found;
}

async function flagdKeys(
  path: string,
  { files, clock }: Pick<SystemDeps, 'files' | 'clock'>,
  signal: AbortSignal,
): Promise<string[]> {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(await files.read(path, MAX_FLAG_FILE_BYTES));
    const { entries } = await readDocument(text, new Turns(clock), signal);
    const shaped = entries.filter(({ value }) => isObject(value) && 'state' in value && isObject(value.variants));
    // Other programs have a `flags.json` too: most of its members must be flags of this kind.
    return shaped.length * 2 > entries.length ? shaped.flatMap(({ key }) => key ?? []) : [];
  } catch {
    signal.throwIfAborted();
    return [];
  }
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
    const group = groups.find(([first]) => first && overlap(first.keys, file.keys) >= 0.5);
    if (group) group.push(file);
    else groups.push([file]);
  }
  const relative = (path: string): string => paths.relative(folder, path).replaceAll(paths.separator, '/');
  const stem = (path: string): string => paths.basename(path).replace(/(\.flagd)?\.json$/, '');
  const named = uniqueNames(
    groups.map(([first]) => (groups.length === 1 || !first ? paths.basename(folder) : stem(first.path))),
  );
  return {
    systems:
      groups.length === 0
        ? []
        : [
            {
              id: 'flags',
              type: 'flagd',
              projects: groups.map((files, index) => ({
                name: named[index] ?? 'flags',
                folders: ['.'],
                environments: uniqueNames(files.map(({ path }) => stem(path))).map((name, at) => ({
                  name,
                  kind: 'definition',
                  source: [relative(files[at]?.path ?? '')],
                  write: 'rename',
                })),
              })),
            },
          ],
    backends: [],
    services: {},
    finder: { exclude: [] },
    matcher: { overrides: {} },
    guardrails: {},
  };
}

/** The proposal as a file to write. */
export function configurationText(config: Config): string {
  return `${JSON.stringify({ systems: config.systems }, null, 2)}\n`;
}

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
