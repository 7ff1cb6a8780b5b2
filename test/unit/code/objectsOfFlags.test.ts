import { describe, expect, it } from 'vitest';
import { finderOf } from './finderHarness';

/** `path:line key via` of the evaluations, then what is not certain about them. */
async function rows(files: Readonly<Record<string, string>>, knownKeys: readonly string[] = []): Promise<string[]> {
  const finder = await finderOf(files, { knownKeys });
  return finder
    .references()
    .filter(({ kind }) => kind === 'evaluation')
    .map(({ path, line, key, pattern, via, certainty }) => {
      const sure = certainty === 'certain' ? '' : ` ${certainty}`;
      return `${path}:${String(line)} ${key ?? `/${pattern ?? ''}/`} ${via}${sure}`;
    });
}

describe('functions that are returned', () => {
  const gates = `import { useCallback } from 'react';
import { useStatsigClient } from '@statsig/react-bindings';
export function useGate() {
  const { client } = useStatsigClient();
  return (name: string) => client.checkGate(name);
}
export const useKept = () => {
  const { client } = useStatsigClient();
  const isOn = useCallback((name: string) => client.checkGate(name), [client]);
  return isOn;
};
`;

  it('are wrappers under the name that they are given', async () => {
    const page = `import { useGate, useKept } from './gates';
export function Page() {
  const gate = useGate();
  const kept = useKept();
  if (gate('new-ui')) return 1;
  return kept('kept-ui') ? 2 : 3;
}
`;
    expect(await rows({ 'src/gates.ts': gates, 'src/page.tsx': page })).toEqual([
      'src/page.tsx:5 new-ui wrapper',
      'src/page.tsx:6 kept-ui wrapper',
    ]);
  });

  it('are none of another function', async () => {
    const page = `import { useGate } from './gates';
const useLog = () => (text: string) => console.log(text);
export function Page() {
  const gate = useLog();
  const made = useGate;
  gate('said');
  return made.length;
}
`;
    expect(await rows({ 'src/gates.ts': gates, 'src/page.tsx': page })).toEqual([]);
  });
});

describe('objects that a function makes for a key', () => {
  const flags = `import { OpenFeature } from '@openfeature/server-sdk';
const client = OpenFeature.getClient();
export function createFlag(key: string) {
  return { key, isOn: () => client.getBooleanValue(key, false), label: () => key };
}
export function defineFlag(options: { key: string; fallback: string }) {
  return { ...options, get: () => client.getStringValue(options.key, options.fallback) };
}
export const checkout = createFlag('checkout');
export const theme = defineFlag({ key: 'theme', fallback: 'light' });
`;

  it('are asked where their method is called, not where they are made', async () => {
    const page = `import { client } from './sdk';
import { checkout, theme } from './flags';
export async function page() {
  if (await checkout.isOn()) return 1;
  checkout.label();
  return theme.get();
}
`;
    expect(await rows({ 'src/flags.ts': flags, 'src/page.ts': page })).toEqual([
      'src/page.ts:4 checkout property',
      'src/page.ts:6 theme property',
    ]);
  });

  it('hand out their key', async () => {
    const page = `import { OpenFeature } from '@openfeature/server-sdk';
import { checkout } from './flags';
export const page = () => OpenFeature.getClient().getBooleanValue(checkout.key, false);
`;
    expect(await rows({ 'src/flags.ts': flags, 'src/page.ts': page })).toEqual(['src/page.ts:3 checkout property']);
  });
});

