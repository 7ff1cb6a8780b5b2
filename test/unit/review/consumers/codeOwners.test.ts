import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ownersOf, readCodeOwners } from '../../../../src/review/consumers/codeOwners';
import { ownerPattern } from '../../../../src/review/consumers/ownerPattern';

const owners = (text: string, path: string): readonly string[] | null => ownersOf(readCodeOwners(text).rules, path);

describe('CODEOWNERS', () => {
  it('matches as the examples of GitHub’s documentation say', () => {
    const cases: [pattern: string, path: string, matches: boolean][] = [
      ['*', 'a/b.ts', true],
      ['*.js', 'a/b.js', true],
      ['*.js', 'a/b.ts', false],
      ['/build/logs/', 'build/logs/a/b.log', true],
      ['/build/logs/', 'x/build/logs/a.log', false],
      ['docs/*', 'docs/getting-started.md', true],
      ['docs/*', 'docs/build-app/troubleshooting.md', false],
      ['apps/', 'x/apps/a.ts', true],
      ['apps/', 'apps', false],
      ['/docs/', 'docs/a/b.md', true],
      ['**/logs', 'build/logs/a.log', true],
      ['**/logs', 'deeply/nested/logs/a.log', true],
      ['/apps/github', 'apps/github/a.ts', true],
      ['/apps/github', 'apps/github2/a.ts', false],
      ['/src/**/test/?.ts', 'src/a/b/test/c.ts', true],
      ['/src/**/test/?.ts', 'src/test/cc.ts', false],
    ];
    for (const [pattern, path, matches] of cases)
      expect([pattern, path, ownerPattern(pattern)(path)]).toEqual([pattern, path, matches]);
  });

  it('goes by the last rule that matches, and lets one without owners take them away', () => {
    const text =
      '# All\n* @all\n/pay/ @org/money pay@example.com # who is asked\n/pay/docs/\n/a\\ b.ts @space\nx no-owner\n';
    expect(owners(text, 'a.ts')).toEqual(['@all']);
    expect(owners(text, 'pay/a.ts')).toEqual(['@org/money', 'pay@example.com']);
    expect(owners(text, 'pay/docs/a.md')).toEqual([]);
    expect(owners(text, 'a b.ts')).toEqual(['@space']);
    expect(owners(text, 'x')).toEqual([]);
  });

  it('answers each of GitLab’s sections, with the owners that a section has for all its rules', () => {
    const text = '* @all\n[Docs][2] @writers\n*.md\nREADME.md @lead\n^[Pay]\n/pay/ @money\n[docs]\n/pay/*.md @editor\n';
    expect(owners(text, 'a.md')).toEqual(['@all', '@writers']);
    expect(owners(text, 'README.md')).toEqual(['@all', '@lead']);
    expect(owners(text, 'pay/b.md')).toEqual(['@all', '@editor', '@money']);
  });

  it('leaves out of a section of GitLab’s what `!` excludes, which GitHub goes past', () => {
    const text = '* @all\n[Docs] @writers\n*.md\n!/docs/old/\n/docs/old/kept.md @lead\n';
    expect(owners(text, 'docs/new/a.md')).toEqual(['@all', '@writers']);
    expect(owners(text, 'docs/old/a.md')).toEqual(['@all']);
    expect(owners(text, 'docs/old/kept.md')).toEqual(['@all']);
    const plain = '* @all\n!*.md\n';
    expect(owners(plain, 'a.md')).toEqual(['@all']);
    expect(ownersOf(readCodeOwners(plain, true).rules, 'a.md')).toEqual([]);
  });

  it('is read whatever the text, in time that does not run away', () => {
    const part = fc.oneof(fc.string(), fc.constantFrom('**/', '*', '/', '?', ' @a', '\n', '[s]', '\\ ', '#', 'a'));
    fc.assert(
      fc.property(fc.array(part), fc.array(fc.constantFrom('a', 'b', 'aa')), (parts, path) => {
        const { rules } = readCodeOwners(parts.join(''));
        for (const owner of ownersOf(rules, path.join('/') || 'a') ?? []) expect(owner).toMatch(/@/);
      }),
    );
    const hostile = ownerPattern(`/${'**/*a*'.repeat(60)}/x`);
    expect(hostile(`${'aaaa/'.repeat(200)}y`)).toBe(false);
    expect(readCodeOwners('* @a\n'.repeat(5_002)).left).toBe(2);
    const deep = '**/'.repeat(20_000);
    expect(readCodeOwners(`${deep}a @a\n* @b\n`)).toMatchObject({ rules: [{ owners: ['@b'] }], left: 1 });
    expect(ownerPattern(`${deep}a`)('b/a')).toBe(true);
    expect(ownerPattern(`${'*/'.repeat(20_000)}a`)('b/a')).toBe(false);
    expect(ownerPattern('/**/x')('b/'.repeat(20_000))).toBe(false);
  });
});
