import fc from 'fast-check';
import * as yaml from 'yaml';
import { describe, expect, it } from 'vitest';
import { Turns } from '../../../src/flags/turns';
import { readYamlEntries } from '../../../src/flags/yaml/yamlEntries';
import { YamlText, yamlSpanOf } from '../../../src/flags/yaml/yamlText';
import type { Json } from '../../../src/model/json';
import { systemClock } from '../../../src/platform/node/clock';

const never = new AbortController().signal;
const entriesOf = (text: string) => readYamlEntries(text, yaml, new Turns(systemClock), never);

describe('an edit of YAML', () => {
  const text = [
    'checkout: # the new one',
    '  # who gets what',
    '  variations:',
    '    "on": true',
    "    'off': false # never again",
    '  defaultRule:',
    '    percentage: # of all',
    '      on: 25 # a quarter',
    '      off: 75',
    '  targeting:',
    '    - name: beta',
    "      query: 'beta eq true'",
    '      variation: on',
    '  version: "3"',
  ].join('\n');
  const edited = (edit: (of: YamlText) => void, of = text): string => {
    const one = new YamlText(of, yaml);
    edit(one);
    return one.text;
  };

  it('changes a value in its place, its quotes and what is said behind it kept', () => {
    expect(edited((of) => of.set(['defaultRule', 'percentage', 'on'], 50))).toBe(text.replace('on: 25', 'on: 50'));
    expect(edited((of) => of.set(['version'], '4'))).toBe(text.replace('"3"', '"4"'));
    expect(edited((of) => of.set(['targeting', 0, 'variation'], 'off'))).toBe(
      text.replace('variation: on', 'variation: "off"'),
    );
  });

  it('adds a member at the end of its map', () => {
    expect(edited((of) => of.set(['disable'], true))).toBe(`${text}\n  disable: true`);
    expect(edited((of) => of.set(['defaultRule', 'variation'], 'blue'))).toBe(
      text.replace('      off: 75', '      off: 75\n    variation: blue'),
    );
  });

  it('writes a map on lines of its own, as deep as the others', () => {
    const of = 'a:\n    defaultRule:\n        variation: on\n';
    expect(edited((one) => one.set(['defaultRule', 'percentage'], { on: 1, off: 99 }), of)).toBe(
      'a:\n    defaultRule:\n        variation: on\n        percentage:\n            "on": 1\n            "off": 99\n',
    );
  });

  it('removes a member with its lines, and nothing beside it', () => {
    expect(edited((of) => of.remove(['targeting']))).toBe(text.replace(/\n {2}targeting:[^]*variation: on/, ''));
    expect(edited((of) => of.remove(['version']))).toBe(text.replace('\n  version: "3"', ''));
    expect(edited((of) => of.remove(['targeting', 0, 'name']))).toBe(text.replace('name: beta\n      ', ''));
  });

  it('keeps a map on one line on it', () => {
    const flow = 'a: { defaultRule: { variation: on }, disable: true }';
    expect(edited((of) => of.set(['defaultRule', 'variation'], 'x'), flow)).toBe(flow.replace('on }', 'x }'));
    expect(edited((of) => of.set(['version'], '1'), flow)).toBe(flow.replace('true }', 'true, version: "1" }'));
    expect(edited((of) => of.remove(['disable']), flow)).toBe('a: { defaultRule: { variation: on } }');
    expect(edited((of) => of.remove(['defaultRule']), flow)).toBe('a: { disable: true }');
    expect(edited((of) => of.remove(['defaultRule', 'variation']), flow)).toBe('a: { defaultRule: {}, disable: true }');
  });

  it('writes line ends as the others are', () => {
    expect(edited((of) => of.set(['disable'], true), 'a:\r\n  b: 1\r\n')).toBe('a:\r\n  b: 1\r\n  disable: true\r\n');
  });

  it('does to the value what it does to the text, whatever that is', () => {
    const name = fc.constantFrom('a', 'b', 'on', 'off', 'true', 'x y', 'é', '1', '#c', 'a: b', '- d');
    const scalar = fc.oneof(fc.boolean(), fc.integer({ min: -9, max: 99 }), fc.string({ maxLength: 12 }), name);
    const map = fc.dictionary(name, fc.oneof(scalar, fc.dictionary(name, scalar, { maxKeys: 3 })), { maxKeys: 4 });
    const styles = fc.record({
      indent: fc.constantFrom(2, 4),
      defaultStringType: fc.constantFrom('PLAIN', 'QUOTE_SINGLE', 'QUOTE_DOUBLE'),
      collectionStyle: fc.constantFrom('block', 'flow', 'any'),
    });
    fc.assert(
      fc.property(
        map,
        name,
        fc.option(name),
        fc.option(fc.oneof(scalar, map)),
        styles,
        (value, first, second, to, how) => {
          const before = yaml.stringify({ flag: value }, how as yaml.ToStringOptions);
          const path = second === null ? [first] : [first, second];
          const expected = structuredClone(value) as Record<string, Json>;
          const inner = second === null ? expected : expected[first];
          const isMap = typeof inner === 'object' && inner !== null;
          const at = inner as Record<string, Json>;
          if (isMap && to !== null) at[second ?? first] = to;
          else if (isMap) Reflect.deleteProperty(at, second ?? first);
          const after = edited((of) => (to === null ? of.remove(path) : of.set(path, to)), before);
          expect(yaml.parse(after)).toEqual({ flag: expected });
        },
      ),
      { numRuns: 400 },
    );
  });
});

