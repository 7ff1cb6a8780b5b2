import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Reference } from '../../../src/model/reference';
import { finderOf, found, whenText } from './finderHarness';

const client = `import { OpenFeature } from '@openfeature/server-sdk';\nconst client = OpenFeature.getClient();\n`;

/** `path:line key kind via certainty` of everything found, in the order of files and lines. */
async function all(sources: Readonly<Record<string, string>>, knownKeys: readonly string[] = []): Promise<string[]> {
  const finder = await finderOf(sources, { knownKeys });
  for (const path of Object.keys(sources)) await finder.index.facts(path);
  return finder
    .references()
    .map(
      ({ path, line, key, pattern, kind, via, certainty }) =>
        `${path}:${String(line)} ${key ?? pattern ?? ''} ${kind} ${via} ${certainty}`,
    );
}

async function only(sources: Readonly<Record<string, string>>, path: string): Promise<Reference> {
  const { index } = await finderOf(sources);
  const [reference, another] = (await index.facts(path))!.references;
  expect(another).toBeUndefined();
  return reference!;
}

describe('wrappers of wrappers', () => {
  const layers = {
    'src/one.ts': `${client}export const one = (key: string) => client.getBooleanValue(key, false);`,
    'src/two.ts': `import { one } from './one'; export function two(o: { key: string }) { return one('p-' + o.key); }`,
    'src/three.ts': `import { two } from './two'; export class Three { constructor(private n: number) {} on(k: string) { return two({ key: k }); } }`,
    'src/four.ts': `import { Three } from './three'; export interface Flags { ask(name: string): boolean } export class Four implements Flags { constructor(private three: Three) {} ask(name: string) { return this.three.on(name); } }`,
    'src/five.ts': `import type { Flags } from './four'; export const five = (flags: Flags, name: string) => flags.ask(name);`,
  };

  it('are followed through files, objects, classes and injected interfaces, each a step of the trace', async () => {
    const reference = await only(
      { ...layers, 'src/use.ts': `import { five } from './five';\nfive(flags, 'deep');` },
      'src/use.ts',
    );
    expect(reference).toMatchObject({ key: 'p-deep', line: 2, certainty: 'certain' });
    expect(reference.trace.map(({ path }) => path)).toEqual([
      'src/five.ts',
      'src/four.ts',
      'src/three.ts',
      'src/two.ts',
      'src/one.ts',
      'src/one.ts',
    ]);
  });

  it('move with the wrapper they stand on', async () => {
    const finder = await finderOf({ ...layers, 'src/use.ts': `import { five } from './five';\nfive(flags, 'deep');` });
    const keys = async (): Promise<unknown> =>
      (await finder.index.facts('src/use.ts'))!.references.map(({ key }) => key);
    expect(await keys()).toEqual(['p-deep']);
    await finder.index.edit('src/one.ts', `export const one = (key: string) => key;`, '1');
    await finder.settle();
    expect(await keys()).toEqual([]);
    await finder.index.edit('src/one.ts', layers['src/one.ts'], '2');
    await finder.settle();
    expect(await keys()).toEqual(['p-deep']);
  });

  it('end where they call each other in a circle', async () => {
    const sources = {
      'w.ts': `${client}export function a(k: string): boolean { return k === '' ? b(k) : client.getBooleanValue(k, false); }\nexport function b(k: string): boolean { return a(k); }`,
      'u.ts': `import { a, b } from './w';\na('x');\nb('y');`,
    };
    expect(await all(sources)).toEqual(['u.ts:2 x evaluation wrapper certain', 'u.ts:3 y evaluation wrapper certain']);
    const without = { ...sources, 'w.ts': sources['w.ts'].replace('client.getBooleanValue(k, false)', 'false') };
    expect(await all(without)).toEqual([]);
  });
});

describe('what holds its key', () => {
  const maker = `${client}export const makeFlag = (key: string) => () => client.getBooleanValue(key, false);
export class Flag {
  constructor(private readonly key: string) {}
  isOn() { return client.getBooleanValue(this.key, false); }
  isOff() { return !this.isOn(); }
}`;

  it('is asked by its methods, the key being written where it was made', async () => {
    const use = `import { Flag } from './w';\nconst checkout = new Flag('obj');\nif (checkout.isOn()) go();\nif (checkout.isOff()) stop();`;
    expect(await all({ 'w.ts': maker, 'u.ts': use })).toEqual([
      'u.ts:2 obj definition property certain',
      'u.ts:3 obj evaluation property certain',
      'u.ts:4 obj evaluation property certain',
    ]);
    const finder = await finderOf({ 'w.ts': maker, 'u.ts': use });
    expect(finder.references('obj').flatMap(({ regions }) => regions.map(({ when }) => whenText(when)))).toEqual([
      'truthy',
      'falsy',
    ]);
  });

  it('may be a function made for a key', async () => {
    const use = `import { makeFlag } from './w';\nconst isOn = makeFlag('made');\nfunction f() {\n  if (isOn()) {\n    go();\n  }\n}`;
    const reference = await only({ 'w.ts': maker, 'u.ts': use }, 'u.ts');
    expect(reference).toMatchObject({ key: 'made', line: 2 });
  });
});

