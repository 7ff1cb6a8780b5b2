import { unpackHex, packHex } from '../otlp/traceIds';
import { Cell, type HeldExemplar } from './cell';
import { LatencyCounts } from './latencyCounts';

/** Arms a key has room for; cell keys stay exact integers. */
const keyBase = 2 ** 20;
export const cellKey = (operation: number, arm: number): number => operation * keyBase + arm;
export const operationOfKey = (key: number): number => Math.floor(key / keyBase);
export const armOfKey = (key: number): number => key - Math.floor(key / keyBase) * keyBase;

/** Evaluations of one flag's variant by one service in one minute; what is neither joined nor unjoined is still held. */
export class EvaluationCell {
  count = 0;
  joinedCount = 0;
  unjoinedCount = 0;
  dirty = false;

  constructor(
    private readonly minute: Minute,
    private readonly key: number,
  ) {}

  evaluated(): void {
    this.count++;
    this.#touch();
  }

  /** One of them found its entry span. */
  joined(): void {
    this.joinedCount++;
    this.#touch();
  }

  /** One of them never will. */
  leftOut(): void {
    this.unjoinedCount++;
    this.#touch();
  }

  #touch(): void {
    if (this.dirty) return;
    this.dirty = true;
    this.minute.dirtyEvaluations.push(this.key);
  }
}

/** `[calls, errors, refused, latency, exemplars]`: a cell as JSON. Exemplar: `[trace id, at, seconds, error]`. */
export type CellData = readonly [
  calls: number,
  errors: number,
  refused: number,
  latency: readonly number[],
  exemplars?: readonly (readonly [string, number, number, 0 | 1])[],
];

export function cellData(cell: Cell): CellData {
  const exemplars = [...cell.slow, ...cell.failed].map(
    (held) => [unpackHex(held.traceId), held.at, held.seconds, held.error ? 1 : 0] as const,
  );
  const { calls, errors, refused } = cell;
  const latency = cell.latency.serialise();
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

/**
 * One minute of rollups. While calls still come in it is a map of cells; later it is packed into one text, a fifth of
 * the size, and unpacked only when asked for or when a late span arrives.
 */
export class Minute {
  readonly evaluations = new Map<number, EvaluationCell>();
  /** Keys of cells and evaluation cells changed since they were last written. */
  readonly dirtyCells: number[] = [];
  readonly dirtyEvaluations: number[] = [];
  #cells: Map<number, Cell> | undefined = new Map();
  /** Packed cells one after the other, with the key and the end of each. */
  #packed = '';
  #keys = new Float64Array(0);
  #ends = new Uint32Array(0);

  constructor(readonly start: number) {}

  get isPacked(): boolean {
    return this.#cells === undefined;
  }

  get packedSize(): number {
    return this.#packed.length;
  }

  get openSize(): number {
    return this.#cells?.size ?? 0;
  }

  /** The cells, to change: unpacks. */
  get cells(): Map<number, Cell> {
    if (!this.#cells) {
      this.#cells = new Map(this.#unpacked(() => true));
      this.#packed = '';
    }
    return this.#cells;
  }

  /** The cells whose key is wanted, to read: leaves a packed minute packed, and the other cells unread. */
  *read(wants: (key: number) => boolean = () => true): Iterable<readonly [number, Cell]> {
    if (!this.#cells) {
      yield* this.#unpacked(wants);
      return;
    }
    for (const key of this.#cells.keys()) {
      const cell = wants(key) ? this.#cells.get(key) : undefined;
      if (cell) yield [key, cell];
    }
  }

  /** Packs what has been written to disk. Answers how many cells are no longer held as objects. */
  pack(): number {
    if (!this.#cells || this.dirtyCells.length > 0) return 0;
    const { size } = this.#cells;
    this.#keys = new Float64Array(size);
    this.#ends = new Uint32Array(size);
    const texts: string[] = [];
    let end = 0;
    for (const [key, cell] of this.#cells) {
      const text = JSON.stringify(cellData(cell));
      end += text.length;
      this.#keys[texts.length] = key;
      this.#ends[texts.length] = end;
      texts.push(text);
    }
    this.#packed = texts.join('');
    this.#cells = undefined;
    return size;
  }

  *#unpacked(wants: (key: number) => boolean): Iterable<readonly [number, Cell]> {
    for (const [at, key] of this.#keys.entries()) {
      if (!wants(key)) continue;
      const text = this.#packed.slice(at === 0 ? 0 : this.#ends[at - 1], this.#ends[at]);
      yield [key, cellFrom(JSON.parse(text) as unknown[])];
    }
  }
}
