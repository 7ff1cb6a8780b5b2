import { describe, expect, it } from 'vitest';
import { whenText, finderOf } from './finderHarness';

const head = `import { OpenFeature } from '@openfeature/server-sdk'; const client = OpenFeature.getClient();\n`;

/** Regions of the only reference as `from-to is[=value]`. */
async function regions(body: string): Promise<string[]> {
  const { index } = await finderOf({ 'a.ts': `${head}async function f(user) {\n${body}\n}` });
  const [reference] = (await index.facts('a.ts'))!.references;
  return reference!.regions.map(
    ({ startLine, endLine, when }) => `${String(startLine)}-${String(endLine)} ${whenText(when)}`,
  );
}
const get = `await client.getBooleanValue('k', false)`;
const text = `await client.getStringValue('k', 'a')`;

describe('guarded regions', () => {
  it.each([
    ['if and else', `if (${get}) {\n a();\n} else {\n b();\n}`, ['3-5 truthy', '5-7 falsy']],
    ['negation', `if (!(${get})) {\n a();\n}`, ['3-5 falsy']],
    ['a constant', `const on = ${get};\nif (on) {\n a();\n}`, ['4-6 truthy']],
    [
      'a constant of a comparison',
      `const blue = (${text}) === 'blue';\nif (!blue) {\n a();\n}`,
      ['4-6 different="blue"'],
    ],
    ['early return', `if (!(${get})) return;\na();\nb();`, ['3-3 falsy', '3-6 truthy']],
    ['early return of a block', `const on = ${get};\nif (on) {\n return a();\n}\nb();`, ['4-6 truthy', '6-8 falsy']],
    ['ternary', `return ${get}\n ? a()\n : b();`, ['4-4 truthy', '5-5 falsy']],
    ['and', `return user && ${get} &&\n a();`, ['4-4 truthy']],
    ['or', `return ${get} ||\n a();`, ['4-4 falsy']],
    ['both sides of and', `if (user && ${get}) {\n a();\n} else {\n b();\n}`, ['3-5 truthy']],
    [
      'comparison',
      `if ((${text}) === 'blue') {\n a();\n} else {\n b();\n}`,
      ['3-5 equal="blue"', '5-7 different="blue"'],
    ],
    ['comparison with false', `if ((${get}) === false) {\n a();\n}`, ['3-5 falsy']],
    [
      'comparison with a number',
      `const n = await client.getNumberValue('k', 0);\nif (n !== 3) {\n a();\n}`,
      ['4-6 different=3'],
    ],
    [
      'switch',
      `switch (${text}) {\n case 'a':\n  a();\n  break;\n case 'b': {\n  b();\n  break;\n }\n default:\n  c();\n}`,
      ['5-6 equal="a"', '7-10 equal="b"', '12-12 different="a"', '12-12 different="b"'],
    ],
    [
      'switch that falls through',
      `switch (${text}) {\n case 'a':\n case 'b':\n  b();\n  break;\n default:\n  c();\n}`,
      ['6-7 oneOf=["a","b"]', '9-9 different="a"', '9-9 different="b"'],
    ],
    ['switch whose default falls through', `switch (${text}) {\n default:\n  c();\n case 'a':\n  a();\n}`, []],
    ['one of two', `if ((${text}) === 'a' || (${text}) === 'b') {\n a();\n}`, ['3-3 different="a"']],
    [
      'one of two values',
      `const v = ${text};\nif (v === 'a' || v === 'b') {\n a();\n}`,
      ['4-4 different="a"', '4-6 oneOf=["a","b"]'],
    ],
    [
      'more than a number',
      `const n = await client.getNumberValue('k', 0);\nif (n > 0) {\n a();\n} else {\n b();\n}`,
      ['4-6 >0', '6-8 <=0'],
    ],
    ['a number less', `const n = await client.getNumberValue('k', 0);\nif (5 <= n) {\n a();\n}`, ['4-6 >=5']],
    ['details', `const d = await client.getBooleanDetails('k', false);\nif (d.value) {\n a();\n}`, ['4-6 truthy']],
    [
      'destructured details',
      `const { value } = await client.getBooleanDetails('k', false);\nif (value) {\n a();\n}`,
      ['4-6 truthy'],
    ],
    ['double negation and Boolean()', `const on = !!Boolean(${get});\nif (on) {\n a();\n}`, ['4-6 truthy']],
    ['not both', `const both = user && ${get};\nif (!both) {\n a();\n}`, []],
    ['a variable that is assigned again', `let on = ${get};\non = user;\nif (on) {\n a();\n}`, []],
    ['another property', `const d = await client.getBooleanDetails('k', false);\nif (d.errorCode) {\n a();\n}`, []],
  ])('%s', async (_, body, expected) => {
    expect((await regions(body)).sort()).toEqual([...expected].sort());
  });
});
