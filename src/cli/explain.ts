import { dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import { CodeServer } from '../code/codeServer';
import type { Reference } from '../model/reference';
import { nodeFiles } from '../platform/node/files';
import { packagedRipgrep } from '../platform/node/ripgrepPackage';
import { oneLine } from '../view/text';
import { nodeFinderTools } from '../workers/finderTools';
import type { Command } from './commandLine';
import { CannotError, exitCodes, type Surroundings } from './surroundings';

/**
 * `explain PATH:LINE`: by which steps each flag of a line was found, or what stopped its calls from being references.
 * Names are followed under `--folder`, else under the nearest folder around the file that holds a `.git`, else the
 * working folder.
 */
export async function explainCommand(
  { path, line, folder, json }: Extract<Command, { name: 'explain' }>,
  { cwd, out, err, signal, l10n }: Pick<Surroundings, 'cwd' | 'out' | 'err' | 'signal' | 'l10n'>,
  grammars = join(__dirname, 'grammars'),
): Promise<number> {
  const absolute = resolve(cwd, folder ?? '.', path);
  const stat = await nodeFiles.stat(absolute).catch(() => undefined);
  if (stat?.kind !== 'file')
    throw new CannotError(l10n.t('{0} is not a file. Name one as PATH:LINE.', oneLine(absolute, 1_000)));
  const root = folder === null ? await rootOf(absolute, cwd) : resolve(cwd, folder);
  const inside = relative(root, absolute);
  if (inside.startsWith('..') || isAbsolute(inside))
    throw new CannotError(l10n.t('{0} is not inside {1}.', oneLine(absolute, 1_000), oneLine(root, 1_000)));
  const file = inside.split(sep).join('/');
  const tools = await nodeFinderTools({ grammars, ripgrep: await packagedRipgrep(), storage: null });
  const { methods } = new CodeServer(tools, () => undefined);
  const summary = await methods.index({ root, knownKeys: [], exclude: [] }, signal);
  for (const note of summary.notes) err(`${oneLine(note, 1_000)}\n`);
  const facts = await methods.facts({ root, path: file }, signal);
  const found = (facts?.references ?? []).filter((each) => each.line <= line && line <= each.endLine);
  const stopped = found.length === 0 ? await methods.explain({ root, path: file, line }, signal) : [];
  await methods.forget({ root }, signal);
  if (json)
    out(`${JSON.stringify({ path: file, line, references: found, stopped, truncated: facts?.truncated ?? null })}\n`);
  else for (const words of lines()) out(`${words}\n`);
  return exitCodes.done;

  function lines(): string[] {
    if (found.length > 0) return found.flatMap(traced);
    if (!facts) return [l10n.t('{0} is of no language that is read.', oneLine(file, 1_000))];
    const unread =
      facts.truncated === null ? [] : [l10n.t('The file was not read whole: {0}.', oneLine(facts.truncated))];
    if (stopped.length === 0) return unread.length > 0 ? unread : [l10n.t('Nothing is called on this line.')];
    const why = stopped.map((words) => `  ${oneLine(words, 1_000)}`);
    return [...unread, l10n.t('No flag is asked for on this line.'), ...why];
  }
}

function traced({ key, pattern, kind, certainty, via, trace }: Reference): string[] {
  const name = oneLine(key ?? pattern ?? '', 500);
  return [
    `${name} · ${kind} · ${certainty} · ${via}`,
    ...trace.map((step) => `  ${oneLine(step.words, 1_000)}  ${oneLine(step.path, 1_000)}:${step.line}`),
  ];
}

async function rootOf(file: string, cwd: string): Promise<string> {
  for (let folder = dirname(file); ; folder = dirname(folder)) {
    if (await nodeFiles.stat(join(folder, '.git')).catch(() => undefined)) return folder;
    if (folder === dirname(folder)) return cwd;
  }
}
