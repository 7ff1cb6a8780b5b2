import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { constraintWords } from '../../../src/flags/unleash/constraintWords';
import { effectiveOf } from '../../../src/flags/unleash/effective';
import { environmentState, readings } from '../../../src/flags/unleash/environmentState';
import { constraintSchema, summarySchema, type Segment } from '../../../src/flags/unleash/schema';
import { flagSnapshot, readState, variantsOf } from '../../../src/flags/unleash/snapshot';
import { memoryL10n as l10n } from '../../../src/platform/memory/l10n';
import { nodeHash } from '../../../src/platform/node/hash';

const words = (constraint: object): string => constraintWords(constraintSchema.parse(constraint), l10n);
const segments: ReadonlyMap<number, Segment> = new Map([
  [
    1,
    {
      id: 1,
      name: 'Staff',
      constraints: [constraintSchema.parse({ contextName: 'email', operator: 'STR_ENDS_WITH', values: ['@acme.dev'] })],
    },
  ],
  [2, { id: 2, name: 'All', constraints: [] }],
]);

/** The state of a flag with these strategies, switched on. */
function read(
  strategies: readonly object[],
  more: { enabled?: boolean; variants?: object[]; prerequisites?: number } = {},
) {
  const { enabled = true, variants = [], prerequisites = 0 } = more;
  const state = environmentState({ name: 'production', enabled, strategies: [...strategies], variants, type: null });
  return readState(
    state,
    prerequisites,
    variantsOf([state]).map(({ name }) => name),
    { l10n, segments },
  );
}
const flexible = (rollout: unknown, more: object = {}) => ({
  id: JSON.stringify([rollout, more]),
  name: 'flexibleRollout',
  parameters: { rollout, stickiness: 'default', groupId: 'f' },
  ...more,
});
const onlyIn = (...values: string[]) => ({ constraints: [{ contextName: 'country', operator: 'IN', values }] });
const arm = (name: string, weight: number) => ({ name, weight, weightType: 'fix', stickiness: 'default' });

describe('constraints in words', () => {
  it.each([
    [{ contextName: 'country', operator: 'IN', values: ['NL'] }, 'country is "NL"'],
    [
      { contextName: 'country', operator: 'IN', values: ['NL', 'BE'], inverted: true },
      'not (country is one of "NL", "BE")',
    ],
    [{ contextName: 'country', operator: 'NOT_IN', values: ['NL', 'BE'] }, 'country is none of "NL", "BE"'],
    [
      { contextName: 'email', operator: 'STR_ENDS_WITH', values: ['@A.dev'], caseInsensitive: true },
      'email ends with "@A.dev" (in any case)',
    ],
    [{ contextName: 'path', operator: 'STR_STARTS_WITH', values: ['/a', '/b'] }, 'path starts with one of "/a", "/b"'],
    [{ contextName: 'agent', operator: 'STR_CONTAINS', values: ['bot'] }, 'agent contains "bot"'],
    [{ contextName: 'age', operator: 'NUM_EQ', value: '5' }, 'age = 5'],
    [{ contextName: 'age', operator: 'NUM_GT', value: '5' }, 'age > 5'],
    [{ contextName: 'age', operator: 'NUM_GTE', value: '5' }, 'age ≥ 5'],
    [{ contextName: 'age', operator: 'NUM_LT', value: '5' }, 'age < 5'],
    [{ contextName: 'age', operator: 'NUM_LTE', value: '5' }, 'age ≤ 5'],
    [
      { contextName: 'currentTime', operator: 'DATE_AFTER', value: '2026-01-01T00:00:00Z' },
      'after 2026-01-01T00:00:00Z',
    ],
    [{ contextName: 'born', operator: 'DATE_BEFORE', value: '2000-01-01' }, 'born is before "2000-01-01"'],
    [{ contextName: 'version', operator: 'SEMVER_GTE', value: '1.2.3' }, 'version ≥ 1.2.3 (as versions)'],
    [{ contextName: 'version', operator: 'SEMVER_EQ', value: '1.2.3' }, 'version = 1.2.3 (as versions)'],
    [{ contextName: 'email', operator: 'REGEX', value: '.*@a\\.dev' }, 'email matches ".*@a\\\\.dev"'],
    [{ contextName: 'place', operator: 'NEAR_TO', value: 'Delft' }, 'place NEAR_TO "Delft"'],
    [
      { contextName: 'id', operator: 'IN', values: ['1', '2', '3', '4', '5', '6', '7', '8'] },
      'id is one of "1", "2", "3", "4", "5", "6" and 2 more',
    ],
  ])('%j', (constraint, expected) => {
    expect(words(constraint)).toBe(expected);
  });

  it('says anything a server can send, bounded', () => {
    fc.assert(
      fc.property(
        fc.record({
          contextName: fc.string({ maxLength: 500 }),
          operator: fc.oneof(
            fc.constantFrom('IN', 'NUM_GT', 'SEMVER_LT', 'REGEX', 'DATE_AFTER'),
            fc.string({ maxLength: 300 }),
          ),
          values: fc.array(fc.string({ maxLength: 300 }), { maxLength: 50 }),
          value: fc.option(fc.string({ maxLength: 300 })),
        }),
        (constraint) => {
          const said = words(constraint);
          expect(said.length).toBeGreaterThan(0);
          expect(said.length).toBeLessThan(1_500);
        },
      ),
    );
  });
});

