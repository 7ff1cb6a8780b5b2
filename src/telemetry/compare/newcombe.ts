import { wilson95 } from './wilson';

/**
 * The difference of two shares, `e1/n1 - e0/n0`, with its 95 % interval by Newcombe's hybrid score (1998, method 10): the two
 * Wilson intervals put together. All minutes are one here, so it describes and decides nothing. Null without calls on a side.
 */
export function difference95(
  e1: number,
  n1: number,
  e0: number,
  n0: number,
): { readonly value: number; readonly low: number; readonly high: number } | null {
  const [one, other] = [wilson95(e1, n1), wilson95(e0, n0)];
  if (!one || !other) return null;
  const value = one.value - other.value;
  return {
    value,
    low: value - Math.hypot(one.value - one.low, other.high - other.value),
    high: value + Math.hypot(one.high - one.value, other.value - other.low),
  };
}
