import { isSame } from '../canonical';
import type { Instruction, Operation } from './nativePlan';
import { bucketOf, kindOf, type RawState } from './rawState';
import type { Served, Target } from './schema';

/**
 * A JSON patch that changes only what differs, for this very version: LaunchDarkly refuses the whole of it with 409 when
 * the `test` finds another. Indices are safe behind it.
 */
export function patchBetween(from: RawState, to: RawState, environment: string, version: number): Operation[] {
  const base = `/environments/${pointer(environment)}`;
  return [
    { op: 'test', path: `${base}/version`, value: version },
    ...(from.on === to.on ? [] : [{ op: 'replace' as const, path: `${base}/on`, value: to.on }]),
    ...offVariation(from, to, base),
    ...(isSame(from.fallthrough, to.fallthrough)
      ? []
      : [{ op: 'replace' as const, path: `${base}/fallthrough`, value: to.fallthrough }]),
    ...targetOperations(from.targets, to.targets, `${base}/targets`),
    ...targetOperations(from.contextTargets, to.contextTargets, `${base}/contextTargets`),
  ];
}

/**
 * The same as instructions (https://launchdarkly.com/docs/api#updates-using-semantic-patch). Null where a variation has
 * no id to be named by. `ids`: of the variations, by place.
 */
export function instructionsBetween(
  from: RawState,
  to: RawState,
  ids: readonly (string | null | undefined)[],
): Instruction[] | null {
  const used: number[] = [];
  const id = (at: number): string => {
    used.push(at);
    return ids[at] ?? '';
  };
  const instructions: Instruction[] = [];
  if (from.on && !to.on) instructions.push({ kind: 'turnFlagOff' });
  if (from.offVariation !== to.offVariation && to.offVariation !== null)
    instructions.push({ kind: 'updateOffVariation', variationId: id(to.offVariation) });
  if (!isSame(from.fallthrough, to.fallthrough)) instructions.push(fallthroughInstruction(to.fallthrough, id));
  for (const [a, b] of [
    [from.targets, to.targets],
    [from.contextTargets, to.contextTargets],
  ] as const) {
    for (const [kind, list, other] of [
      ['removeTargets', a, b],
      ['addTargets', b, a],
    ] as const)
      for (const target of list) {
        const values = valuesLacking(target, other);
        if (values.length > 0)
          instructions.push({ kind, contextKind: kindOf(target), variationId: id(target.variation), values });
      }
  }
  if (!from.on && to.on) instructions.push({ kind: 'turnFlagOn' });
  return used.every((at) => (ids[at] ?? '') !== '') && (to.offVariation !== null || from.offVariation === null)
    ? instructions
    : null;
}

function offVariation(from: RawState, to: RawState, base: string): Operation[] {
  const path = `${base}/offVariation`;
  if (from.offVariation === to.offVariation) return [];
  if (to.offVariation === null) return [{ op: 'remove', path }];
  return [{ op: from.offVariation === null ? 'add' : 'replace', path, value: to.offVariation }];
}

function fallthroughInstruction({ variation, rollout }: Served, id: (at: number) => string): Instruction {
  const kind = 'updateFallthroughVariationOrRollout';
  if (!rollout) return { kind, variationId: id(variation ?? -1) };
  return {
    kind,
    rolloutContextKind: kindOf(rollout),
    ...(bucketOf(rollout) !== 'key' && { rolloutBucketBy: bucketOf(rollout) }),
    rolloutWeights: Object.fromEntries(rollout.variations.map((each) => [id(each.variation), each.weight])),
  };
}

/** Removals from the end backwards, so that places stay what they are; then additions, as LaunchDarkly documents them. */
function targetOperations(from: readonly Target[], to: readonly Target[], base: string): Operation[] {
  const operations: Operation[] = [];
  for (const [at, target] of from.entries()) {
    const gone = new Set(valuesLacking(target, to));
    for (let place = target.values.length - 1; place >= 0; place -= 1)
      if (gone.has(target.values[place] ?? ''))
        operations.push({ op: 'remove', path: `${base}/${String(at)}/values/${String(place)}` });
  }
  for (const target of to) {
    const values = valuesLacking(target, from);
    if (values.length === 0) continue;
    const at = from.findIndex((each) => isSameTarget(each, target));
    if (at < 0) operations.push({ op: 'add', path: `${base}/-`, value: { ...target, values } });
    else for (const value of values) operations.push({ op: 'add', path: `${base}/${String(at)}/values/-`, value });
  }
  return operations;
}

/** Values of a target that the same target of another list does not have. */
function valuesLacking(target: Target, list: readonly Target[]): string[] {
  const there = new Set(list.filter((each) => isSameTarget(each, target)).flatMap(({ values }) => values));
  return target.values.filter((value) => !there.has(value));
}

const isSameTarget = (a: Target, b: Target): boolean => a.variation === b.variation && kindOf(a) === kindOf(b);

const pointer = (name: string): string => name.replaceAll('~', '~0').replaceAll('/', '~1');
