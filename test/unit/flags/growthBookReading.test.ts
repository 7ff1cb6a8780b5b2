import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { appAddress, apiAddress } from '../../../src/flags/growthbook/appAddress';
import { conditionWords, isConditional, whoWords } from '../../../src/flags/growthbook/conditionWords';
import { bypassedOf, bypassedWords, gateWords, wantsReview } from '../../../src/flags/growthbook/gates';
import { growthBookLimits } from '../../../src/flags/growthbook/limits';
import { isSameState, parseRaw, rawStateOf, textOf } from '../../../src/flags/growthbook/rawState';
import { readState } from '../../../src/flags/growthbook/reading';
import { stacked } from '../../../src/flags/growthbook/rollouts';
import { isOnAt } from '../../../src/flags/growthbook/schedule';
import { featureSchema, ruleSchema, type GbFeature } from '../../../src/flags/growthbook/schema';
import { Variants } from '../../../src/flags/growthbook/variants';
import { memoryL10n } from '../../../src/platform/memory/l10n';

const feature = (rules: readonly object[], more: object = {}): GbFeature =>
  featureSchema.parse({
    id: 'f',
    valueType: 'string',
    defaultValue: 'd',
    environments: { production: { enabled: true } },
    rules: rules.map((rule, at) => ({ id: `r${String(at)}`, type: 'force', allEnvironments: true, ...rule })),
    revision: { version: 1, comment: '', date: null },
    ...more,
  });
const read = (of: GbFeature, now = 0) => {
  const raw = rawStateOf(of, 'production');
  if (!raw) throw new Error('no state');
  return readState(raw, new Variants(of), now, memoryL10n);
};

describe('conditions of GrowthBook in words', () => {
  it.each([
    ['{"country":"NL"}', 'country is "NL"'],
    ['{"country":{"$in":["NL","BE"]},"beta":true}', 'country is one of "NL", "BE" and beta is true'],
    ['{"$or":[{"a":1},{"b":{"$ne":2},"c":3}]}', '(a is 1 or (b is not 2 and c is 3))'],
    ['{"$not":{"email":{"$regex":"@x$"}}}', 'not (email matches "@x$")'],
    ['{"version":{"$vgte":"1.2.0"}}', 'version ≥ "1.2.0" (as versions)'],
    ['{"age":{"$gt":17,"$lte":65}}', 'age > 17 and age ≤ 65'],
    ['{"id":{"$inGroup":"grp_1"}}', 'id is in saved group "grp_1"'],
    ['{"tags":{"$elemMatch":{"$eq":"a"}}}', 'tags has one with $eq is "a"'],
    ['{"x":{"$exists":false}}', 'x is missing'],
    ['{"x":{"$not":{"$in":["a"]}}}', 'not (x is "a")'],
    ['{"a":{"b":1}}', 'a is {"b":1}'],
    ['not json', 'a condition that cannot be read: not json'],
  ])('%s: %s', (condition, words) => {
    expect(conditionWords(condition, memoryL10n)).toBe(words);
  });

  it('hold for everyone where they say nothing', () => {
    expect(['', '{}', ' { } '].map(isConditional)).toEqual([false, false, false]);
    const rule = ruleSchema.parse({ id: 'r', type: 'force', condition: '{}', savedGroupTargeting: [] });
    expect(whoWords(rule, memoryL10n)).toBe('');
  });

  it('are bounded, and never fail, whatever they are', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json({ maxDepth: 12 })), (condition) => {
        expect(conditionWords(condition, memoryL10n).length).toBeLessThanOrEqual(2_000);
      }),
    );
  });
});

/** Roll-outs in twentieths, with one of two seeds or the rule's own; some of them for half of the callers. */
const ruleArbitrary = fc.record({
  value: fc.constantFrom('a', 'b', 'c'),
  twentieths: fc.integer({ min: 0, max: 20 }),
  seed: fc.constantFrom('s', 't', null),
  conditioned: fc.constantFrom(false, false, true),
  enabled: fc.constantFrom(true, true, true, false),
});

