import type { Intent, Plan } from '../../model/change';
import type { FlagRef } from '../../model/identity';
import type { SystemDeps } from '../deps';
import { delayNotes, filePlan } from '../files/filePlan';
import { insertionPlan, removalPlan, type Said } from '../files/presencePlan';
import type { NativePlan } from '../files/nativePlan';
import { readFlagText } from '../files/readFlagText';
import { offVariantOf } from '../offVariant';
import { switchDirection } from '../switchDirection';
import { PlanError } from '../system';
import { Turns } from '../turns';
import { change, fulfils, type Changing } from './changes';
import type { Definition } from './definition';
import { TextEdits } from './edits';
import type { FliptEnvironment } from './environment';
import { fliptProblem, parseFliptFile, type FliptFile } from './flagFile';
import { segmentPrints, type FliptSegment, type Segments } from './flagModel';
import { withFlag } from './format';
import { newFlag, writtenFlag } from './newFlag';
import { isDisabled, stateWords } from './reading';

/** What plans are made for. */
export interface PlanOf {
  readonly ref: FlagRef;
  readonly environment: FliptEnvironment;
  readonly deps: SystemDeps;
}

/** A flag as it stands on disk now, the file it stands in, and all segments of its environment. */
export interface FreshFlag {
  readonly file: FliptFile;
  readonly definition: Definition;
  readonly segments: Segments;
}

/** Reads the environment's files anew and finds the flag. Rejects with {@link PlanError}. */
export async function freshFlag(of: PlanOf, signal: AbortSignal): Promise<FreshFlag> {
  const { ref, environment, deps } = of;
  const { t } = deps.l10n;
  const files = await freshFiles(of, signal, ref.key);
  const all = new Map(files.flatMap(({ segments }) => [...segments]));
  const last = files.findLast(({ definitions }) => definitions.has(ref.key));
  const file = await last?.among(all, new Turns(deps.clock), signal);
  const definition = file?.definitions.get(ref.key);
  if (!file || !definition)
    throw new PlanError('unknownFlag', t('"{0}" is not defined in {1}.', ref.key, environment.environment.ref.name));
  if (definition.unreadable) throw new PlanError('notWritable', definition.unreadable.message);
  if (definition.tied) throw new PlanError('notWritable', tiedWords(ref.key, deps));
  return { file, definition, segments: new Map([...all, ...file.segments]) };
}

/** What the sources of an environment but that of a plan define by now; one that cannot be read, what it last did. */
export async function segmentsBeside(
  environment: FliptEnvironment,
  { path, key }: Pick<NativePlan, 'path' | 'key'>,
  project: string,
  deps: SystemDeps,
  signal: AbortSignal,
): Promise<Segments> {
  const segments = new Map<string, FliptSegment>();
  for (const source of environment.sources) {
    if (source.path === path) continue;
    let { file } = source;
    try {
      const read = await readFlagText(source.path, deps);
      file = await parseFliptFile(source.path, read, project, deps, new Turns(deps.clock), signal, key);
    } catch (error) {
      signal.throwIfAborted();
      deps.log.error(`${source.path} cannot be read for a change of ${path}`, error);
    }
    for (const [key, segment] of file?.segments ?? []) segments.set(key, segment);
  }
  return segments;
}

async function freshFiles(
  { environment, ref, deps }: PlanOf,
  signal: AbortSignal,
  only?: string,
): Promise<FliptFile[]> {
  const files: FliptFile[] = [];
  for (const { path } of environment.sources) {
    let text: string | null = null;
    try {
      const read = await readFlagText(path, deps);
      text = read.text;
      files.push(await parseFliptFile(path, read, ref.project, deps, new Turns(deps.clock), signal, only));
    } catch (error) {
      signal.throwIfAborted();
      throw new PlanError('notWritable', fliptProblem(path, error, text, deps).message);
    }
  }
  return files;
}

/** The plan of an intent on a flag as it stands on disk. Throws {@link PlanError}. */
export function planIntent(of: PlanOf, intent: Intent, fresh: FreshFlag): Plan {
  const { ref, deps } = of;
  const { file, definition } = fresh;
  const text = file.edits(definition);
  const changing = changingOf(of, fresh, definition);
  if (!text || !changing) throw new PlanError('unsupported', unsafeWords(ref.key, deps));
  const edits = new TextEdits(text, changing.flag);
  const notes = change(changing, edits, intent, deps.l10n);
  const after = reread(file, ref.key, edits.text);
  const made = after && changingOf(of, fresh, after);
  if (made && !fulfils(intent, made)) throw new PlanError('unsupported', unsafeWords(ref.key, deps));
  return planText(of, intent, fresh, edits.text, notes);
}