describe('what of its own object a method asks by', () => {
  it('is the class in PHP, whoever inherits it', async () => {
    const base = `<?php
namespace App\\Support;
use Laravel\\Pennant\\Feature;
abstract class AbstractFeature {
  public static function active(): bool { return Feature::active(static::class); }
  public static function label(): string { return static::class; }
}
`;
    const feature = `<?php
namespace App\\Features;
use App\\Support\\AbstractFeature;
class OneTime extends AbstractFeature { }
`;
    const use = `<?php
namespace App\\Http;
use App\\Features\\OneTime;
use App\\Models\\Plan;
function go() {
  if (OneTime::active()) return 1;
  OneTime::label();
  return Plan::active();
}
`;
    const files = {
      'composer.json': '{"autoload":{"psr-4":{"App\\\\":"app/"}}}',
      'app/Support/AbstractFeature.php': base,
      'app/Features/OneTime.php': feature,
      'app/Http/go.php': use,
    };
    expect(await rows(files)).toEqual(['app/Http/go.php:6 App\\Features\\OneTime wrapper']);
  });

  const goFlags = `package flags

import (
	"context"
	ld "github.com/launchdarkly/go-server-sdk/v7"
	"github.com/launchdarkly/go-sdk-common/v3/ldcontext"
	"github.com/open-feature/go-sdk/openfeature"
)

type Flag struct {
	Key     string
	Default bool
}

func NewFlag(key string) *Flag { f := &Flag{Key: key}; return f }

func (f *Flag) On(ctx context.Context) bool {
	v, _ := openfeature.NewClient("a").BooleanValue(ctx, f.Key, f.Default, openfeature.EvaluationContext{})
	return v
}
func (f *Flag) Name() string { return f.Key }

var Checkout = Flag{Key: "checkout", Default: false}
var Made = NewFlag("made")
var All = map[string]Flag{"cart": {Key: "new-cart"}}
var Names = struct{ Dark string }{Dark: "dark-mode"}

type Client struct{ inner *ld.LDClient }

func New(inner *ld.LDClient) *Client { return &Client{inner: inner} }

func (c *Client) Enabled(f Flag, u ldcontext.Context) bool {
	on, _ := c.inner.BoolVariation(f.Key, u, f.Default)
	return on
}
func (c *Client) Named(name string, u ldcontext.Context) bool {
	on, _ := c.inner.BoolVariation(name, u, false)
	return on
}
`;

  it('is a field of a struct in Go, set by name, by place in a map, or by a function', async () => {
    const use = `package use

import "example.com/shop/flags"

type Handler struct {
	flags *flags.Client
	plans Plans
}

func (h *Handler) Do(u any) bool {
	h.flags.Enabled(flags.Checkout, u)
	h.flags.Enabled(flags.All["cart"], u)
	h.flags.Enabled(flags.Flag{Key: "inline"}, u)
	h.flags.Named(flags.Names.Dark, u)
	flags.New(nil).Named("local", u)
	h.plans.Named("no-key", u)
	flags.Made.Name()
	return flags.Made.On(u)
}
`;
    const files = { 'go.mod': 'module example.com/shop\n', 'flags/flags.go': goFlags, 'use/use.go': use };
    expect(await rows(files)).toEqual([
      'use/use.go:11 checkout property',
      'use/use.go:12 new-cart property',
      'use/use.go:13 inline wrapper',
      'use/use.go:14 dark-mode property',
      'use/use.go:15 local wrapper',
      'use/use.go:18 made property',
    ]);
  });
});

describe('keys that are known', () => {
  const known = ['new-checkout', 'dark-mode'];

  it('are likely evaluations where what says flag is given them, in files that name no SDK', async () => {
    const files = {
      'src/a.ts': `export const a = (service: Any) => service.checkExperiment('new-checkout');`,
      'src/b.py': 'def b():\n    return is_feature_on("dark-mode")\n',
      'src/C.swift': 'func c() -> Bool { return gates.has("dark-mode") }\n',
      'src/d.go': 'package d\n\nfunc d() bool { return toggleFor("dark-mode") }\n',
      'src/e.rb': 'def e\n  feature?(:"dark-mode")\nend\n',
      'src/F.java': 'class F { boolean f() { return variants.of("new-checkout"); } }\n',
    };
    expect(await rows(files, known)).toEqual([
      'src/C.swift:1 dark-mode literal likely',
      'src/F.java:1 new-checkout literal likely',
      'src/a.ts:1 new-checkout literal likely',
      'src/b.py:2 dark-mode literal likely',
      'src/d.go:3 dark-mode literal likely',
      'src/e.rb:2 dark-mode literal likely',
    ]);
    expect(await rows(files)).toEqual([]);
  });

  it('are none where nothing says flag, nor longer ones that begin alike', async () => {
    const files = {
      'src/a.ts': `export const a = () => track('new-checkout');`,
      'src/b.ts': `export const b = () => isFeatureOn('dark-mode-2');\n// isFeatureOn('dark-mode')\n`,
      'src/c.ts': `export const c = "isFeatureOn('dark-mode')";\n`,
    };
    expect(await rows(files, known)).toEqual([]);
  });

  it('are found in a file that changes', async () => {
    const finder = await finderOf({ 'src/a.ts': 'export const a = 1;' }, { knownKeys: known });
    finder.files.set('/shop/src/a.ts', new TextEncoder().encode(`export const a = () => isFeatureOn('dark-mode');`));
    await finder.index.changed(['src/a.ts']);
    expect(finder.references('dark-mode').map(({ certainty }) => certainty)).toEqual(['likely']);
  });
});

describe('unions of texts', () => {
  it('name a type: who is given one of them asks, the type does not', async () => {
    const files = {
      'src/a.ts': `import { useFlag } from '@unleash/proxy-client-react';
export type FlagName = 'new-checkout' | 'dark-mode';
export interface Props { readonly flag: FlagName | 'third' }
export function useIsOn(flag: FlagName): boolean { return useFlag(flag); }
`,
      'src/b.ts': `import { useIsOn, type FlagName } from './a';
const mine: FlagName = 'dark-mode';
export const B = () => useIsOn(mine);
`,
    };
    expect(await rows(files)).toEqual(['src/b.ts:3 dark-mode constant']);
  });
});
