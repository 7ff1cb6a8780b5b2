import { describe, expect, it } from 'vitest';
import { finderOf } from './finderHarness';

/** `path:line key certainty` of all evaluations of a workspace that is scanned, no file of it opened. */
async function scanned(sources: Readonly<Record<string, string>>): Promise<string[]> {
  const finder = await finderOf(sources);
  return finder
    .references()
    .filter(({ kind }) => kind === 'evaluation')
    .map(({ path, line, key, certainty }) => `${path}:${String(line)} ${key ?? ''} ${certainty}`);
}

describe('ways in which products ask for flags', () => {
  it('a hook that one of two builds takes from the SDK, given on under the name of either', async () => {
    expect(
      await scanned({
        'src/env.ts': `import { useFlag as useTheirs } from '@unleash/proxy-client-react';\nconst ours = (flag: string): boolean => false;\nexport const useSwitch = !process.env.LOCAL ? useTheirs : ours;`,
        'src/page.tsx': `import { useSwitch } from './env';\nexport const Page = () => useSwitch('page.new') && <b />;`,
        'src/other.tsx': `import { useSwitch } from './elsewhere';\nexport const Other = () => useSwitch('lamp');`,
      }),
    ).toEqual(['src/page.tsx:2 page.new certain']);
  });

  it('an SDK given on as it is', async () => {
    expect(
      await scanned({
        'src/sdk/index.ts': `export { useVariant } from '@unleash/proxy-client-react';`,
        'src/page.tsx': `import { useVariant as usePart } from './sdk';\nexport const Page = () => usePart('page.part').name;`,
        'app/asking.py': `from UnleashClient import UnleashClient\n\nasking = UnleashClient(url='x', app_name='a')`,
        'app/page.py': `from asking import asking\n\nif asking.is_enabled('page.py'):\n    pass`,
      }),
    ).toEqual(['app/page.py:3 page.py certain', 'src/page.tsx:2 page.part certain']);
  });

  it('a wrapper without a name, known by its file', async () => {
    expect(
      await scanned({
        'src/useToggle.js': `import { useFlag } from '@unleash/proxy-client-react';\nexport default (flag) => {\n  const on = useFlag(flag);\n  return on;\n};`,
        'src/isLit/index.js': `import { isEnabled } from 'unleash-client';\nexport default function (flag) { return isEnabled(flag); }`,
        'src/page.js': `import useToggle from './useToggle';\nimport lit from './isLit';\nexport const Page = () => useToggle('page.new') || lit('page.lit');`,
      }),
    ).toEqual(['src/page.js:3 page.new certain', 'src/page.js:3 page.lit certain']);
  });

  it('a hook that takes the one out of all flags that its parameter names', async () => {
    expect(
      await scanned({
        'src/useOn.ts': `import { useFlags } from 'launchdarkly-react-client-sdk';\nexport const useOn = (key: Keys, otherwise = false): boolean => {\n  const flags = useFlags();\n  return flags[key] ?? otherwise;\n};`,
        'src/keys.ts': `export enum Keys { NEW = 'IS_NEW' }`,
        'src/page.ts': `import { useOn } from './useOn';\nimport { Keys } from './keys';\nexport const usePage = () => useOn(Keys.NEW);`,
      }),
    ).toEqual(['src/page.ts:3 IS_NEW certain']);
  });

  it('a wrapper that is given an object which holds the key', async () => {
    expect(
      await scanned({
        'src/feature.ts': `export class Feature<T> { readonly id: string; readonly otherwise: T; constructor(id: string, otherwise: T) { this.id = id; this.otherwise = otherwise; } }\nexport const wide = new Feature('page_wide', false);\nexport const parts = { left: new Feature('page_left', 1) };`,
        'src/useValue.ts': `import { useGrowthBook } from '@growthbook/growthbook-react';\nimport type { Feature } from './feature';\nexport const useValue = <T,>({ feature, when }: { feature: Feature<T>; when?: boolean }) => {\n  const gb = useGrowthBook();\n  return when ? gb.getFeatureValue(feature.id, feature.otherwise) : feature.otherwise;\n};`,
        'src/page.ts': `import { useValue } from './useValue';\nimport { parts, wide } from './feature';\nexport const usePage = (small: boolean) => {\n  const one = useValue({ feature: wide, when: true });\n  const two = useValue({\n    feature: parts.left,\n  });\n  const request = { feature: wide };\n  return [one, two, useValue(request)];\n};`,
      }),
    ).toEqual([
      'src/page.ts:4 page_wide certain',
      'src/page.ts:6 page_left certain',
      'src/page.ts:9 page_wide certain',
    ]);
  });

  it('a use case that is handed its request, made of what names the flag, and hands it on', async () => {
    expect(
      await scanned({
        'src/ld.ts': `import { LDClient } from 'launchdarkly-node-server-sdk';\nexport class LdService implements IFlags {\n  private client: LDClient;\n  private async get(key: string, context: object, otherwise: boolean) { return await this.client.variation(key, context, otherwise); }\n  async forUser(key: string, otherwise: boolean, user: string) { return await this.get(key, { user }, otherwise); }\n}`,
        'src/service.ts': `import { IFlags } from './types';\nexport class FlagsService {\n  service: IFlags;\n  async withContext(asked: Asked) { const { otherwise, key } = asked; return this.get(key, otherwise); }\n  async get(key: string, otherwise: boolean) { switch (this.how) { case 'user': return (await this.service.forUser(key, otherwise, 'u')) satisfies boolean; } }\n}`,
        'src/command.ts': `export class AskCommand extends Base { key: string; user: string; }`,
        'src/ask.ts': `import { FlagsService } from './service';\nimport { AskCommand } from './command';\nexport class Ask {\n  constructor(protected flags: FlagsService) {}\n  async execute(command: AskCommand) { return await this.flags.withContext({ ...command, otherwise: false }); }\n}`,
        'src/page.ts': `import { Ask } from './ask';\nimport { AskCommand } from './command';\nexport class Page {\n  constructor(private ask: Ask, private door: Door) {}\n  async show() {\n    await this.ask.execute(AskCommand.create({ key: 'page.new', user: 'u' }));\n    const command = { key: 'page.wide' };\n    await this.ask.execute(new AskCommand(command));\n    await this.door.execute(AskCommand.create({ key: 'front' }));\n  }\n}`,
      }),
    ).toEqual(['src/page.ts:6 page.new certain', 'src/page.ts:8 page.wide certain']);
  });

  it('a function that a context hands out, kept by a hook', async () => {
    expect(
      await scanned({
        'src/provider.tsx': `import { useCallback, useContext } from 'react';\nimport { GrowthBook } from '@growthbook/growthbook';\nexport const useReady = () => useContext(ReadyContext);\nexport const Provider = () => {\n  const gb = new GrowthBook();\n  const ready: ReadyContextValue = {\n    ready: true,\n    getFeatureValue: useCallback((feature) => gb.getFeatureValue(feature.id, feature.otherwise), [gb]),\n  };\n  return <ReadyContext.Provider value={ready} />;\n};`,
        'src/feature.ts': `export class Feature { readonly id: string; constructor(id: string) { this.id = id; } }\nexport const wide = new Feature('page_wide');`,
        'src/page.tsx': `import { useReady } from './provider';\nimport { wide } from './feature';\nexport const usePage = () => {\n  const { getFeatureValue } = useReady();\n  return getFeatureValue(wide);\n};`,
        'src/useOn.ts': `import { useCallback } from 'react';\nimport { useUnleashClient } from '@unleash/proxy-client-react';\nexport const usePart = () => {\n  const client = useUnleashClient();\n  const isOn = useCallback((name: string) => client.isEnabled(name), [client]);\n  return isOn('page.part');\n};`,
      }),
    ).toEqual(['src/page.tsx:5 page_wide certain', 'src/useOn.ts:6 page.part certain']);
  });

  it('a client that a file makes in one of several ways', async () => {
    expect(
      await scanned({
        'lib/asking.py': `from settings import local\n\nclass Nothing:\n    def is_enabled(self, name):\n        return False\n\nif local:\n    ASKING = Nothing()\nelse:\n    from UnleashClient import UnleashClient\n    ASKING = UnleashClient(url='x', app_name='a')`,
        'lib/page.py': `from lib.asking import ASKING\n\nNEW = 'page-new'\n\ndef page(lamp):\n    lamp.is_enabled('light')\n    return ASKING.is_enabled(NEW)`,
      }),
    ).toEqual(['lib/page.py:7 page-new certain']);
  });

  it("a client of the project's own that is called as the vendor's", async () => {
    expect(
      await scanned({
        'pkg/flags/manager.go': `package flags\n\nvar Manager launchDarklyManager\n\ntype launchDarklyManager struct{ values map[string]any }\n\nfunc (m *launchDarklyManager) BoolVariation(key string, who Who, otherwise bool) bool {\n\tvalue, ok := m.values[key].(bool)\n\tif !ok {\n\t\treturn otherwise\n\t}\n\treturn value\n}`,
        'pkg/door/door.go': `package door\n\ntype door struct{}\n\nfunc (d *door) BoolVariation(key string, otherwise bool) bool { return otherwise }`,
        'cmd/page.go': `package cmd\n\nimport (\n\t"shop/pkg/door"\n\t"shop/pkg/flags"\n)\n\nfunc page(who flags.Who, d door.door) bool {\n\treturn flags.Manager.BoolVariation("page.new", who, false) && d.BoolVariation("door", true)\n}`,
        'go.mod': 'module shop\n',
      }),
    ).toEqual(['cmd/page.go:9 page.new certain']);
  });

  it("Flask's extension of Unleash, asked by its client", async () => {
    expect(
      await scanned({
        'lib/asking.py': `from flask_unleash import Unleash\n\nUNLEASH = Unleash()\n\ndef value_of(name, context):\n    return UNLEASH.client.is_enabled(name, context)`,
        'lib/page.py': `from lib.asking import value_of\n\nif value_of('page.new', {}):\n    pass`,
      }),
    ).toEqual(['lib/page.py:3 page.new certain']);
  });

  it("a package's function that asks, of keys out of a table of flags; not the table of settings", async () => {
    expect(
      await scanned({
        'main/features.py': `NEW = 'page-new'\nOLD = 'page-old'`,
        'main/page.py': `from acme.posthog.features import is_enabled\nfrom django.conf import settings\nfrom main import features\n\nif is_enabled(features.NEW) and not settings.FEATURES.get(features.OLD, False):\n    pass`,
      }),
    ).toEqual(['main/page.py:5 page-new certain']);
  });

  it('a wrapper with types of Flow', async () => {
    expect(
      await scanned({
        'src/util.js': `// @flow\nimport posthog from 'posthog-js';\nexport const isOn = (flag: string, id: string | number) => posthog.isFeatureEnabled(flag);`,
        'src/page.js': `// @flow\nimport { isOn } from './util';\nexport const page = (id: number) => isOn('page-new', id);`,
      }),
    ).toEqual(['src/page.js:3 page-new certain']);
  });

  it('not the flags of a command line', async () => {
    expect(
      await scanned({
        'cmd/root.go': `package cmd\n\nimport "github.com/spf13/cobra"\n\nconst clusterFlagName = "cluster"\n\nfunc link(cmd *cobra.Command) (string, error) {\n\tcmd.PersistentFlags().Bool(clusterFlagName, false, "x")\n\tif cmd.Flags().Changed(clusterFlagName) {\n\t\treturn cmd.Flags().GetString(clusterFlagName)\n\t}\n\treturn "", nil\n}`,
      }),
    ).toEqual([]);
  });
});