describe('shares of roll-outs', () => {
  it('are what callers are given who are counted one by one', () => {
    fc.assert(
      fc.property(fc.array(ruleArbitrary, { maxLength: 4 }), fc.boolean(), (rules, matches) => {
        const hashOf = ({ seed }: { seed: string | null }, at: number): string => seed ?? `r${String(at)}`;
        const of = feature(
          rules.map(({ value, twentieths, seed, conditioned, enabled }) => ({
            ...{ type: 'rollout', hashAttribute: 'id', coverage: twentieths / 20, value, seed, enabled },
            condition: conditioned ? '{"beta":true}' : '',
          })),
        );
        const { rules: before, defaultRule, effective } = read(of);
        // Everyone: each hash is a place of its own among twenty.
        const hashes = [...new Set(rules.map(hashOf))];
        const counted = new Map<string, number>();
        const walk = (places: readonly number[]): void => {
          if (places.length < hashes.length) {
            for (let place = 0; place < 20; place += 1) walk([...places, place]);
            return;
          }
          const taken = rules.find(
            (rule, at) =>
              rule.enabled &&
              (!rule.conditioned || matches) &&
              (places[hashes.indexOf(hashOf(rule, at))] ?? 0) < rule.twentieths,
          );
          const given = taken?.value ?? 'd';
          counted.set(given, (counted.get(given) ?? 0) + 20 ** -hashes.length);
        };
        fc.pre(hashes.length <= 3);
        walk([]);
        const conditions = rules.some(({ enabled, conditioned }) => enabled && conditioned);
        if (!conditions) {
          expect(before).toEqual([]);
          for (const name of ['a', 'b', 'c', 'd'])
            expect(effective.shares?.[name] ?? 0).toBeCloseTo(counted.get(name) ?? 0, 9);
        } else if (before.length > 0) {
          expect(effective.kind === 'rules' || effective.kind === 'everyone').toBe(true);
          // Whom no condition holds for comes to the default rule alone, where nothing stands before it but conditions.
          if (!matches && rules.findLastIndex((rule) => rule.enabled && rule.conditioned) === firstFew(rules))
            for (const name of ['a', 'b', 'c', 'd'])
              expect(effective.defaultShares?.[name] ?? 0).toBeCloseTo(counted.get(name) ?? 0, 9);
        }
        if (defaultRule.kind === 'split')
          expect(defaultRule.weights.reduce((sum, { weight }) => sum + weight, 0)).toBeCloseTo(1, 9);
      }),
      { numRuns: 200 },
    );
  });
  /** Where the rules at the top that are for some callers alone end. */
  const firstFew = (rules: readonly { enabled: boolean; conditioned: boolean; twentieths: number }[]): number => {
    const end = rules.findIndex(({ enabled, conditioned }) => enabled && !conditioned);
    return rules
      .slice(0, end === -1 ? undefined : end)
      .findLastIndex(({ enabled, conditioned }) => enabled && conditioned);
  };

  it('sum to everyone, whatever the steps are', () => {
    const step = fc.record({
      hash: fc.constantFrom('a', 'b', 'c'),
      coverage: fc.double({ min: 0, max: 1, noNaN: true }),
      portions: fc.array(fc.record({ variant: fc.string(), weight: fc.integer({ min: 1, max: 9 }) }), { minLength: 1 }),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 6 }), (steps) => {
        const shares = [...stacked(steps, 'rest').values()];
        expect(shares.every((share) => share >= 0)).toBe(true);
        expect(shares.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 9);
      }),
    );
  });
});

