import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ArmWindow } from '../../../src/telemetry/compare/armWindow';
import { compareArms } from '../../../src/telemetry/compare/compareArms';
import { startsFor } from '../../../src/telemetry/compare/endlessLook';
import { logGamma } from '../../../src/telemetry/compare/logGamma';
import { isSplitOtherwise, sampleRatioLogE, sampleRatioProcess } from '../../../src/telemetry/compare/sampleRatio';
import { chooseSides } from '../../../src/telemetry/compare/sides';
import type { Effective } from '../../../src/model/flag';
import { SeededDraws } from './seededDraws';

const minute = 60_000;
const starts = startsFor(15 * minute);

/** So many minutes of 200 calls, the treatment's drawn by `share`, in sessions of `burst` calls of one user. */
function drawn(draws: SeededDraws, minutes: number, share: (at: number) => number, burst = 1): ArmWindow[] {
  return Array.from({ length: minutes }, (_, at) => {
    let [n1, n0] = [0, 0];
    for (let user = draws.binomial(400, 0.5 / burst); user > 0; user -= 1) {
      const calls = draws.geometric(burst);
      if (draws.uniform() < share(at)) n1 += calls;
      else n0 += calls;
    }
    return { end: (at + 1) * minute, n1, n0, e1: draws.binomial(n1, 0.02), e0: draws.binomial(n0, 0.02) };
  });
}

describe('the logarithm of the gamma function', () => {
  it('is that of the factorial, and of a half', () => {
    let sum = 0;
    for (let n = 1; n <= 170; n += 1) {
      expect(Math.abs(logGamma(n) - sum)).toBeLessThan(1e-12 * Math.max(1, sum));
      sum += Math.log(n);
    }
    expect(Math.abs(logGamma(0.5) - Math.log(Math.PI) / 2)).toBeLessThan(1e-14);
  });

  it('grows by the logarithm of its argument', () => {
    fc.assert(
      fc.property(fc.double({ min: 1e-3, max: 1e9, noNaN: true }), (x) => {
        const step = logGamma(x + 1) - logGamma(x);
        expect(Math.abs(step - Math.log(x))).toBeLessThan(1e-12 * Math.max(1, Math.abs(logGamma(x))));
      }),
    );
  });
});

describe('the sample ratio', () => {
  it('is a bet whose expectation is one: over all outcomes of twelve calls the likelihood of the alternative adds up', () => {
    const choose = (n: number, k: number): number => Math.exp(logGamma(n + 1) - logGamma(k + 1) - logGamma(n - k + 1));
    for (const share of [0.05, 0.3, 0.5]) {
      let sum = 0;
      for (let k = 0; k <= 12; k += 1) {
        const chance = choose(12, k) * share ** k * (1 - share) ** (12 - k);
        sum += chance * Math.exp(sampleRatioLogE([k, 12 - k], [share, 1 - share], 20));
      }
      expect(Math.abs(sum - 1)).toBeLessThan(1e-12);
    }
  });

  it('seldom alarms where calls are divided as configured, single or in sessions of four', () => {
    for (const burst of [1, 4]) {
      const draws = new SeededDraws(20_261_124);
      const runs = 200;
      let alarms = 0;
      for (let run = 0; run < runs; run += 1)
        if (
          sampleRatioProcess(
            drawn(draws, 120, () => 0.25, burst),
            0.25,
          ).some(({ p }) => p <= 0.01)
        )
          alarms += 1;
      expect(alarms / runs).toBeLessThanOrEqual(0.01 + 3 * Math.sqrt((0.01 * 0.99) / runs));
    }
  });

  it('finds half where a quarter was configured, and tells of nothing within a tenth of the odds', () => {
    const draws = new SeededDraws(1);
    for (let run = 0; run < 20; run += 1) {
      expect(
        isSplitOtherwise(
          drawn(draws, 60, () => 0.5),
          0.25,
          starts,
        ),
      ).toBe(true);
      expect(
        isSplitOtherwise(
          drawn(draws, 240, () => 0.26),
          0.25,
          starts,
        ),
      ).toBe(false);
    }
    expect(isSplitOtherwise([], 0.5, starts)).toBe(false);
    expect(
      isSplitOtherwise(
        drawn(draws, 60, () => 0.5),
        1,
        starts,
      ),
    ).toBe(false);
  });
});

describe('sides that are not divided as configured', () => {
  const verdictOf = (windows: readonly ArmWindow[], split?: { readonly share: number; readonly since: number }) =>
    compareArms({
      ...{ metric: 'errors', treatment: 'on', control: 'off', randomised: 'yes', mixedCalls: 0 },
      strata: [{ thresholdSeconds: null, windows }],
      ...{ shownFrom: 0, shownMs: windows.length * minute, seriesFrom: 0 },
      ...(split && { split }),
    } as const);

  it('get no verdict, and the reason', () => {
    const windows = drawn(new SeededDraws(3), 60, () => 0.5);
    expect(verdictOf(windows, { share: 0.25, since: 0 })).toMatchObject({
      verdict: 'unhealthy',
      because: 'calls are not divided as the flag is configured, so the sides may not be alike',
      p: null,
    });
    expect(verdictOf(windows, { share: 0.5, since: 0 }).verdict).toBe('noEvidence');
    expect(verdictOf(windows).verdict).toBe('noEvidence');
  });

  it('are not judged by what was called before the share was configured so, nor by the minutes that it takes to be heard', () => {
    const changedAt = 120;
    const windows = drawn(new SeededDraws(4), 240, (at) => (at < changedAt + 4 ? 0.05 : 0.5));
    expect(verdictOf(windows, { share: 0.5, since: changedAt * minute }).verdict).toBe('noEvidence');
    expect(verdictOf(windows, { share: 0.5, since: 0 }).verdict).toBe('unhealthy');
  });

  it("the treatment's share is of both sides, and only where the split alone decides", () => {
    const effective = (randomised: Effective['randomised']): Effective => ({
      ...{ kind: 'split', defaultShares: null, ruleCount: 0, randomised, unreachable: [] },
      shares: { off: 0.6, on: 0.2, other: 0.2 },
    });
    const calls = new Map([
      ['on', 10],
      ['off', 30],
    ]);
    expect(chooseSides(effective('yes'), 'off', calls)?.share).toBeCloseTo(0.25, 12);
    expect(chooseSides(effective('partly'), 'off', calls)?.share).toBeNull();
    expect(chooseSides(null, 'off', calls)?.share).toBeNull();
  });
});
