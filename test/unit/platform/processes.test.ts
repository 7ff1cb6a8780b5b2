import { describe, expect, it } from 'vitest';
import { nodeProcesses } from '../../../src/platform/node/processes';

const run = async (script: string, options: { maxBytes?: number; timeoutMs?: number; signal?: AbortSignal } = {}) => {
  const lines: string[] = [];
  const result = await nodeProcesses.run(process.execPath, ['-e', script], {
    timeoutMs: 15_000,
    maxBytes: 1_000_000,
    onLine: (line) => lines.push(line),
    ...options,
  });
  return { ...result, lines };
};

describe('processes', () => {
  it('give lines as they come, the last one without its end, and the exit code', async () => {
    expect(
      await run(`process.stdout.write('a\\r\\nb\\n\\nü'); process.stderr.write('why'); process.exitCode = 3;`),
    ).toEqual({ code: 3, stderr: 'why', truncated: false, lines: ['a', 'b', '', 'ü'] });
  });

  it('are ended past the limit', async () => {
    const { truncated, code } = await run(`setInterval(() => process.stdout.write('x'.repeat(1000) + '\\n'), 1)`, {
      maxBytes: 5_000,
    });
    expect({ truncated, code }).toEqual({ truncated: true, code: null });
  });

  it('are ended when they take too long or are no longer wanted', async () => {
    await expect(run('setInterval(() => {}, 1000)', { timeoutMs: 200 })).rejects.toThrow(/longer than 200 ms/);
    await expect(run('setInterval(() => {}, 1000)', { signal: AbortSignal.timeout(200) })).rejects.toThrow(/timeout/i);
  });

  it('see arguments as they are', async () => {
    const { lines } = await run(`console.log(JSON.stringify(process.argv.slice(1)))`);
    expect(lines).toEqual(['[]']);
    const seen: string[] = [];
    await nodeProcesses.run(process.execPath, ['-e', 'console.log(process.argv[1])', '--', '$(id) "; rm'], {
      timeoutMs: 15_000,
      maxBytes: 1_000,
      onLine: (line) => seen.push(line),
    });
    expect(seen).toEqual(['$(id) "; rm']);
  });
});
