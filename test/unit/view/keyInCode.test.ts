import { expect, it } from 'vitest';
import { callLike } from '../../../src/view/callLike';
import { isPlainInCode } from '../../../src/view/keyInCode';

it.each(['new-checkout', 'a.b/c:d', 'ключ', '结帐 v2', 'x@1+2~3', 'exp%20'])(
  'writes %s between quotes as it is',
  (text) => {
    expect(isPlainInCode(text)).toBe(true);
  },
);

it.each(["it's", 'a"b', '`x`', '${x}', '#{x}', 'a\\', 'a\nb', 'a\u2028b', 'a\u202eb', "x'); evil(); ('", ''])(
  'writes %j for nobody',
  (text) => {
    expect(isPlainInCode(text)).toBe(false);
  },
);

it('makes no call with a key that would end its quotes', () => {
  const line = `const on = client.getBooleanValue('old-key', false);`;
  const from = line.indexOf(`'old-key'`);
  const sample = {
    line,
    keyFrom: from,
    keyTo: from + `'old-key'`.length,
    end: line.indexOf(')') + 1,
    reference: { key: 'old-key', valueType: 'boolean', defaultValue: false },
    language: 'typescript',
  } as const;
  const call = (key: string): string | null => callLike(sample, { type: 'boolean', ref: { key } });
  expect(call('new-key')).toBe(`client.getBooleanValue('new-key', false)`);
  expect(call(`x'); evil(); ('`)).toBeNull();
});
