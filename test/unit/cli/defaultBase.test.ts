import { expect, it } from 'vitest';
import type { Branch } from '../../../src/platform/node/gitRepository';
import { defaultBase } from '../../../src/workers/review/defaultBase';

type Written = string | readonly [ref: string, leadsTo: string];
const branches = (...all: readonly Written[]): Branch[] =>
  all.map((one) =>
    typeof one === 'string'
      ? { ref: `refs/${one}`, leadsTo: null, isCurrent: false }
      : { ref: `refs/${one[0]}`, leadsTo: `refs/${one[1]}`, isCurrent: false },
  );
const baseOf = (...all: readonly Written[]): string | undefined => defaultBase(branches(...all))?.name;

it('is what origin calls its HEAD, then what another remote does, then a usual name; else there is none', () => {
  const develop = ['remotes/origin/HEAD', 'remotes/origin/develop'] as const;
  expect(baseOf('heads/main', 'remotes/origin/main', 'remotes/origin/develop', develop)).toBe('origin/develop');
  expect(defaultBase(branches('remotes/origin/develop', develop))?.revision).toBe('refs/remotes/origin/develop');
  const upstream = ['remotes/upstream/HEAD', 'remotes/upstream/stable'] as const;
  expect(baseOf('heads/main', 'remotes/upstream/stable', upstream)).toBe('upstream/stable');
  expect(baseOf('remotes/upstream/stable', 'remotes/origin/develop', upstream, develop)).toBe('origin/develop');
  // A HEAD that leads to a branch which is gone leads nowhere.
  expect(baseOf('heads/master', develop)).toBe('master');
  expect(baseOf('heads/main', 'remotes/origin/master')).toBe('origin/master');
  expect(baseOf('heads/topic')).toBeUndefined();
});
