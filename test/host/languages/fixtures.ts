/**
 * One small program a language, each the same: a key written at a call, the same once more, a wrapper and a call of it, a
 * constant that holds the key, a result that is compared. Marks stand in the text where tests go to: `«key»` before the
 * key, `«region»` inside what runs for it, `«again»`, `«wrapper»` at the wrapper's own name, `«wrapped»` at the key that it
 * is given, `«constant»` at the text that a constant holds, `«named»` at the name where it is asked for by that,
 * `«write»` where a person goes on writing.
 */
export interface Fixture {
  readonly title: string;
  readonly path: string;
  readonly marked: string;
  /** What a person writes at `«write»`, with `|` at the cursor, in a text that is not whole. */
  readonly writes: {
    readonly key: string;
    readonly wrapped: string;
    readonly variant: string;
  };
}

export type Mark = 'key' | 'again' | 'region' | 'wrapper' | 'wrapped' | 'constant' | 'named' | 'write';

const ecmascript = (types: boolean): string => `import { OpenFeature } from '@openfeature/server-sdk';
const client = OpenFeature.getClient();
export const NEW_CHECKOUT = «constant»'new-checkout';
async function «wrapper»isOn(key${types ? ': string' : ''})${types ? ': Promise<boolean>' : ''} {
  return client.getBooleanValue(key, false);
}
export async function checkout()${types ? ': Promise<string>' : ''} {
  if (await client.getBooleanValue(«key»'new-checkout', false)) {
    return «region»'fresh';
  }
  const again = await client.getBooleanValue(«again»'new-checkout', false);
  const third = await client.getBooleanValue(«named»NEW_CHECKOUT, false);
  const gift = await isOn(«wrapped»'gift-wrapping');
  const theme = await client.getStringValue('theme', 'red');
  «write»
  if (theme === 'blue') return 'blue';
  return String(again && gift && third);
}
`;
const ecmascriptWrites = {
  key: `const on = await client.getBooleanValue('new-|`,
  wrapped: `const on = await isOn('gi|`,
  variant: `if (theme === 'bl|')`,
};

const react = `import { useBooleanFlagValue, useStringFlagValue } from '@openfeature/react-sdk';
export const NEW_CHECKOUT = «constant»'new-checkout';
function «wrapper»useFeature(key: string): boolean {
  return useBooleanFlagValue(key, false);
}
export function Checkout(): React.JSX.Element {
  const fresh = useBooleanFlagValue(«key»'new-checkout', false);
  const again = useBooleanFlagValue(«again»'new-checkout', false);
  const third = useBooleanFlagValue(«named»NEW_CHECKOUT, false);
  const gift = useFeature(«wrapped»'gift-wrapping');
  const theme = useStringFlagValue('theme', 'red');
  «write»
  if (fresh) {
    return <b>«region»fresh</b>;
  }
  return <p className={theme}>{String(gift && again && third)}</p>;
}
`;

const vue = `<script setup>
import { useFlag, useVariant } from '@unleash/proxy-client-vue';
const NEW_CHECKOUT = «constant»'new-checkout';
function «wrapper»useFeature(key) {
  return useFlag(key);
}
const fresh = useFlag(«key»'new-checkout');
const again = useFlag(«again»'new-checkout');
const third = useFlag(«named»NEW_CHECKOUT);
const gift = useFeature(«wrapped»'gift-wrapping');
const theme = useVariant('theme');
«write»
</script>
<template>
  <p v-if="fresh">«region»fresh</p>
  <p>{{ gift }} {{ again }} {{ third }} {{ theme }}</p>
</template>
`;

const svelte = `<script>
import { useFlag, useVariant } from '@unleash/proxy-client-svelte';
const NEW_CHECKOUT = «constant»'new-checkout';
function «wrapper»useFeature(key) {
  return useFlag(key);
}
const fresh = useFlag(«key»'new-checkout');
const again = useFlag(«again»'new-checkout');
const third = useFlag(«named»NEW_CHECKOUT);
const gift = useFeature(«wrapped»'gift-wrapping');
const theme = useVariant('theme');
«write»
</script>
{#if $fresh}
  <p>«region»fresh</p>
{/if}
<p>{$gift} {$again} {$third} {$theme.name}</p>
`;