describe('methods that others override', () => {
  it.each([
    [
      'abstract class',
      `export abstract class Base { abstract on(k: string): boolean } export class Impl extends Base { on(k: string) { return client.getBooleanValue(k, false); } }`,
    ],
    [
      'class that others stand on',
      `export class Base { on(k: string) { return client.getBooleanValue(k, false); } } export class Impl extends Base {}`,
    ],
  ])('%s', async (_, source) => {
    const use = `import { Base, Impl } from './w'; class A { constructor(private b: Base, private i: Impl) {} f() { return this.b.on('x') && this.i.on('y'); } }`;
    expect(
      (await found(use, 'src/a.ts', { 'src/w.ts': client + source })).filter((each) => each.includes('wrapper')).length,
    ).toBeGreaterThan(0);
  });

  it('are asked of what a container of services gives', async () => {
    const source = `${client}export class FlagService { isOn(k: string) { return client.getBooleanValue(k, false); } }`;
    const use = `import { inject } from '@angular/core'; import { FlagService } from './w'; class A { private readonly x = inject(FlagService); f() { return this.x.isOn('k'); } }`;
    expect(await found(use, 'src/a.ts', { 'src/w.ts': source })).toEqual(['k@1 wrapper']);
  });
});

describe('services of flags of other packages', () => {
  const keys = {
    'Keys.cs': 'namespace A; public static class FeatureFlagKeys { public const string New = "new-one"; }',
  };
  const using = 'using Acme.Sdk.Features;\nnamespace A;\n';

  it('count for the constants of a service of flags, whatever these are called; not for those of others', async () => {
    const of = (cls: string): string =>
      `using Acme.Sdk.Features;\npublic class ${cls} {\n  private const string Prefix = "shop.";\n  private const string Banner = Prefix + "banner";\n  private readonly IFeatureFlagClient _client;\n  public bool A() => _client.IsEnabled(Banner, defaultValue: false);\n  public bool B() => _client.IsEnabled("written-out", false);\n}\n`;
    expect(await found(of('FeatureFlagService'), 'Flags.cs')).toEqual(['shop.banner@6 constant']);
    expect(await found(of('Window'), 'Window.cs')).toEqual([]);
  });

  it('count for keys out of a table of flags, through what the project makes of them', async () => {
    const sources = {
      ...keys,
      'Service.cs': `${using}public interface IFlags { bool On(string key); }\npublic class Flags : IFlags { private readonly Acme.Sdk.Features.IFeatureService _featureService; public Flags(Acme.Sdk.Features.IFeatureService s) { _featureService = s; } public bool On(string key) => _featureService.IsEnabled(key, false); }`,
      'Gate.cs': `namespace A;\npublic class RequireFlagAttribute : ActionFilterAttribute { private readonly string _key; public RequireFlagAttribute(string key) { _key = key; } public override void OnActionExecuting(C c) { if (!c.Services.GetRequiredService<IFlags>().On(_key)) throw new X(); } }`,
      'Use.cs': `namespace A;\npublic class Use {\n  [RequireFlag(FeatureFlagKeys.New)]\n  public void M(IFlags flags) {\n    if (flags.On(FeatureFlagKeys.New)) Go();\n    flags.On("literal");\n  }\n}`,
    };
    expect(await all(sources)).toEqual([
      'Keys.cs:1 new-one definition property certain',
      'Use.cs:3 new-one evaluation constant certain',
      'Use.cs:5 new-one evaluation constant certain',
    ]);
    const { index } = await finderOf(sources);
    const [attribute] = (await index.facts('Use.cs'))!.references;
    expect(attribute!.regions.map(({ endLine, when }) => [endLine, whenText(when)])).toEqual([[7, 'truthy']]);
  });

  it.each([
    'plan.HasFeature(FeatureFlagKeys.New);',
    'licenseService.IsFeatureEnabled(LicenseFeatures.Sso);',
    'logger.LogInformation(FeatureFlagKeys.New);',
    'featureCache.Remove(FeatureFlagKeys.New);',
    'featureService.IsEnabled("literal");',
    'routes.Get(FeatureFlagKeys.New);',
  ])('do not count: %s', async (statement) => {
    const source = `${using}public class Use { public void M(dynamic plan) { ${statement} } }\npublic static class LicenseFeatures { public const string Sso = "sso"; }`;
    expect((await all({ ...keys, 'Use.cs': source })).filter((each) => each.includes('evaluation'))).toEqual([]);
  });
});

