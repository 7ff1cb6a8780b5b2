import * as z from 'zod';
import type { L10n } from '../../platform/l10n';
import { saidWords } from '../rest/apiErrors';

const MOST = 5;
const text = z.string().catch('');

/** What stands in the way of publishing: `approval-required`, `stale-base`, `schema-break`... (422). */
const gatesSchema = z.object({
  gates: z
    .array(z.looseObject({ type: text, messages: z.array(z.string()).catch([]) }))
    .max(100)
    .catch([]),
});
const bypassedSchema = z
  .array(z.object({ type: text, via: text }))
  .max(100)
  .catch([]);

export type Bypassed = z.infer<typeof bypassedSchema>[number];

export const gatesOf = (said: unknown): readonly { readonly type: string; readonly messages: readonly string[] }[] =>
  gatesSchema.safeParse(said).data?.gates ?? [];

/** The gates of a refusal, `''` for none: `schema-break: value is no object`. From outside, bounded. */
export function gateWords(said: unknown): string {
  return gatesOf(said)
    .slice(0, MOST)
    .map(({ type, messages }) => [saidWords(type), ...messages.slice(0, 2).map(saidWords)].filter(Boolean).join(': '))
    .join('; ');
}

/** A review is asked for: told by a gate (422) or in a sentence (403). */
export const wantsReview = (status: number, said: { readonly message?: string | null | undefined }): boolean =>
  (status === 403 || status === 422) &&
  (gatesOf(said).some(({ type }) => /approv|review/i.test(type)) ||
    (gatesOf(said).length === 0 && /requires? (?:a )?(?:review|approval)/i.test(said.message ?? '')));

/** The live revision moved, and the draft has to be rebased. */
export const isStaleBase = (said: unknown): boolean => gatesOf(said).some(({ type }) => /stale|rebase/i.test(type));

/** Gates that the token's own rights, or a setting of the organisation, let a write through. */
export const bypassedOf = (said: unknown): readonly Bypassed[] => bypassedSchema.parse(said ?? []);

export function bypassedWords({ type, via }: Bypassed, { t }: L10n): string {
  const what = saidWords(type);
  switch (via) {
    case 'bypassApprovalPermission':
      return t(
        'GrowthBook let this token pass by "{0}", since it may. From now on a review is requested instead.',
        what,
      );
    case 'restApiBypassesReviews':
      return t('GrowthBook let it pass by "{0}": the organisation has REST API requests bypass reviews.', what);
    default:
      return t('GrowthBook let it pass by "{0}" ({1}).', what, saidWords(via));
  }
}
