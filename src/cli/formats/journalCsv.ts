import type { JournalEntry } from '../../model/change';
import type { L10n } from '../../platform/l10n';
import { outcomeOf } from '../../view/journalFilter';
import { intentInWords } from '../../view/journalRows';

const columns = [
  'at',
  'id',
  'system',
  'project',
  'environment',
  'flag',
  'change',
  'outcome',
  'who',
  'through',
  'reason',
];

/** Changes as a table for other programs (RFC 4180, a line each, CRLF); `at` is ISO 8601, in UTC. */
export function journalCsv(entries: readonly JournalEntry[], l10n: L10n): string {
  const rows = entries.map((entry) => {
    const { plan, consent } = entry;
    const { system, project, key } = plan.ref;
    const at = new Date(consent.at).toISOString();
    const change = intentInWords(plan.intent, l10n);
    return [at, entry.id, system, project, plan.environment.name, key, change, outcomeOf(entry), consent.who]
      .concat(consent.through, consent.reason)
      .map(field)
      .join(',');
  });
  return `${[columns.join(','), ...rows].join('\r\n')}\r\n`;
}

/** Spreadsheets run what begins like a formula: an apostrophe makes it a text (OWASP, CSV injection). */
function field(text: string): string {
  const plain = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(plain) ? `"${plain.replaceAll('"', '""')}"` : plain;
}
