import type { Turns } from '../turns';
import { loadYaml } from '../yaml/yamlLibrary';
import { readDocument, type FlagDocument } from './document';
import { readYamlDocument } from './yamlDocument';

/** flagd tells by the name of a file or the end of an address too. */
const isYaml = (path: string): boolean => /\.ya?ml$/i.test(path);

/** Takes a flag file apart: YAML where it is called so and no JSON is in it. Rejects with TextSyntaxError. */
export async function readFlagDocument(
  path: string,
  text: string,
  turns: Turns,
  signal: AbortSignal,
): Promise<FlagDocument> {
  // A byte order mark is blanked, so that offsets stay those of the file; YAML's reader knows it.
  if (!isYaml(path) || /^\s*\{/.test(text)) return readDocument(text.replace(/^\uFEFF/, ' '), turns, signal);
  return readYamlDocument(text, await loadYaml(), turns, signal);
}
