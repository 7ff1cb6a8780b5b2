import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { repositoryName } from '../../../src/view/repositoryName';

describe('the name of a repository', () => {
  it.each([
    ['https://github.com/acme/shop.git', 'github.com/acme/shop'],
    ['https://ana:s3cret@github.com/acme/shop', 'github.com/acme/shop'],
    ['https://x-access-token:s3cret@git.acme.example:8443/team/shop.git/', 'git.acme.example/team/shop'],
    ['git@github.com:acme/shop.git', 'github.com/acme/shop'],
    ['ssh://git@gitlab.example/group/sub/shop.git', 'gitlab.example/group/sub/shop'],
    ['https://github.com/acme/shop?access_token=s3cret#x', 'github.com/acme/shop'],
    ['oauth2:s3cret@gitlab.example/group/shop.git', null],
    ['ana:s3cret@gitlab.example:group/shop.git', 'gitlab.example/group/shop'],
    ['hg::https://ana:s3cret@h.example/x', null],
    ['gcrypt::https://ana:s3cret@h.example/x.git', null],
    ['https://mirror.example/https://ana:s3cret@github.com/acme/shop', null],
    ['ana:s3/cret@github.com:acme/shop', null],
    ['/srv/git/shop.git', null],
    ['C:\\repos\\shop', null],
    ['C:/repos/shop', null],
    ['file:///srv/git/shop.git', null],
    ['https://github.com', null],
    ['', null],
  ])('of %s is %s', (remote, name) => {
    expect(repositoryName(remote)).toBe(name);
  });

  it('holds nothing that it is signed in with, whatever the address', () => {
    const secret = fc.stringMatching(/^[A-Za-z0-9_-]{12,20}$/).map((text) => `s3cret${text}`);
    const scheme = fc.constantFrom('https', 'http', 'ssh', 'git');
    fc.assert(
      fc.property(scheme, secret, fc.constantFrom('', 'ana:'), (by, token, who) => {
        const name = repositoryName(`${by}://${who}${token}@host.example/a/b.git`);
        expect(name).toBe('host.example/a/b');
      }),
    );
  });

  it('holds no @ and no more than host and path, whatever stands there', () => {
    const part = fc.constantFrom('ana', ':', '@', '/', '::', 's3cret', 'https://', 'host.example', '.git', 'a/b');
    fc.assert(
      fc.property(fc.array(part, { maxLength: 10 }), (parts) => {
        const name = repositoryName(parts.join(''));
        expect(name === null || /^[^/@:]+\/[^@:]+$/.test(name)).toBe(true);
      }),
      { numRuns: 2_000 },
    );
  });

  it('never throws', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => typeof repositoryName(text) !== 'undefined'));
  });
});
