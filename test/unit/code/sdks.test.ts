import { describe, expect, it } from 'vitest';
import { camelCase } from '../../../src/code/sdks/camelCase';
import { finderOf, found } from './finderHarness';

const imports = {
  server: `import { OpenFeature } from '@openfeature/server-sdk'; const client = OpenFeature.getClient();`,
  ld: `import { init } from '@launchdarkly/node-server-sdk'; const ld = init('k');`,
  unleash: `import { initialize } from 'unleash-client'; const un = initialize({});`,
};

describe('call shapes', () => {
  it.each([
    [`${imports.server} await client.getBooleanValue('k', false);`, ['k@1 literal']],
    [`${imports.server} client.getStringDetails('k', 'a', { targetingKey: 'u' });`, ['k@1 literal']],
    [
      `import { OpenFeature as OF } from '@openfeature/web-sdk'; OF.getClient('d').getNumberValue("k", 0);`,
      ['k@1 literal'],
    ],
    [
      `const { OpenFeature } = require('@openfeature/server-sdk'); OpenFeature.getClient().getObjectValue('k', {});`,
      ['k@1 literal'],
    ],
    [
      `import { useBooleanFlagValue as on } from '@openfeature/react-sdk'; export const F = () => on('k', true);`,
      ['k@1 hook'],
    ],
    [
      `import { Client } from '@openfeature/server-sdk'; class A { constructor(private readonly flags: Client) {} f() { return this.flags.getBooleanValue('k', false); } }`,
      ['k@1 literal'],
    ],
    [
      `import { BooleanFeatureFlag } from '@openfeature/nestjs-sdk'; class A { f(@BooleanFeatureFlag({ flagKey: 'k', defaultValue: false }) x) {} }`,
      ['k@1 attribute'],
    ],
    [
      `import { RequireFlagsEnabled } from '@openfeature/nestjs-sdk'; class A { @RequireFlagsEnabled({ flags: [{ flagKey: 'a' }, { flagKey: 'b' }] }) f() {} }`,
      ['a@1 attribute', 'b@1 attribute'],
    ],
    [`${imports.ld} await ld.variation('k', { key: 'u' }, false);`, ['k@1 literal']],
    [
      `import * as LD from 'launchdarkly-js-client-sdk'; const c = LD.initialize('e', {}); c.variationDetail('k', 1);`,
      ['k@1 literal'],
    ],
    [
      `import { useLDClient } from 'launchdarkly-react-client-sdk'; export const F = () => { const c = useLDClient(); return c?.variation('k', false); };`,
      ['k@1 literal'],
    ],
    [`${imports.unleash} un.isEnabled('k'); un.getVariant('v');`, ['k@1 literal', 'v@1 literal']],
    [`import { isEnabled } from 'unleash-client'; isEnabled('k');`, ['k@1 literal']],
    [`import { useFlag } from '@unleash/proxy-client-react'; export const F = () => useFlag('k');`, ['k@1 hook']],
    ['fetch(`${base}/ofrep/v1/evaluate/flags/${"k"}`, { method: "POST" });', ['k@1 template']],
  ])('%s', async (source, expected) => {
    expect(await found(source, 'src/a.ts')).toEqual(expected);
  });

  it('reads JSX components', async () => {
    const source = `import { FeatureFlag } from '@openfeature/react-sdk'; export const A = () => <FeatureFlag flagKey="k" defaultValue={false}><b/></FeatureFlag>;`;
    expect(await found(source, 'src/a.tsx')).toEqual(['k@1 attribute']);
  });

  it.each([
    `${imports.server} // client.getBooleanValue('k', false)`,
    `${imports.server} console.log("client.getBooleanValue('k', false)"); log.info('k');`,
    `import { OpenFeature } from '@openfeature/server-sdk'; const other = { isEnabled(x: string) { return x; } }; other.isEnabled('k');`,
    `import { useFlag } from './mine'; useFlag('k'); // unleash`,
    `const list = new Map(); list.variation('k'); // launchdarkly`,
    `import { initialize } from 'unleash-client'; import { settings } from './settings'; initialize({}); settings.isEnabled('k');`,
  ])('does not count %s', async (source) => {
    expect(await found(source)).toEqual([]);
  });

  it('says where the flag is evaluated, its default, and why', async () => {
    const { index } = await finderOf({
      'web.tsx': `import { useNumberFlagValue } from '@openfeature/react-sdk';\nexport const Card = () => useNumberFlagValue('slow', 3);`,
    });
    const [reference] = (await index.facts('web.tsx'))!.references;
    expect(reference).toMatchObject({
      evaluatedOn: 'browser',
      sdk: 'openfeature',
      defaultValue: 3,
      function: 'Card',
      line: 2,
      column: 46,
      endLine: 2,
    });
    expect(reference!.trace).toEqual([
      { words: 'useNumberFlagValue of @openfeature/react-sdk', path: 'web.tsx', line: 2 },
    ]);
  });

  it('takes a distinctive method at its word only where the SDK is in use', async () => {
    const source = `export const f = (c) => c.getBooleanValue('k', false);`;
    expect(await found(source)).toEqual([]);
    expect(await found(source, 'src/a.ts', { 'src/b.ts': imports.server })).toEqual(['k@1 literal']);
  });

  it('turns names out of a bag back into known keys', async () => {
    const source = `import { useFlags } from 'launchdarkly-react-client-sdk';\nexport const F = () => { const { newCheckout } = useFlags(); const all = useFlags(); return newCheckout && all['darkMode']; };`;
    expect(await found(source, 'src/a.tsx', {}, ['new-checkout'])).toEqual([
      'new-checkout@2 destructured',
      'darkMode@2 property likely',
    ]);
  });

  it.each([
    ['new-checkout', 'newCheckout'],
    ['a.b_c d', 'aBCD'],
    ['dev-test-flag2', 'devTestFlag2'],
  ])('camel-cases %s', (key, camel) => {
    expect(camelCase(key)).toBe(camel);
  });
});
