import fc from 'fast-check';
import * as yaml from 'yaml';
import { describe, expect, it } from 'vitest';
import { environmentsOf } from '../../src/flags/environments';
import { FliptFileSystem } from '../../src/flags/flipt/fileSystem';
import { sharesOf } from '../../src/flags/effective';
import { projectConfigSchema } from '../../src/model/config';
import type { FlagState } from '../../src/model/flag';
import { memoryPaths } from '../../src/platform/memory/paths';
import {
  fliptEngineHow,
  fliptEngineNeeds,
  hasFliptEngine,
  openFliptEngine,
  type FliptEngine,
} from '../servers/fliptEngine.mjs';
import { flagDeps } from '../unit/flags/flagDeps';

const users = 1_000;
/** Four standard deviations of a half, among that many. */
const tolerance = 0.065;
const beta = { plan: 'beta' };

interface Distribution {
  readonly variant: string;
  readonly rollout: number;
}
interface FileFlag {
  readonly key: string;
  readonly name: string;
  readonly type: string;
  readonly enabled: boolean;
  readonly variants?: readonly { readonly key: string; readonly default?: boolean }[];
  readonly rules?: readonly { readonly segment: string; readonly distributions: readonly Distribution[] }[];
  readonly rollouts?: readonly {
    readonly segment?: { readonly key: string; readonly value: boolean };
    readonly threshold?: { readonly percentage: number; readonly value: boolean };
  }[];
}

const share = fc.integer({ min: 0, max: 100 });
const segment = fc.constantFrom('beta', 'everyone');
const booleanFlag = fc.record({
  type: fc.constant('BOOLEAN_FLAG_TYPE'),
  enabled: fc.boolean(),
  rollouts: fc.array(
    fc.oneof(
      fc.record({ threshold: fc.record({ percentage: share, value: fc.boolean() }) }),
      fc.record({ segment: fc.record({ key: segment, value: fc.boolean() }) }),
    ),
    { maxLength: 4 },
  ),
});
const variantFlag = fc.record({
  type: fc.constant('VARIANT_FLAG_TYPE'),
  enabled: fc.boolean(),
  variants: fc.constantFrom([{ key: 'on' }, { key: 'off' }], [{ key: 'on' }, { key: 'off', default: true }]),
  rules: fc.array(
    fc.record({
      segment,
      distributions: fc.oneof(
        fc.constant([]),
        fc.constant([{ variant: 'on', rollout: 100 }]),
        share.map((on) => [
          { variant: 'on', rollout: on },
          { variant: 'off', rollout: 100 - on },
        ]),
      ),
    }),
    { maxLength: 3 },
  ),
});

/** As Flipt's server makes it of a file (`Snapshot.addDoc` of internal/storage/fs/snapshot.go). */
function snapshotOf(flags: readonly FileFlag[]): { namespace: { key: string }; digest: string; flags: unknown[] } {
  const times = { createdAt: '2026-01-01T00:00:00Z', updatedAt: '2026-01-01T00:00:00Z' };
  const segmentOf = (key: string) => ({
    ...{ key, name: '', description: '', matchType: 'ALL_SEGMENT_MATCH_TYPE', ...times },
    constraints:
      key === 'beta'
        ? [{ id: '', type: 'STRING_CONSTRAINT_COMPARISON_TYPE', property: 'plan', operator: 'eq', value: 'beta' }]
        : [],
  });
  const by = { segmentOperator: 'OR_SEGMENT_OPERATOR' };
  return {
    namespace: { key: 'shop' },
    digest: 'x',
    flags: flags.map(({ key, type, enabled, variants = [], rules = [], rollouts = [] }) => {
      const fallback = variants.find((each) => each.default === true);
      return {
        ...{ key, type, enabled, name: '', description: '', ...times },
        ...(fallback && { defaultVariant: { id: fallback.key, key: fallback.key, attachment: '' } }),
        rules: rules.map((rule, at) => ({
          ...{ id: `${key}-${String(at)}`, rank: at + 1, ...by, segments: [segmentOf(rule.segment)] },
          distributions: rule.distributions.map(({ variant, rollout }) => ({
            ...{ id: variant, ruleId: `${key}-${String(at)}`, variantId: variant, variantKey: variant },
            ...{ variantAttachment: '', rollout },
          })),
        })),
        rollouts: rollouts.map((rollout, at) =>
          rollout.segment
            ? {
                ...{ type: 'SEGMENT_ROLLOUT_TYPE', rank: at + 1 },
                segment: { value: rollout.segment.value, ...by, segments: [segmentOf(rollout.segment.key)] },
              }
            : { type: 'THRESHOLD_ROLLOUT_TYPE', rank: at + 1, threshold: rollout.threshold },
        ),
      };
    }),
  };
}

