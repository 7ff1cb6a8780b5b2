import { parseArgs } from 'node:util';

export const scanFormats = ['table', 'jsonl', 'json', 'sarif', 'html'] as const;
export type ScanFormat = (typeof scanFormats)[number];

export interface ScanOptions {
  /** As written. */
  readonly folder: string;
  readonly format: ScanFormat;
  readonly key: string | null;
  readonly exclude: readonly string[];
  /** A revision of git: only files that changed since. */
  readonly changedSince: string | null;
  readonly stats: boolean;
  /** A file that lists the keys which are defined: one a line, or a JSON array of texts. */
  readonly keysFile: string | null;
}

export const scanUsage = `Usage: sightglass scan [folder] [--format ${scanFormats.join('|')}] [--key KEY] [--exclude GLOB]…
       [--keys FILE] [--changed-since REV] [--stats] [--max N]   (--jsonl and --json are short for these formats)
`;

/** What may follow `scan`. Throws with words for the user. */
export function parseScanOptions(args: readonly string[]): ScanOptions {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      format: { type: 'string' },
      json: { type: 'boolean' },
      jsonl: { type: 'boolean' },
      key: { type: 'string' },
      exclude: { type: 'string', multiple: true },
      'changed-since': { type: 'string' },
      stats: { type: 'boolean' },
      keys: { type: 'string' },
    },
  });
  if (positionals.length > 1) throw new Error('scan takes one folder.');
  const asked = [
    ...(values.format === undefined ? [] : [values.format]),
    ...(values.json === true ? ['json'] : []),
    ...(values.jsonl === true ? ['jsonl'] : []),
  ];
  if (asked.length > 1) throw new Error('scan writes one format.');
  const format = scanFormats.find((known) => known === (asked[0] ?? 'jsonl'));
  if (format === undefined) throw new Error(`scan has no format "${asked[0] ?? ''}".`);
  const changedSince = values['changed-since'] ?? null;
  if (changedSince === '') throw new Error('--changed-since wants a revision.');
  return {
    folder: positionals[0] ?? '.',
    format,
    key: values.key ?? null,
    exclude: values.exclude ?? [],
    changedSince,
    stats: values.stats ?? false,
    keysFile: values.keys ?? null,
  };
}
