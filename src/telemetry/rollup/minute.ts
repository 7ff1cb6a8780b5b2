import { CellTable, type CellFilter, type CellUse } from './cellTable';
import { PackedCells } from './packedCells';

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

/**
 * One minute of rollups. While calls still come in it is a table of cells; later it is packed, and unpacked only when
 * a late span arrives.
 */
export class Minute {
  readonly evaluations = new Map<number, EvaluationCell>();
  /** Keys of cells and evaluation cells changed since they were last written. */
  readonly dirtyCells: number[] = [];
  readonly dirtyEvaluations: number[] = [];
  #cells: CellTable | PackedCells = new CellTable();

  constructor(readonly start: number) {}

  get isPacked(): boolean {
    return this.#cells instanceof PackedCells;
  }

  /** Bytes of a packed minute, nought of an open one. */
  get packedSize(): number {
    return this.#cells instanceof PackedCells ? this.#cells.bytes : 0;
  }

  get openSize(): number {
    return this.#cells instanceof PackedCells ? 0 : this.#cells.size;
  }

  /** The cells, to change: unpacks. */
  get cells(): CellTable {
    if (this.#cells instanceof PackedCells) this.#cells = this.#cells.unpack();
    return this.#cells;
  }

  /** The cells that are wanted, to read: a packed minute stays packed, and its other cells unread. */
  each(wanted: CellFilter, use: CellUse): void {
    this.#cells.each(wanted, use);
  }

  /** Packs what has been written to disk. Answers how many cells are no longer held as objects. */
  pack(): number {
    if (this.#cells instanceof PackedCells || this.dirtyCells.length > 0) return 0;
    this.#cells = new PackedCells(this.#cells);
    return this.#cells.size;
  }
}
