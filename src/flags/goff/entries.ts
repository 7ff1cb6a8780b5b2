import { isObject } from '../issue';
import { parseJson } from '../jsonText';
import { JsonTokens } from '../jsonTokens';
import { TextSyntaxError } from '../textSyntax';
import type { Turns } from '../turns';
import { readYamlEntries } from '../yaml/yamlEntries';
import type { Yaml } from '../yaml/yamlLibrary';
import type { Entry } from './definition';
import type { Writing } from './flagSchema';

/** Who names no format gets YAML, as the relay has it. */
export const writingOf = (path: string): Writing | 'toml' =>
  /\.json$/i.test(path) ? 'json' : /\.toml$/i.test(path) ? 'toml' : 'yaml';

/** A flag file taken apart. `yaml` null: it is JSON. Rejects with TextSyntaxError. */
export async function goffEntries(
  text: string,
  yaml: Yaml | null,
  turns: Turns,
  signal: AbortSignal,
): Promise<{ readonly entries: readonly Entry[]; readonly comments: boolean }> {
  // A byte order mark becomes an empty line: offsets stay those of the file, and nothing is indented by it.
  const own = text.replace(/^\uFEFF/, '\n');
  if (!yaml) return jsonEntries(own, turns, signal);
  return { entries: await readYamlEntries(own, yaml, turns, signal), comments: false };
}

/** The members of a JSON object, each parsed alone, in turns; of two of one key the last counts, as Go has it. */
async function jsonEntries(
  text: string,
  turns: Turns,
  signal: AbortSignal,
): Promise<{ readonly entries: readonly Entry[]; readonly comments: boolean }> {
  // Whether it is JSON at all is for the parser to say.
  const { value, comments } = parseJson(text);
  if (!isObject(value)) throw new TextSyntaxError('A map of flags by their keys is expected here.', 0);
  const entries: Entry[] = [];
  const tokens = new JsonTokens(text);
  let depth = 0;
  let key = '';
  let start = 0;
  const add = (end: number): void => {
    const own = text.slice(start, end);
    entries.push({ key, value: parseJson(own).value, text: own, offset: start, tied: false });
  };
  while (tokens.next()) {
    if (tokens.kind === 'close') {
      depth--;
      if (depth === 1) add(tokens.end);
    } else if (tokens.kind === 'open') {
      if (depth === 1) start = tokens.start;
      depth++;
    } else if (depth === 1 && tokens.kind === 'text' && tokens.isName) key = tokens.name;
    else if (depth === 1) {
      start = tokens.start;
      add(tokens.end);
    }
    if (turns.over) await turns.rest(signal);
  }
  return { entries, comments };
}
