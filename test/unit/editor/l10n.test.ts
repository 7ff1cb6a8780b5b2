import { describe, expect, it } from 'vitest';
// @ts-expect-error: a script without types
import { committedBundle, l10nBundle } from '../../l10n.mjs';

describe('l10n/bundle.l10n.json', () => {
  it('holds every message of the source, and no other (node test/l10n.mjs writes it)', async () => {
    const bundle = await (l10nBundle as () => Promise<string>)();
    expect((committedBundle as () => string)()).toBe(bundle);
  });
});
