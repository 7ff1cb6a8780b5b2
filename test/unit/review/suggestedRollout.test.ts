import { describe, expect, it } from 'vitest';
import { rolloutWords } from '../../../src/review/formats/rolloutWords';
import type { EnvironmentState, KnownFlag, PathImpact, PathTraffic } from '../../../src/review/report';
import { suggestedRollouts } from '../../../src/review/suggestedRollout';
import { english } from '../view/sample';
import { placeAt, sampleImpact } from './sampleReport';

const environment = (more: Partial<EnvironmentState> = {}): EnvironmentState => ({
  ...{ name: 'production', kind: 'live', production: true, protected: true, telemetryName: 'production' },
  ...{ words: '', shares: { on: 0, off: 1 }, reach: 'off', offVariant: 'off', offVariantReason: '' },
  ...{ becomes: null, evaluations: null },
  ...more,
});

const known = (...environments: readonly EnvironmentState[]): KnownFlag => ({
  ...{ ref: { system: 'flags', project: 'shop', key: 'one' }, name: null, owner: null },
  ...{ archived: false, deprecated: false, changed: null, environments },
});

const added = [placeAt('src/a.ts', { kind: 'evaluation' })];
const impact = (...environments: readonly EnvironmentState[]) =>
  sampleImpact('one', { added, known: 'one', flags: [known(...environments)] });

const traffic = (more: Partial<PathTraffic> = {}): PathTraffic => ({
  ...{ environment: 'production', operation: 'POST /checkout', service: 'shop', match: '', approximate: false },
  ...{ via: null, perMinute: 100, calls: 6_000, errors: 120, errorRate: 0.02, p50: 0.1, p99: 0.8 },
  ...{ windowMinutes: 60, source: 'built-in receiver', asOf: 0, newestSample: null, words: '' },
  ...more,
});

const path = (...all: readonly PathTraffic[]): PathImpact => ({
  ...{ place: placeAt('src/a.ts'), name: 'checkout', change: 'changed', routes: [], flags: ['one'], traffic: all },
});

const none = { guardrails: {} };