const html = `<!doctype html>
<script type="module">
import { OpenFeature } from '@openfeature/web-sdk';
const client = OpenFeature.getClient();
const NEW_CHECKOUT = «constant»'new-checkout';
function «wrapper»isOn(key) {
  return client.getBooleanValue(key, false);
}
if (client.getBooleanValue(«key»'new-checkout', false)) {
  show(«region»'fresh');
}
const again = client.getBooleanValue(«again»'new-checkout', false);
const third = client.getBooleanValue(«named»NEW_CHECKOUT, false);
const gift = isOn(«wrapped»'gift-wrapping');
const theme = client.getStringValue('theme', 'red');
«write»
if (theme === 'blue') show('blue');
</script>
`;

const python = `from openfeature import api

client = api.get_client()
NEW_CHECKOUT = «constant»"new-checkout"


def «wrapper»is_on(key: str) -> bool:
    return client.get_boolean_value(key, False)


def checkout() -> str:
    if client.get_boolean_value(«key»"new-checkout", False):
        return «region»"fresh"
    again = client.get_boolean_value(«again»"new-checkout", False)
    third = client.get_boolean_value(«named»NEW_CHECKOUT, False)
    gift = is_on(«wrapped»"gift-wrapping")
    theme = client.get_string_value("theme", "red")
    «write»
    if theme == "blue":
        return "blue"
    return str(again and gift and third)
`;

const go = `package shop

import (
	"context"

	"github.com/open-feature/go-sdk/openfeature"
)

const NewCheckout = «constant»"new-checkout"

var client = openfeature.NewClient("shop")

func «wrapper»isOn(ctx context.Context, key string) bool {
	on, _ := client.BooleanValue(ctx, key, false, openfeature.EvaluationContext{})
	return on
}

func Checkout(ctx context.Context) string {
	fresh, _ := client.BooleanValue(ctx, «key»"new-checkout", false, openfeature.EvaluationContext{})
	if fresh {
		return «region»"fresh"
	}
	again, _ := client.BooleanValue(ctx, «again»"new-checkout", false, openfeature.EvaluationContext{})
	third, _ := client.BooleanValue(ctx, «named»NewCheckout, false, openfeature.EvaluationContext{})
	gift := isOn(ctx, «wrapped»"gift-wrapping")
	theme, _ := client.StringValue(ctx, "theme", "red", openfeature.EvaluationContext{})
	«write»
	if theme == "blue" && again && gift && third {
		return "blue"
	}
	return "old"
}
`;

const java = `package shop;

import dev.openfeature.sdk.Client;

class Checkout {
  static final String NEW_CHECKOUT = «constant»"new-checkout";
  private final Client client;

  Checkout(Client client) {
    this.client = client;
  }

  boolean «wrapper»isOn(String key) {
    return client.getBooleanValue(key, false);
  }

  String checkout() {
    if (client.getBooleanValue(«key»"new-checkout", false)) {
      return «region»"fresh";
    }
    boolean again = client.getBooleanValue(«again»"new-checkout", false);
    boolean third = client.getBooleanValue(«named»NEW_CHECKOUT, false);
    boolean gift = isOn(«wrapped»"gift-wrapping");
    String theme = client.getStringValue("theme", "red");
    «write»
    if (theme.equals("blue")) {
      return "blue";
    }
    return String.valueOf(again && gift && third);
  }
}
`;

const kotlin = `package shop

import dev.openfeature.sdk.Client

const val NEW_CHECKOUT = «constant»"new-checkout"

class Checkout(private val client: Client) {
    fun «wrapper»isOn(key: String): Boolean = client.getBooleanValue(key, false)

    fun checkout(): String {
        if (client.getBooleanValue(«key»"new-checkout", false)) {
            return «region»"fresh"
        }
        val again = client.getBooleanValue(«again»"new-checkout", false)
        val third = client.getBooleanValue(«named»NEW_CHECKOUT, false)
        val gift = isOn(«wrapped»"gift-wrapping")
        val theme = client.getStringValue("theme", "red")
        «write»
        if (theme == "blue") {
            return "blue"
        }
        return (again && gift && third).toString()
    }
}
`;

