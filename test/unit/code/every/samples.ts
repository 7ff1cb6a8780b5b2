/**
 * A file of a language that asks for three flags: by a literal, by a constant, by a function of its own. `¦` stands where
 * the language lets one write what {@link Sample.gaps} has; `«name»` is a name that nothing outside of the file sees.
 */
export interface Sample {
  readonly path: string;
  readonly head: string;
  /** In any order: what the file, or the class that `head` opens, declares. */
  readonly parts: readonly string[];
  readonly tail: string;
  /** `code` is in the file after its head, or in a file of its own, which then needs `head` here. */
  readonly constant: {
    readonly here: string;
    readonly away: { readonly path: string; readonly text: string; readonly head: string };
  } | null;
  /** Files that stand beside it. */
  readonly others?: Readonly<Record<string, string>>;
  readonly gaps: readonly string[];
  readonly keys: readonly string[];
}

const keys = ['constant-key', 'literal-key', 'wrapped-key'];
const braces = ['', ' ', '\n', '\t', '\r\n', ' /* it is */ ', '\n\n    '];
const tags = ['', ' ', '\n', '\t', '\n  '];

const script = (client: string): string[] => [
  `const «client» =¦ ${client};`,
  `export async function «first»(«user»¦) {¦ const «on» =¦ await «client»¦.getBooleanValue(¦'literal-key'¦,¦ false¦,¦ «user»¦);¦ return «on»;¦ }`,
  `export const «second» =¦ (¦«x»¦) =>¦ «client»¦.getBooleanValue(¦KEY¦,¦ «x»¦);`,
  `function «asks»(¦«name»¦)¦ {¦ return «client».getStringValue(¦«name»¦,¦ 'a');¦ }`,
  `export function «third»(¦) {¦ if (¦«asks»(¦'wrapped-key'¦)¦ === 'b'¦)¦ {¦ return 1;¦ }¦ return 2;¦ }`,
];
const openFeature = `import {¦ OpenFeature¦ } from '@openfeature/server-sdk';`;
const ecmascript = (path: string): Sample => ({
  path,
  head: openFeature,
  parts: script('OpenFeature¦.getClient(¦)'),
  tail: '',
  constant: {
    here: `const KEY =¦ 'constant-key';`,
    away: { path: 'src/keys.ts', text: `export const KEY = 'constant-key';`, head: `import {¦ KEY¦ } from './keys';` },
  },
  gaps: braces,
  keys,
});

const python: Sample = {
  path: 'src/shop.py',
  head: 'import ldclient\nfrom ldclient import (¦Context¦)\n',
  parts: [
    `def «first»(¦«user»¦):\n    «on» = ldclient.get(¦).variation(¦"literal-key"¦,¦ «user»¦,¦ False¦)\n    return «on»\n`,
    `def «second»(«user»,¦ «x»=1):\n    if (¦ldclient.get().variation(¦KEY¦,¦ «user»,¦ False)¦):\n        return «x»\n`,
    `def «asks»(«name»¦,¦ «user»):\n    return ldclient.get().variation(¦«name»¦,¦ «user»,¦ 1)\n`,
    `class «Third»:\n    def «run»(self,¦ «user»):\n        return «asks»(¦"wrapped-key"¦,¦ «user»¦)\n`,
  ],
  tail: '',
  constant: {
    here: 'KEY = (¦"constant-key"¦)\n',
    away: { path: 'src/keys.py', text: 'KEY = "constant-key"\n', head: 'from .keys import (¦KEY¦)\n' },
  },
  gaps: ['', ' ', '\n    ', '  # it is\n    ', '\n\n'],
  keys,
};

const go: Sample = {
  path: 'shop/shop.go',
  head: `package shop\n\nimport (\n\tld "github.com/launchdarkly/go-server-sdk/v7"\n\t"github.com/launchdarkly/go-sdk-common/v3/ldcontext"\n)\n`,
  parts: [
    `func «first»(«client» *ld.LDClient,¦ «user» ldcontext.Context) bool {¦\n\t«on», _ :=¦ «client».BoolVariation(¦"literal-key",¦ «user»,¦ false)\n\treturn «on»\n}\n`,
    `func «second»(«client» *ld.LDClient,¦ «user» ldcontext.Context) {\n\tif «x», _ := «client».¦BoolVariation(¦Key,¦ «user»,¦ false); «x» {¦\n\t\tprintln(1)\n\t}\n}\n`,
    `func «asks»(«client» *ld.LDClient,¦ «name» string,¦ «user» ldcontext.Context) string {\n\t«s», _ := «client».StringVariation(¦«name»,¦ «user»,¦ "a")\n\treturn «s»\n}\n`,
    `func «third»(«client» *ld.LDClient,¦ «user» ldcontext.Context) string {\n\treturn «asks»(¦«client»,¦ "wrapped-key",¦ «user»)\n}\n`,
  ],
  tail: '',
  constant: {
    here: `const Key =¦ "constant-key"\n`,
    away: { path: 'shop/keys.go', text: `package shop\n\nconst Key = "constant-key"\n`, head: '' },
  },
  gaps: ['', ' ', '\t', '\n', ' /* it is */ ', '\n\n\t'],
  keys,
};

