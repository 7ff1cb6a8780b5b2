import type { SdkRow } from './callShape';

/**
 * The row of a gem. Bundler loads it once for the whole program: files call it by its constant, without an import of their
 * own. Keys may be symbols.
 */
export function rubyGem(
  name: string,
  constant: string,
  asked: Omit<SdkRow, 'family' | 'packages' | 'globals'>,
): SdkRow {
  const globals = { [constant]: { pkg: name, name: '*' } };
  return { family: 'ruby', packages: { [name]: 'server' }, globals, ...asked };
}
