import { describe, expect, it } from 'vitest';
import type { FlagSnapshot, FlagType } from '../../../src/model/flag';
import type { Reference } from '../../../src/model/reference';
import { callLike, type Sample } from '../../../src/view/callLike';
import { flag, state } from './sample';

const of = (type: FlagType, key = 'gift-wrapping'): FlagSnapshot => {
  const one = flag([state({ on: 1 })], { type });
  return { ...one, ref: { ...one.ref, key } };
};

/** `«` and `»` stand around the key, `¦` where the call ends. */
function written(
  marked: string,
  language: string,
  type: FlagType = 'boolean',
  reference: Pick<Reference, 'valueType' | 'defaultValue'> = { valueType: 'boolean', defaultValue: false },
): string | null {
  const plain = marked.replace(/[«»¦]/g, '');
  const keyFrom = marked.indexOf('«');
  const sample: Sample = {
    line: plain,
    keyFrom,
    keyTo: marked.indexOf('»') - 1,
    end: marked.indexOf('¦') - 2,
    reference: { key: 'new', ...reference },
    language,
  };
  return callLike(sample, of(type));
}

describe('a call written as the file writes its own', () => {
  it.each([
    [
      `  if (await client.getBooleanValue(«'new'», false)¦) {`,
      'typescript',
      `await client.getBooleanValue('gift-wrapping', false)`,
    ],
    [`  const on = useFlag(«"new"»)¦;`, 'typescriptreact', `useFlag("gift-wrapping")`],
    [`    if client.get_boolean_value(«"new"», False)¦:`, 'python', `client.get_boolean_value("gift-wrapping", False)`],
    [
      `\ton, _ := client.BooleanValue(ctx, «"new"», false, ec)¦`,
      'go',
      `on, _ := client.BooleanValue(ctx, "gift-wrapping", false, ec)`,
    ],
    [
      `  if ($this->client->getBooleanValue(«'new'», false)¦) {`,
      'php',
      `$this->client->getBooleanValue('gift-wrapping', false)`,
    ],
    [
      `  let on = client.get_bool_value(«"new"», None, None)¦.await.unwrap_or(false);`,
      'rust',
      `client.get_bool_value("gift-wrapping", None, None).await.unwrap_or(false)`,
    ],
    [
      `  on = @client.fetch_boolean_value(flag_key: «'new'», default_value: false)¦`,
      'ruby',
      `@client.fetch_boolean_value(flag_key: 'gift-wrapping', default_value: false)`,
    ],
    [
      `  let on = OpenFeature.getClient().getBooleanValue(«FLAGS.NEW», false)¦;`,
      'javascript',
      `OpenFeature.getClient().getBooleanValue('gift-wrapping', false)`,
    ],
  ])('%s', (line, language, expected) => expect(written(line, language)).toBe(expected));

  it('takes the method and the default of the type', () => {
    const line = `  if (await client.getBooleanValue(«'new'», false)¦) {`;
    expect(written(line, 'typescript', 'string')).toBe(`await client.getStringValue('gift-wrapping', '')`);
    expect(written(line, 'typescript', 'number')).toBe(`await client.getNumberValue('gift-wrapping', 0)`);
    expect(written(`  x = client.get_boolean_value(«"new"», False)¦`, 'python', 'number')).toBe(
      `client.get_float_value("gift-wrapping", 0)`,
    );
    expect(written(`  if (client.getBooleanValue(«"new"», false)¦)`, 'java', 'number')).toBe(
      `client.getDoubleValue("gift-wrapping", 0)`,
    );
    expect(
      written(`  v = await client.GetStringValueAsync(«"new"», "a")¦;`, 'csharp', 'boolean', {
        valueType: 'string',
        defaultValue: 'a',
      }),
    ).toBe(`await client.GetBooleanValueAsync("gift-wrapping", false)`);
  });

  it('is none where the type has no method that the sample tells of', () => {
    expect(written(`  if (await client.getBooleanValue(«'new'», false)¦) {`, 'typescript', 'object')).toBeNull();
    expect(written(`  if (isOn(«'new'»)¦) {`, 'typescript', 'string', { valueType: 'boolean' })).toBeNull();
    expect(written(`«'new'»¦`, 'typescript')).toBeNull();
  });
});
