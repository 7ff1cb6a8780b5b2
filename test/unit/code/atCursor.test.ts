import { describe, expect, it } from 'vitest';
import type { AskedAtCursor } from '../../../src/code/api';
import { finderOf } from './finderHarness';

/** What is asked at `|` in a file; `others` are further files of the workspace. */
async function asked(
  path: string,
  text: string,
  others: Readonly<Record<string, string>> = {},
): Promise<AskedAtCursor | null> {
  const offset = text.indexOf('|');
  const whole = text.slice(0, offset) + text.slice(offset + 1);
  const finder = await finderOf({ [path]: whole, ...others });
  await finder.index.edit(path, whole, '1');
  const before = JSON.stringify(await finder.index.facts(path));
  const answer = await finder.index.questions.atCursor(
    { path, text: whole, version: '1', offset },
    new AbortController().signal,
  );
  expect(JSON.stringify(await finder.index.facts(path)), 'the facts of the document stay').toBe(before);
  return answer;
}

const ts = `import { OpenFeature } from '@openfeature/server-sdk';\nconst client = OpenFeature.getClient();\n`;
const key = (behind: number, ahead: number, quotes: string | null): object => ({
  kind: 'key',
  prefix: '',
  suffix: '',
  behind,
  ahead,
  quotes,
});

describe('the key that is being written', () => {
  it.each<[string, string, string, object]>([
    ['a whole call', 'a.ts', `${ts}if (await client.getBooleanValue('new-|out', false)) go();\n`, key(4, 3, null)],
    ['an empty string', 'a.ts', `${ts}await client.getStringValue('|', 'x');\n`, key(0, 0, null)],
    ['closed by the editor', 'a.ts', `${ts}const on = await client.getBooleanValue('|')\n`, key(0, 0, null)],
    ['an open string', 'a.ts', `${ts}const on = await client.getBooleanValue('ne|\nconst y = 1;\n`, key(2, 0, null)],
    [
      'in a condition',
      'a.ts',
      `${ts}async function f() {\n  if (await client.getBooleanValue('ne|\n}\n`,
      key(2, 0, null),
    ],
    ['before other arguments', 'a.ts', `${ts}client.getBooleanValue('ne|, false);\n`, key(2, 0, null)],
    ['no quotes yet', 'a.ts', `${ts}client.getBooleanValue(|)\n`, key(0, 0, "'")],
    ['a bare word', 'a.ts', `${ts}client.getBooleanValue(new|Che, false)\n`, key(3, 3, "'")],
    ['a bracket open', 'a.ts', `${ts}client.getBooleanValue(\n`.replace('(\n', '(|\n'), key(0, 0, "'")],
    ['a constant of the file', 'a.ts', `${ts}const KEY = '|';\nclient.getBooleanValue(KEY, false);\n`, key(0, 0, null)],
    [
      'its own class',
      'a.ts',
      `${ts}class Flags {\n  isOn(key: string) { return client.getBooleanValue(key, false); }\n  x() { return this.isOn('|'); }\n}\n`,
      key(0, 0, null),
    ],
    [
      'JSX',
      'a.tsx',
      `import { useFlag } from '@unleash/proxy-client-react';\nexport const A = () => { const on = useFlag('|'); return <b>{on}</b>; };\n`,
      key(0, 0, null),
    ],
    [
      'Python',
      'a.py',
      `from openfeature import api\nclient = api.get_client()\ndef f():\n    if client.get_boolean_value("ne|\n        pass\n`,
      key(2, 0, null),
    ],
    [
      'Go',
      'a.go',
      `package a\nimport "github.com/open-feature/go-sdk/openfeature"\nfunc f() {\n\tclient := openfeature.NewClient("a")\n\tif on, _ := client.BooleanValue(ctx, "ne|\n}\n`,
      key(2, 0, null),
    ],
    [
      'Java',
      'A.java',
      `import dev.openfeature.sdk.Client;\nclass A {\n  Client client;\n  void f() {\n    if (client.getBooleanValue("ne|\n  }\n}\n`,
      key(2, 0, null),
    ],
    [
      'Kotlin',
      'a.kt',
      `import dev.openfeature.sdk.Client\nclass A(val client: Client) {\n  fun f() {\n    if (client.getBooleanValue("ne|\n  }\n}\n`,
      key(2, 0, null),
    ],
    [
      'C#',
      'A.cs',
      `using OpenFeature;\nclass A {\n  IFeatureClient client;\n  async Task F() {\n    if (await client.GetBooleanValueAsync("ne|\n  }\n}\n`,
      key(2, 0, null),
    ],
    ['Ruby, a symbol', 'a.rb', `require 'flipper'\ndef f\n  Flipper.enabled?(:ne|)\nend\n`, key(2, 0, null)],
    ['Ruby', 'a.rb', `require 'flipper'\ndef f\n  if Flipper.enabled?('ne|\n  end\nend\n`, key(2, 0, null)],
    [
      'Rust',
      'a.rs',
      `use open_feature::Client;\nasync fn f(client: Client) {\n    let on = client.get_bool_value("ne|\n}\n`,
      key(2, 0, null),
    ],
    [
      'PHP',
      'a.php',
      `<?php\nuse OpenFeature\\OpenFeatureClient;\nfunction f(OpenFeatureClient $client) {\n  if ($client->getBooleanValue('ne|\n}\n`,
      key(2, 0, null),
    ],
    [
      'Swift',
      'a.swift',
      `import OpenFeature\nfunc f() {\n  let client = OpenFeatureAPI.shared.getClient()\n  if client.getBooleanValue(key: "ne|\n}\n`,
      key(2, 0, null),
    ],
    [
      'Vue',
      'a.vue',
      `<script setup>\nimport { useFlag } from '@unleash/proxy-client-vue';\nconst on = useFlag('|');\n</script>\n<template><p v-if="on">x</p></template>\n`,
      key(0, 0, null),
    ],
    [
      'Svelte',
      'a.svelte',
      `<script>\nimport { useFlag } from '@unleash/proxy-client-svelte';\nconst on = useFlag('ne|);\n</script>\n{#if $on}<p>x</p>{/if}\n`,
      key(2, 0, null),
    ],
  ])('%s', async (_, path, text, expected) => {
    expect(await asked(path, text)).toMatchObject(expected);
  });

  it('of a wrapper of another file, with what it writes around the key', async () => {
    const others = {
      'flags.ts': `${ts}export const isOn = (name: string) => client.getBooleanValue(\`exp-\${name}-v1\`, false);\n`,
    };
    expect(
      await asked('a.ts', `import { isOn } from './flags';\nif (await isOn('new|')) go();\n`, others),
    ).toMatchObject({
      ...key(3, 0, null),
      prefix: 'exp-',
      suffix: '-v1',
    });
    expect(await asked('a.ts', `import { isOn } from './flags';\nisOn(|\n`, others)).toMatchObject({ prefix: 'exp-' });
  });

  it.each([
    ['another call', 'a.ts', `${ts}console.log('|');\n`],
    ['the default', 'a.ts', `${ts}client.getStringValue('k', '|');\n`],
    ['a bare word elsewhere', 'a.ts', `${ts}foo(bar|)\n`],
    ['a comment', 'a.ts', `${ts}// it's client.getBooleanValue('|\n`],
    ['no language that is read', 'a.txt', `client.getBooleanValue('|')`],
  ])('nothing in %s', async (_, path, text) => {
    expect(await asked(path, text)).toBeNull();
  });
});

