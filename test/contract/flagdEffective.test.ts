import { FlagdCore } from '@openfeature/flagd-core';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Definition } from '../../src/flags/flagd/definition';
import { parseFlagFile } from '../../src/flags/flagd/flagFile';
import { Turns } from '../../src/flags/turns';
import { flagDeps } from '../unit/flags/flagDeps';

const USERS = 2_000;
const nothing = (): void => undefined;
const SILENT = { error: nothing, warn: nothing, info: nothing, debug: nothing };

/** Contexts as services send them: most with a targeting key, some without, attributes of several kinds. */
const users = Array.from({ length: USERS }, (_, index) => ({
  targetingKey: `user-${String(index)}`,
  email: index % 3 === 0 ? `u${String(index)}@example.com` : `u${String(index)}@other.org`,
  country: ['de', 'ch', 'at', 'us'][index % 4] ?? 'de',
  age: index % 90,
  version: `${String(index % 3)}.${String(index % 7)}.0`,
}));
const strangers = [{}, { email: 'x@example.com' }, { targetingKey: '' }, { targetingKey: 'a', email: 5 }];

async function read(flags: object, evaluators: object = {}): Promise<ReadonlyMap<string, Definition>> {
  const text = JSON.stringify({ flags, $evaluators: evaluators });
  const { deps } = flagDeps();
  const { signal } = new AbortController();
  const file = await parseFlagFile('/f.json', { text, hash: '' }, deps, new Turns(deps.clock), signal);
  return file.definitions;
}

/** How often flagd itself serves each variant; '' for the code's default. */
function served(flags: object, evaluators: object, key: string, contexts: readonly object[]): Map<string, number> {
  const core = new FlagdCore(undefined, SILENT);
  core.setConfigurations(JSON.stringify({ flags, $evaluators: evaluators }));
  const counts = new Map<string, number>();
  for (const context of contexts) {
    const { variant } = core.resolve('boolean', key, false, context as never, SILENT);
    const name = variant ?? core.resolve('string', key, '', context as never, SILENT).variant ?? '';
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return counts;
}

const NAMES = ['on', 'off', 'true', 'false', 'b'];
const condition = fc.oneof(
  fc.constantFrom<unknown>(
    { ends_with: [{ var: 'email' }, '@example.com'] },
    { starts_with: [{ var: 'email' }, 'u1'] },
    { in: [{ var: 'country' }, ['de', 'ch']] },
    { '==': [{ var: 'country' }, 'de'] },
    { '!=': [{ var: 'country' }, 'de'] },
    { sem_ver: [{ var: 'version' }, '>=', '1.2.0'] },
    { '>': [{ var: 'age' }, 40] },
    { '!': [{ var: 'nothing' }] },
    { '!!': [{ var: 'email' }] },
    { $ref: 'known' },
    { and: [{ '==': [{ var: 'country' }, 'at'] }, { ends_with: [{ var: 'email' }, '.org'] }] },
    { or: [{ var: 'nothing' }, { '==': [{ var: 'country' }, 'us'] }] },
  ),
  fc.constantFrom<unknown>(true, false, null, 0, 1, '', 'x'),
);
const literal = fc.constantFrom<unknown>('on', 'off', 'b', 'missing', true, false, null);
const weight = fc.integer({ min: 0, max: 100 });
const bucket = fc.oneof(
  { arbitrary: fc.tuple(fc.constantFrom('on', 'off', 'b'), weight), weight: 6 },
  { arbitrary: fc.tuple(literal, weight), weight: 1 },
  { arbitrary: fc.tuple(fc.constantFrom('on', 'b')), weight: 1 },
);
const fractional = fc
  .tuple(
    fc.constantFrom<unknown>(null, { var: 'email' }, { cat: [{ var: '$flagd.flagKey' }, { var: 'email' }] }),
    fc.array(bucket, { minLength: 1, maxLength: 4 }),
  )
  .map(([by, buckets]) => ({ fractional: by === null ? buckets : [by, ...buckets] }));
const { targeting } = fc.letrec<{ targeting: unknown; branch: unknown }>((tie) => ({
  branch: fc.oneof({ maxDepth: 3 }, literal, fractional, tie('targeting'), condition),
  targeting: fc.oneof(
    { maxDepth: 3 },
    fractional,
    fc.array(fc.tuple(condition, tie('branch')), { minLength: 1, maxLength: 3 }).chain((pairs) =>
      fc.option(tie('branch'), { nil: undefined }).map((last) => ({
        if: [...pairs.flat(), ...(last === undefined ? [] : [last])],
      })),
    ),
    condition.filter((value) => typeof value === 'object' && value !== null && !('$ref' in value)),
  ),
}));
const flag = fc.record(
  {
    state: fc.constantFrom('ENABLED', 'ENABLED', 'ENABLED', 'ENABLED', 'DISABLED'),
    variants: fc.constantFrom<Record<string, boolean | string>>(
      { on: true, off: false },
      { on: true, off: false, b: true, true: true, false: false },
      { on: 'x', off: 'y', b: 'z' },
    ),
    defaultVariant: fc.constantFrom<string | null>('on', 'off', 'off', null),
    targeting,
  },
  { requiredKeys: ['state', 'variants'] },
);
const evaluators = { known: { ends_with: [{ var: 'email' }, '@other.org'] } };

describe("what flagd's own evaluator serves", () => {
  it('is what the effective state says, for any flag', async () => {
    await fc.assert(
      fc.asyncProperty(flag, async (definition) => {
        const flags = { f: definition };
        const read1 = (await read(flags, evaluators)).get('f');
        expect(read1?.unreadable ?? null).toBe(null);
        const { effective } = read1!;
        const counts = served(flags, evaluators, 'f', users);
        const everyone = served(flags, evaluators, 'f', [...users, ...strangers]);

        for (const variant of effective.unreachable)
          expect(everyone.get(variant) ?? 0, `"${variant}" is unreachable`).toBe(0);
        if (effective.kind === 'codeDefault') expect(counts).toEqual(new Map([['', USERS]]));
        if (effective.randomised === 'yes') expect(effective.shares).not.toBe(null);
        if (!effective.shares) return;
        // A share of p among n users lies within 5 standard deviations, save once in 1.7 million.
        for (const name of [...NAMES, ...Object.keys(effective.shares)]) {
          const share = effective.shares[name] ?? 0;
          const known = name in definition.variants;
          const tolerance = share === 0 || share === 1 ? 0 : 5 * Math.sqrt((share * (1 - share)) / USERS);
          if (known)
            expect(Math.abs((counts.get(name) ?? 0) / USERS - share), `share of "${name}"`).toBeLessThanOrEqual(
              tolerance,
            );
        }
      }),
      { numRuns: 150 },
    );
  }, 120_000);

  it('is the weights of a fractional, relative to their sum', async () => {
    const flags = {
      f: {
        state: 'ENABLED',
        variants: { on: true, off: false },
        defaultVariant: 'off',
        targeting: {
          fractional: [
            ['on', 1],
            ['off', 3],
          ],
        },
      },
    };
    const { effective } = (await read(flags)).get('f')!;
    expect(effective).toMatchObject({
      kind: 'split',
      shares: { on: 0.25, off: 0.75 },
      randomised: 'yes',
      unreachable: [],
    });
    expect((served(flags, {}, 'f', users).get('on') ?? 0) / USERS).toBeCloseTo(0.25, 1);
  });
});
