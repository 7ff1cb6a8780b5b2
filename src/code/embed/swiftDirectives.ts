const directive = /^[ \t]*#(?:if|elseif|else|endif)\b.*$/gm;

/**
 * Swift without `#if`, `#elseif`, `#else` and `#endif`, over which its grammar loses the rest of a function: what stands
 * between them is code, whichever way it is built. Lines and offsets stay.
 */
export function withoutDirectives(text: string): string {
  return text.replace(directive, (line) => ' '.repeat(line.length));
}
