import type { Intent, Plan } from '../../model/change';
import type { FlagRef } from '../../model/identity';
import type { SystemDeps } from '../deps';
import { PlanError } from '../system';
import { Turns } from '../turns';
import { changedFlag } from './changes';
import type { Definition } from './definition';
import { directionOf } from './direction';
import { sharesOf } from './effective';
import type { FlagdEnvironment } from './environment';
import { definitionWith, parseFlagFile, readFlagText, readProblem, type FlagFile } from './flagFile';
import type { NativePlan } from './nativePlan';
import { offVariantOf } from './offVariant';
import { stateWords } from './stateWords';

/** A flag as it stands on disk now, and the file it stands in. */
export interface FreshFlag {
  readonly file: FlagFile;
  readonly definition: Definition;
}

/** Reads the environment's files anew and finds the flag. Rejects with {@link PlanError}. */
export async function freshFlag(
  environment: FlagdEnvironment,
  key: string,
  deps: SystemDeps,
  signal: AbortSignal,
): Promise<FreshFlag> {
  const { t } = deps.l10n;
  const files: FlagFile[] = [];
  for (const { path } of environment.sources) {
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
  const file = files.findLast(({ definitions }) => definitions.has(key));
  const definition = file?.definitions.get(key);
  if (!file || !definition)
    throw new PlanError('unknownFlag', t('"{0}" is not defined in {1}.', key, environment.environment.ref.name));
  if (definition.unreadable) throw new PlanError('notWritable', definition.unreadable.message);
  return { file, definition };
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
  const native: NativePlan = {
    format: 1,
    path: definition.path,
    key: ref.key,
    fileHash: file.hash,
    before: definition.text,
    after: text,
    write: environment.config.write,
  };
  const inverse: NativePlan = { ...native, fileHash: '', before: text, after: definition.text };
  return {
    id: deps.hash.random(12),
    ref,
    environment: environment.environment.ref,
    intent,
    direction: directionOf(definition, after, off.variant),
    before: side(definition, deps),
    after: side(after, deps),
    notes: [...notes, ...droppedRules(definition, after, deps), ...delayNotes(environment, deps)],
    precondition: { kind: 'compareThenWrite', token: file.hash },
    approval: 'none',
    native: JSON.stringify(native),
    inverse: JSON.stringify(inverse),
    madeAt: deps.clock.now(),
  };
}

/** What the new text really does, read as flagd will read it; an edit that breaks the flag is never offered. */
function reread(file: FlagFile, definition: Definition, text: string, { l10n }: SystemDeps): Definition {
  const after = definitionWith(file, definition, text);
  if (!after.unreadable) return after;
  throw new PlanError('unsupported', l10n.t('"{0}" is written in a way that cannot be edited safely.', definition.key));
}

function side(definition: Definition, deps: SystemDeps): Plan['before'] {
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

function delayNotes({ environment }: FlagdEnvironment, { l10n: { t, locale } }: SystemDeps): string[] {
  if (environment.kind === 'definition')
    return [
      t('{0} is a definition: it goes live by commit, deploy or sync, not by being written.', environment.sourceName),
    ];
  if (environment.pollMs === null) return [];
  const seconds = new Intl.NumberFormat(locale).format(environment.pollMs / 1000);
  return [t('SDKs follow within {0} s.', seconds)];
}