describe('all flags at once', () => {
  it('are followed into parameters of functions elsewhere, not where a page fills them by hand', async () => {
    const sources = {
      'src/ld.ts': `import type { LDClient } from '@launchdarkly/node-server-sdk';\nexport interface Service { allFlags(): Promise<object> }\nexport const service = (ld: LDClient): Service => ({ allFlags: async () => { const s = await ld.allFlagsState({}); return s.allValues(); } });`,
      'src/use.ts': `import type { Service } from './ld'; import { check } from './check';\nexport async function run(launchDarkly: Service) {\n  const featureFlags = await launchDarkly.allFlags();\n  check(1, { featureFlags });\n  if (featureFlags['direct']) go();\n}`,
      'src/check.ts': `export function check(n: number, { featureFlags }: Args) {\n  if (featureFlags?.['handed']) go();\n}\nexport function page(byHand: object) {\n  const flags = { x: true };\n  return flags.x && render(byHand);\n}`,
    };
    expect(await all(sources)).toEqual([
      'src/check.ts:2 handed evaluation property certain',
      'src/use.ts:5 direct evaluation property certain',
    ]);
  });

  it('guard by what is read or taken out of them, however deep', async () => {
    const source = `import { useFlags } from 'launchdarkly-react-client-sdk';
export const useAll = () => ({ flags: useFlags() });
export function A() {
  const { flags: { new_checkout } } = useAll();
  if (!new_checkout) return null;
  return 1;
}`;
    const reference = await only({ 'a.tsx': source }, 'a.tsx');
    expect(reference).toMatchObject({ key: 'new_checkout', via: 'destructured', certainty: 'certain' });
    expect(reference.regions.map(({ when }) => whenText(when))).toEqual(['falsy', 'truthy']);
  });
});

describe('known keys', () => {
  it.each([
    [`featureGate.allows('k');`, 'evaluation literal likely'],
    [`isFeatureOn('k');`, 'evaluation literal likely'],
    [`router.push('k');`, 'mention literal likely'],
    [`const path = 'k';`, 'mention literal likely'],
  ])('%s', async (statement, expected) => {
    const source = `${client}client.getBooleanValue('other', false);\n${statement}`;
    expect(await all({ 'a.ts': source }, ['k', 'other'])).toEqual([
      'a.ts:3 other evaluation literal certain',
      `a.ts:4 k ${expected}`,
    ]);
  });

  it('are nothing unless a system is connected', async () => {
    expect(await all({ 'a.ts': `${client}client.getBooleanValue('other', false);\nisFeatureOn('k');` })).toEqual([
      'a.ts:3 other evaluation literal certain',
    ]);
  });
});

describe('why not', () => {
  it.each([
    [`plan.hasPerk('k');`, /^plan\.hasPerk\(…\): no flag SDK and no wrapper/],
    [
      `import { isOn } from './other'; isOn('k');`,
      /^isOn\(…\): a function of src\/other\.ts whose parameters lead to no call/,
    ],
    [`import { isOn } from 'elsewhere'; isOn('k');`, /^isOn\(…\): .*elsewhere/],
  ])('%s', async (statement, words) => {
    const { index } = await finderOf({
      'src/a.ts': statement,
      'src/other.ts': 'export const isOn = (k: string) => k;',
      'src/w.ts': `${client}export class F { isOn(k: string) { return client.getBooleanValue(k, false); } }`,
    });
    const [why] = await index.explain('src/a.ts', 1);
    expect(why).toMatch(words);
  });
});

describe('the found set', () => {
  const parts = (local: string): string[] => [
    `const NEW = 'new-one';`,
    `const client = OpenFeature.getClient();`,
    `function isOn(${local}: string) { return client.getBooleanValue(${local}, false); }`,
    `export function run(x: number) { const ${local}2 = isOn(NEW); if (${local}2) return x; return isOn('two'); }`,
  ];
  const head = `import { OpenFeature } from '@openfeature/server-sdk';`;
  const keysOf = async (sources: Readonly<Record<string, string>>): Promise<unknown[]> => {
    const { index } = await finderOf(sources);
    const { references } = (await index.facts('a.ts'))!;
    return references
      .filter(({ kind }) => kind === 'evaluation')
      .map(({ key, certainty }) => `${key ?? ''} ${certainty}`)
      .sort();
  };

  it('does not change with names of locals, the order of declarations, nor where a constant stands', async () => {
    const name = fc.stringMatching(/^[a-z][a-z0-9]{2,8}$/).map((each) => `v_${each}`);
    const order = fc.shuffledSubarray([0, 1, 2, 3], { minLength: 4, maxLength: 4 });
    await fc.assert(
      fc.asyncProperty(name, order, fc.boolean(), async (local, indexes, isMoved) => {
        const statements = indexes.map((i) => parts(local)[i] ?? '');
        const kept = isMoved ? statements.filter((each) => !each.startsWith('const NEW')) : statements;
        const moved = isMoved ? [`import { NEW } from './keys';`] : [];
        const sources = {
          'a.ts': [head, ...moved, ...kept].join('\n'),
          ...(isMoved && { 'keys.ts': `export const NEW = 'new-one';` }),
        };
        expect(await keysOf(sources)).toEqual(['new-one certain', 'two certain']);
      }),
      { numRuns: 25 },
    );
  });
});
