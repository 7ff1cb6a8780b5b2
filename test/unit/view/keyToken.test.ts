import { describe, expect, it } from 'vitest';
import { keyToken, nameGiven } from '../../../src/view/keyToken';

/** The token that starts at `^`, between `[` and `]`; `~` before a name. */
function shown(line: string, key: string | null = 'new-checkout'): string | null {
  const from = line.indexOf('^');
  const text = line.slice(0, from) + line.slice(from + 1);
  const token = keyToken(text, from, key);
  return token && `${token.literal ? '' : '~'}${text.slice(token.from, token.to)}`;
}

describe('the token that names a flag', () => {
  it.each([
    [`isOn(^'new-checkout', x)`, `'new-checkout'`],
    [`isOn(^"new-checkout")`, `"new-checkout"`],
    [`isOn(^'it\\'s')`, `'it\\'s'`],
    [`f(^@"new-checkout")`, `@"new-checkout"`],
    [`f(^r"new-checkout")`, `r"new-checkout"`],
    [`f(^"""new-checkout""")`, `"""new-checkout"""`],
    [`Flipper.enabled?(^:new_checkout, user)`, ':new_checkout'],
    [`v-if="on(^new-checkout)"`, 'new-checkout'],
    ['isOn(^FLAGS.NEW_CHECKOUT)', '~FLAGS.NEW_CHECKOUT'],
    ['isOn(^Flags::NEW)', '~Flags::NEW'],
    ['isOn(^$this->flag)', '~$this->flag'],
    ['isOn(^KEY, false)', '~KEY'],
    ['isOn(^(a))', null],
    [`isOn(^'open`, null],
  ])('%s', (line, expected) => expect(shown(line)).toBe(expected));
});

describe('the name that a line gives to a text', () => {
  it.each<[string, string | null, string?]>([
    [`export const NEW = ^'new'`, 'NEW'],
    [`  NEW: ^'new',`, 'NEW'],
    [`  'NEW': ^'new',`, 'NEW'],
    [`  static readonly NEW: string = ^'new';`, 'NEW'],
    [`  NEW_CHECKOUT(^"new"),`, 'NEW_CHECKOUT'],
    [`const New = ^"new"`, 'New'],
    [`pub const NEW: &str = ^"new";`, 'NEW'],
    [`  const val NEW = ^"new"`, 'NEW'],
    [`  case new = ^"new"`, 'new'],
    [`'NEW' => ^'new'`, 'NEW'],
    [`  const New FlagKey = ^"new"`, 'New', 'go'],
    [`  New = ^"new"`, 'New', 'go'],
    [`  New := ^"new"`, 'New', 'go'],
    [`  public static final String NEW = ^"new";`, 'NEW'],
    [`isOn(a, ^'new')`, null],
    [`return ^'new'`, null],
  ])('%s', (line, expected, language = '') => {
    const at = line.indexOf('^');
    const text = line.replace('^', '');
    const name = nameGiven(text, at, language);
    expect(name && text.slice(name.from, name.to)).toBe(expected);
  });
});
