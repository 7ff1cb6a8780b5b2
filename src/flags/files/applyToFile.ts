import type { ApplyResult, Overwritten } from '../../model/change';
import type { Environment } from '../../model/flag';
import { FileError } from '../../platform/files';
import type { SystemDeps } from '../deps';
import { TextSyntaxError } from '../textSyntax';
import { Turns } from '../turns';
import type { FlagFileFormat, FlagsOfFile } from './flagFileFormat';
import type { NativePlan } from './nativePlan';
import { readFlagText } from './readFlagText';
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
  format: FlagFileFormat,
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
        // Where a flag is put in or taken out, the others tell the place.
        const moved = plan.before === '' || plan.after === '';
        const only = moved ? undefined : plan.key;
        const file = await format.parse(plan.path, read, new Turns(deps.clock), signal, only);
        const standing = file.definitions.get(plan.key)?.text ?? '';
        if (standing === plan.after) return done(kind, versionIn(file, plan.key));
        if (standing !== plan.before) return conflict(plan, file, deps);
        const other = changedBeside(plan, file);
        if (other !== null) return conflictBeside(plan, other, deps);
        const text = editedText(file, plan, format);
        const version = await versionAfter(plan, file, text, format, deps);
        if (version === null) return { kind: 'refused', words: unsafeWords(plan.path, deps) };
        const data = new TextEncoder().encode(text);
        if (deps.isDirty(plan.path) || deps.isDirty(real))
          return { kind: 'refused', words: unsavedWords(plan.path, deps) };
        // Reading it took a while: an editor or a program that knows nothing of our lock may have been there since.
        progress.writing = true;
        const write = await written(plan, real, read.text, data, deps);
        if (write === 'changed') {
          progress.writing = false;
          if (attempt < MOST_ATTEMPTS) continue;
          return { kind: 'refused', words: busyWords(plan.path, deps) };
        }
        const overwrote = write === 'overwrote' ? [overwrittenBy(plan, deps)] : [];
        const after = await readFlagText(real, deps);
        if (after.text === text) return done(kind, version, overwrote);
        // Another program that knows nothing of our lock was quicker.
        return withOverwrites(await settle(plan, kind, format, deps, NEVER), overwrote);
      }
    });
  } catch (error) {
    const words = error instanceof Error ? error.message : String(error);
    deps.log.error(`apply to ${plan.path} failed`, error);
    // A rename either happened or did not: only a write in place can be half done.
    if (progress.writing) return settle(plan, kind, format, deps, NEVER).catch(() => ({ kind: 'unknown', words }));
    return { kind: 'refused', words: refusedWords(plan.path, error, deps) };
  }
}

/** The first of what the flag names that is another by now; null: none is. */
const changedBeside = ({ beside = {} }: NativePlan, file: FlagsOfFile): string | null =>
  Object.keys(beside).find((name) => file.beside?.(name) !== beside[name]) ?? null;

/** The file's text after the plan. */
function editedText(file: FlagsOfFile, { key, before, after }: NativePlan, format: FlagFileFormat): string {
  if (before === '') return format.insert(file, key, after);
  if (after === '') return format.remove(file, key);
  const offset = file.definitions.get(key)?.offset ?? 0;
  return file.text.slice(0, offset) + after + file.text.slice(offset + before.length);
}

/** The flag's version in this text; null where the flag is not there as planned, so that the text must not be written. */
async function versionAfter(
  { path, key, after }: NativePlan,
  file: FlagsOfFile,
  text: string,
  format: FlagFileFormat,
  deps: SystemDeps,
): Promise<string | null> {
  if (file.definitions.has(key) && after !== '') return format.versionWith(file, key, after);
  const written = await format.parse(path, { text, hash: '' }, new Turns(deps.clock), NEVER, key);
  return (written.definitions.get(key)?.text ?? '') === after ? versionIn(written, key) : null;
}

