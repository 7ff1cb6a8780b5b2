import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, it } from 'vitest';

const folder = process.env.SIGHTGLASS_SHARED ?? resolve(import.meta.dirname, '../../shared');

/** Absolute path of reference data that is kept beside the project, or undefined where it is not. */
export function sharedData(relativePath: string): string | undefined {
  const path = join(folder, relativePath);
  return existsSync(path) ? path : undefined;
}

/** A suite over shared data: skipped, saying so, without it; failing instead when everything is required. */
export function describeShared(name: string, relativePath: string, suite: (path: string) => void): void {
  const path = sharedData(relativePath);
  if (path !== undefined) {
    describe(name, () => suite(path));
  } else if (process.env.SIGHTGLASS_REQUIRE === 'all') {
    it(name, () => {
      throw new Error(`needs shared data: ${relativePath} (put the shared folder beside the project)`);
    });
  } else {
    it.skip(`${name} - skipped: needs shared data (put the shared folder beside the project)`);
  }
}
