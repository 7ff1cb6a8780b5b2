import { expect, it } from 'vitest';
import { journalCsv } from '../../../src/cli/formats/journalCsv';
import type { JournalEntry } from '../../../src/model/change';
import { memoryL10n } from '../../../src/platform/memory/l10n';

it('writes no line that a spreadsheet runs, splits or ends early', () => {
  const entry = {
    id: 'a1',
    status: 'applied',
    undoneBy: null,
    consent: { who: '=HYPERLINK("http://x")', at: 0, through: '@sum', reason: 'a, "b"\nc' },
    plan: {
      ref: { system: 'flags', project: '-shop', key: '+k' },
      environment: { system: 'flags', project: '-shop', name: 'qa' },
      intent: { kind: 'kill' },
    },
  } as unknown as JournalEntry;
  expect(journalCsv([entry], memoryL10n).split('\r\n').slice(1)).toEqual([
    `1970-01-01T00:00:00.000Z,a1,flags,'-shop,qa,'+k,off,applied,"'=HYPERLINK(""http://x"")",'@sum,"a, ""b""\nc"`,
    '',
  ]);
});
