import ignore, { type Ignore } from 'ignore';
import type { Files, Paths } from '../../platform/files';
import { mostBytes, mostSearchedBytes } from '../bounds';
import { languageOf } from '../languages/table';
import { decodeSource } from './decode';
import { alwaysExcluded } from './patterns';
import { isConfigPath, type Search } from './search';

const mostFiles = 500_000;
const atOnce = 16;

interface Rules {
  /** Folder the rules are relative to, ending with `/` or empty. */
  readonly base: string;
  readonly rules: Ignore;
}

/** The engine without ripgrep: walks, reads and matches in JavaScript. */
export function javascriptSearch(files: Files, paths: Paths): Search {
  const list = async (
    root: string,
    exclude: readonly string[],
    signal: AbortSignal,
    isWanted = (path: string): boolean => languageOf(path) !== undefined || isConfigPath(path),
  ): Promise<string[]> => {
    const excluded = ignore().add([...alwaysExcluded, ...exclude]);
    const found: string[] = [];
    await walk(root, '', []);
    return found.sort();

    async function walk(folder: string, base: string, outer: readonly Rules[]): Promise<void> {
      signal.throwIfAborted();
      let entries: Awaited<ReturnType<Files['list']>>;
      try {
        entries = await files.list(folder);
      } catch {
        return;
      }
      const rules = [...outer];
      if (entries.some((entry) => entry.name === '.gitignore' && entry.kind === 'file')) {
        const text = decodeSource(
          await files.read(paths.join(folder, '.gitignore'), mostBytes).catch(() => new Uint8Array()),
        );
        if (text !== undefined) rules.push({ base, rules: ignore().add(text) });
      }
      for (const entry of entries) {
        const path = base + entry.name;
        if (entry.name.startsWith('.') || found.length >= mostFiles) continue;
        if (entry.kind === 'directory') {
          if (!excluded.ignores(`${path}/`) && !ignored(`${path}/`, rules))
            await walk(paths.join(folder, entry.name), `${path}/`, rules);
        } else if (entry.kind === 'file' && isWanted(path) && !excluded.ignores(path) && !ignored(path, rules)) {
          found.push(path);
        }
      }
    }
  };
  /** Reads files, some at a time, and tells the text of those that are text. */
  const texts = async (
    root: string,
    found: readonly string[],
    signal: AbortSignal,
    onText: (path: string, text: string) => void,
  ): Promise<void> => {
    for (let at = 0; at < found.length; at += atOnce) {
      signal.throwIfAborted();
      await Promise.all(
        found.slice(at, at + atOnce).map(async (path) => {
          const data = await files.read(paths.join(root, path), mostSearchedBytes).catch(() => undefined);
          const text = data && decodeSource(data);
          if (text !== undefined) onText(path, text);
        }),
      );
    }
  };
  return {
    engine: 'javascript',
    list: (root, exclude, signal) => list(root, exclude, signal),
    async named(root, globs, exclude, signal) {
      const wanted = ignore().add([...globs]);
      return list(root, exclude, signal, (path) => wanted.ignores(path));
    },
    async matching(root, pattern, exclude, signal) {
      const expression = new RegExp(pattern);
      const sources = (await list(root, exclude, signal)).filter((path) => languageOf(path));
      const matching: string[] = [];
      await texts(root, sources, signal, (path, text) => {
        if (expression.test(text)) matching.push(path);
      });
      return matching.sort();
    },
    async survey(root, pattern, exclude, signal, onMatch) {
      const expression = new RegExp(pattern);
      const found: string[] = [];
      const matching: string[] = [];
      await texts(root, await list(root, exclude, signal), signal, (path, text) => {
        found.push(path);
        if (!languageOf(path) || !expression.test(text)) return;
        matching.push(path);
        onMatch(path);
      });
      return { files: found.sort(), matching: matching.sort() };
    },
  };
}

/** The innermost ignore file that says anything about a path decides, as in git. */
function ignored(path: string, rules: readonly Rules[]): boolean {
  for (let i = rules.length - 1; i >= 0; i--) {
    const rule = rules[i];
    if (!rule) continue;
    const result = rule.rules.test(path.slice(rule.base.length));
    if (result.ignored) return true;
    if (result.unignored) return false;
  }
  return false;
}