const segments = [
  {
    ...{ key: 'beta', name: 'Beta', match_type: 'ALL_MATCH_TYPE' },
    constraints: [{ type: 'STRING_COMPARISON_TYPE', property: 'plan', operator: 'eq', value: 'beta' }],
  },
  { key: 'everyone', name: 'Everyone', match_type: 'ALL_MATCH_TYPE' },
];

async function read(flags: readonly FileFlag[]): Promise<ReadonlyMap<string, FlagState>> {
  const { deps, files } = flagDeps();
  const text = yaml.stringify({ version: '1.4', namespace: 'shop', flags, segments }, { aliasDuplicateObjects: false });
  await files.writeAtomic('/w/features.yaml', new TextEncoder().encode(text), 0o600);
  const project = projectConfigSchema.parse({
    name: 'shop',
    environments: [{ name: 'qa', kind: 'live', source: ['features.yaml'] }],
  });
  const environments = environmentsOf('flipt', project, '/w', { protected: [], unprotected: [] }, memoryPaths);
  const system = new FliptFileSystem({ system: 'flipt', project, environments, folder: '/w', folders: ['/w'] }, deps);
  const snapshot = await system.snapshot(new AbortController().signal);
  expect(snapshot.problems).toEqual([]);
  return new Map(snapshot.flags.map(({ ref, states }) => [ref.key, states[0]!]));
}

/** What the engine gives to so many, by variant; '' is the code's default. */
function given(engine: FliptEngine, { key, type }: FileFlag, context: Readonly<Record<string, string>>) {
  const counts: Record<string, number> = {};
  for (let user = 0; user < users; user++) {
    const id = `user-${String(user)}`;
    const name =
      type === 'BOOLEAN_FLAG_TYPE' ? String(engine.boolean(key, id, context)) : of(engine.variant(key, id, context));
    counts[name] = (counts[name] ?? 0) + 1 / users;
  }
  return counts;
}

const of = ({ variantKey, reason }: ReturnType<FliptEngine['variant']>): string =>
  reason.includes('DISABLED') ? '' : variantKey;

/** What is shown of somebody: rules by the segment count only `isBeta`, thresholds before a segment for all. */
function shown({ rules, defaultRule }: FlagState, isBeta: boolean): Record<string, number> {
  const all: Record<string, number> = {};
  const add = (serve: FlagState['defaultRule'], part: number): void => {
    const shares = serve.kind === 'codeDefault' ? { '': 1 } : sharesOf(serve, []);
    for (const [name, each] of Object.entries(shares ?? {})) all[name] = (all[name] ?? 0) + each * part;
  };
  let taken = 0;
  for (const { words, serve } of rules) {
    const reach = /^the first (\d+)% by id$/.exec(words)?.[1];
    if (reach === undefined && !isBeta) continue;
    const to = reach === undefined ? 1 : Number(reach) / 100;
    add(serve, to - taken);
    taken = to;
    if (reach === undefined) return all;
  }
  add(defaultRule, 1 - taken);
  return all;
}

function describeEngine(name: string, suite: () => void): void {
  if (hasFliptEngine()) describe(`Flipt's own evaluation: ${name}`, suite);
  else it.skip(`Flipt's own evaluation: ${name} - skipped: needs ${fliptEngineNeeds} (${fliptEngineHow})`);
}

describeEngine('files of features', () => {
  it('do what is shown of them, for those in a segment and all others', { timeout: 180_000 }, async () => {
    const flags = fc
      .sample(fc.oneof(booleanFlag, variantFlag), { numRuns: 150, seed: 7 })
      .map((flag, at): FileFlag => ({ key: `f${String(at)}`, name: `F${String(at)}`, ...flag }));
    const states = await read(flags);
    const engine = await openFliptEngine(snapshotOf(flags));
    const kinds = new Map<string, number>();
    try {
      for (const flag of flags) {
        const state = states.get(flag.key)!;
        kinds.set(state.effective.kind, (kinds.get(state.effective.kind) ?? 0) + 1);
        for (const context of [{}, beta]) {
          const [seen, got] = [shown(state, context === beta), given(engine, flag, context)];
          for (const name of new Set([...Object.keys(seen), ...Object.keys(got)]))
            expect(
              Math.abs((seen[name] ?? 0) - (got[name] ?? 0)),
              `${JSON.stringify(flag)} for ${JSON.stringify(context)}: ${JSON.stringify({ seen, got })}`,
            ).toBeLessThan(tolerance);
          // What nobody can get, nobody got.
          for (const name of state.effective.unreachable) expect(got[name] ?? 0).toBe(0);
        }
      }
    } finally {
      engine.close();
    }
    for (const kind of ['everyone', 'split', 'rules', 'codeDefault']) expect(kinds.get(kind)).toBeGreaterThan(5);
  });
});
