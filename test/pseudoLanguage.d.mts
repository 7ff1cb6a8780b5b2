export function pseudo(message: string): string;
export function pseudoBundle(bundle: Record<string, unknown>): Record<string, string>;
export function untranslated(text: string, data?: readonly (string | RegExp)[]): string[];
