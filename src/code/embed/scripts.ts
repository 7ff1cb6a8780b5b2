import { attributeOf, type Open } from './markup';

const scriptType =
  /^(|module|(text|application)\/(x-)?(java|ecma|type)script|text\/(babel|jsx|jscript|livescript|ts|tsx))$/i;

/** Whether what a `script` element holds is code: not data (JSON, import maps, templates), nor ignored for its `src`. */
export function holdsCode(text: string, open: Open): boolean {
  if (attributeOf(text, open, 'src') !== undefined) return false;
  const type = attributeOf(text, open, 'type') ?? '';
  return scriptType.test(type.replace(/;.*$/s, '').trim());
}
