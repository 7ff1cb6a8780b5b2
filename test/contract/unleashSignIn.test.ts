import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkUnleash, unleashEnvironments } from '../../src/flags/unleash/serverCheck';
import { memoryL10n } from '../../src/platform/memory/l10n';
import { memoryRemotes } from '../../src/platform/memory/remotes';
import { loopbackHttp } from '../../src/platform/node/loopbackHttp';
import type { Remote } from '../../src/platform/remotes';
import { adminToken, backendToken, startUnleash, unleashHow, unleashNeeds } from '../servers/unleash.mjs';

const needs = unleashNeeds('pglite');
const asking = { l10n: memoryL10n, signal: new AbortController().signal };

/** What signing in says of the tokens and addresses that people have at hand, as a real server answers them. */
describe.skipIf(needs !== null)(
  `signing in to Unleash${needs === null ? '' : ` - skipped: needs ${needs} (${unleashHow})`}`,
  () => {
    let server: Awaited<ReturnType<typeof startUnleash>>;
    beforeAll(async () => {
      server = await startUnleash();
    }, 200_000);
    afterAll(async () => server.stop());

    const remote = (token: string, path = ''): Remote =>
      memoryRemotes(loopbackHttp, token).remote({
        id: 'flags',
        type: 'unleash',
        url: `${server.url}${path}`,
        authorization: 'raw',
      });

    it('takes an admin token, and says what it sees', async () => {
      const checked = await checkUnleash(remote(adminToken), adminToken, asking);
      expect(checked).toMatchObject({ ok: true, value: { rights: 'admin', projects: [{ id: 'default' }] } });
      const environments = await unleashEnvironments(remote(adminToken), 'default', asking);
      expect(environments).toMatchObject({
        ok: true,
        value: expect.arrayContaining([expect.objectContaining({ name: 'production', type: 'production' })]) as unknown,
      });
    });

    it.each([
      ['a token for SDKs', backendToken('development'), /token for SDKs/],
      ['a token that is none', 'user:0000000000000000', /refused the token \(401\)/],
      ['an admin token cut short', '*:*.unleash-admin-of', /refused the token \(401\)/],
    ])('says of %s what it is', async (_name, token, words) => {
      const checked = await checkUnleash(remote(token), token, asking);
      expect(checked).toMatchObject({ ok: false, problem: { about: 'token' } });
      expect(checked.ok || checked.problem.words).toMatch(words);
    });

    it('says of an address below the right one that it is another', async () => {
      const checked = await checkUnleash(remote(adminToken, '/api'), adminToken, asking);
      expect(checked).toMatchObject({ ok: false, problem: { about: 'address' } });
      expect(checked.ok || checked.problem.words).toContain('without /api');
    });
  },
);
