// How much of what is known to be evaluated somewhere a scanner found. Rows pair one to one by path, key (where the
// scanner tells keys) and at most three lines between them, as ../shared/corpora/score.py pairs them.
import { existsSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';

const mostLines = 3;

/** The evaluations of a checked-out repository, where the truth about it is beside the project; else undefined. */
export function truthOf(root, tree) {
  const shared = process.env.SIGHTGLASS_SHARED ?? join(root, '../shared');
  const file = join(shared, 'corpora', `${basename(tree)}.jsonl`);
  if (!existsSync(file)) return undefined;
  return readFileSync(file, 'utf8')
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line))
    .filter(({ kind }) => kind === 'evaluation');
}

/** Share of the truth that is among `found` (`key` null: the scanner tells places only). */
export function recallOf(truth, found) {
  const left = new Map();
  for (const row of found) {
    const rows = left.get(row.path) ?? [];
    left.set(row.path, rows);
    rows.push({ ...row, used: false });
  }
  let matched = 0;
  for (let distance = 0; distance <= mostLines; distance++)
    for (const row of truth) {
      if (row.matched) continue;
      const other = left
        .get(row.path)
        ?.find(
          ({ used, line, key }) => !used && Math.abs(line - row.line) === distance && (key === null || key === row.key),
        );
      if (!other) continue;
      other.used = true;
      row.matched = true;
      matched++;
    }
  for (const row of truth) delete row.matched;
  return matched / truth.length;
}
