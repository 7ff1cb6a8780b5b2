import { describe, expect, it } from 'vitest';
import type { Definition } from '../../../src/flags/flagd/definition';
import { parseFlagFile, type FlagFile } from '../../../src/flags/flagd/flagFile';
import { TextSyntaxError } from '../../../src/flags/textSyntax';
import { Turns } from '../../../src/flags/turns';
import { nodeHash } from '../../../src/platform/node/hash';
import { systemClock } from '../../../src/platform/node/clock';
import { flagDeps } from './flagDeps';

async function read(text: string): Promise<FlagFile> {
  const { deps } = flagDeps();
  return parseFlagFile('/w/f.json', { text, hash: '' }, deps, new Turns(deps.clock), new AbortController().signal);
}

async function readFlag(flag: object, evaluators: object = {}): Promise<Definition> {
  const file = await read(JSON.stringify({ flags: { f: flag }, $evaluators: evaluators }));
  return file.definitions.get('f')!;
}

const onOff = { state: 'ENABLED', variants: { on: true, off: false } };

describe('a flagd file', () => {
  it('lists a bad flag at its place and reads the others', async () => {
    const file = await read(`{
  "flags": {
    "good": { "state": "ENABLED", "variants": { "on": true, "off": false }, "defaultVariant": "off" },
    "bad": {
      "state": "ENABLED",
      "variants": { "on": true, "off": "no" }
    },
    "also-good": { "state": "ENABLED", "variants": { "a": 1 }, "defaultVariant": "a" }
  }
}`);
    expect([...file.definitions.keys()]).toEqual(['good', 'bad', 'also-good']);
    const bad = file.definitions.get('bad')!;
    expect(bad.unreadable).toMatchObject({ severity: 'error', path: '/w/f.json', line: 6, column: 33 });
    expect(bad.unreadable?.message).toContain('"off" is a string, "on" a boolean');
    expect(file.definitions.get('good')?.unreadable).toBe(null);
    expect(file.definitions.get('also-good')?.effective.shares).toEqual({ a: 1 });
    expect(file.problems).toEqual([bad.unreadable]);
  });

  it.each([
    ['half written', '{\n  "flags": {\n    "a": { "state": "ENA', 3],
    ['cut behind a flag', '{\n  "flags": {\n    "a": { "state": "ENABLED", "variants": {"x": 1} },\n', 4],
    ['a missing comma', '{\n"flags": {\n"a": { "state": "ENABLED" "variants": {} } } }', 3],
    ['a comma left over', '{\n"flags": {\n"a": {} ,\n} }', 4],
    ['wrong brackets', '{\n"flags": {\n"a": { "x": [1} } }', 3],
    ['empty', '', 1],
    ['no object', '[]', 1],
    ['more behind it', '{"flags": {}}\n}', 2],
    ['a text that is not closed', '{\n"flags": {\n"a": "x } }', 3],
  ])('that is malformed (%s) says where', async (_name, text, line) => {
    const error: unknown = await read(text).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(TextSyntaxError);
    const { offset } = error as TextSyntaxError;
    expect(text.slice(0, offset).split('\n').length).toBe(line);
  });

  it('may have comments, a byte order mark, a list of flags and odd keys', async () => {
    const file = await read(
      '\uFEFF{ // c\n"flags": [ {"key":"__proto__","state":"ENABLED","variants":{"x":1}}, {"state":"ENABLED","variants":{"x":1}}, 3 ] }',
    );
    expect(file.problems.map(({ code }) => code)).toEqual(['flagd.comments', 'flagd.flag', 'flagd.flag']);
    expect([...file.definitions.keys()]).toEqual(['__proto__', '#1', '#2']);
    expect(file.definitions.get('__proto__')).toMatchObject({
      unreadable: null,
      line: 2,
      variants: [{ name: 'x', value: 1 }],
    });
  });

  it('takes the last of two definitions and says so', async () => {
    const flag = (value: number): string =>
      `"a": {"state":"ENABLED","variants":{"v":${String(value)}},"defaultVariant":"v"}`;
    const file = await read(`{"flags":{${flag(1)},\n${flag(2)}}}`);
    expect(file.definitions.get('a')?.variants).toEqual([{ name: 'v', value: 2 }]);
    expect(file.problems).toMatchObject([{ code: 'flagd.twice', line: 2 }]);
  });

  it('with 10,000 flags is read in turns of few milliseconds', async () => {
    const flags = Object.fromEntries(
      Array.from({ length: 10_000 }, (_, index) => [
        `flag-${String(index)}`,
        {
          ...onOff,
          defaultVariant: 'off',
          targeting: {
            if: [
              { ends_with: [{ var: 'email' }, '@x.com'] },
              'on',
              {
                fractional: [
                  ['on', 25],
                  ['off', 75],
                ],
              },
            ],
          },
        },
      ]),
    );
    const text = JSON.stringify({ flags }, null, 2);
    const deps = { ...flagDeps().deps, hash: nodeHash };
    let turns = 0;
    const counting = { ...systemClock, after: (ms: number, run: () => void) => (turns++, systemClock.after(ms, run)) };
    const file = await parseFlagFile(
      '/w/f.json',
      { text, hash: '' },
      deps,
      new Turns(counting),
      new AbortController().signal,
    );
    expect(file.definitions.size).toBe(10_000);
    expect(file.problems).toEqual([]);
    expect(turns).toBeGreaterThan(5);
  }, 60_000);
});

