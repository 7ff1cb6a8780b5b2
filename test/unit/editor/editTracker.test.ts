import { describe, expect, it } from 'vitest';
import * as fc from 'fast-check';
import { EditTracker, type Spot, type TextEdit } from '../../../src/editor/editTracker';

const at = (line: number, character: number): Spot => ({ line, character });
const edit = (start: Spot, end: Spot, text: string): TextEdit => ({ range: { start, end }, text });

describe('EditTracker', () => {
  it('follows what stands after an edit, and leaves what stands before it', () => {
    const tracker = new EditTracker();
    tracker.record(2, [edit(at(0, 0), at(0, 0), 'one\ntwo\n')]);
    expect(tracker.now(at(3, 7), 1)).toEqual(at(5, 7));
    tracker.record(3, [edit(at(9, 0), at(9, 4), '')]);
    expect(tracker.now(at(3, 7), 1)).toEqual(at(5, 7));
  });

  it('knows nothing of a place whose text was replaced', () => {
    const tracker = new EditTracker();
    tracker.record(2, [edit(at(1, 2), at(1, 9), 'x')]);
    expect(tracker.now(at(1, 5), 1)).toBeUndefined();
  });

  it('counts only edits after the version asked from, and forgets settled ones', () => {
    const tracker = new EditTracker();
    tracker.record(2, [edit(at(0, 0), at(0, 0), '\n')]);
    tracker.record(3, [edit(at(0, 0), at(0, 0), '\n')]);
    expect(tracker.now(at(4, 0), 2)).toEqual(at(5, 0));
    tracker.settle(3);
    expect(tracker.now(at(4, 0), 1)).toEqual(at(4, 0));
  });

  it('finds a marked letter again whatever is written elsewhere', () => {
    const place = fc.tuple(fc.nat(60), fc.nat(8), fc.stringMatching(/^[a-z\n]{0,8}$/));
    fc.assert(
      fc.property(fc.array(place, { maxLength: 12 }), (places) => {
        const tracker = new EditTracker();
        let text = 'abc\ndef\nghi\n§\njkl\nmno\n';
        const spotOf = (offset: number): Spot => {
          const before = text.slice(0, offset).split('\n');
          return at(before.length - 1, before.at(-1)!.length);
        };
        const marked = spotOf(text.indexOf('§'));
        places.forEach(([from, length, written], index) => {
          const start = Math.min(from, text.length);
          const end = Math.min(start + length, text.length);
          if (text.slice(start, end).includes('§')) return;
          tracker.record(index + 2, [edit(spotOf(start), spotOf(end), written)]);
          text = text.slice(0, start) + written + text.slice(end);
          // An insertion right at the mark may stand on either side of it; VS Code's own rule is not ours to test.
          if (start === end && text.indexOf('§') === start + written.length) {
            tracker.settle(index + 2);
            fc.pre(false);
          }
        });
        expect(tracker.now(marked, 1)).toEqual(spotOf(text.indexOf('§')));
      }),
    );
  });
});
