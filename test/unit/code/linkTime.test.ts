import { expect, it } from 'vitest';
import { finderOf, type Finder } from './finderHarness';

const head = `import { OpenFeature } from '@openfeature/server-sdk';\nconst client = OpenFeature.getClient();\n`;
const calls = Array.from({ length: 2_000 }, (_, at) => `client.getBooleanValue('key-${String(at)}', false);`).join(
  '\n',
);
const late = 'following what it calls takes longer than 5 seconds; what was found until then is shown';

const keysOf = (finder: Finder): readonly (string | null)[] => finder.references().map(({ key }) => key);

it('follows what a file calls no longer than five seconds, keeps what it found, and says so', async () => {
  let looks = 0;
  // Every few looks at the clock a second has gone by: the long file is not followed to its end.
  const slow = await finderOf(
    { 'a.ts': `${head}${calls}`, 'b.ts': `${head}client.getBooleanValue('b', false);` },
    {
      now: () => Math.floor(looks++ / 3) * 1_000,
    },
  );
  const found = keysOf(slow);
  expect(found).toContain('key-0');
  expect(found).toContain('b');
  expect(found.length).toBeLessThan(2_000);
  expect((await slow.index.facts('a.ts'))?.truncated).toBe(late);
  expect((await slow.index.facts('b.ts'))?.truncated).toBe(null);
});
