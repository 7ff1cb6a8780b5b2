import type { FlagSnapshot } from '../../../../src/model/flag';
import type { Reference } from '../../../../src/model/reference';
import type { DiagnosedFile } from '../../../../src/view/diagnostics/diagnosis';
import { defined, evaluation, fileOf } from './world';

const words = ['checkout', 'search', 'price', 'cart', 'login', 'banner', 'export', 'retry', 'cache', 'mail'];
const keyOf = (at: number): string =>
  `${words[at % 10]!}-${words[Math.floor(at / 10) % 10]!}-${(at * 7919).toString(36)}`;

/** As many flags as a large project has. */
export const manyFlags = (): FlagSnapshot[] =>
  Array.from({ length: 20_000 }, (_, at) => defined(keyOf(at), at % 3 === 0 ? 'string' : 'boolean'));

/** Of 5,000 calls one in a hundred asks for another key by a slip, one for what nobody defines, one has another default. */
export const manyReferences = (): Reference[] =>
  Array.from({ length: 5_000 }, (_, at) => {
    const key = keyOf(at * 3);
    const asked = at % 100 === 0 ? key.replace('-', '') : at % 100 === 50 ? `unknown-${key}-${String(at)}` : key;
    return evaluation(asked, { valueType: 'string', ...(at % 2 === 0 && { defaultValue: at % 100 === 24 }) });
  });

/** Twenty in each file. */
export const filesOf = (references: readonly Reference[]): DiagnosedFile[] =>
  Array.from({ length: Math.ceil(references.length / 20) }, (_, at) =>
    fileOf(references.slice(at * 20, at * 20 + 20), `src/f${String(at)}.ts`),
  );