const java: Sample = {
  path: 'src/shop/Shop.java',
  head: 'package shop;\n\nimport com.launchdarkly.sdk.LDContext;\nimport com.launchdarkly.sdk.server.LDClient;\n',
  parts: [
    `class «First» {¦ private final LDClient «client»;¦ «First»(¦LDClient «client»¦) {¦ this.«client» =¦ «client»;¦ }¦ boolean «of»(LDContext «user») {¦ boolean «on» =¦ «client»¦.boolVariation(¦"literal-key"¦,¦ «user»¦,¦ false¦);¦ return «on»;¦ }¦ boolean «other»(LDContext «user») {¦ return «client»¦.boolVariation(¦Keys¦.KEY¦,¦ «user»,¦ false);¦ }¦ }`,
    `class «Asker» {¦ private final LDClient «ld» =¦ new LDClient(¦"sdk"¦);¦ String «asks»(¦String «name»,¦ LDContext «user»¦) {¦ return «ld»¦.stringVariation(¦«name»¦,¦ «user»,¦ "a"¦);¦ }¦ }`,
    `class «Third» {¦ private final «Asker» «asker» =¦ new «Asker»(¦);¦ String «run»(¦LDContext «user»¦) {¦ if (¦«asker»¦.«asks»(¦"wrapped-key"¦,¦ «user»¦)¦.equals(¦"b"¦)¦)¦ {¦ return "x";¦ }¦ return "y";¦ }¦ }`,
  ],
  tail: '',
  constant: {
    here: `class Keys {¦ static final String KEY =¦ "constant-key";¦ }`,
    away: {
      path: 'src/shop/Keys.java',
      text: `package shop;\n\nclass Keys {\n  static final String KEY = "constant-key";\n}\n`,
      head: '',
    },
  },
  gaps: braces,
  keys,
};

const kotlin: Sample = {
  path: 'src/shop/Shop.kt',
  head: 'package shop\n\nimport com.launchdarkly.sdk.LDContext\nimport com.launchdarkly.sdk.server.LDClient\n',
  parts: [
    `class «First»(¦private val «client»: LDClient¦) {¦\n    fun «of»(«user»: LDContext): Boolean {\n        val «on» =¦ «client».boolVariation(¦"literal-key"¦,¦ «user»¦,¦ false¦)\n        return «on»\n    }\n\n    fun «other»(«user»: LDContext) =¦ «client».boolVariation(¦Keys.KEY¦,¦ «user»,¦ false)\n}\n`,
    `class «Asker»(¦private val «ld»: LDClient¦) {\n    fun «asks»(¦«name»: String,¦ «user»: LDContext¦): String {\n        return «ld».stringVariation(¦«name»¦,¦ «user»,¦ "a"¦)\n    }\n}\n`,
    `class «Third»(¦private val «asker»: «Asker»¦) {\n    fun «run»(«user»: LDContext): Int {\n        if (¦«asker».«asks»(¦"wrapped-key"¦,¦ «user»¦) == "b"¦)¦ {\n            return 1\n        }\n        return 2\n    }\n}\n`,
  ],
  tail: '',
  constant: {
    here: `object Keys {¦\n    const val KEY =¦ "constant-key"\n}\n`,
    away: {
      path: 'src/shop/Keys.kt',
      text: `package shop\n\nobject Keys {\n    const val KEY = "constant-key"\n}\n`,
      head: '',
    },
  },
  gaps: ['', ' ', '\n', '\t', ' /* it is */ ', '\n        '],
  keys,
};

