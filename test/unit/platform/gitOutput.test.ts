import { describe, expect, it } from 'vitest';
import { HunkReader } from '../../../src/platform/node/gitOutput';

const header = (path: string, hunk: string): string =>
  `diff --git a/${path} b/${path}\n--- a/${path}\n+++ b/${path}\n${hunk}\n`;

describe('a patch, read in pieces', () => {
  it('is read in time that grows with its length, though it be one line', { timeout: 20_000 }, () => {
    const reader = new HunkReader();
    reader.read(`${header('long.txt', '@@ -1 +1 @@')}-`);
    const piece = '@@ -9 +9 @@ '.repeat(5_000);
    // As long as strings may be, and more.
    for (let at = 0; at < 10_000; at++) reader.read(piece);
    reader.read(`\n\\ No newline at end of file\n+${piece}\n`);
    reader.read(header('next.txt', '@@ -3,0 +4,2 @@') + '+++ b/no header\n+');
    reader.end();
    expect([...reader.hunks]).toEqual([
      ['long.txt', [{ before: { start: 1, count: 1 }, after: { start: 1, count: 1 } }]],
      ['next.txt', [{ before: { start: 3, count: 0 }, after: { start: 4, count: 2 } }]],
    ]);
  });

  it('is the same wherever it is cut', () => {
    const text = header('a.txt', '@@ -1,2 +1 @@') + '-a\n-b\n+c\n' + header('b.txt', '@@ -0,0 +1 @@') + '+x';
    const whole = new HunkReader();
    whole.read(text);
    whole.end();
    const single = new HunkReader();
    for (const sign of text) single.read(sign);
    single.end();
    expect([...single.hunks]).toEqual([...whole.hunks]);
    expect([...whole.hunks.keys()]).toEqual(['a.txt', 'b.txt']);
  });
});
