import { dirname, isAbsolute, relative, resolve, sep } from 'node:path';
import type { Tools } from '../code/tools';
import { findConfiguration, readConfiguration } from '../flags/configuration';
import { FLAG_FILE_GLOBS, MANIFEST_GLOBS } from '../flags/detect';
import { keysOfFlagFile, type FlagFileKeys } from '../flags/flagFileKeys';
import { sourceAddress } from '../flags/flagd/sourceAddress';
import type { Reference } from '../model/reference';
import { memoryL10n } from '../platform/memory/l10n';
import { systemClock } from '../platform/node/clock';
import { nodeFiles } from '../platform/node/files';
import { nodePaths } from '../platform/node/paths';
import { listedKeys } from './listedKeys';

/** More flag files than this are not read. */
const mostFiles = 500;

/** The keys that are defined somewhere, as far as files tell. */
export interface DefinedKeys {
  /** All of them, sorted. */
  readonly keys: readonly string[];
  /** Where flag files of the root define them, by path; references by line. */
  readonly files: readonly { readonly path: string; readonly references: readonly Reference[] }[];
  /** What was read, for people: paths relative to the root where they are in it. */
  readonly sources: readonly string[];
}

/**
 * Keys that are defined: those of flagd's files and of OpenFeature's manifests under the root, of files that the nearest
 * `.sightglass.json` names as sources, and those listed in a file of the user's (`--keys`): one a line, or a JSON array of
 * texts. No server is asked. Rejects with {@link CannotError} when the user's file cannot be read.
 */
export async function definedKeys(
  root: string,
  { exclude, keysFile }: { readonly exclude: readonly string[]; readonly keysFile: string | null },
  tools: Pick<Tools, 'searches'>,
  signal: AbortSignal,
): Promise<DefinedKeys> {
  const keys = new Set(keysFile === null ? [] : await listedKeys(keysFile));
  const sources = keysFile === null ? [] : [keysFile];
  const files: DefinedKeys['files'][number][] = [];
  for (const path of await flagFiles(root, exclude, tools, signal)) {
    const read = await keysOfFlagFile(resolve(root, path), { files: nodeFiles, clock: systemClock }, signal);
    if (!read || read.keys.length === 0) continue;
    sources.push(path);
    for (const { key } of read.keys) keys.add(key);
    if (!isAbsolute(path)) files.push({ path, references: definitionsOf(path, read) });
  }
  return { keys: [...keys].sort(), files, sources };
}

/** Relative to the root where they are in it, else absolute; sorted. */
async function flagFiles(
  root: string,
  exclude: readonly string[],
  { searches }: Pick<Tools, 'searches'>,
  signal: AbortSignal,
): Promise<readonly string[]> {
  let found: readonly string[] = [];
  for (const search of searches) {
    try {
      found = await search.named(root, [...FLAG_FILE_GLOBS, ...MANIFEST_GLOBS], exclude, signal);
      break;
    } catch {
      signal.throwIfAborted();
    }
  }
  return [...new Set([...found, ...(await configuredFiles(root))])].sort().slice(0, mostFiles);
}

async function configuredFiles(root: string): Promise<string[]> {
  const path = await findConfiguration(root, nodeFiles, nodePaths);
  const config = path === undefined ? null : (await readConfiguration(path, nodeFiles, memoryL10n)).config;
  if (path === undefined || !config) return [];
  return config.systems
    .flatMap(({ projects }) => projects.flatMap(({ environments }) => environments.flatMap(({ source }) => source)))
    .flatMap((source) => {
      const address = sourceAddress(source);
      if (address.kind !== 'file') return [];
      const absolute = resolve(dirname(path), address.path);
      const inside = relative(root, absolute);
      return [inside.startsWith('..') || isAbsolute(inside) ? absolute : inside.split(sep).join('/')];
    });
}

const testPath = /(^|\/)(tests?|__tests__|testdata|fixtures?|mocks?|__mocks__)\//i;

function definitionsOf(path: string, { format, keys }: FlagFileKeys): Reference[] {
  const words = {
    flagd: 'defined in a flag file of flagd',
    goff: 'defined in a flag file of GO Feature Flag',
    flipt: 'defined in a file of features of Flipt',
    openfeature: "declared in a manifest of OpenFeature's",
  }[format];
  return keys.map(({ key, line, column, endColumn }) => ({
    path,
    line,
    column,
    endLine: line,
    endColumn,
    key,
    pattern: null,
    kind: testPath.test(path) ? 'test' : 'definition',
    certainty: 'certain',
    via: 'config',
    sdk: format,
    evaluatedOn: 'unknown',
    function: null,
    route: null,
    generated: false,
    trace: [{ words, path, line }],
    regions: [],
  }));
}
