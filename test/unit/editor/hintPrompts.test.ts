import { describe, expect, it } from 'vitest';
import { HintPrompts } from '../../../src/editor/surfaces/hintPrompts';
import { MemoryClock } from '../../../src/platform/memory/clock';

/** VS Code's side: it hears only while it listens, and asks `delay` ms after it heard. */
function world(delay: () => number): { clock: MemoryClock; prompts: HintPrompts; told: () => number; deaf: boolean } {
  const clock = new MemoryClock();
  let told = 0;
  const made = {
    clock,
    deaf: false,
    told: () => told,
    prompts: new HintPrompts(clock, () => {
      told++;
      if (made.deaf) return;
      clock.after(delay(), () => made.prompts.asked('a.ts'));
    }),
  };
  return made;
}

describe('telling VS Code that facts changed', () => {
  it('tells once when it asks soon', async () => {
    const { clock, prompts, told } = world(() => 30);
    prompts.changed(['a.ts']);
    await clock.advance(60_000);
    expect(told()).toBe(1);
  });

  it('tells again when it did not hear, and stops when it has asked', async () => {
    const at = world(() => 30);
    at.deaf = true;
    at.prompts.changed(['a.ts']);
    await at.clock.advance(900);
    expect(at.told()).toBe(1);
    at.deaf = false;
    await at.clock.advance(200);
    expect(at.told()).toBe(2);
    await at.clock.advance(120_000);
    expect(at.told()).toBeLessThanOrEqual(3);
  });

  it('does not tell for ever where it never asks', async () => {
    const at = world(() => 30);
    at.deaf = true;
    at.prompts.changed(['a.ts', 'b.ts']);
    await at.clock.advance(3_600_000);
    const before = at.told();
    expect(before).toBeLessThanOrEqual(6);
    at.prompts.changed(['a.ts']);
    expect(at.told()).toBe(before + 1);
  });

  it('is told a few more times where it is slow, until it is quick', async () => {
    // As VS Code does: it waits for the mean of its last six answers, here slow ones of its start.
    const answers = [600, 600, 600, 600, 600, 600];
    const mean = (): number => answers.reduce((sum, ms) => sum + ms, 0) / answers.length;
    const at = world(() => {
      const wait = mean();
      answers.shift();
      answers.push(20);
      return wait;
    });
    at.prompts.changed(['a.ts']);
    await at.clock.advance(60_000);
    expect(mean()).toBeLessThan(100);
    const told = at.told();
    expect(told).toBeLessThanOrEqual(8);
    at.prompts.changed(['a.ts']);
    await at.clock.advance(60_000);
    expect(at.told()).toBe(told + 1);
  });

  it('gives up on one that stays slow, once a document', async () => {
    const at = world(() => 500);
    at.prompts.changed(['a.ts']);
    await at.clock.advance(600_000);
    expect(at.told()).toBe(13);
    at.prompts.changed(['a.ts']);
    await at.clock.advance(600_000);
    expect(at.told()).toBe(14);
    at.prompts.closed('a.ts');
    at.prompts.changed(['a.ts']);
    await at.clock.advance(600_000);
    expect(at.told()).toBe(14 + 13);
  });

  it('tells nothing after it was disposed of', async () => {
    const at = world(() => 500);
    at.prompts.changed(['a.ts']);
    await at.clock.advance(600);
    const before = at.told();
    at.prompts.dispose();
    await at.clock.advance(600_000);
    expect(at.told()).toBe(before);
  });
});
