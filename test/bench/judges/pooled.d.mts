interface Counts {
  readonly n1: number;
  readonly e1: number;
  readonly n0: number;
  readonly e0: number;
}
export function naiveAlarms(so: Counts): boolean;
export function growthBookAlarms(so: Counts): boolean;
export function growthBookOneSidedAlarms(so: Counts): boolean;
export function statsigAlarms(so: Counts): boolean;
export function asymptoticHalfWidth(
  deviation: number,
  n: number,
  options?: { readonly alpha?: number; readonly tuning?: number; readonly sides?: 1 | 2 },
): number;
export function asymptoticRho(alpha: number, tuning: number, sides: 1 | 2): number;
export function asymptoticP(difference: number, deviation: number, n: number, rho: number): number;
export function statsigFactor(
  of: { readonly v1: number; readonly n1: number; readonly v0: number; readonly n0: number },
  alpha?: number,
): { readonly variance: number; readonly tau: number; readonly factor: number };
