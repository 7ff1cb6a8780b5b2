import type { Cell, CellView } from './cell';

/** Which cells are looked at, by the numbers of arm and operation. */
export interface CellFilter {
  readonly arm: (index: number) => boolean;
  readonly operation: (index: number) => boolean;
}

export type CellUse = (operation: number, arm: number, cell: CellView) => void;

/** Cells by arm, then by operation: questions are about few arms, and small integers are looked up quickly. */
export class CellTable {
  readonly #arms = new Map<number, Map<number, Cell>>();
  #size = 0;

  get size(): number {
    return this.#size;
  }

  get arms(): Iterable<readonly [number, ReadonlyMap<number, Cell>]> {
    return this.#arms;
  }

  get(operation: number, arm: number): Cell | undefined {
    return this.#arms.get(arm)?.get(operation);
  }

  set(operation: number, arm: number, cell: Cell): void {
    let of = this.#arms.get(arm);
    if (!of) this.#arms.set(arm, (of = new Map<number, Cell>()));
    if (!of.has(operation)) this.#size++;
    of.set(operation, cell);
  }

  each(wanted: CellFilter, use: CellUse): void {
    for (const [arm, cells] of this.#arms) {
      if (!wanted.arm(arm)) continue;
      for (const [operation, cell] of cells) if (wanted.operation(operation)) use(operation, arm, cell);
    }
  }
}