describe('the members of a YAML text', () => {
  it('are found with their own text, comments between them left out', async () => {
    const entries = await entriesOf('# top\n---\na:\n  x: 1 # one\n\n# of b\n"b": {y: 2}\n\n---\nc: 3\n');
    expect(entries).toEqual([
      { key: 'a', value: { x: 1 }, text: 'a:\n  x: 1 # one', offset: 10, tied: false },
      { key: 'b', value: { y: 2 }, text: '"b": {y: 2}', offset: 34, tied: false },
    ]);
  });

  it('are tied where they share what they say', async () => {
    const entries = await entriesOf('a: &a\n  x: 1\nb:\n  <<: *a\n  y: 2\nc:\n  x: 3\n');
    expect(entries.map(({ key, value, tied }) => [key, value, tied])).toEqual([
      ['a', { x: 1 }, true],
      ['b', { x: 1, y: 2 }, true],
      ['c', { x: 3 }, false],
    ]);
  });

  it.each([
    ['a:\n  x: [1\nb: 2\n', /./],
    ['a: 1\na: 2\n', /unique/],
    ['- a\n- b\n', /map of flags/],
    ['a: *nothing\n', /alias/i],
    [
      `a: &a [x, x]\n${Array.from({ length: 20 }, (_, at) => `b${at}: &b${at} [${`*${at ? `b${at - 1}` : 'a'},`.repeat(9)}]`).join('\n')}\n`,
      /./,
    ],
  ])('are not told of what is no such map: %j', async (text, why) => {
    await expect(entriesOf(text)).rejects.toThrow(why);
  });

  it('are those of the whole text, taken apart or not', async () => {
    const value = fc
      .dictionary(fc.string({ minLength: 1, maxLength: 6 }), fc.jsonValue({ maxDepth: 2 }), { maxKeys: 4 })
      // A merge of what is no map is refused, here as by flagd.
      .filter((flags) => !JSON.stringify(flags).includes('"<<"'));
    await fc.assert(
      fc.asyncProperty(value, fc.constantFrom('block', 'flow', 'any'), async (flags, collectionStyle) => {
        const text = yaml.stringify(flags, { collectionStyle });
        const entries = await entriesOf(text);
        expect(Object.fromEntries(entries.map((each) => [each.key, each.value]))).toEqual(yaml.parse(text));
        for (const each of entries) expect(text.slice(each.offset).startsWith(each.text)).toBe(true);
      }),
      { numRuns: 200 },
    );
  });

  it('end or are refused for any text', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.string({ maxLength: 60, unit: fc.constantFrom(...Array.from('ab:-{}[]"\'#&*|>!\n\r \t,1?%')) }),
        async (text) => {
          await entriesOf(text).catch((error: unknown) => expect(error).toMatchObject({ name: 'YamlSyntaxError' }));
        },
      ),
      { numRuns: 500 },
    );
  });
});

it('tells where a value stands, or the nearest one above it', () => {
  const text = 'a:\n  rules:\n    - query: x\n      variation: "on"\n';
  const at = (path: (string | number)[]): string => {
    const { offset, length } = yamlSpanOf(text, path, yaml);
    return text.slice(offset, offset + length);
  };
  expect(at(['rules', 0, 'variation'])).toBe('variation: "on"');
  expect(at(['rules', 0, 'none'])).toBe('query: x\n      variation: "on"');
  expect(at([])).toBe(text.trimEnd());
});
