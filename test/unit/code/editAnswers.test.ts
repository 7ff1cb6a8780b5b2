import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EditAnswers } from '../../../src/code/editAnswers';
import { wholeFacts } from '../../../src/code/wholeFacts';
import type { CodePath, FileFacts } from '../../../src/model/reference';

const path = 'src/a.ts';

const codePath = (startLine: number, name = `at${startLine}`): CodePath => ({
  path,
  name,
  kind: 'function',
  startLine,
  startColumn: 1,
  endLine: startLine + 1,
  lensLine: startLine,
  routes: [],
  spans: [],
  calls: [],
});

const factsOf = (version: string, codePaths: CodePath[]): FileFacts => ({
  path,
  version,
  references: [],
  codePaths,
  truncated: null,
});

describe('answers to edits', () => {
  it('leave out the code paths that are held, whatever changed', () => {
    const lists = fc.array(fc.array(fc.integer({ min: 1, max: 6 }).map((line) => codePath(line))), { minLength: 1 });
    fc.assert(
      fc.property(lists, fc.infiniteStream(fc.boolean()), (texts, lost) => {
        const answers = new EditAnswers();
        let held: FileFacts | null = null;
        let serial: number | null = null;
        texts.forEach((codePaths, index) => {
          const facts = factsOf(String(index), codePaths);
          const answer = answers.answer('/root', facts, serial);
          const whole = wholeFacts(answer, held);
          expect(whole).toEqual(facts);
          // An answer that came too late is not taken: the next request names the one before.
          if (lost.next().value === true) return;
          held = whole;
          serial = answer.serial;
        });
      }),
    );
  });

  it('send the one that an edit changed, and none when it changed none', () => {
    const answers = new EditAnswers();
    const all = [codePath(1), codePath(5), codePath(9)];
    const first = answers.answer('/root', factsOf('1', all), null);
    expect(first.facts.codePaths).toHaveLength(3);
    // Made anew, but the same.
    const second = answers.answer('/root', factsOf('2', [codePath(1), codePath(5, 'renamed'), codePath(9)]), 1);
    expect(second).toMatchObject({ facts: { codePaths: [{ name: 'renamed' }] }, kept: { first: 1, last: 1 } });
    const third = answers.answer('/root', factsOf('3', [codePath(1), codePath(5, 'renamed'), codePath(9)]), 2);
    expect(third).toMatchObject({ facts: { codePaths: [], version: '3' }, kept: { first: 3, last: 0 } });
  });

  it('are whole for who holds another answer or none, and after the document or its root was let go', () => {
    const answers = new EditAnswers();
    const facts = factsOf('1', [codePath(1)]);
    const { serial } = answers.answer('/root', facts, null);
    expect(answers.answer('/other', facts, serial).facts).toEqual(facts);
    expect(answers.answer('/root', facts, null).facts).toEqual(facts);
    expect(answers.answer('/root', facts, serial).facts).toEqual(facts);
    const latest = answers.answer('/root', facts, null);
    answers.forget('/root', path);
    const again = answers.answer('/root', facts, latest.serial);
    expect(again.facts).toEqual(facts);
    answers.forget('/root');
    expect(answers.answer('/root', facts, again.serial).facts).toEqual(facts);
  });
});
