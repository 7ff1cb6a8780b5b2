import { packHex, unpackHex } from '../otlp/traceIds';
import { Cell, type CellView, type HeldExemplar } from './cell';
import { LatencyCounts } from './latencyCounts';

/** `[calls, errors, refused, latency, exemplars]`: a cell as JSON. Exemplar: `[trace id, at, seconds, error]`. */
export type CellData = readonly [
  calls: number,
  errors: number,
  refused: number,
  latency: readonly number[],
  exemplars?: readonly (readonly [string, number, number, 0 | 1])[],
];

export function cellData(cell: CellView): CellData {
  const exemplars = [...cell.slow, ...cell.failed].map(
    (held) => [unpackHex(held.traceId), held.at, held.seconds, held.error ? 1 : 0] as const,
  );
  const { calls, errors, refused } = cell;
  const latency = cell.serialiseLatency();
  return exemplars.length > 0 ? [calls, errors, refused, latency, exemplars] : [calls, errors, refused, latency];
}

/** Reads {@link CellData} that may be damaged; throws RangeError when it is. */
export function cellFrom(data: readonly unknown[]): Cell {
  const [calls, errors, refused, latency, exemplars] = data;
  const cell = new Cell();
  cell.calls = countFrom(calls);
  cell.errors = countFrom(errors);
  cell.refused = countFrom(refused);
  if (!Array.isArray(latency)) throw new RangeError('A cell has no latencies');
  cell.latency = LatencyCounts.deserialise(latency.map(Number));
  for (const exemplar of Array.isArray(exemplars) ? (exemplars as unknown[]) : []) {
    const held = exemplarFrom(exemplar);
    if (held) (held.error ? cell.failed : cell.slow).push(held);
  }
  return cell;
}

function countFrom(value: unknown): number {
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 0)
    throw new RangeError('A cell holds a count that is none');
  return value;
}

function exemplarFrom(value: unknown): HeldExemplar | undefined {
  if (!Array.isArray(value)) return undefined;
  const [hex, at, seconds, error] = value as unknown[];
  const traceId = typeof hex === 'string' ? packHex(hex, 16) : undefined;
  if (traceId === undefined || typeof at !== 'number' || typeof seconds !== 'number') return undefined;
  return { traceId, at, seconds, error: error === 1 };
}
