/**
 * A function's name as qualified segments, whatever the language writes between them: `CartController.add`,
 * `shop::Cart::add`, `Cart#add`, `Outer$Inner.add`, `Object.<anonymous>` (which names nothing), Go's
 * `example.com/shop/cart.(*Cart).Add` and `cart.Add.func1`, a closure of it.
 */
export function nameSegments(name: string): readonly string[] {
  return name
    .replace(/\(.*\)$/u, '')
    .replace(/^async /u, '')
    .replace(/\(\*(\w+)\)/gu, '$1')
    .replace(/(\.func\d+)+(\.\d+)*$/u, '')
    .split(/::|[.#$/]/u)
    .filter((segment) => segment !== '' && !/^[<(].*[>)]$|^Object$|^exports$|^module$|^prototype$/u.test(segment));
}

/** Whether both name the same function as far as both say: the shorter is the end of the longer. */
export function namesAgree(one: readonly string[], other: readonly string[]): boolean {
  const length = Math.min(one.length, other.length);
  if (length === 0) return false;
  for (let back = 1; back <= length; back += 1) if (one.at(-back) !== other.at(-back)) return false;
  return true;
}