const swift: Sample = {
  path: 'src/Shop.swift',
  head: 'import LaunchDarkly\n',
  parts: [
    `final class «First» {\n    private let «client»: LDClient\n    init(¦«client»: LDClient¦) {¦ self.«client» = «client»¦ }\n    func «of»() -> Bool {\n        let «on» =¦ «client».boolVariation(¦forKey:¦ "literal-key",¦ defaultValue: false¦)\n        return «on»\n    }\n    func «other»() -> Bool {\n        return «client».boolVariation(¦forKey: Keys.key,¦ defaultValue: false)\n    }\n}\n`,
    `func «asks»(¦«name»: String,¦ _ «ld»: LDClient¦) -> String {\n    return «ld».stringVariation(¦forKey: «name»,¦ defaultValue: "a"¦)\n}\n`,
    `func «third»(_ «ld»: LDClient) -> Int {\n    if «asks»(¦«name»: "wrapped-key",¦ «ld»¦) == "b" {\n        return 1\n    }\n    return 2\n}\n`,
  ],
  tail: '',
  constant: {
    here: `enum Keys {¦\n    static let key =¦ "constant-key"\n}\n`,
    away: { path: 'src/Keys.swift', text: `enum Keys {\n    static let key = "constant-key"\n}\n`, head: '' },
  },
  gaps: ['', ' ', '\n', '\t', ' /* it is */ ', '\n        '],
  keys,
};

const csharp: Sample = {
  path: 'src/Shop.cs',
  head: 'using LaunchDarkly.Sdk;\nusing LaunchDarkly.Sdk.Server;\n\nnamespace Shop;\n',
  parts: [
    `public class «First» {¦ private readonly LdClient «_client»;¦ public «First»(¦LdClient «client»¦) {¦ «_client» =¦ «client»;¦ }¦ public bool «Of»(Context «user») {¦ var «on» =¦ «_client»¦.BoolVariation(¦"literal-key"¦,¦ «user»¦,¦ false¦);¦ return «on»;¦ }¦ public bool «Other»(Context «user») =>¦ «_client»¦.BoolVariation(¦Keys¦.Key¦,¦ «user»,¦ false);¦ }`,
    `public class «Asker»(¦LdClient «ld»¦) {¦ public string «Asks»(¦string «name»,¦ Context «user»¦) {¦ return «ld»¦.StringVariation(¦«name»¦,¦ «user»,¦ "a"¦);¦ }¦ }`,
    `public class «Third»(¦«Asker» «asker»¦) {¦ public int «Run»(¦Context «user»¦) {¦ if (¦«asker»¦.«Asks»(¦"wrapped-key"¦,¦ «user»¦) ==¦ "b"¦)¦ {¦ return 1;¦ }¦ return 2;¦ }¦ }`,
  ],
  tail: '',
  constant: {
    here: `public static class Keys {¦ public const string Key =¦ "constant-key";¦ }`,
    away: {
      path: 'src/Keys.cs',
      text: `namespace Shop;\n\npublic static class Keys\n{\n    public const string Key = "constant-key";\n}\n`,
      head: '',
    },
  },
  gaps: braces,
  keys,
};

const razor: Sample = {
  path: 'src/Page.cshtml',
  head: '@using Microsoft.FeatureManagement\n@inject IFeatureManager Manager\n',
  parts: [
    `<p¦ class="a">@await Manager.IsEnabledAsync(¦"literal-key"¦)</p>\n`,
    `@if (¦await Manager.IsEnabledAsync(¦"constant-key"¦)¦)\n{¦\n  <b>x</b>\n}\n`,
    `<p>«text» IsEnabledAsync("no-key")</p>\n`,
  ],
  tail: '<footer></footer>\n',
  constant: null,
  gaps: tags,
  keys: ['constant-key', 'literal-key'],
};

const html: Sample = {
  path: 'src/page.html',
  head: `<!doctype html>\n<body>\n<script type="module">\n${openFeature}`,
  parts: script('OpenFeature¦.getClient(¦)').map((part) => part.replace('export ', '')),
  tail: '</script>\n</body>\n',
  constant: {
    here: `const KEY =¦ 'constant-key';`,
    away: { path: 'src/keys.ts', text: `export const KEY = 'constant-key';`, head: `import {¦ KEY¦ } from './keys';` },
  },
  gaps: braces,
  keys,
};

const component = (path: string, around: readonly [string, string]): Sample => ({
  ...html,
  path,
  head: `${around[0]}\n${openFeature}`,
  tail: around[1],
});