describe('what GrowthBook does', () => {
  it('ends at the first rule that decides about everyone', () => {
    const of = feature([{ value: 'a' }, { value: 'b', condition: '{"x":1}' }, { value: 'c' }]);
    expect(read(of)).toMatchObject({
      rules: [],
      effective: { kind: 'everyone', shares: { a: 1, b: 0, c: 0, d: 0 }, unreachable: ['d', 'b', 'c'] },
    });
  });

  it('counts roll-outs before a condition, inline experiments, and safe roll-outs by their state', () => {
    const rollout = { type: 'rollout', coverage: 0.5, hashAttribute: 'id', value: 'a' };
    expect(read(feature([rollout, { value: 'b', condition: '{"x":1}' }]))).toMatchObject({
      rules: [
        { words: 'everyone', serve: { kind: 'dynamic', words: '50% get "a", others go on to the next rule' } },
        {},
      ],
      effective: { kind: 'rules', ruleCount: 2, defaultShares: { d: 1 } },
    });
    const value = [
      { value: 'a', weight: 0.5 },
      { value: 'b', weight: 0.5 },
    ];
    const experiment = { type: 'experiment', trackingKey: 'exp', coverage: 0.8, hashAttribute: 'id', value };
    expect(read(feature([experiment])).effective).toMatchObject({ kind: 'split', shares: { a: 0.4, b: 0.4 } });
    const safe = { type: 'safe-rollout', controlValue: 'b', variationValue: 'a' };
    expect(read(feature([{ ...safe, status: 'released' }])).effective.shares).toMatchObject({ a: 1 });
    expect(read(feature([{ ...safe, status: 'rolled-back' }])).effective.shares).toMatchObject({ b: 1 });
    expect(read(feature([{ ...safe, status: 'running' }]))).toMatchObject({
      rules: [{ serve: { kind: 'dynamic', words: 'safe roll-out with "b", "a" (running)' } }],
      effective: { shares: null },
    });
    expect(read(feature([{ type: 'of tomorrow' }])).effective).toMatchObject({ kind: 'rules', unreachable: [] });
  });

  it('turns scheduled rules at their times', () => {
    const at = (ms: number) => new Date(ms).toISOString();
    const rule = ruleSchema.parse({
      ...{ id: 'r', type: 'force', value: 'a' },
      scheduleRules: [
        { enabled: true, timestamp: at(1_000) },
        { enabled: false, timestamp: at(2_000) },
      ],
    });
    expect([500, 1_500, 2_500].map((now) => isOnAt(rule, now))).toEqual([false, true, false]);
    expect(isOnAt(ruleSchema.parse({ id: 'r', type: 'force' }), 0)).toBe(true);
  });

  it('names values, both of booleans, and tells configs from each other', () => {
    const boolean = new Variants(feature([], { valueType: 'boolean', defaultValue: 'false' }));
    expect(boolean.all.map(({ name, value }) => [name, value])).toEqual([
      ['true', true],
      ['false', false],
    ]);
    const json = new Variants(
      feature([{ value: '{}', config: 'one' }, { value: '{}', config: 'two' }, { value: 'x'.repeat(80) }], {
        ...{ valueType: 'json', defaultValue: '{"a":1}' },
      }),
    );
    expect(json.names).toEqual(['{"a":1}', '{} @ one', '{} @ two', 'value 4']);
  });

  it('reads a state back from its text, and tells what does the same from what does not', () => {
    const raw = rawStateOf(feature([{ value: 'a', condition: '{}', hashVersion: 2, description: 'x' }]), 'production');
    if (!raw) throw new Error('no state');
    const back = parseRaw(textOf(raw));
    expect(back && isSameState(back, raw)).toBe(true);
    expect(isSameState(raw, { ...raw, rules: [] })).toBe(false);
    expect(isSameState(raw, { ...raw, rules: raw.rules.map((rule) => ({ ...rule, coverage: 0.5 })) })).toBe(false);
    expect(isSameState(raw, { ...raw, rules: raw.rules.map((rule) => ({ ...rule, id: '' })) })).toBe(true);
    expect(parseRaw('{')).toBeNull();
  });
});

describe('what GrowthBook says', () => {
  it('of limits', () => {
    expect(growthBookLimits.remaining({ 'ratelimit-remaining': '3' })).toBe(3);
    expect(growthBookLimits.resetMs({ 'ratelimit-reset': '12' }, 0)).toBe(12_000);
    expect([growthBookLimits.remaining({}), growthBookLimits.resetMs({ 'ratelimit-reset': 'soon' }, 0)]).toEqual([
      null,
      null,
    ]);
  });

  it('of gates and reviews', () => {
    const gates = [
      { type: 'schema-break', messages: ['a', 'b', 'c'] },
      { type: 'hook', messages: 'none' },
    ];
    expect(gateWords({ gates })).toBe('schema-break: a: b; hook');
    expect(gateWords('<html>')).toBe('');
    expect(
      wantsReview(403, { message: 'This feature requires a review before publishing changes to: production.' }),
    ).toBe(true);
    expect(wantsReview(403, { message: 'You do not have permission' })).toBe(false);
    expect(wantsReview(400, { message: 'requires a review' })).toBe(false);
    const [bypassed] = bypassedOf([{ type: 'approval-required', outcome: 'bypassed', via: 'restApiBypassesReviews' }]);
    expect(bypassed && bypassedWords(bypassed, memoryL10n)).toContain('has REST API requests bypass reviews');
    expect(bypassedOf('nonsense')).toEqual([]);
  });

  it.each([
    ['https://api.growthbook.io', 'https://app.growthbook.io'],
    ['http://localhost:3100', 'http://localhost:3000'],
    ['https://gb.acme.dev', 'https://gb.acme.dev'],
  ])('%s is opened at %s', (api, app) => {
    expect(appAddress(api)).toBe(app);
  });

  it('is asked below what is entered', () => {
    expect(apiAddress({ origin: 'https://app.growthbook.io', path: '/' })).toBe('https://api.growthbook.io');
    expect(apiAddress({ origin: 'https://gb.acme.dev', path: '/base/api/v1' })).toBe('https://gb.acme.dev/base');
  });
});
