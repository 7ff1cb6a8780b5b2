import type { Intent, Plan } from '../../model/change';
import type { FlagRef } from '../../model/identity';
import type { SystemDeps } from '../deps';
import { delayNotes, filePlan } from '../files/filePlan';
import { readFlagText } from '../files/readFlagText';
import { offVariantOf } from '../offVariant';
import { switchDirection } from '../switchDirection';
import { PlanError } from '../system';
import { Turns } from '../turns';
import { changedFlag, fulfils } from './changes';
import type { Definition } from './definition';
import { relayWords, type GoffEnvironment } from './environment';
import { goffProblem, parseGoffFile, type GoffFile } from './flagFile';
import { tiedWords } from './snapshot';
import { stateWords } from './stateWords';

/** A flag as it stands on disk now, and the file it stands in. */
export interface FreshFlag {
  readonly file: GoffFile;
  readonly definition: Definition;
}

/** Reads the environment's files anew and finds the flag (what relays last sent counts too). Rejects with {@link PlanError}. */
export async function freshFlag(
  environment: GoffEnvironment,
  key: string,
  deps: SystemDeps,
  signal: AbortSignal,
): Promise<FreshFlag> {
  const { t } = deps.l10n;
  const files: GoffFile[] = [];
  for (const { kind, path, file } of environment.sources) {
    let text: string | null = null;
    try {
      const read = kind === 'file' ? await readFlagText(path, deps) : null;
      text = read?.text ?? null;
      if (read) files.push(await parseGoffFile(path, read, deps, new Turns(deps.clock), signal, key));
      else if (file) files.push(file.at(deps.clock.now()));
    } catch (error) {
      signal.throwIfAborted();
      throw new PlanError('notWritable', goffProblem(path, error, text, deps).message);
    }
  }
  const file = files.findLast(({ definitions }) => definitions.has(key));
  const definition = file?.definitions.get(key);
  if (!file || !definition)
    throw new PlanError('unknownFlag', t('"{0}" is not defined in {1}.', key, environment.environment.ref.name));
  if (definition.remote) throw new PlanError('notWritable', relayWords(definition.path, deps.l10n));
  if (definition.unreadable) throw new PlanError('notWritable', definition.unreadable.message);
  if (definition.tied) throw new PlanError('notWritable', tiedWords(key, deps.l10n));
  return { file, definition };
}

/** The plan of an intent on a flag as it stands on disk. Rejects with {@link PlanError}. */
export function planIntent(
  ref: FlagRef,
  environment: GoffEnvironment,
  intent: Intent,
  fresh: FreshFlag,
  deps: SystemDeps,
): Plan {
  const { t } = deps.l10n;
  const { file, definition } = fresh;
  const off = offVariantOf(definition.variants, environment.config.offVariants?.[ref.key], deps.l10n);
  const edits = file.edits(definition);
  if (!edits) throw new PlanError('unsupported', unsafeWords(ref.key, deps));
  const { text, notes } = changedFlag(definition, edits, intent, off, deps.l10n);
  const after = reread(file, ref.key, text);
  if (after && !after.unreadable && !fulfils(intent, after, off.variant))
    throw new PlanError(
      'unsupported',
      t('The schedule of "{0}" decides otherwise by now. Change it in the file, or kill the flag.', ref.key),
    );
  return planText(ref, environment, intent, fresh, text, notes, deps);
}

/** The plan that gives a flag another text. Throws {@link PlanError}. */
export function planText(
  ref: FlagRef,
  environment: GoffEnvironment,
  intent: Intent,
  { file, definition }: FreshFlag,
  text: string,
  notes: readonly string[],
  deps: SystemDeps,
): Plan {
  const { t } = deps.l10n;
  if (text === definition.text)
    throw new PlanError('nothingToDo', t('Nothing to do: {0}.', stateWords(definition, deps.l10n)));
  const after = reread(file, ref.key, text);
  // An edit that breaks the flag is never offered.
  if (!after || after.unreadable) throw new PlanError('unsupported', unsafeWords(ref.key, deps));
  const off = offVariantOf(definition.variants, environment.config.offVariants?.[ref.key], deps.l10n);
  const polled = (seconds: string): string => t('The relay, or the SDK, looks at the file every {0} s.', seconds);
  const delay = delayNotes(environment, polled, deps);
  return filePlan(
    { ref, environment, intent, file, before: definition.text, after: text },
    {
      direction: switchDirection(definition, after, off.variant, ({ out }) => out),
      before: sideOf(definition, deps),
      after: sideOf(after, deps),
      notes: [...notes, ...droppedRules(definition, after, deps), ...after.schedule, ...delay],
    },
    deps,
  );
}

function reread(file: GoffFile, key: string, text: string): Definition | null {
  try {
    return file.definitionWith(key, text);
  } catch {
    return null;
  }
}

const sideOf = (definition: Definition, { l10n }: SystemDeps): Plan['before'] => ({
  words: stateWords(definition, l10n),
  text: definition.text,
  shares: definition.effective.shares,
});

const unsafeWords = (key: string, { l10n }: SystemDeps): string =>
  l10n.t('"{0}" is written in a way that cannot be edited safely.', key);

function droppedRules(before: Definition, after: Definition, { l10n }: SystemDeps): string[] {
  if ((before.flag?.targeting ?? []).length === 0 || (after.flag?.targeting ?? []).length > 0) return [];
  return [l10n.t('Drops the targeting: {0}. Undo brings it back.', stateWords(before, l10n))];
}
