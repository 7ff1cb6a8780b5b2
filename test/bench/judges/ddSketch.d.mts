export function gammaOf(accuracy: number): number;
export function sketchIndex(value: number, accuracy: number): number;
export function sketchValue(index: number, accuracy: number): number;
export function sketchQuantile(values: readonly number[], q: number, accuracy: number): number;
