/**
 * What never belongs in a log: credentials in headers, URLs and assignments. Text is cut too, so that one huge
 * message from outside cannot fill the log.
 */
const rules: readonly (readonly [RegExp, string])[] = [
  [/\b(bearer|basic)\s+[\w.~+/=-]{6,}/gi, '$1 [redacted]'],
  [/\b(authorization|x-api-key|api[-_]?key|token|secret|password)(["']?\s*[:=]\s*["']?)[^\s"',;]+/gi, '$1$2[redacted]'],
  [/(\w+:\/\/)[^\s/@:]+:[^\s/@]+@/g, '$1[redacted]@'],
  [/(https?:\/\/[^\s?#"']+)\?[^\s"']*/g, '$1?[redacted]'],
];
const longest = 4_000;

export function redact(text: string): string {
  const cut = text.length > longest ? `${text.slice(0, longest)}… (${text.length} characters)` : text;
  return rules.reduce((so, [pattern, replacement]) => so.replace(pattern, replacement), cut);
}
