import type { Environment, FlagSnapshot, FlagState, Writable } from '../../model/flag';
import type { FlagRef } from '../../model/identity';
import type { Hash } from '../../platform/hash';
import type { L10n } from '../../platform/l10n';
import { absentState } from '../absentState';
import { unreadableFlag } from '../bareFlag';
import { offVariantOf } from '../offVariant';
import { tagsOf } from './definition';
import type { Known } from './environmentState';
import { printsBeside, type FliptFlag, type Segments } from './flagModel';
import { readPayload } from './payload';
import { readState, type Reading } from './reading';
import { switchOf } from './snapshot';

/** A flag in one environment of a server; `known` null: it has none of that key. */
export interface FlagAt {
  readonly environment: Environment;
  readonly known: Known | null;
  readonly segments: Segments;
  readonly writable: Writable;
  readonly offVariant: string | undefined;
}

/** A flag as readers meet it, in the environments that are known. */
export function flagSnapshot(ref: FlagRef, places: readonly FlagAt[], hash: Hash, l10n: L10n): FlagSnapshot {
  const read = places.map((place) => ({ place, found: place.known && readPayload(place.known.payload) }));
  const wrong = read.find(({ found }) => found?.issue)?.found?.issue;
  if (wrong) {
    const { t } = l10n;
    const words = t('Flag "{0}" cannot be read ({1}: {2}).', ref.key, wrong.path.join('.'), wrong.message);
    return unreadableFlag(ref, 'flipt.unreadable', words);
  }
  const states = read.map(({ place, found }): FlagState => {
    const { environment, known } = place;
    return known && found?.flag
      ? stateOf(found.flag, known, place, hash, l10n)
      : absentState(environment.ref, l10n.t('It is not defined in {0}.', environment.ref.name));
  });
  const flags = read.flatMap(({ found }) => found?.flag ?? []);
  const [first] = flags;
  const readings = flags.map((flag) => readState(flag, new Map(), l10n));
  const variants = new Map(readings.toReversed().flatMap((each) => each.variants.map((one) => [one.name, one])));
  const owner = first?.metadata.owner ?? first?.metadata.team;
  return {
    ref,
    name: first?.name ?? null,
    description: first?.description ?? null,
    type: readings[0]?.type ?? 'unknown',
    variants: [...new Set(readings.flatMap((each) => each.variants.map(({ name }) => name)))].flatMap(
      (name) => variants.get(name) ?? [],
    ),
    owner: typeof owner === 'string' && owner !== '' ? owner : null,
    tags: tagsOf(first?.metadata.tags),
    changed: null,
    archived: false,
    unreadable: null,
    states,
  };
}

/** Of a flag whose rules were not told only what its switch says: off, a variant flag gives nobody a variant. */
function inPart(reading: Reading, { t }: L10n): Reading {
  if (reading.disabled) return reading;
  return {
    ...reading,
    defaultRule: { kind: 'dynamic', words: t('rules that Flipt 1 does not list') },
    effective: {
      kind: 'unknown',
      shares: null,
      defaultShares: null,
      ruleCount: 0,
      randomised: 'partly',
      unreachable: [],
    },
  };
}

function stateOf(
  flag: FliptFlag,
  known: Known,
  { environment, segments, writable, offVariant }: FlagAt,
  hash: Hash,
  l10n: L10n,
): FlagState {
  const reading = known.isWhole ? readState(flag, segments, l10n) : inPart(readState(flag, segments, l10n), l10n);
  const off = offVariantOf(reading.variants, offVariant, l10n);
  const { text } = known;
  return {
    environment: environment.ref,
    ...switchOf(reading),
    writable,
    offVariant: off.variant,
    offVariantReason: off.reason,
    defaultRule: reading.defaultRule,
    rules: [...reading.rules],
    prerequisites: [],
    effective: reading.effective,
    version: hash.sha256(`${text}\n${printsBeside(flag, segments, hash)}`).slice(0, 20),
    raw: text,
    location: null,
  };
}
