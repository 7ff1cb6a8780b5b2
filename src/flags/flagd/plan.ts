import type { Intent, Plan } from '../../model/change';
import type { FlagRef } from '../../model/identity';
import type { SystemDeps } from '../deps';
import { PlanError } from '../system';
import { Turns } from '../turns';
import { changedFlag } from './changes';
import type { Definition } from './definition';
import { directionOf } from './direction';
import { sharesOf } from '../effective';
import { readFromServerWords, type FlagdEnvironment } from './environment';
import { readFlagText } from '../files/readFlagText';
import { definitionWith, parseFlagFile, readProblem, type FlagFile } from './flagFile';
import { delayNotes, filePlan } from '../files/filePlan';
import { offVariantOf } from '../offVariant';
import { stateWords } from './stateWords';

/** A flag as it stands on disk now, and the file it stands in. */
export interface FreshFlag {
  readonly file: FlagFile;
  readonly definition: Definition;
}

/** Reads the environment's files anew and finds the flag (what servers last sent counts too). Rejects with {@link PlanError}. */
export async function freshFlag(
  environment: FlagdEnvironment,
  key: string,
  deps: SystemDeps,
  signal: AbortSignal,
): Promise<FreshFlag> {
  const { t } = deps.l10n;
  const files = await freshFiles(environment, deps, signal, key);
  const file = files.findLast(({ definitions }) => definitions.has(key));
  const definition = file?.definitions.get(key);
  if (!file || !definition)
    throw new PlanError('unknownFlag', t('"{0}" is not defined in {1}.', key, environment.environment.ref.name));
  if (definition.remote) throw new PlanError('notWritable', readFromServerWords(definition.path, deps.l10n));
  if (definition.unreadable) throw new PlanError('notWritable', definition.unreadable.message);
  return { file, definition };
}

/** The environment's files as they are on disk now, and what servers last sent. Rejects with {@link PlanError}. */
export async function freshFiles(
  environment: FlagdEnvironment,
  deps: SystemDeps,
  signal: AbortSignal,
  key?: string,
): Promise<FlagFile[]> {
  const files: FlagFile[] = [];
  for (const source of environment.sources) {
    const { path } = source;
    if (source.kind !== 'file') {
      if (source.file) files.push(source.file);
      continue;
    }
    let text: string | null = null;
    try {
      const read = await readFlagText(path, deps);
      text = read.text;
      files.push(await parseFlagFile(path, read, deps, new Turns(deps.clock), signal, key));
    } catch (error) {
      signal.throwIfAborted();
      throw new PlanError('notWritable', readProblem(path, error, text, deps).message);
    }
  }
  return files;
}

/** The plan of an intent on a flag as it stands on disk. Rejects with {@link PlanError}. */
export function planIntent(
  ref: FlagRef,
  environment: FlagdEnvironment,
  intent: Intent,
  { file, definition }: FreshFlag,
  deps: SystemDeps,
): Plan {
  const off = offVariantOf(definition.variants, environment.config.offVariants?.[ref.key], deps.l10n);
  const before = file.text.slice(0, definition.offset);
  const { text, notes } = changedFlag(definition, before, intent, off, deps.l10n);
  return planText(ref, environment, intent, { file, definition }, text, notes, deps);
}

/** The plan that gives a flag another text. */
export function planText(
  ref: FlagRef,
  environment: FlagdEnvironment,
  intent: Intent,
  { file, definition }: FreshFlag,
  text: string,
  notes: readonly string[],
  deps: SystemDeps,
): Plan {
  const { t } = deps.l10n;
  if (text === definition.text)
    throw new PlanError('nothingToDo', t('Nothing to do: {0}.', stateWords(definition, deps.l10n)));
  const after = reread(file, definition, text, deps);
  const off = offVariantOf(definition.variants, environment.config.offVariants?.[ref.key], deps.l10n);
  return filePlan(
    { ref, environment, intent, file, before: definition.text, after: text },
    {
      direction: directionOf(definition, after, off.variant),
      before: sideOf(definition, deps),
      after: sideOf(after, deps),
      notes: [...notes, ...droppedRules(definition, after, deps), ...flagdDelay(environment, deps)],
    },
    deps,
  );
}

/** What the new text really does, read as flagd will read it; an edit that breaks the flag is never offered. */
function reread(file: FlagFile, definition: Definition, text: string, { l10n }: SystemDeps): Definition {
  const after = definitionWith(file, definition, text);
  if (!after.unreadable) return after;
  throw new PlanError('unsupported', l10n.t('"{0}" is written in a way that cannot be edited safely.', definition.key));
}

/** A side of a plan: what the flag does, its text, who gets what. */
export function sideOf(definition: Definition, deps: SystemDeps): Plan['before'] {
  const names = definition.variants.map(({ name }) => name);
  const { effective } = definition;
  return {
    words: stateWords(definition, deps.l10n),
    text: definition.text,
    shares: effective.shares ?? (effective.kind === 'everyone' ? sharesOf(definition.defaultRule, names) : null),
  };
}

function droppedRules(before: Definition, after: Definition, { l10n }: SystemDeps): string[] {
  const count = before.rules.length;
  if (count === 0 || after.rules.length > 0) return [];
  return [l10n.t('Drops the targeting: {0}. Undo brings it back.', stateWords(before, l10n))];
}

export const flagdDelay = (environment: FlagdEnvironment, deps: SystemDeps): string[] =>
  delayNotes(environment, (seconds) => deps.l10n.t('SDKs follow within {0} s.', seconds), deps);
