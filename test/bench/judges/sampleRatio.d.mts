export function sampleRatioChiSquared(
  observed: readonly number[],
  shares: readonly number[],
): { readonly chiSquared: number; readonly degrees: number };
export function chiSquaredAlarms(observed: readonly [number, number], share: number): boolean;