const csharp = `using System.Threading.Tasks;
using OpenFeature;

namespace Shop;

class Checkout
{
    const string NewCheckout = «constant»"new-checkout";
    private readonly IFeatureClient client;

    public Checkout(IFeatureClient client) => this.client = client;

    async Task<bool> «wrapper»IsOn(string key)
    {
        return await client.GetBooleanValueAsync(key, false);
    }

    async Task<string> Order()
    {
        if (await client.GetBooleanValueAsync(«key»"new-checkout", false))
        {
            return «region»"fresh";
        }
        var again = await client.GetBooleanValueAsync(«again»"new-checkout", false);
        var third = await client.GetBooleanValueAsync(«named»NewCheckout, false);
        var gift = await IsOn(«wrapped»"gift-wrapping");
        var theme = await client.GetStringValueAsync("theme", "red");
        «write»
        if (theme == "blue")
        {
            return "blue";
        }
        return (again && gift && third).ToString();
    }
}
`;

const ruby = `require 'open_feature/sdk'

NEW_CHECKOUT = «constant»'new-checkout'

class Checkout
  def initialize
    @client = OpenFeature::SDK.build_client
  end

  def «wrapper»on?(key)
    @client.fetch_boolean_value(flag_key: key, default_value: false)
  end

  def order
    if @client.fetch_boolean_value(flag_key: «key»'new-checkout', default_value: false)
      return «region»'fresh'
    end
    again = @client.fetch_boolean_value(flag_key: «again»'new-checkout', default_value: false)
    third = @client.fetch_boolean_value(flag_key: «named»NEW_CHECKOUT, default_value: false)
    gift = on?(«wrapped»'gift-wrapping')
    theme = @client.fetch_string_value(flag_key: 'theme', default_value: 'red')
    «write»
    return 'blue' if theme == 'blue'

    (again && gift && third).to_s
  end
end
`;

const rust = `use open_feature::Client;

const NEW_CHECKOUT: &str = «constant»"new-checkout";

async fn «wrapper»is_on(client: &Client, key: &str) -> bool {
    client.get_bool_value(key, None, None).await.unwrap_or(false)
}

pub async fn checkout(client: &Client) -> String {
    if client.get_bool_value(«key»"new-checkout", None, None).await.unwrap_or(false) {
        return «region»"fresh".to_string();
    }
    let again = client.get_bool_value(«again»"new-checkout", None, None).await.unwrap_or(false);
    let third = client.get_bool_value(«named»NEW_CHECKOUT, None, None).await.unwrap_or(false);
    let gift = is_on(client, «wrapped»"gift-wrapping").await;
    let theme = client.get_string_value("theme", None, None).await.unwrap_or_default();
    «write»
    if theme == "blue" {
        return "blue".to_string();
    }
    format!("{}", again && gift && third)
}
`;

const php = `<?php

use OpenFeature\\OpenFeatureClient;

const NEW_CHECKOUT = «constant»'new-checkout';

class Checkout
{
    public function __construct(private OpenFeatureClient $client) {}

    private function «wrapper»isOn(string $key): bool
    {
        return $this->client->getBooleanValue($key, false);
    }

    public function order(): string
    {
        if ($this->client->getBooleanValue(«key»'new-checkout', false)) {
            return «region»'fresh';
        }
        $again = $this->client->getBooleanValue(«again»'new-checkout', false);
        $third = $this->client->getBooleanValue(«named»NEW_CHECKOUT, false);
        $gift = $this->isOn(«wrapped»'gift-wrapping');
        $theme = $this->client->getStringValue('theme', 'red');
        «write»
        if ($theme === 'blue') {
            return 'blue';
        }
        return (string) ($again && $gift && $third);
    }
}
`;

const swift = `import OpenFeature

let newCheckout = «constant»"new-checkout"

class Checkout {
    let client = OpenFeatureAPI.shared.getClient()

    func «wrapper»isOn(_ key: String) -> Bool {
        return client.getBooleanValue(key: key, defaultValue: false)
    }

    func order() -> String {
        if client.getBooleanValue(key: «key»"new-checkout", defaultValue: false) {
            return «region»"fresh"
        }
        let again = client.getBooleanValue(key: «again»"new-checkout", defaultValue: false)
        let third = client.getBooleanValue(key: «named»newCheckout, defaultValue: false)
        let gift = isOn(«wrapped»"gift-wrapping")
        let theme = client.getStringValue(key: "theme", defaultValue: "red")
        «write»
        if theme == "blue" {
            return "blue"
        }
        return String(again && gift && third)
    }
}
`;

