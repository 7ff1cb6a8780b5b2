import type { Intent, Plan } from '../../model/change';
import type { FlagRef } from '../../model/identity';
import type { SystemDeps } from '../deps';
import type { FileEnvironment } from './fileEnvironment';
import type { FlagsOfFile } from './flagFileFormat';
import type { NativePlan } from './nativePlan';

/** One flag's text in a file, which becomes another; '' is no flag of the key at all. */
export interface TextChange {
  readonly ref: FlagRef;
  readonly environment: FileEnvironment;
  readonly intent: Intent;
  readonly file: Pick<FlagsOfFile, 'path' | 'hash'>;
  readonly before: string;
  readonly after: string;
  /** What both name beside them, by name, with its fingerprint. */
  readonly beside?: Readonly<Record<string, string>>;
}

/** The plan that makes it so. `said`: what it amounts to, in the words of its system. */
export function filePlan(
  { ref, environment, intent, file, before, after, beside }: TextChange,
  said: Pick<Plan, 'direction' | 'before' | 'after' | 'notes'>,
  { hash, clock, l10n }: SystemDeps,
): Plan {
  const { write } = environment.config;
  const refusal = environment.refusalOf(file.path);
  const native: NativePlan = { format: 1, path: file.path, key: ref.key, fileHash: file.hash, before, after, write };
  const inverse: NativePlan = { ...native, fileHash: '', before: after, after: before };
  return {
    id: hash.random(12),
    ref,
    environment: environment.environment.ref,
    intent,
    ...said,
    notes: [
      ...(refusal ? [l10n.t('This change reaches nobody until its file is mended: {0}', refusal.message)] : []),
      ...said.notes,
    ],
    precondition: { kind: 'compareThenWrite', token: file.hash },
    approval: 'none',
    native: JSON.stringify({ ...native, beside }),
    inverse: JSON.stringify(inverse),
    madeAt: clock.now(),
  };
}

/** What happens before those who ask for the flag hear of it; `polled` says so of what asks every so many seconds. */
export function delayNotes(
  { environment }: FileEnvironment,
  polled: (seconds: string) => string,
  { l10n: { t, locale } }: SystemDeps,
): string[] {
  if (environment.kind === 'definition')
    return [
      t('{0} is a definition: it goes live by commit, deploy or sync, not by being written.', environment.sourceName),
    ];
  if (environment.pollMs === null) return [];
  return [polled(new Intl.NumberFormat(locale).format(environment.pollMs / 1000))];
}