describe('the variant that a result is compared with', () => {
  it.each([
    [
      'a comparison',
      'a.ts',
      `${ts}async function f() {\n  const v = await client.getStringValue('theme', 'a');\n  if (v === 'bl|') go();\n}\n`,
      2,
    ],
    [
      'a case',
      'a.ts',
      `${ts}async function f() {\n  switch (await client.getStringValue('theme', 'a')) {\n    case 'bl|'\n  }\n}\n`,
      2,
    ],
    [
      'an open case',
      'a.ts',
      `${ts}async function f() {\n  switch (await client.getStringValue('theme', 'a')) {\n    case '|\n  }\n}\n`,
      0,
    ],
    [
      'a case among others',
      'a.ts',
      `${ts}async function f() {\n  switch (await client.getStringValue('theme', 'a')) {\n    case 'red': return 1;\n    case '|':\n    default: return 2;\n  }\n}\n`,
      0,
    ],
    [
      'Python',
      'a.py',
      `from openfeature import api\nclient = api.get_client()\ndef f():\n    match client.get_string_value("theme", "a"):\n        case "bl|"\n`,
      2,
    ],
    [
      'Go',
      'a.go',
      `package a\nimport "github.com/open-feature/go-sdk/openfeature"\nfunc f() {\n\tclient := openfeature.NewClient("a")\n\tv, _ := client.StringValue(ctx, "theme", "a", ec)\n\tswitch v {\n\tcase "bl|"\n\t}\n}\n`,
      2,
    ],
    [
      'Kotlin',
      'a.kt',
      `import dev.openfeature.sdk.Client\nclass A(val client: Client) {\n  fun f() {\n    when (client.getStringValue("theme", "a")) {\n      "bl|"\n    }\n  }\n}\n`,
      2,
    ],
    [
      'Ruby',
      'a.rb',
      `require 'openfeature/sdk'\ndef f\n  client = OpenFeature::SDK.build_client\n  case client.fetch_string_value(flag_key: 'theme', default_value: 'a')\n  when 'bl|'\n  end\nend\n`,
      2,
    ],
  ])('%s', async (_, path, text, behind) => {
    expect(await asked(path, text)).toMatchObject({ kind: 'variant', key: 'theme', behind, quotes: null });
  });
});