/** As the state of an environment has it that knows no such flag. */
const versionIn = ({ definitions }: FlagsOfFile, key: string): string => definitions.get(key)?.version ?? 'absent';

/** Writes unless the file is another by now. */
async function written(
  plan: NativePlan,
  real: string,
  expected: string,
  data: Uint8Array,
  deps: SystemDeps,
): Promise<'changed' | 'replaced' | 'overwrote'> {
  if (plan.write === 'rename') return deps.files.replaceIf(real, new TextEncoder().encode(expected), data);
  if ((await readFlagText(real, deps)).text !== expected) return 'changed';
  await deps.files.writeInPlace(real, data);
  return 'replaced';
}

const overwrittenBy = ({ path }: NativePlan, { clock, l10n }: SystemDeps): Overwritten => ({
  who: null,
  at: clock.now(),
  words: l10n.t('another program wrote {0} at the same moment; what it wrote is gone', path),
});

const withOverwrites = (result: ApplyResult, overwrote: Overwritten[]): ApplyResult =>
  (result.kind === 'applied' || result.kind === 'written') && overwrote.length > 0 ? { ...result, overwrote } : result;

/** What became of a plan: reads the file. */
export async function settle(
  plan: NativePlan,
  kind: Environment['kind'],
  format: FlagFileFormat,
  deps: SystemDeps,
  signal: AbortSignal,
): Promise<ApplyResult> {
  const { t } = deps.l10n;
  let text: string | null = null;
  try {
    const read = await readFlagText(plan.path, deps);
    text = read.text;
    const file = await format.parse(plan.path, read, new Turns(deps.clock), signal, plan.key);
    const standing = file.definitions.get(plan.key)?.text ?? '';
    if (standing === plan.after) return done(kind, versionIn(file, plan.key));
    if (standing === plan.before)
      return { kind: 'refused', words: t('It was not written: "{0}" is as it was.', plan.key) };
    return conflict(plan, file, deps);
  } catch (error) {
    if (signal.aborted) throw error;
    return { kind: 'unknown', words: format.problemOf(plan.path, error, text).message };
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

const unsafeWords = (path: string, { l10n }: SystemDeps): string =>
  l10n.t('{0} is written in a way that cannot be edited safely. Nothing was written.', path);

const busyWords = (path: string, { l10n }: SystemDeps): string =>
  l10n.t('{0} is being written by another program over and over. Nothing was written; try again.', path);

const unsavedWords = (path: string, { l10n }: SystemDeps): string =>
  l10n.t('{0} has unsaved changes. Save or revert them first.', path);

const done = (kind: Environment['kind'], version: string, overwrote: Overwritten[] = []): ApplyResult =>
  withOverwrites({ kind: kind === 'definition' ? 'written' : 'applied', version }, overwrote);

function conflict(plan: NativePlan, file: FlagsOfFile, { l10n: { t } }: SystemDeps): ApplyResult {
  const theirs = file.definitions.get(plan.key);
  const words = theirs
    ? t('"{0}" was changed in {1} since this was planned. Nothing was written.', plan.key, plan.path)
    : t('"{0}" is gone from {1}. Nothing was written.', plan.key, plan.path);
  return { kind: 'conflict', words, theirs: theirs?.text ?? '' };
}

const conflictBeside = ({ key, before }: NativePlan, name: string, { l10n: { t } }: SystemDeps): ApplyResult => ({
  kind: 'conflict',
  words: t('"{0}", which "{1}" names, was changed since this was planned. Nothing was written.', name, key),
  theirs: before,
});

function refusedWords(path: string, error: unknown, { l10n: { t } }: SystemDeps): string {
  if (error instanceof TextSyntaxError) return t('{0} is malformed: {1} Nothing was written.', path, error.message);
  if (FileError.is(error, 'locked')) return error.message;
  return t('{0} could not be written: {1}', path, error instanceof Error ? error.message : String(error));
}