const shell: Sample = {
  path: 'src/ask.sh',
  head: '#!/bin/sh\n',
  parts: [
    `curl¦ -s¦ "$UNLEASH_URL/api/client/features/literal-key"\n`,
    `«asks»() {\n  [ "$(curl¦ -s¦ "$UNLEASH_URL/api/client/features/$1" | jq -r .enabled)" = "true" ]\n}\n`,
    `«asks»¦ wrapped-key && echo on\n`,
    `curl¦ -s¦ "$UNLEASH_URL/api/client/features/$KEY"\n`,
  ],
  tail: 'echo end\n',
  constant: {
    here: 'KEY=constant-key\n',
    away: { path: 'src/keys.sh', text: 'KEY=constant-key\n', head: '. ./keys.sh\n' },
  },
  gaps: ['', ' ', '\t', ' \\\n  '],
  keys,
};

const ruby: Sample = {
  path: 'app/models/shop.rb',
  head: '',
  parts: [
    `class «First»\n  def «of»(«user»)\n    «on» = Flipper.enabled?(¦:"literal-key"¦,¦ «user»¦)\n    «on»\n  end\n\n  def «other»(«user»)\n    Flipper.¦enabled?(¦Keys::KEY,¦ «user»)\n  end\nend\n`,
    `module «Asker»\n  def self.«asks»(¦«name»,¦ «user» = nil¦)\n    Flipper.enabled?(¦«name»¦,¦ «user»¦)\n  end\nend\n`,
    `class «Third»\n  def «run»(«user»)\n    return 1 if «Asker».«asks»(¦"wrapped-key",¦ «user»)\n\n    2\n  end\nend\n`,
  ],
  tail: '',
  constant: {
    here: `module Keys\n  KEY =¦ "constant-key"\nend\n`,
    away: { path: 'app/models/keys.rb', text: `module Keys\n  KEY = "constant-key"\nend\n`, head: '' },
  },
  gaps: ['', ' ', '\n    ', '  # it is\n    ', '\n\n'],
  keys,
};

const erb: Sample = {
  path: 'app/views/page.html.erb',
  head: '<h1>Shop</h1>\n',
  parts: [
    `<p¦ class="a"><%=¦ Flipper.enabled?(¦:"literal-key",¦ «user») ? 1 : 2 %></p>\n`,
    `<% if Flipper.enabled?(¦Keys::KEY¦) %>\n  <b>x</b>\n<% end %>\n`,
    `<p>«text» Flipper.enabled?(:no_key)</p>\n`,
  ],
  tail: '<hr>\n',
  constant: {
    here: `<% module Keys; KEY =¦ "constant-key"; end %>\n`,
    away: ruby.constant?.away ?? { path: '', text: '', head: '' },
  },
  gaps: tags,
  keys: ['constant-key', 'literal-key'],
};

const haml: Sample = {
  path: 'app/views/page.html.haml',
  head: '%h1 Shop\n',
  parts: [
    `%p= Flipper.enabled?(¦:"literal-key",¦ «user») ? 1 : 2\n`,
    `- if Flipper.enabled?(¦Keys::KEY¦)\n  %b x\n`,
    `%p «text» Flipper.enabled?(:no_key)\n`,
  ],
  tail: '%hr\n',
  constant: {
    here: '- module Keys; KEY =¦ "constant-key"; end\n',
    away: erb.constant?.away ?? { path: '', text: '', head: '' },
  },
  gaps: ['', ' ', '  '],
  keys: ['constant-key', 'literal-key'],
};

const php: Sample = {
  path: 'Shop/Shop.php',
  head: '<?php\n\nnamespace Shop;\n\nuse LaunchDarkly\\LDClient;\nuse LaunchDarkly\\LDContext;\n',
  parts: [
    `class «First» {¦ public function __construct(¦private LDClient $«client»¦) {¦ }¦ public function «of»(LDContext $«user»): bool {¦ $«on» =¦ $this¦->«client»¦->variation(¦'literal-key'¦,¦ $«user»¦,¦ false¦);¦ return $«on»;¦ }¦ public function «other»(LDContext $«user») {¦ return $this->«client»->variation(¦Keys::KEY¦,¦ $«user»,¦ false);¦ }¦ }`,
    `class «Asker» {¦ public function __construct(¦private LDClient $«ld»¦) {¦ }¦ public function «asks»(¦string $«name»,¦ LDContext $«user»¦) {¦ return $this->«ld»->variation(¦$«name»¦,¦ $«user»,¦ 'a'¦);¦ }¦ }`,
    `class «Third» {¦ public function __construct(¦private «Asker» $«asker»¦) {¦ }¦ public function «run»(¦LDContext $«user»¦) {¦ if (¦$this->«asker»¦->«asks»(¦'wrapped-key'¦,¦ $«user»¦)¦ ===¦ 'b'¦)¦ {¦ return 1;¦ }¦ return 2;¦ }¦ }`,
  ],
  tail: '',
  constant: {
    here: `class Keys {¦ public const KEY =¦ 'constant-key';¦ }`,
    away: {
      path: 'Shop/Keys.php',
      text: `<?php\n\nnamespace Shop;\n\nclass Keys\n{\n    public const KEY = 'constant-key';\n}\n`,
      head: '',
    },
  },
  gaps: braces,
  keys,
};

