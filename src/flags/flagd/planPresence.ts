import type { Intent, Plan } from '../../model/change';
import type { FlagRef } from '../../model/identity';
import type { SystemDeps } from '../deps';
import { PlanError } from '../system';
import { Turns } from '../turns';
import type { Definition } from './definition';
import type { FlagdEnvironment } from './environment';
import { parseFlagFile, type FlagFile } from './flagFile';
import { insertionPlan, removalPlan, type Said } from '../files/presencePlan';
import { newFlag, withFlag, writtenFlag } from './newFlag';
import { flagdDelay, freshFiles, sideOf } from './plan';

/** Plans that put a flag into a file, or take one out of it. */
export interface PresenceOf {
  readonly ref: FlagRef;
  readonly environment: FlagdEnvironment;
  readonly deps: SystemDeps;
}

/** The file that a flag of which there is none yet is written to: the last source, which wins. Rejects with {@link PlanError}. */
export async function placeForNew({ ref, environment, deps }: PresenceOf, signal: AbortSignal): Promise<FlagFile> {
  const { t } = deps.l10n;
  const { name } = environment.environment.ref;
  const files = await freshFiles(environment, deps, signal);
  if (files.some(({ definitions }) => definitions.has(ref.key)))
    throw new PlanError('changedSince', t('"{0}" is defined in {1} by now. Look at it again.', ref.key, name));
  const path = environment.sources.findLast(({ kind }) => kind === 'file')?.path;
  const file = files.find((each) => each.path === path);
  if (!file) throw new PlanError('notWritable', t('{0} is read from a server: create the flag there.', name));
  if (file.context.form === 'none') throw new PlanError('notWritable', t('{0} has no "flags".', file.path));
  return file;
}

/** A new flag, off. `elsewhere`: what another environment defines under this key. Rejects with {@link PlanError}. */
export async function planCreation(
  of: PresenceOf,
  intent: Extract<Intent, { kind: 'create' }>,
  elsewhere: Definition | undefined,
  signal: AbortSignal,
): Promise<Plan> {
  const file = await placeForNew(of, signal);
  const written = writtenFlag(file, of.ref.key, newFlag(intent, elsewhere, of.deps.l10n));
  return planInsertion(of, intent, file, written, signal);
}

/** Puts a flag into a file that has it not. Rejects with {@link PlanError}. */
export async function planInsertion(
  of: PresenceOf,
  intent: Intent,
  file: FlagFile,
  written: string,
  signal: AbortSignal,
): Promise<Plan> {
  const { ref, environment, deps } = of;
  const { t } = deps.l10n;
  const read = { text: withFlag(file, ref.key, written), hash: '' };
  const after = await parseFlagFile(file.path, read, deps, new Turns(deps.clock), signal, ref.key).catch(() => null);
  const place = ({ variants }: Definition): string =>
    t('It is written to {0}, with the variants {1}.', file.path, variants.map(({ name }) => `"${name}"`).join(', '));
  const change = { ref, environment, intent, file, after: written };
  return insertionPlan(change, after?.definitions.get(ref.key), place, saidOf(of), deps);
}

/** Takes a flag out of its file, whatever it says. */
export function planRemoval(of: PresenceOf, intent: Intent, file: FlagFile, definition: Definition): Plan {
  const { ref, environment, deps } = of;
  return removalPlan({ ref, environment, intent, file }, definition, saidOf(of), deps);
}

const saidOf = ({ environment, deps }: PresenceOf): Said<Definition> => ({
  side: (definition) => sideOf(definition, deps),
  delay: flagdDelay(environment, deps),
});
