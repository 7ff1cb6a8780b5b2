import { describe, expect, it } from 'vitest';
import { configSchema } from '../../../src/model/config';
import { budgetFor } from '../../../src/model/guardrails';

describe('budgets', () => {
  const guardrails = {
    'POST /checkout': { errorRate: 0.02, p95Seconds: 0.5 },
    'flag:new-checkout': { errorRate: 0.01 },
    'environment:production': { p95Seconds: 0.3 },
  };

  it('are of the operation, the flag and the environment, the strictest of each number', () => {
    const all = { operation: 'POST /checkout', flags: ['new-checkout'], environments: ['production'] };
    expect(budgetFor(guardrails, all)).toEqual({ errorRate: 0.01, p95Seconds: 0.3 });
    expect(budgetFor(guardrails, { operation: 'GET /', flags: ['new-checkout'] })).toEqual({
      errorRate: 0.01,
      p95Seconds: undefined,
    });
    expect(budgetFor(guardrails, { operation: 'GET /' })).toBeNull();
  });

  it('are looked up by name alone: what every object inherits is no budget', () => {
    expect(budgetFor(guardrails, { operation: 'constructor', flags: ['toString'] })).toBeNull();
  });

  it('are rates between 0 and 1 and seconds above 0', () => {
    expect(configSchema.safeParse({ guardrails }).success).toBe(true);
    expect(configSchema.safeParse({ guardrails: { a: { errorRate: 5 } } }).success).toBe(false);
    expect(configSchema.safeParse({ guardrails: { a: { p95Seconds: 0 } } }).success).toBe(false);
  });
});