const blade: Sample = {
  path: 'resources/views/page.blade.php',
  head: '<h1>Shop</h1>\n',
  parts: [
    `@feature(¦'literal-key'¦)\n  <b>x</b>\n@endfeature\n`,
    `<p¦ class="a">{{ \\Laravel\\Pennant\\Feature::active(¦'constant-key'¦)¦ }}</p>\n`,
    `<p>«text» Feature::active('no-key')</p>\n`,
  ],
  tail: '<hr>\n',
  constant: null,
  others: { 'app/Uses.php': `<?php\n\nuse Laravel\\Pennant\\Feature;\n\nFeature::flushCache();\n` },
  gaps: tags,
  keys: ['constant-key', 'literal-key'],
};

const rust: Sample = {
  path: 'src/main.rs',
  head: 'use launchdarkly_server_sdk::{Client, Context};\n',
  parts: [
    `fn «first»(«client»: &Client,¦ «user»: &Context) -> bool {¦ let «on» =¦ «client»¦.bool_variation(¦«user»,¦ "literal-key"¦,¦ false¦);¦ «on»¦ }`,
    `fn «second»(«client»: &Client,¦ «user»: &Context) -> bool {¦ «client»¦.bool_variation(¦«user»,¦ keys::KEY¦,¦ false)¦ }`,
    `fn «asks»(¦«client»: &Client,¦ «name»: &str,¦ «user»: &Context¦) -> String {¦ «client»¦.str_variation(¦«user»,¦ «name»¦,¦ "a".to_string()¦)¦ }`,
    `fn «third»(«client»: &Client,¦ «user»: &Context) -> i32 {¦ if «asks»(¦«client»,¦ "wrapped-key"¦,¦ «user»¦) == "b" {¦ 1¦ } else {¦ 2¦ }¦ }`,
  ],
  tail: '',
  constant: {
    here: `mod keys {¦ pub const KEY: &str =¦ "constant-key";¦ }`,
    away: { path: 'src/keys.rs', text: `pub const KEY: &str = "constant-key";\n`, head: 'mod keys;\n' },
  },
  gaps: braces,
  keys,
};

export const samples: readonly Sample[] = [
  ecmascript('src/shop.ts'),
  ecmascript('src/shop.tsx'),
  ecmascript('src/shop.js'),
  python,
  go,
  java,
  kotlin,
  swift,
  csharp,
  razor,
  html,
  component('src/Page.vue', ['<script setup>', '</script>\n<template><p>x</p></template>\n']),
  component('src/Page.svelte', ['<script>', '</script>\n<p>x</p>\n']),
  shell,
  ruby,
  erb,
  haml,
  php,
  blade,
  rust,
];

/** How a sample is written out. */
export interface Writing {
  readonly order: readonly number[];
  readonly gap: (at: number) => string;
  readonly name: (name: string) => string;
  readonly away: boolean;
}

/** One text as it stands, and the files around it. */
export function written(sample: Sample, { order, gap, name, away }: Writing): Readonly<Record<string, string>> {
  const { constant, head, parts, tail, path } = sample;
  const declared = constant && !away ? [...parts, constant.here] : parts;
  const ranked = declared.map((part, i) => ({ part, rank: order[i % order.length] ?? 0, i }));
  // A shell runs its lines in their order: what is used stands before.
  const isScript = path.endsWith('.sh') || path.endsWith('.erb') || path.endsWith('.haml');
  const ordered = isScript
    ? [...declared].reverse()
    : ranked.sort((a, b) => a.rank - b.rank || a.i - b.i).map(({ part }) => part);
  let at = 0;
  const text = [head, constant && away ? constant.away.head : '', ...ordered, tail]
    .filter((part) => part !== '')
    .join('\n')
    .replaceAll('¦', () => gap(at++))
    .replaceAll(/«(\w+)»/g, (_, each: string) => name(each));
  return { ...sample.others, [path]: text, ...(constant && away && { [constant.away.path]: constant.away.text }) };
}

/** Every sample as people write it. */
export const plain: Writing = { order: [0], gap: () => '', name: (name) => name, away: false };
