/**
 * Rows under a heading, each column as wide as its widest cell; the first is left-aligned, the others right.
 * @param {readonly string[]} heading @param {readonly (readonly string[])[]} rows
 */
export function table(heading, rows) {
  const widths = heading.map((name, at) => Math.max(name.length, ...rows.map((row) => row[at].length)));
  return [heading, ...rows]
    .map(
      (row) =>
        `  ${row.map((cell, at) => (at === 0 ? cell.padEnd(widths[at]) : cell.padStart(widths[at]))).join('   ')}`,
    )
    .join('\n');
}
