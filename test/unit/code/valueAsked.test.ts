import { describe, expect, it } from 'vitest';
import { typeAsked } from '../../../src/code/sdks/typeAsked';
import { finderOf } from './finderHarness';

const openFeature = `import { OpenFeature } from '@openfeature/server-sdk';\nconst client = OpenFeature.getClient();\n`;

/** Type and default of each reference outside of definitions, by line. */
async function asked(files: Record<string, string>, path = Object.keys(files).at(-1) ?? ''): Promise<unknown[]> {
  const { index } = await finderOf(files);
  const { references } = (await index.facts(path))!;
  return references
    .filter(({ kind }) => kind === 'evaluation')
    .map(({ valueType, defaultValue }) => [valueType, defaultValue]);
}

describe('what a call asks for', () => {
  it.each([
    ['getBooleanValue', 'boolean'],
    ['GetStringDetailsAsync', 'string'],
    ['get_integer_value', 'number'],
    ['Float64Variation', 'number'],
    ['bool_variation_detail', 'boolean'],
    ['str_variation', 'string'],
    ['get_struct_details', 'object'],
    ['useSuspenseNumberFlagValue', 'number'],
    ['Boolean', 'boolean'],
    // JSON may hold any of them, and the others name none.
    ['JSONVariation', null],
    ['jsonValueVariation', null],
    ['variation', null],
    ['isEnabled', null],
    ['is_enabled_str', 'string'],
    ['getStringOrInt', null],
  ])('%s: %s', (name, type) => {
    expect(typeAsked(name)).toBe(type);
  });

  it('is said by the call, with the default that is written there', async () => {
    const source = `${openFeature}export async function f() {\n  await client.getBooleanValue('a', true);\n  await client.getStringValue('b', 'x');\n  await client.getNumberDetails('c', fallback());\n}`;
    expect(await asked({ 'a.ts': source })).toEqual([
      ['boolean', true],
      ['string', 'x'],
      ['number', undefined],
    ]);
  });

  it('is that of the default where the call names no type', async () => {
    const source = `import { useFlag } from '@openfeature/react-sdk';\nexport const A = () => [useFlag('a', false), useFlag('b', 'x'), useFlag('c', given)];`;
    expect(await asked({ 'a.tsx': source })).toEqual([
      ['boolean', false],
      ['string', 'x'],
      [undefined, undefined],
    ]);
    const ld = `import { init } from '@launchdarkly/node-server-sdk';\nconst ld = init('k');\nexport const f = () => ld.variation('k', ctx, false);`;
    expect(await asked({ 'a.ts': ld })).toEqual([[undefined, false]]);
  });

  it('is that of the wrapper which is called, its default too', async () => {
    const flags = `${openFeature}export const isOn = (key: string) => client.getBooleanValue(key, false);\nexport const text = (key: string, other: string) => client.getStringValue(key, other);`;
    const source = `import { isOn, text } from './flags';\nexport const f = () => [isOn('a'), text('b', 'x')];`;
    expect(await asked({ 'flags.ts': flags, 'a.ts': source })).toEqual([
      ['boolean', false],
      ['string', undefined],
    ]);
  });
});
