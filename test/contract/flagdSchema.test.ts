import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { documentIssues } from '../../src/flags/flagd/flagSchema';
import type { Issue } from '../../src/flags/issue';
import { targetingIssues } from '../../src/flags/flagd/targetingSchema';
import { describeShared } from '../sharedData';

const schemas = {
  flags: (value: unknown): Issue[] => documentIssues(value, 'flags'),
  flagd: (value: unknown): Issue[] => documentIssues(value, 'flagd'),
  targeting: (value: unknown): Issue[] => targetingIssues(value),
};

describeShared("flagd's schemas", 'specs/flagd', (folder) => {
  const ajv = new Ajv({ strict: false });
  const json = (file: string): unknown => JSON.parse(readFileSync(file, 'utf8')) as unknown;
  for (const name of ['targeting', 'flags', 'flagd']) ajv.addSchema(json(join(folder, `${name}.json`)) as object);
  const oracle = (name: string, value: unknown): boolean =>
    ajv.validate(`https://flagd.dev/schema/v0/${name}.json`, value);

  it("finds flagd's own cases", () => {
    let count = 0;
    for (const name of Object.keys(schemas))
      for (const side of ['positive', 'negative'])
        count += readdirSync(join(folder, 'test', name, side)).filter((file) => file.endsWith('.json')).length;
    expect(count).toBe(36);
  });

  for (const [name, issues] of Object.entries(schemas)) {
    for (const side of ['positive', 'negative']) {
      const cases = join(folder, 'test', name, side);
      for (const file of readdirSync(cases).filter((entry) => entry.endsWith('.json'))) {
        it(`${name}/${side}/${file}`, () => {
          const value = json(join(cases, file)) as { $schema?: string };
          // One case of flags/ (flagdimport.array) names flagd.json as its schema, and is invalid by flags.json.
          const check = value.$schema?.endsWith('/flagd.json') ? schemas.flagd : issues;
          const found = check(value);
          if (side === 'positive') expect(found).toEqual([]);
          else expect(found.length).toBeGreaterThan(0);
        });
      }
    }
  }

  describe('agree with a JSON Schema validator', () => {
    const runs = { numRuns: 1500 };
    it('on targeting', () => {
      fc.assert(
        fc.property(rule, (value) => {
          expect(targetingIssues(value).length === 0).toBe(oracle('targeting', value));
        }),
        runs,
      );
    });
    it.each(['flags', 'flagd'] as const)('on %s documents', (name) => {
      fc.assert(
        fc.property(document, (value) => {
          expect(documentIssues(value, name).length === 0).toBe(oracle(name, value));
        }),
        runs,
      );
    });
  });
});

const operations = [
  'if',
  '==',
  '!==',
  '<',
  '<=',
  'in',
  '*',
  '!',
  '!!',
  'or',
  'and',
  '+',
  'cat',
  'reduce',
  'starts_with',
];
const others = ['ends_with', 'sem_ver', 'fractional', 'var', 'missing', 'missing_some', '$ref', 'substr', 'nonsense'];
const literal = fc.oneof(
  fc.constantFrom(
    null,
    true,
    false,
    0,
    1,
    25,
    25.5,
    -1,
    '',
    'on',
    'off',
    '1.2.3',
    '1.2',
    '=',
    '^',
    '$flagd.flagKey',
    '$flagd.x',
  ),
  fc.constantFrom([], {}, ['a', 'b'], [1, ['a']]),
);
const { rule } = fc.letrec<{ rule: unknown; argument: unknown }>((tie) => ({
  argument: fc.oneof({ maxDepth: 4, withCrossShrink: true }, { arbitrary: literal, weight: 3 }, tie('rule')),
  rule: fc.oneof(
    fc.dictionary(
      fc.constantFrom(...operations, ...others),
      fc.oneof(
        fc.array(tie('argument'), { maxLength: 4 }),
        fc.array(fc.array(tie('argument'), { maxLength: 3 }), { maxLength: 3 }),
        tie('argument'),
      ),
      { maxKeys: 2 },
    ),
    fc
      .tuple(
        fc.constantFrom('1.2.3', { var: 'v' }, {}, '1'),
        fc.constantFrom('=', '~', '*'),
        fc.constantFrom('2.0.0', {}),
      )
      .map((value) => ({ sem_ver: value })),
  ),
}));
const sometimes = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> =>
  fc.option(value, { nil: undefined, freq: 4 });
const present = (value: object): object =>
  Object.fromEntries(Object.entries(value).filter(([, item]) => item !== undefined));
const metadata = fc.dictionary(
  fc.constantFrom('owner', 'flagSetId', 'version'),
  fc.constantFrom<unknown>('x', 'x', 'x', 1, true, null, {}),
);
const flag = fc
  .record({
    key: sometimes(fc.constantFrom('a', '', 1)),
    state: sometimes(fc.constantFrom('ENABLED', 'ENABLED', 'DISABLED', 'ENABLED', 'on', 1)),
    variants: sometimes(
      fc.oneof(
        fc.dictionary(fc.constantFrom('on', 'off', ''), fc.boolean()),
        fc.dictionary(fc.constantFrom('on', 'off'), fc.constantFrom<unknown>(true, 1, 'x', {}, [], null)),
        fc.constantFrom<unknown>([], null, { on: 1, off: 2 }, { on: {}, off: { a: 1 } }),
      ),
    ),
    defaultVariant: sometimes(fc.constantFrom('on', 'missing', null, 1)),
    targeting: sometimes(rule),
    metadata: sometimes(metadata),
    description: sometimes(fc.constantFrom<unknown>('x', 1)),
  })
  .map(present);
const document = fc.oneof(
  { arbitrary: fc.constantFrom<unknown>(null, [], 1, {}), weight: 1 },
  {
    arbitrary: fc
      .record({
        flags: sometimes(
          fc.oneof(
            fc.dictionary(fc.constantFrom('a', 'b', ''), flag),
            fc.array(flag, { maxLength: 2 }),
            fc.constant(1),
          ),
        ),
        $evaluators: sometimes(fc.dictionary(fc.constantFrom('e', ''), rule)),
        metadata: sometimes(metadata),
      })
      .map(present),
    weight: 20,
  },
);
