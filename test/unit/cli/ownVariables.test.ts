import { execFileSync } from 'node:child_process';
import { afterEach, expect, it } from 'vitest';
import { takenVariables } from '../../../src/cli/ownVariables';
import { environmentTokens } from '../../../src/platform/tokens';

const planted = 'planted-7f3a2b';
const mine = { SIGHTGLASS_FLAGS_TOKEN: planted, SIGHTGLASS_FLAGS_URL: 'https://flags.example' };

afterEach(() => {
  for (const name of Object.keys(mine)) Reflect.deleteProperty(process.env, name);
});

it('tokens of the environment are known, and are no longer in the process, its reports or what it starts', async () => {
  Object.assign(process.env, mine);
  const children = (): string =>
    execFileSync(process.execPath, ['-p', 'JSON.stringify(process.env)'], { encoding: 'utf8' });
  expect(children()).toContain(planted);
  const variables = takenVariables(process.env);
  const system = { id: 'flags', type: 'unleash', url: 'https://flags.example', authorization: 'bearer' } as const;
  expect(await environmentTokens(variables).get(system, 'https://flags.example')).toBe(planted);
  expect(process.env.SIGHTGLASS_FLAGS_URL).toBe(mine.SIGHTGLASS_FLAGS_URL);
  for (const text of [children(), JSON.stringify(process.env), JSON.stringify(process.report.getReport())])
    expect(text).not.toContain(planted);
});
