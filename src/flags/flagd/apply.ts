import type { ApplyResult } from '../../model/change';
import type { Environment } from '../../model/flag';
import { FileError } from '../../platform/files';
import type { SystemDeps } from '../deps';
import { JsonSyntaxError } from '../jsonText';
import { Turns } from '../turns';
import { definitionWith, parseFlagFile, readFlagText, readProblem, type FlagFile } from './flagFile';
import type { NativePlan } from './nativePlan';
import { isWithin } from './within';

const LOCK_WAIT_MS = 5_000;
/** How often a file that changes while it is read is read again. */
const MOST_ATTEMPTS = 5;
/** Once written, what became of it is found out whoever has lost interest. */
const NEVER = new AbortController().signal;

/**
 * Writes one flag's new text. Under a lock the file is read again: a flag that is still as planned is replaced
 * wherever it stands now (changes to others are kept), one that already is as planned is done (so applying twice is
 * applying once), any other is a conflict. The file is replaced whole, or written in place where configured.
 */
export async function applyToFile(
  plan: NativePlan,
  kind: Environment['kind'],
  deps: SystemDeps,
  signal: AbortSignal,
): Promise<ApplyResult> {
  const refusal = await refusalOf(plan.path, deps);
  if (refusal !== null) return { kind: 'refused', words: refusal };
  const progress = { writing: false };
  try {
    // The lock is the real file's, so that two links to one file cannot be written at once.
    const real = await deps.files.realpath(plan.path);
    return await deps.files.withLock(real, LOCK_WAIT_MS, async () => {
      signal.throwIfAborted();
      // A link may point elsewhere by now than when it was checked.
      if (!(await isWithin(real, deps.workspaceFolders(), deps)))
        return { kind: 'refused', words: outsideWords(real, deps) };
      for (let attempt = 1; ; attempt++) {
        const read = await readFlagText(real, deps);
        const file = await parseFlagFile(plan.path, read, deps, new Turns(deps.clock), signal, plan.key);
        const found = file.definitions.get(plan.key);
        if (found?.text === plan.after) return done(kind, found.version);
        if (found?.text !== plan.before) return conflict(plan, file, deps);
        const end = found.offset + found.text.length;
        const text = file.text.slice(0, found.offset) + plan.after + file.text.slice(end);
        const data = new TextEncoder().encode(text);
        // Reading it took a while: an editor or a program that knows nothing of our lock may have been there since.
        if ((await readFlagText(real, deps)).hash !== read.hash) {
          if (attempt < MOST_ATTEMPTS) continue;
          return { kind: 'refused', words: busyWords(plan.path, deps) };
        }
        if (deps.isDirty(plan.path) || deps.isDirty(real))
          return { kind: 'refused', words: unsavedWords(plan.path, deps) };
        progress.writing = true;
        if (plan.write === 'inPlace') await deps.files.writeInPlace(real, data);
        else await deps.files.writeAtomic(real, data, 0o644);
        const after = await readFlagText(real, deps);
        if (after.text === text) return done(kind, definitionWith(file, found, plan.after).version);
        // Another program that knows nothing of our lock was quicker.
        return await settle(plan, kind, deps, NEVER);
      }
    });
  } catch (error) {
    const words = error instanceof Error ? error.message : String(error);
    deps.log.error(`apply to ${plan.path} failed`, error);
    // A rename either happened or did not: only a write in place can be half done.
    if (progress.writing) return settle(plan, kind, deps, NEVER).catch(() => ({ kind: 'unknown', words }));
    return { kind: 'refused', words: refusedWords(plan.path, error, deps) };
  }
}

/** What became of a plan: reads the file. */
export async function settle(
  plan: NativePlan,
  kind: Environment['kind'],
  deps: SystemDeps,
  signal: AbortSignal,
): Promise<ApplyResult> {
  const { t } = deps.l10n;
  let text: string | null = null;
  try {
    const read = await readFlagText(plan.path, deps);
    text = read.text;
    const file = await parseFlagFile(plan.path, read, deps, new Turns(deps.clock), signal, plan.key);
    const found = file.definitions.get(plan.key);
    if (found?.text === plan.after) return done(kind, found.version);
    if (found?.text === plan.before)
      return { kind: 'refused', words: t('It was not written: "{0}" is as it was.', plan.key) };
    return conflict(plan, file, deps);
  } catch (error) {
    if (signal.aborted) throw error;
    return { kind: 'unknown', words: readProblem(plan.path, error, text, deps).message };
  }
}

/** Why this file must not be written now, or null. */
export async function refusalOf(path: string, deps: SystemDeps): Promise<string | null> {
  const reason = deps.readOnlyReason();
  if (reason !== null) return reason;
  // The editor may hold it under the name that a link leads to.
  const real = await deps.files.realpath(path).catch(() => path);
  if (deps.isDirty(path) || deps.isDirty(real)) return unsavedWords(path, deps);
  return (await isWithin(path, deps.workspaceFolders(), deps)) ? null : outsideWords(path, deps);
}

const outsideWords = (path: string, { l10n }: SystemDeps): string =>
  l10n.t('{0} is outside the folders of this window; it is not written.', path);

const busyWords = (path: string, { l10n }: SystemDeps): string =>
  l10n.t('{0} is being written by another program over and over. Nothing was written; try again.', path);

const unsavedWords = (path: string, { l10n }: SystemDeps): string =>
  l10n.t('{0} has unsaved changes. Save or revert them first.', path);

const done = (kind: Environment['kind'], version: string): ApplyResult =>
  kind === 'definition' ? { kind: 'written', version } : { kind: 'applied', version };

function conflict(plan: NativePlan, file: FlagFile, { l10n: { t } }: SystemDeps): ApplyResult {
  const theirs = file.definitions.get(plan.key);
  const words = theirs
    ? t('"{0}" was changed in {1} since this was planned. Nothing was written.', plan.key, plan.path)
    : t('"{0}" is gone from {1}. Nothing was written.', plan.key, plan.path);
  return { kind: 'conflict', words, theirs: theirs?.text ?? '' };
}

function refusedWords(path: string, error: unknown, { l10n: { t } }: SystemDeps): string {
  if (error instanceof JsonSyntaxError) return t('{0} is malformed: {1} Nothing was written.', path, error.message);
  if (FileError.is(error, 'locked')) return error.message;
  return t('{0} could not be written: {1}', path, error instanceof Error ? error.message : String(error));
}
