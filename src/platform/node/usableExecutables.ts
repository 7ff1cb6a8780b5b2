import { access, constants } from 'node:fs/promises';

/** Those of the given absolute paths that are there and may be run, in their order. */
export async function usableExecutables(paths: readonly string[]): Promise<readonly string[]> {
  const usable = await Promise.all(
    paths.map((path) =>
      access(path, constants.X_OK).then(
        () => true,
        () => false,
      ),
    ),
  );
  return paths.filter((_, i) => usable[i]);
}