export const fixtures = {
  typescript: { title: 'TypeScript', path: 'typescript/orders.ts', marked: ecmascript(true), writes: ecmascriptWrites },
  tsx: {
    title: 'TSX',
    path: 'tsx/Checkout.tsx',
    marked: react,
    writes: {
      key: `const on = useBooleanFlagValue('new-|`,
      wrapped: `const on = useFeature('gi|`,
      variant: `if (theme === 'bl|')`,
    },
  },
  javascript: {
    title: 'JavaScript',
    path: 'javascript/orders.mjs',
    marked: ecmascript(false),
    writes: ecmascriptWrites,
  },
  vue: {
    title: 'Vue',
    path: 'vue/Checkout.vue',
    marked: vue,
    writes: {
      key: `const on = useFlag('new-|`,
      wrapped: `const on = useFeature('gi|`,
      variant: `if (theme.value.name === 'bl|') go();`,
    },
  },
  svelte: {
    title: 'Svelte',
    path: 'svelte/Checkout.svelte',
    marked: svelte,
    writes: {
      key: `const on = useFlag('new-|`,
      wrapped: `const on = useFeature('gi|`,
      variant: `if ($theme.name === 'bl|') go();`,
    },
  },
  html: {
    title: 'HTML',
    path: 'html/index.html',
    marked: html,
    writes: {
      key: `const on = client.getBooleanValue('new-|`,
      wrapped: `const on = isOn('gi|`,
      variant: `if (theme === 'bl|') go();`,
    },
  },
  python: {
    title: 'Python',
    path: 'python/orders.py',
    marked: python,
    writes: {
      key: `if client.get_boolean_value("new-|`,
      wrapped: `if is_on("gi|`,
      variant: `if theme == "bl|":`,
    },
  },
  go: {
    title: 'Go',
    path: 'go/orders.go',
    marked: go,
    writes: {
      key: `if on, _ := client.BooleanValue(ctx, "new-|`,
      wrapped: `if isOn(ctx, "gi|`,
      variant: `if theme == "bl|" {}`,
    },
  },
  java: {
    title: 'Java',
    path: 'java/Checkout.java',
    marked: java,
    writes: {
      key: `if (client.getBooleanValue("new-|`,
      wrapped: `if (isOn("gi|`,
      variant: `if (theme.equals("bl|")) {}`,
    },
  },
  kotlin: {
    title: 'Kotlin',
    path: 'kotlin/Checkout.kt',
    marked: kotlin,
    writes: {
      key: `if (client.getBooleanValue("new-|`,
      wrapped: `if (isOn("gi|`,
      variant: `if (theme == "bl|") {}`,
    },
  },
  csharp: {
    title: 'C#',
    path: 'csharp/Checkout.cs',
    marked: csharp,
    writes: {
      key: `if (await client.GetBooleanValueAsync("new-|`,
      wrapped: `if (await IsOn("gi|`,
      variant: `if (theme == "bl|") {}`,
    },
  },
  ruby: {
    title: 'Ruby',
    path: 'ruby/checkout.rb',
    marked: ruby,
    writes: {
      key: `on = @client.fetch_boolean_value(flag_key: 'new-|`,
      wrapped: `on = on?('gi|`,
      variant: `return 1 if theme == 'bl|'`,
    },
  },
  rust: {
    title: 'Rust',
    path: 'rust/orders.rs',
    marked: rust,
    writes: {
      key: `let on = client.get_bool_value("new-|`,
      wrapped: `let on = is_on(client, "gi|`,
      variant: `if theme == "bl|" {}`,
    },
  },
  php: {
    title: 'PHP',
    path: 'php/Checkout.php',
    marked: php,
    writes: {
      key: `if ($this->client->getBooleanValue('new-|`,
      wrapped: `if ($this->isOn('gi|`,
      variant: `if ($theme === 'bl|') {}`,
    },
  },
  swift: {
    title: 'Swift',
    path: 'swift/Checkout.swift',
    marked: swift,
    writes: {
      key: `if client.getBooleanValue(key: "new-|`,
      wrapped: `if isOn("gi|`,
      variant: `if theme == "bl|" { return theme }`,
    },
  },
} as const satisfies Record<string, Fixture>;

export type LanguageName = keyof typeof fixtures;
export const languageNames = Object.keys(fixtures) as readonly LanguageName[];

/** The program as it is. */
export function plainText({ marked }: Fixture): string {
  return marked.replace(/«\w+»/g, '');
}

/** Where a mark stands in it. */
export function offsetOf(fixture: Fixture, mark: Mark): number {
  const [before = ''] = fixture.marked.split(`«${mark}»`);
  return before.replace(/«\w+»/g, '').length;
}
