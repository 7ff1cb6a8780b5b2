import { describe, expect, it } from 'vitest';
import type { ChangeRequest } from '../../../src/change/api';
import type { Consent } from '../../../src/model/change';
import { bench, never, onDisk, home, type Bench } from './bench';
import { production, ref } from './fakeFlagSystem';

const consent: Consent = { who: 'ana', at: 1, through: 'ignored', reason: 'errors' };

/** A change as a surface asks for it, and what its system was told with it. */
async function said(
  over: Partial<ChangeRequest>,
  reason = 'errors',
): Promise<{ readonly on: Bench; readonly comments: readonly (string | null)[] }> {
  const on = bench();
  on.person.answer = { ...consent, reason };
  const request = {
    ...{ ref, environment: production, intent: { kind: 'kill' as const }, seen: on.system.state() },
    ...{ through: 'hover', ...over },
  };
  expect(await on.changes.change(request, never)).toMatchObject({ kind: 'done' });
  return { on, comments: on.system.comments };
}

const place = 'github.com/acme/shop@1a2b3c4d5e6f src/checkout.ts:12';

describe('what goes into the audit log of a system', () => {
  it('says why, who, through what, the numbers seen and the place in code', async () => {
    const { on, comments } = await said({ facts: ['requests 300/min', 'errors 4.1%'], place });
    expect(comments).toEqual([
      expect.stringMatching(
        /^errors · ana with Sightglass \(hover\), change \S+ · seen: requests 300\/min, errors 4\.1% · asked for at github\.com\/acme\/shop@1a2b3c4d5e6f src\/checkout\.ts:12$/,
      ),
    ]);
    const [name] = await onDisk(on.files);
    expect(JSON.parse(on.files.text(`${home}/journal/${name ?? ''}`))).toMatchObject({
      seen: { facts: ['requests 300/min', 'errors 4.1%'], place },
    });
  });

  it('says nothing of what was not there', async () => {
    const { on, comments } = await said({});
    expect(comments).toEqual([expect.stringMatching(/^errors · ana with Sightglass \(hover\), change \S+$/)]);
    expect((await on.changes.list()).entries[0]).not.toHaveProperty('seen');
  });

  it('keeps who did it however long the reason is, and is one line whatever is in it', async () => {
    const long = 'why\n'.repeat(400);
    const { comments } = await said({ facts: ['x'.repeat(2_000)], place: `a\n\u202e${'y'.repeat(2_000)}` }, long);
    const comment = comments[0] ?? '';
    expect(comment.length).toBeLessThanOrEqual(900);
    expect(comment).toContain('ana with Sightglass (hover)');
    expect(comment).not.toMatch(/[\n\u202e]/);
  });
});
