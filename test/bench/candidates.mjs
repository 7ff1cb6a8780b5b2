import { build } from 'esbuild';

/**
 * What the finder searches for, out of its own tables: the pattern, ripgrep's arguments that leave out the same files,
 * the names of SDK functions, and the grammar by file name ending. Bundled in memory, since the product's bundles do not give it out.
 */
export async function candidatesOf(root) {
  const { outputFiles } = await build({
    absWorkingDir: root,
    bundle: true,
    write: false,
    format: 'esm',
    mainFields: ['module', 'main'],
    platform: 'node',
    logLevel: 'error',
    stdin: {
      resolveDir: root,
      contents: `
        import { languages } from './src/code/languages/table';
        import { mostBytes } from './src/code/bounds';
        import { alwaysExcluded, candidatePattern } from './src/code/scan/patterns';
        import { common } from './src/code/scan/ripgrep';
        import { sourceGlob } from './src/code/scan/search';
        import { sdks } from './src/code/sdks/table';
        export const pattern = candidatePattern;
        export const args = [
          ...common,
          '--type-add=finder:' + sourceGlob,
          '--type=finder',
          '--max-filesize=' + mostBytes,
          ...alwaysExcluded.map((glob) => '--glob=!' + glob),
        ];
        export const names = [
          ...new Set(sdks.flatMap(({ methods, functions }) => [...methods, ...functions].flatMap((shape) => shape.names))),
        ];
        export const grammarOf = Object.fromEntries(
          languages.flatMap(({ extensions, grammar }) => extensions.map((ext) => [ext, grammar])),
        );`,
    },
  });
  const url = `data:text/javascript;base64,${Buffer.from(outputFiles[0].contents).toString('base64')}`;
  const { pattern, args, grammarOf, names } = await import(url);
  return { pattern, args, grammarOf, names };
}
