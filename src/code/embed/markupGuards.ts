import type { MarkupGuard } from './inner';

/** What an element or a block depends on. */
interface Condition {
  /** `if`, `else-if` and `else` of one chain; `show` has no other side. */
  readonly is: string;
  readonly cond: MarkupGuard['cond'] | null;
}

type Draft = { -readonly [Name in keyof MarkupGuard]: MarkupGuard[Name] };

interface Frame {
  readonly name: string;
  readonly from: number;
  readonly condition: Condition | null;
  /** Guards of the `if` that the next element may be the other side of. */
  chain: Draft[];
}

const mostDepth = 2_000;
/** Longer chains of `else if` are cut. */
export const longestChain = 50;

/** Conditions on elements, told while a template is read; each spans its element, and the elements of its `else`. */
export class MarkupGuards {
  readonly #stack: Frame[] = [];
  readonly #guards: Draft[] = [];
  /** How many elements of a name are open. */
  readonly #names = new Map<string, number>();
  #tooDeep = 0;

  /** How many elements are open. */
  get depth(): number {
    return this.#stack.length;
  }

  open(name: string, from: number, condition: Condition | null): void {
    if (this.#stack.length >= mostDepth) {
      this.#tooDeep++;
      return;
    }
    this.#stack.push({ name, from, condition, chain: [] });
    this.#names.set(name, (this.#names.get(name) ?? 0) + 1);
  }

  /** Closes the innermost element of the name, and those inside that nothing closed; none of it is left alone. */
  close(name: string, to: number): void {
    if (this.#tooDeep > 0) {
      this.#tooDeep--;
      return;
    }
    const open = this.#names.get(name) ?? 0;
    while (open > 0 && this.#names.get(name) === open) this.#pop(to);
  }

  finish(to: number): readonly MarkupGuard[] {
    while (this.#stack.length > 0) this.#pop(to);
    return this.#guards;
  }

  #pop(to: number): void {
    const frame = this.#stack.pop();
    if (frame) this.#names.set(frame.name, (this.#names.get(frame.name) ?? 1) - 1);
    const parent = this.#stack.at(-1);
    if (!frame || !parent) return;
    const { condition, from } = frame;
    if (!condition) {
      parent.chain = [];
      return;
    }
    if (condition.is === 'if') parent.chain = [];
    else if (condition.is !== 'show') for (const guard of parent.chain) guard.other = [guard.other?.[0] ?? from, to];
    if (condition.cond) {
      const guard: Draft = { cond: condition.cond, then: [from, to], other: null };
      this.#guards.push(guard);
      if (condition.is !== 'show' && parent.chain.length < longestChain) parent.chain.push(guard);
    }
    if (condition.is === 'else' || condition.is === 'show') parent.chain = [];
  }
}
