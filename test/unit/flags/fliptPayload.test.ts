import fc from 'fast-check';
import { expect, it } from 'vitest';
import { change, fulfils, type Changing } from '../../../src/flags/flipt/changes';
import type { FliptSegment } from '../../../src/flags/flipt/flagModel';
import { payloadText, readPayload, readSegmentPayload, type Payload } from '../../../src/flags/flipt/payload';
import { PayloadEdits } from '../../../src/flags/flipt/payloadEdits';
import { readServerPlan } from '../../../src/flags/flipt/nativePlan';
import { readState } from '../../../src/flags/flipt/reading';
import { offVariantOf } from '../../../src/flags/offVariant';
import { PlanError } from '../../../src/flags/system';
import type { Intent } from '../../../src/model/change';
import { memoryL10n } from '../../../src/platform/memory/l10n';

const segments = new Map<string, FliptSegment>([
  [
    's',
    {
      key: 's',
      all: true,
      constraints: [{ type: 'STRING_COMPARISON_TYPE', property: 'p', operator: 'eq', values: ['1'] }],
    },
  ],
  ['all', { key: 'all', all: true, constraints: [] }],
]);
const share = fc.integer({ min: 0, max: 100 });
const segment = fc.constantFrom(['s'], ['all'], ['s', 'all']);
const operator = fc.constantFrom('OR_SEGMENT_OPERATOR', 'AND_SEGMENT_OPERATOR');
const later = fc.record({ addedLater: fc.jsonValue({ maxDepth: 1 }) });
const rollout = fc.oneof(
  fc.record({ threshold: fc.record({ percentage: share, value: fc.boolean() }), addedLater: fc.boolean() }),
  fc.record({ segment: fc.record({ segments: segment, segmentOperator: operator, value: fc.boolean() }) }),
);
const rule = fc.record({
  segments: segment,
  segmentOperator: operator,
  distributions: share.map((on) => [
    { variant: 'on', rollout: on, addedLater: 1 },
    { variant: 'off', rollout: 100 - on },
  ]),
});
const flags: fc.Arbitrary<Payload> = fc
  .tuple(
    fc.oneof(
      fc.record({
        type: fc.constant('BOOLEAN_FLAG_TYPE'),
        enabled: fc.boolean(),
        rollouts: fc.array(rollout, { maxLength: 3 }),
      }),
      fc.record({
        type: fc.constant('VARIANT_FLAG_TYPE'),
        enabled: fc.boolean(),
        variants: fc.constant([{ key: 'on', addedLater: 2 }, { key: 'off' }]),
        rules: fc.array(rule, { maxLength: 3 }),
        defaultVariant: fc.constantFrom('on', 'off', ''),
      }),
    ),
    later,
  )
  .map(([flag, more]) => ({ '@type': 'flipt.core.Flag', key: 'f', name: 'F', ...flag, ...more }));
const intents = fc.oneof(
  fc.constant<Intent>({ kind: 'kill' }),
  fc.boolean().map((on): Intent => ({ kind: 'switch', on })),
  share.map((part): Intent => ({ kind: 'percentage', variant: 'on', share: part / 100 })),
  fc.constant<Intent>({ kind: 'defaultVariant', variant: 'off' }),
);

const changing = (payload: Payload): Changing => {
  const flag = readPayload(payload).flag!;
  const reading = readState(flag, segments, memoryL10n);
  return { flag, reading, segments, hasDefault: true, off: offVariantOf(reading.variants, undefined, memoryL10n) };
};

it('a change of what a server gave does what was intended, and keeps what is not known here', () => {
  let changed = 0;
  fc.assert(
    fc.property(flags, intents, (payload, wanted) => {
      const before = JSON.stringify(payload);
      const boolean = { on: 'true', off: 'false' } as const;
      const intent: Intent =
        payload.type === 'BOOLEAN_FLAG_TYPE' && 'variant' in wanted
          ? { ...wanted, variant: boolean[wanted.variant as 'on' | 'off'] }
          : wanted;
      const edits = new PayloadEdits(payload);
      try {
        change(changing(payload), edits, intent, memoryL10n);
      } catch (error) {
        expect(error).toBeInstanceOf(PlanError);
        return;
      }
      changed++;
      expect(JSON.stringify(payload)).toBe(before);
      expect(fulfils(intent, changing(edits.payload))).toBe(true);
      const unknown = (text: string): number => text.split('addedLater').length;
      const drops = intent.kind === 'kill';
      if (!drops) expect(unknown(JSON.stringify(edits.payload))).toBe(unknown(before));
      expect(edits.payload.addedLater).toEqual(payload.addedLater);
    }),
    { numRuns: 1_000 },
  );
  expect(changed).toBeGreaterThan(500);
});

it('a rollout of a kind that is not known here is said, not left out: what stands behind it would be another', () => {
  const known = { threshold: { percentage: 25, value: true } };
  const payload = { key: 'f', type: 'BOOLEAN_FLAG_TYPE', rollouts: [{ type: 'CANARY', canary: {} }, known] };
  expect(readPayload(payload)).toMatchObject({ flag: null, issue: { path: ['rollouts', 0] } });
  // A default may be left out.
  expect(readPayload({ ...payload, rollouts: [{ threshold: {} }] }).flag?.rollouts).toHaveLength(1);
});

it('whatever comes is read, or said not to be a flag', () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 4 }), flags, (value, flag) => {
      for (const payload of [
        value,
        { ...flag, rules: value },
        { ...flag, rollouts: [value] },
        { ...flag, variants: value },
      ]) {
        const { flag: read, issue } = readPayload(payload);
        expect(read === null).toBe(issue !== null);
        if (read) readState(read, segments, memoryL10n);
        expect(payloadText(payload)).toBe(payloadText(JSON.parse(JSON.stringify(payload))));
        readSegmentPayload(payload);
        expect(readServerPlan(JSON.stringify(payload))).toBeUndefined();
      }
    }),
    { numRuns: 500 },
  );
});

it('two payloads are the same text exactly when they say the same', () => {
  const text = payloadText({ key: 'f', enabled: false, rules: [], type: 'VARIANT_FLAG_TYPE', description: '' });
  expect(payloadText({ key: 'f' })).toBe(text);
  expect(payloadText({ key: 'f', metadata: {} })).toBe(text);
  expect(payloadText({ key: 'f', enabled: true })).not.toBe(text);
  expect(payloadText({ key: 'f', metadata: { off: false } })).not.toBe(text);
  const attached = (attachment: unknown) => payloadText({ key: 'f', variants: [{ key: 'a', attachment }] });
  expect(attached(null)).toBe(attached(undefined));
  expect(attached({ size: 0 })).not.toBe(attached({}));
  expect(attached({})).not.toBe(attached(null));
});