/** The plan that gives a flag another text. Throws {@link PlanError}. */
export function planText(of: PlanOf, intent: Intent, fresh: FreshFlag, text: string, notes: readonly string[]): Plan {
  const { ref, environment, deps } = of;
  const { file, definition, segments } = fresh;
  if (text === definition.text)
    throw new PlanError('nothingToDo', deps.l10n.t('Nothing to do: {0}.', stateWords(definition, deps.l10n)));
  const after = reread(file, ref.key, text);
  // An edit that breaks the flag is never offered.
  if (!after || after.unreadable) throw new PlanError('unsupported', unsafeWords(ref.key, deps));
  const beside = segmentPrints([definition.flag, after.flag], segments, deps.hash);
  return filePlan(
    { ref, environment, intent, file, before: definition.text, after: text, beside },
    {
      direction: switchDirection(definition, after, offOf(of, definition).variant, isDisabled),
      before: sideOf(definition, deps),
      after: sideOf(after, deps),
      notes: [...notes, ...delayOf(of)],
    },
    deps,
  );
}

/** A new flag, off, behind the last of the last file that has flags. Rejects with {@link PlanError}. */
export async function planCreation(
  of: PlanOf,
  intent: Extract<Intent, { kind: 'create' }>,
  signal: AbortSignal,
): Promise<Plan> {
  const { ref, deps } = of;
  const value = newFlag(ref.key, intent, deps.l10n);
  const file = await placeForNew(of, signal);
  const [last] = [...file.definitions.values()].toReversed();
  const indent = /^ */.exec(last?.text ?? '')?.[0] ?? '';
  return planInsertion(
    of,
    intent,
    file,
    writtenFlag(value, indent, file.text.includes('\r\n') ? '\r\n' : '\n'),
    signal,
  );
}

/** The file that a flag of which there is none yet is written to. Rejects with {@link PlanError}. */
export async function placeForNew(of: PlanOf, signal: AbortSignal): Promise<FliptFile> {
  const { ref, environment, deps } = of;
  const { t } = deps.l10n;
  const files = await freshFiles(of, signal);
  if (files.some(({ definitions }) => definitions.has(ref.key)))
    throw new PlanError(
      'changedSince',
      t('"{0}" is defined in {1} by now. Look at it again.', ref.key, environment.environment.ref.name),
    );
  const file = files.findLast(({ definitions }) => definitions.size > 0);
  if (file) return file;
  throw new PlanError('notWritable', t('No source of "{0}" has flags yet. Write the first one by hand.', ref.project));
}

/** Puts a flag into a file that has it not. Rejects with {@link PlanError}. */
export async function planInsertion(
  of: PlanOf,
  intent: Intent,
  file: FliptFile,
  written: string,
  signal: AbortSignal,
): Promise<Plan> {
  const { ref, environment, deps } = of;
  const { t } = deps.l10n;
  const read = { text: withFlag(file, written), hash: '' };
  const turns = new Turns(deps.clock);
  const after = await parseFliptFile(file.path, read, ref.project, deps, turns, signal, ref.key).catch(() => null);
  const place = (): string => t('It is written to {0}.', file.path);
  const change = { ref, environment, intent, file, after: written };
  return insertionPlan(change, after?.definitions.get(ref.key), place, saidOf(of), deps);
}

/** Takes a flag out of its file, whatever it says. */
export function planRemoval(of: PlanOf, intent: Intent, { file, definition }: FreshFlag): Plan {
  const { ref, environment, deps } = of;
  return removalPlan({ ref, environment, intent, file }, definition, saidOf(of), deps);
}

const saidOf = (of: PlanOf): Said<Definition> => ({
  side: (definition) => sideOf(definition, of.deps),
  delay: delayOf(of),
});

export const tiedWords = (key: string, { l10n: { t } }: Pick<SystemDeps, 'l10n'>): string =>
  t('"{0}" shares text with others of its file (& and * of YAML): change it there.', key);

const offOf = ({ ref, environment, deps }: PlanOf, { variants }: Definition): ReturnType<typeof offVariantOf> =>
  offVariantOf(variants, environment.config.offVariants?.[ref.key], deps.l10n);

function changingOf(of: PlanOf, { segments }: FreshFlag, definition: Definition): Changing | null {
  const { flag, format } = definition;
  if (!flag || definition.unreadable) return null;
  const hasDefault = format === null || Number(format) >= 1.3;
  return { flag, reading: definition, segments, hasDefault, off: offOf(of, definition) };
}

function reread(file: FliptFile, key: string, text: string): Definition | null {
  try {
    return file.definitionWith(key, text);
  } catch {
    return null;
  }
}

const delayOf = ({ environment, deps }: PlanOf): string[] =>
  delayNotes(environment, (seconds) => deps.l10n.t('Flipt looks at the repository every {0} s.', seconds), deps);

const sideOf = (definition: Definition, { l10n }: SystemDeps): Plan['before'] => ({
  words: stateWords(definition, l10n),
  text: definition.text,
  shares: definition.effective.shares,
});

const unsafeWords = (key: string, { l10n }: SystemDeps): string =>
  l10n.t('"{0}" is written in a way that cannot be edited safely.', key);
