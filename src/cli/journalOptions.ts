import { parseArgs } from 'node:util';
import { journalOutcomes, type JournalFilter } from '../view/journalFilter';
import { wholeNumberOption } from './numberOption';
import { oneOf } from './oneOf';

export const journalFormats = ['table', 'json', 'csv'] as const;

export interface JournalOptions {
  readonly name: 'journal';
  /** As written; null = the working folder. */
  readonly folder: string | null;
  /** `PROJECT` or `SYSTEM/PROJECT`; null: all. */
  readonly project: string | null;
  readonly filter: JournalFilter;
  /** So many of those that are wanted, the newest. */
  readonly limit: number;
  readonly format: (typeof journalFormats)[number];
}

const mostEntries = 10_000;

/** What may follow `journal`. Throws with words for the user. */
export function parseJournalOptions(args: readonly string[]): JournalOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      folder: { type: 'string', short: 'C' },
      environment: { type: 'string', short: 'e' },
      project: { type: 'string' },
      flag: { type: 'string' },
      who: { type: 'string' },
      outcome: { type: 'string' },
      limit: { type: 'string', short: 'n' },
      format: { type: 'string' },
      json: { type: 'boolean' },
    },
  });
  const limit = wholeNumberOption('--limit', values.limit ?? '20', 1, mostEntries);
  if (values.format !== undefined && values.json === true) throw new Error('journal writes one format.');
  return {
    name: 'journal',
    folder: values.folder ?? null,
    project: values.project ?? null,
    filter: {
      flag: values.flag ?? null,
      environment: values.environment ?? null,
      who: values.who ?? null,
      outcome: values.outcome === undefined ? null : oneOf('--outcome', values.outcome, journalOutcomes),
    },
    limit,
    format: values.json === true ? 'json' : oneOf('--format', values.format ?? 'table', journalFormats),
  };
}
