export function table(heading: readonly string[], rows: readonly (readonly string[])[]): string;
