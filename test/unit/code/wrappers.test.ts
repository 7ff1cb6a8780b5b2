import { describe, expect, it } from 'vitest';
import { finderOf, found } from './finderHarness';

const client = `import { OpenFeature } from '@openfeature/server-sdk';\nconst client = OpenFeature.getClient();\n`;
const wrapper = {
  'src/flags.ts': `${client}export async function isOn(key: string, user: string) { return client.getBooleanValue(key, false, { targetingKey: user }); }`,
};

describe('project wrappers', () => {
  it.each([
    [`import { isOn } from './flags'; isOn('k', 'u');`, ['k@1 wrapper']],
    [`import { isOn as on } from './flags'; const K = 'k'; on(K, 'u');`, ['k@1 constant']],
    [`import * as flags from './flags'; flags.isOn('k', 'u');`, ['k@1 wrapper']],
    [`import { isOn } from './other'; isOn('k', 'u');`, []],
  ])('function: %s', async (source, expected) => {
    expect(
      await found(source, 'src/a.ts', { ...wrapper, 'src/other.ts': 'export const isOn = (key: string) => key;' }),
    ).toEqual(expected);
  });

  it('is no evaluation itself, and says how it leads to the SDK', async () => {
    const finder = await finderOf({
      ...wrapper,
      'src/a.ts': `import { isOn } from './flags';\nif (await isOn('k', 'u')) go();`,
    });
    expect((await finder.index.facts('src/flags.ts'))!.references).toEqual([]);
    const [reference] = (await finder.index.facts('src/a.ts'))!.references;
    expect(reference!.trace.map(({ words, path, line }) => `${words} (${path}:${String(line)})`)).toEqual([
      'wrapper isOn passes its parameter to getBooleanValue (src/flags.ts:3)',
      'getBooleanValue of @openfeature/server-sdk (src/flags.ts:3)',
    ]);
    expect(reference!.regions).toHaveLength(1);
  });

  it.each([
    [
      'arrow',
      `export const on = (key: string) => client.getBooleanValue(key, false);`,
      `import { on } from './w'; on('k');`,
      ['k@1 wrapper'],
    ],
    [
      'hook',
      `import { useFlag } from '@unleash/proxy-client-react'; export const useFeature = (key: string) => useFlag(key);`,
      `import { useFeature } from './w'; useFeature('k');`,
      ['k@1 hook'],
    ],
    [
      'default export',
      `export default function on(key: string) { return client.getBooleanValue(key, false); }`,
      `import on from './w'; on('k');`,
      ['k@1 wrapper'],
    ],
    [
      'object argument',
      `export const on = ({ flag, user }: Args) => client.getBooleanValue(flag, false);`,
      `import { on } from './w'; on({ user: 'u', flag: 'k' });`,
      ['k@1 wrapper'],
    ],
    [
      'property of an argument',
      `export const on = (args: Args) => client.getBooleanValue(args.flag, false);`,
      `import { on } from './w'; on({ flag: 'k' });`,
      ['k@1 wrapper'],
    ],
    [
      'prefix',
      'export const on = (name: string) => client.getBooleanValue(`exp-${name}`, false);',
      `import { on } from './w'; on('k');`,
      ['exp-k@1 template'],
    ],
    [
      'inner function',
      `export const on = (key: string) => cached(async () => client.getBooleanValue(key, false));`,
      `import { on } from './w'; on('k');`,
      ['k@1 wrapper'],
    ],
    [
      'class',
      `export class FlagService { isOn(key: string) { return client.getBooleanValue(key, false); } }`,
      `import { FlagService } from './w'; class A { constructor(private s: FlagService) {} f() { return this.s.isOn('k'); } }`,
      ['k@1 wrapper'],
    ],
    [
      'instance',
      `class FlagService { isOn(key: string) { return client.getBooleanValue(key, false); } } export const flags = new FlagService();`,
      `import { flags } from './w'; flags.isOn('k');`,
      ['k@1 wrapper'],
    ],
    [
      'interface',
      `export interface Flags { isOn(key: string): Promise<boolean> } export class Real implements Flags { isOn(key: string) { return client.getBooleanValue(key, false); } }`,
      `import type { Flags } from './w'; export const f = (flags: Flags) => flags.isOn('k');`,
      ['k@1 wrapper'],
    ],
    [
      'object',
      `export const features = { isOn: (key: string) => client.getBooleanValue(key, false) };`,
      `import { features } from './w'; features.isOn('k');`,
      ['k@1 wrapper'],
    ],
    [
      'wrapper of a wrapper',
      `const one = (key: string) => client.getBooleanValue(key, false); export const two = (key: string) => one(key);`,
      `import { two } from './w'; two('k');`,
      ['k@1 wrapper'],
    ],
  ])('%s', async (_, source, use, expected) => {
    expect(await found(use, 'src/a.ts', { 'src/w.ts': client + source })).toEqual(expected);
  });

  it('counts a common method name on an unknown receiver only for a known key, as likely', async () => {
    const others = {
      'src/w.ts': `${client}export class Settings { get(key: string) { return client.getBooleanValue(key, false); } }`,
    };
    const use = `export const f = (cache) => { cache.get('other'); return cache.get('k'); };`;
    expect(await found(use, 'src/a.ts', others)).toEqual([]);
    expect(await found(use, 'src/a.ts', others, ['k'])).toEqual(['k@1 wrapper likely']);
  });

  it('finds callers of a URL of OFREP', async () => {
    const source =
      'function flag(name) {\n  return http.post(`http://${HOST}/ofrep/v1/evaluate/flags/${name}`, "{}");\n}\nif (flag("k") <= 0) stop();';
    expect(await found(source, 'load/script.js')).toEqual(['k@4 wrapper']);
  });
});
