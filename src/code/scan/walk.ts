import ignore, { type Ignore } from 'ignore';
import type { Files, Paths } from '../../platform/files';
import { languageOf } from '../languages/table';
import { decodeSource } from './decode';
import { alwaysExcluded, mostBytes } from './patterns';
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
  const list = async (root: string, exclude: readonly string[], signal: AbortSignal): Promise<string[]> => {
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
        } else if (
          entry.kind === 'file' &&
          (languageOf(path) ?? isConfigPath(path)) &&
          !excluded.ignores(path) &&
          !ignored(path, rules)
        ) {
          found.push(path);
        }
      }
    }
  };
  return {
    engine: 'javascript',
    list,
    async matching(root, pattern, exclude, signal) {
      const expression = new RegExp(pattern);
      const sources = (await list(root, exclude, signal)).filter((path) => languageOf(path));
      const found: string[] = [];
      for (let at = 0; at < sources.length; at += atOnce) {
        signal.throwIfAborted();
        await Promise.all(
          sources.slice(at, at + atOnce).map(async (path) => {
            const data = await files.read(paths.join(root, path), mostBytes).catch(() => undefined);
            const text = data && decodeSource(data);
            if (text !== undefined && expression.test(text)) found.push(path);
          }),
        );
      }
      return found.sort();
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