describe('a suggested roll-out', () => {
  it('goes up in stages, each long enough to be judged at what the code gets today', () => {
    const [rollout] = suggestedRollouts([impact(environment())], [path(traffic())], none);
    // Twice 2 % is allowed; ten failures are 250 calls; 1 % of 100 calls a minute is one.
    expect(rollout?.stages).toEqual([
      { share: 0.01, minutes: 250 },
      { share: 0.05, minutes: 50 },
      { share: 0.1, minutes: 25 },
      { share: 0.25, minutes: 10 },
      { share: 0.5, minutes: 10 },
      { share: 1, minutes: null },
    ]);
    expect(rollout?.guardrails).toMatchObject([
      { operation: 'POST /checkout', errorRate: { now: 0.02, most: 0.04, isBudget: false }, isOver: true },
    ]);
    expect(rollout?.guardrails[0]?.p99Seconds?.most).toBeCloseTo(1.2);
    expect(rollout?.kill).toEqual({ variant: 'off', reason: null });
  });

  it('goes on from the share that is given already, and has nothing to say of what everybody gets', () => {
    const some = environment({ reach: 'some', shares: { on: 0.25, off: 0.75 } });
    const [rollout] = suggestedRollouts([impact(some)], [], none);
    expect(rollout?.share).toBe(0.25);
    expect(rollout?.stages.map(({ share }) => share)).toEqual([0.5, 1]);
    expect(suggestedRollouts([impact(environment({ reach: 'everyone' }))], [], none)).toEqual([]);
    expect(suggestedRollouts([impact(environment({ reach: 'unknown' }))], [], none)).toEqual([]);
  });

  it('takes the strictest of the budgets of operation, flag and environment', () => {
    const most = (guardrails: Parameters<typeof suggestedRollouts>[2]['guardrails']): unknown =>
      suggestedRollouts([impact(environment())], [path(traffic())], { guardrails })[0]?.guardrails[0]?.errorRate;
    const { key } = impact(environment());
    const { name } = environment();
    const operation = { 'POST /checkout': { errorRate: 0.03 } };
    expect(most({ ...operation, [`flag:${key}`]: { errorRate: 0.02 } })).toMatchObject({ most: 0.02, isBudget: true });
    expect(most({ ...operation, [`environment:${name}`]: { errorRate: 0.04 } })).toMatchObject({ most: 0.03 });
    expect(most({ [`environment:${name}`]: { errorRate: 0.04 } })).toMatchObject({ most: 0.04, isBudget: true });
    expect(most({ 'flag:another': { errorRate: 0.001 } })).toMatchObject({ isBudget: false });
  });

  it('takes a budget where there is one, and says that it is exceeded today', () => {
    const budgets = { guardrails: { 'POST /checkout': { errorRate: 0.01, p95Seconds: 0.5 } } };
    const [rollout] = suggestedRollouts([impact(environment())], [path(traffic())], budgets);
    expect(rollout?.guardrails).toMatchObject([
      { errorRate: { most: 0.01, isBudget: true }, p95Seconds: 0.5, p99Seconds: null, isOver: true },
    ]);
    expect(rollout && rolloutWords(rollout, english).watch).toEqual([
      'POST /checkout: errors over 1% (2% now) · its budget · p95 over 500 ms, its budget · over it already: mend that first · numbers of 1h, built-in receiver',
    ]);
  });

  it('allows never that all fails, and calls failing what the reasons call so', () => {
    const watched = (errorRate: number) => {
      const [rollout] = suggestedRollouts([impact(environment())], [path(traffic({ errorRate }))], none);
      return { ...rollout?.guardrails[0], words: rollout && rolloutWords(rollout, english).watch[0] };
    };
    expect(watched(0.7)).toMatchObject({ errorRate: { most: 0.85 }, isOver: true });
    expect(watched(0.7).words).toBe(
      'POST /checkout: errors over 85% (70% now) · p99 over 1.2 s (800 ms now) · failing already: mend that first · numbers of 1h, built-in receiver',
    );
    expect(watched(0.009)).toMatchObject({ errorRate: { most: 0.018 }, isOver: false });
  });

  it('is not of environments in which the change itself gives it to somebody', () => {
    const rolledOut = environment({ becomes: '25% "on"', reachAfter: 'some' });
    expect(suggestedRollouts([impact(rolledOut)], [], none)).toEqual([]);
    const defined = environment({ becomes: 'off', reachAfter: 'off' });
    expect(suggestedRollouts([impact(defined)], [], none)).toHaveLength(1);
  });

  it('watches nothing of other environments, of callers, or of too few calls', () => {
    const others = [
      traffic({ environment: 'staging' }),
      traffic({ operation: 'b', via: 'a caller' }),
      traffic({ operation: 'c', calls: 12 }),
    ];
    const [rollout] = suggestedRollouts([impact(environment())], [path(...others)], none);
    expect(rollout?.guardrails).toEqual([]);
    expect(rollout?.stages.every(({ minutes }) => minutes === null)).toBe(true);
    expect(rollout && rolloutWords(rollout, english)).toEqual({
      where: 'production: nobody gets it now',
      stages: ['1%', '5%', '10%', '25%', '50%', '100%'],
      watch: ['nothing is known of what the code behind it gets today'],
      wayBack: 'kill the flag: everybody gets "off"',
    });
  });

  it('is of flags that something is put behind, in production where there is one, and says where there is no kill', () => {
    const dev = environment({ name: 'dev', production: false, protected: false });
    const named = (flags: Parameters<typeof suggestedRollouts>[0]) =>
      suggestedRollouts(flags, [], none).map((one) => one.environment);
    expect(named([impact(dev, environment())])).toEqual(['production']);
    expect(named([impact(dev)])).toEqual(['dev']);
    expect(named([{ ...impact(dev), added: [], removed: added }])).toEqual([]);
    expect(named([{ ...impact(dev), added: [], guarded: added }])).toEqual(['dev']);
    const [rollout] = suggestedRollouts(
      [impact(environment({ offVariant: null, offVariantReason: 'no variant is off' }))],
      [],
      none,
    );
    expect(rollout && rolloutWords(rollout, english).wayBack).toBe('cannot be killed: no variant is off');
  });
});