describe('what a flag really does', () => {
  it('hands out nothing while it is off, whatever its strategies say', () => {
    const { effective, rules } = read([flexible('100'), flexible('50', onlyIn('NL'))], { enabled: false });
    expect(effective).toMatchObject({
      kind: 'everyone',
      shares: { enabled: 0, disabled: 1 },
      ruleCount: 0,
      unreachable: ['enabled'],
    });
    expect(rules).toHaveLength(1);
  });

  it.each([
    ['25', 0.25],
    ['12.9', 0.12],
    ['0.5', 0],
    ['250', 1],
    ['-3', 0],
    ['lots', 0],
    [undefined, 0],
    ['100', 1],
  ])('reads the rollout %j as SDKs do', (rollout, share) => {
    const { effective } = read([flexible(rollout)]);
    expect(effective.shares).toEqual({ enabled: share, disabled: 1 - share });
    expect(effective.randomised).toBe(share > 0 && share < 1 ? 'yes' : 'no');
    // Off is never out of reach: an SDK that has heard nothing yet says off.
    expect(effective.unreachable).toEqual(share === 0 ? ['enabled'] : []);
  });

  it('adds up strategies that are OR-ed', () => {
    expect(read([flexible('10'), flexible('30', { title: 'again' })]).effective.shares?.enabled).toBeCloseTo(0.3, 12);
    const apart = flexible('50', { parameters: { rollout: '50', stickiness: 'default', groupId: 'g' } });
    expect(read([flexible('10'), apart]).effective.shares?.enabled).toBeCloseTo(0.55, 12);
    // Who has a userId hashes alike by both; who has none does not.
    const byUser = flexible('50', { parameters: { rollout: '50', stickiness: 'userId', groupId: 'f' } });
    expect(read([flexible('50'), byUser]).effective).toMatchObject({ kind: 'unknown', shares: null });
    const byUserOfOld = { id: 'o', name: 'gradualRolloutUserId', parameters: { percentage: '50', groupId: 'f' } };
    expect(read([flexible('50'), byUserOfOld]).effective).toMatchObject({ kind: 'unknown', shares: null });
    expect(read([byUser, byUserOfOld]).effective.shares?.enabled).toBeCloseTo(0.5, 12);
    expect(read([flexible('10'), { id: 'd', name: 'default' }]).effective).toMatchObject({
      kind: 'everyone',
      shares: { enabled: 1 },
    });
    expect(read([flexible('100', { disabled: true }), flexible('20')]).effective.shares?.enabled).toBeCloseTo(0.2, 12);
    expect(read([flexible('10'), flexible('20', { variants: [arm('blue', 1000)] })]).effective).toMatchObject({
      kind: 'unknown',
      shares: null,
    });
  });

  it('keeps rules apart from what everyone gets', () => {
    const state = read([
      flexible('50', { ...onlyIn('NL'), segments: [1], title: 'Dutch staff' }),
      { id: 'u', name: 'userWithId', parameters: { userIds: 'ana, bo,' } },
      flexible('10'),
    ]);
    expect(state.rules.map((rule) => rule.words)).toEqual([
      'Dutch staff (in segment "Staff" (email ends with "@acme.dev") and country is "NL")',
      'userId is one of "ana", "bo"',
    ]);
    expect(state.effective).toMatchObject({ kind: 'rules', shares: null, ruleCount: 2, randomised: 'partly' });
    expect(state.effective.defaultShares?.enabled).toBeCloseTo(0.1, 12);
    expect(state.rules[1]?.serve).toEqual({ kind: 'variant', variant: 'enabled' });
    expect(state.rules[0]?.serve).toMatchObject({ kind: 'dynamic' });
    // Everyone is in already: who matches what decides nothing.
    expect(read([flexible('50', onlyIn('NL')), flexible('100')]).effective).toMatchObject({
      kind: 'everyone',
      ruleCount: 0,
    });
  });

  it('reads variants of strategies, and those of the old kind', () => {
    const own = read([flexible('50', { variants: [arm('blue', 750), arm('green', 250)] })]);
    expect(own.defaultRule).toEqual({
      kind: 'split',
      by: 'userId, else sessionId',
      weights: [
        { variant: 'blue', weight: 37_500 },
        { variant: 'green', weight: 12_500 },
        { variant: 'disabled', weight: 50_000 },
      ],
    });
    expect(own.effective.shares).toEqual({ blue: 0.375, green: 0.125, disabled: 0.5 });
    // Code asks both whether it is on and what it is called.
    expect(own.effective.unreachable).toEqual([]);
    expect(read([{ id: 'd', name: 'default' }], { variants: [arm('a', 500), arm('b', 500)] }).effective.shares).toEqual(
      { a: 0.5, b: 0.5, disabled: 0 },
    );
  });

  it('does not count on what another flag decides first', () => {
    expect(read([flexible('40')], { prerequisites: 1 }).effective).toMatchObject({
      kind: 'rules',
      shares: null,
      ruleCount: 1,
      randomised: 'partly',
      defaultShares: { enabled: 0.4, disabled: 0.6 },
    });
  });

  it("shows a strategy of one's own as a rule, and bears with what it cannot read", () => {
    const own = read([{ id: 'c', name: 'moonPhase', parameters: { phase: 'full' }, futureField: { a: 1 } }]);
    expect(own.rules).toEqual([
      {
        id: 'c',
        words: 'custom strategy "moonPhase" (phase: full)',
        serve: { kind: 'dynamic', words: 'what the strategy "moonPhase" decides in the SDK' },
      },
    ]);
    expect(own.effective).toMatchObject({ kind: 'rules', unreachable: [] });
    expect(read([{ id: 5, parameters: 'none' }, flexible('10')]).effective.kind).toBe('unknown');
    expect(read([flexible('10', { disabled: true })]).effective.kind).toBe('unknown');
    expect(read([]).effective).toMatchObject({ kind: 'everyone', shares: { enabled: 1, disabled: 0 } });
  });

  it('gives shares that make one, or none, for any strategies', () => {
    const strategy = fc.record({
      name: fc.constantFrom('flexibleRollout', 'default', 'gradualRolloutRandom', 'userWithId', 'own'),
      parameters: fc.dictionary(
        fc.constantFrom('rollout', 'percentage', 'groupId', 'stickiness', 'userIds'),
        fc.oneof(fc.string(), fc.integer().map(String)),
      ),
      disabled: fc.boolean(),
      constraints: fc.array(
        fc.record({ contextName: fc.string(), operator: fc.string(), values: fc.array(fc.string()) }),
        { maxLength: 2 },
      ),
      segments: fc.array(fc.integer({ min: 0, max: 3 }), { maxLength: 2 }),
      variants: fc.array(
        fc.record({ name: fc.constantFrom('a', 'b', 'disabled'), weight: fc.integer({ min: 0, max: 1000 }) }),
        { maxLength: 3 },
      ),
    });
    fc.assert(
      fc.property(fc.array(strategy, { maxLength: 5 }), fc.boolean(), (strategies, enabled) => {
        const { effective } = read(strategies, { enabled });
        for (const shares of [effective.shares, effective.defaultShares])
          if (shares) expect(Object.values(shares).reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 9);
        expect(effective.unreachable).not.toContain('disabled');
      }),
    );
  });

  it('reads a strategy of the old kinds', () => {
    const state = environmentState({
      name: 'p',
      enabled: true,
      strategies: [
        { id: 'a', name: 'gradualRolloutSessionId', parameters: { percentage: '30', groupId: 'g' } },
        { id: 'b', name: 'remoteAddress', parameters: { IPs: '10.0.0.0/8' } },
        { id: 'c', name: 'applicationHostname', parameters: { hostNames: 'web-1' } },
      ],
      variants: [],
      type: null,
    });
    const active = readings(state, segments, l10n);
    expect(active.map(({ condition }) => condition)).toEqual([
      null,
      'remoteAddress is one of "10.0.0.0/8"',
      'the host name is one of "web-1"',
    ]);
    const read = effectiveOf(
      { enabled: true, strategyCount: 3, unreadable: 0, active, prerequisites: 0, variants: ['enabled', 'disabled'] },
      l10n,
    );
    expect(read.defaultRule).toMatchObject({ kind: 'split', by: 'sessionId' });
  });
});

describe('a flag that Unleash marks as stale', () => {
  it.each([true, false])('counts as no longer to be used: %s', (stale) => {
    const summary = summarySchema.parse({ name: 'f', type: 'release', stale, environments: [] });
    const ref = { system: 'unleash', project: 'shop', key: 'f' };
    const deps = { l10n, hash: nodeHash, environments: [], segments, writable: () => ({ kind: 'yes' }) as const };
    const flag = flagSnapshot({ ref, summary, detail: null, changed: null, archived: false }, deps);
    expect(flag.deprecated).toBe(stale ? true : undefined);
  });
});