describe('what a flag really does', () => {
  it('DISABLED, and without a default variant, is the default in the code', async () => {
    const disabled = await readFlag({ ...onOff, state: 'DISABLED', defaultVariant: 'off' });
    expect(disabled.effective).toMatchObject({ kind: 'codeDefault', shares: null, unreachable: [] });
    for (const flag of [onOff, { ...onOff, defaultVariant: null }, { ...onOff, defaultVariant: '' }])
      expect((await readFlag(flag)).effective.kind).toBe('codeDefault');
  });

  it('a null from targeting is the default variant, a boolean names "true" or "false"', async () => {
    const nothing = await readFlag({ ...onOff, defaultVariant: 'off', targeting: { if: [{ var: 'x' }, null, null] } });
    expect(nothing.effective).toMatchObject({ kind: 'everyone', shares: { on: 0, off: 1 }, unreachable: ['on'] });
    const variants = { true: 'a', false: 'b' };
    const bool = await readFlag({ state: 'ENABLED', variants, targeting: { '==': [{ var: 'x' }, 1] } });
    expect(bool.rules).toMatchObject([{ words: 'x is 1', serve: { kind: 'variant', variant: 'true' } }]);
    expect(bool.defaultRule).toEqual({ kind: 'variant', variant: 'false' });
  });

  it('counts rules, splits and what stands behind them', async () => {
    const flag = await readFlag(
      {
        ...onOff,
        defaultVariant: 'off',
        targeting: {
          if: [
            { $ref: 'staff' },
            'on',
            { in: [{ var: 'country' }, ['de', 'ch']] },
            'off',
            {
              fractional: [
                ['on', 1],
                ['off', 3],
              ],
            },
          ],
        },
      },
      { staff: { ends_with: [{ var: 'email' }, '@acme.dev'] } },
    );
    expect(flag.rules.map(({ words }) => words)).toEqual([
      'staff (email ends with "@acme.dev")',
      'country is one of "de", "ch"',
    ]);
    expect(flag.effective).toMatchObject({
      kind: 'rules',
      shares: null,
      defaultShares: { on: 0.25, off: 0.75 },
      ruleCount: 2,
      randomised: 'partly',
      unreachable: [],
    });
    expect(flag.defaultRule).toEqual({
      kind: 'split',
      by: 'targetingKey',
      weights: [
        { variant: 'on', weight: 1 },
        { variant: 'off', weight: 3 },
      ],
    });
  });

  it('keeps the default variant reachable where a split needs a targeting key', async () => {
    const all = {
      fractional: [
        ['on', 100],
        ['off', 0],
      ],
    };
    const shorthand = await readFlag({ ...onOff, defaultVariant: 'off', targeting: all });
    expect(shorthand.effective).toMatchObject({
      kind: 'everyone',
      shares: { on: 1, off: 0 },
      randomised: 'no',
      unreachable: [],
    });
    const by = { fractional: [{ cat: [{ var: '$flagd.flagKey' }, { var: 'email' }] }, ...all.fractional] };
    expect((await readFlag({ ...onOff, defaultVariant: 'off', targeting: by })).effective.unreachable).toEqual(['off']);
  });

  it('names what is not defined', async () => {
    const flag = await readFlag({ ...onOff, targeting: { if: [{ $ref: 'gone' }, 'onn', 'off'] } });
    expect(flag.unreadable).toBe(null);
    expect(flag.warnings.map(({ code }) => code)).toEqual(['flagd.variant', 'flagd.evaluator']);
    expect(flag.effective.unreachable).toEqual([]);
    const wrong = await readFlag({ ...onOff, defaultVariant: 'onn' });
    expect(wrong.unreadable?.message).toMatch(/"onn", which is not a variant.*refuses the whole file/);
  });

  it('cannot be told where weights are computed', async () => {
    const weights = {
      fractional: [
        ['on', { '-': [{ var: '$flagd.timestamp' }, 1] }],
        ['off', 5],
      ],
    };
    const flag = await readFlag({ ...onOff, defaultVariant: 'off', targeting: weights });
    expect(flag.effective).toMatchObject({ kind: 'unknown', shares: null, unreachable: [] });
    expect(flag.defaultRule.kind).toBe('dynamic');
  });
});
