import type { JournalEntry } from '../model/change';
import type { L10n } from '../platform/l10n';
import { plainText } from './plainText';

const most = 900;
/** Facts and place have what a reason leaves; of a reason at least so much is kept. */
const leastReason = 300;

/**
 * What goes with a change into a system's own audit log: why, who said yes, through what, the change it takes back, where in
 * code it was asked for and the numbers seen then. One line without markup; never empty, since some environments want a
 * comment with every change.
 */
export function auditComment({ consent, undoes, id, seen }: JournalEntry, { t }: L10n): string {
  const by = t('{0} with Sightglass ({1}), change {2}', consent.who, consent.through, id);
  const back = undoes === null ? '' : t('takes back {0}', undoes);
  const place = seen?.place ? t('asked for at {0}', seen.place) : '';
  const facts = seen && seen.facts.length > 0 ? t('seen: {0}', seen.facts.join(', ')) : '';
  const joined = (...parts: string[]): string => parts.filter((part) => part.trim() !== '').join(' · ');
  const who = plainText(joined(by, back), most - leastReason);
  const reason = plainText(consent.reason, most - who.length - 3);
  return plainText(joined(reason, who, facts, place), most);
}
