import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/unit/**/*.test.{ts,mjs}', 'test/contract/**/*.test.ts'],
    // Two cores in CI: more forks only fight over them.
    maxWorkers: 2,
    testTimeout: 20_000,
    allowOnly: process.env.CI === undefined,
  },
});
