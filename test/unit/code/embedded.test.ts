import { describe, expect, it } from 'vitest';
import type { Reference } from '../../../src/model/reference';
import { finderOf, whenText } from './finderHarness';

/** `key@line:column via` of the references of a file, with the regions that they guard. */
async function rows(
  source: string,
  path: string,
  others: Readonly<Record<string, string>> = {},
): Promise<readonly string[]> {
  const finder = await finderOf({ [path]: source, ...others });
  const references = (await finder.index.facts(path))?.references ?? [];
  for (const { key, line, column, via } of references) {
    const token = (source.split('\n')[line - 1] ?? '').slice(column - 1);
    if (via === 'literal') expect(token).toMatch(new RegExp(`^['"]${key ?? ''}['"]`));
  }
  return references.map(row);
}

function row({ key, line, column, via, kind, certainty, regions }: Reference): string {
  const guarded = regions.map(
    (region) =>
      ` [${region.startLine}:${region.startColumn}-${region.endLine}:${region.endColumn} ${whenText(region.when)}]`,
  );
  const apart = `${kind === 'evaluation' ? '' : ` ${kind}`}${certainty === 'certain' ? '' : ` ${certainty}`}`;
  return `${key ?? ''}@${line}:${column} ${via}${apart}${guarded.join('')}`;
}

describe('single-file components of Vue', () => {
  it('reads script setup, and conditions of the template as guards of their elements', async () => {
    const source = `<template>
  <main>
    <NewCheckout v-if="isOn" :cart="cart" />
    <div v-else-if="client.getBooleanValue('other', false)">
      {{ client.getStringValue('title', 'a') }}
    </div>
    <p v-else>Old</p>
    <button @click="client.getBooleanValue('clicked', false) ? a() : b(); c()">go</button>
    <li v-for="item in client.getObjectValue('items', [])" :key="item.id" v-slot="{ x }">{{ item < x }}</li>
  </main>
</template>

<script setup lang="ts">
import { OpenFeature } from '@openfeature/web-sdk';
import { NEW } from './keys';
const client = OpenFeature.getClient();
const isOn = client.getBooleanValue(NEW, <boolean>false);
</script>
`;
    expect(await rows(source, 'src/A.vue', { 'src/keys.ts': `export const NEW = 'new-checkout';` })).toEqual([
      'other@4:44 literal [4:5-6:11 truthy] [7:5-7:22 falsy]',
      'title@5:32 literal',
      'clicked@8:44 literal [8:64-8:67 truthy] [8:70-8:73 falsy]',
      'items@9:46 literal',
      'new-checkout@17:37 constant [3:5-3:45 truthy] [4:5-7:22 falsy]',
    ]);
  });

  it('reads flag bags, options and JSX', async () => {
    const bag = `<script setup>
import { useFlags } from 'launchdarkly-react-client-sdk'
const flags = useFlags()
</script>
<template><a v-show="flags.newThing">x</a></template>
`;
    expect(await rows(bag, 'src/B.vue')).toEqual(['newThing@5:28 property likely [5:11-5:43 truthy]']);
    const options = `<script lang="tsx">
import { useFlag } from '@unleash/proxy-client-vue'
export default defineComponent({ setup() { const on = useFlag('jsx'); return () => on ? <b>{on}</b> : null } })
</script>`;
    expect(await rows(options, 'src/C.vue')).toEqual(['jsx@3:63 hook [3:89-3:100 truthy] [3:103-3:107 falsy]']);
  });

  it('finds nothing in comments, text, other blocks, other templates', async () => {
    const source = `<!-- client.getBooleanValue('a', false) -->
<docs>
client.getBooleanValue('b', false) <script setup>client.getBooleanValue('c', false)</script>
</docs>
<i18n lang="json">{ "k": "client.getBooleanValue('d', false)" }</i18n>
<template>
  <!-- <p v-if="client.getBooleanValue('e', false)"> -->
  client.getBooleanValue('f', false)
  <p title="client.getBooleanValue('g', false)" v-pre>x</p>
  <p v-slot="{ a = client.getBooleanValue('h', false) }">x</p>
</template>
<style>.a { content: "client.getBooleanValue('i', false)" }</style>
<script setup>
// client.getBooleanValue('j', false)
import { OpenFeature } from '@openfeature/web-sdk';
const client = OpenFeature.getClient();
log("client.getBooleanValue('k', false)");
</script>
`;
    expect(await rows(source, 'src/A.vue')).toEqual([]);
  });
});

describe('components of Svelte', () => {
  it('reads scripts, blocks and attributes', async () => {
    const source = `<script lang="ts">
  import { OpenFeature } from '@openfeature/web-sdk';
  import { flag } from '@unleash/proxy-client-svelte';
  const client = OpenFeature.getClient();
  const isNew = flag('new');
  let n = 1;
</script>

{#if $isNew && n < 2}
  <p class="a {client.getStringValue('colour', 'red')} b">{n<2}</p>
{:else if client.getBooleanValue('b', false)}
  {#each client.getObjectValue('items', []) as item, i (item.id)}
    {item}
  {:else}
    none
  {/each}
{:else}
  old
{/if}
<button on:click={() => { if (n > 1) client.getBooleanValue('clicked', false); }} disabled={client.getBooleanValue("d", false)}>x</button>
{@html client.getStringValue('banner', '')}
{@const limit = client.getNumberValue('limit', 1)}
<Chart line={{ class: client.getStringValue('object', '') }} {...client.getObjectValue('spread', {})} {@attach client.getObjectValue('attached', f)} />
`;
    expect(await rows(source, 'src/A.svelte')).toEqual([
      'new@5:22 literal [9:16-9:21 truthy] [9:22-11:1 truthy]',
      'colour@10:38 literal',
      'b@11:34 literal [11:46-17:1 truthy] [17:8-19:1 falsy]',
      'items@12:32 literal',
      'clicked@20:61 literal',
      'd@20:116 literal',
      'banner@21:30 literal',
      'limit@22:39 literal',
      'object@23:45 literal',
      'spread@23:88 literal',
      'attached@23:134 literal',
    ]);
  });

  it('finds nothing in comments and text', async () => {
    const source = `<script>import { OpenFeature } from '@openfeature/web-sdk'; const client = OpenFeature.getClient();</script>
<!-- {client.getBooleanValue('a', false)} -->
client.getBooleanValue('b', false)
<p title="client.getBooleanValue('c', false)">{'client.getBooleanValue("d", false)'} {/* client.getBooleanValue('e', false) */ 1}</p>
<style>p { color: red }</style>
`;
    expect(await rows(source, 'src/A.svelte')).toEqual([]);
  });
});

describe('scripts of pages', () => {
  it('reads inline scripts, module or not, JSX or not', async () => {
    const source = `<!doctype html>
<html><head>
<title>a <script> b</title>
<script src="https://unpkg.com/launchdarkly-js-client-sdk@3"></script>
<script>
  const client = LDClient.initialize('id', {});
  if (client.variation('legacy', false)) { show(); }
</script>
</head><body data-x='<script>'>
<script type="module">import { OpenFeature } from '@openfeature/web-sdk'; OpenFeature.getClient().getBooleanValue('mod', false)</script>
<SCRIPT type="text/babel">
import { useFlag } from '@openfeature/react-sdk';
const A = () => useFlag('jsx', false).value ? <b/> : null;
</SCRIPT >
`;
    expect(await rows(source, 'index.html')).toEqual([
      'legacy@7:24 literal [7:42-7:53 truthy]',
      'mod@10:115 literal',
      'jsx@13:25 hook [13:47-13:51 truthy] [13:54-13:58 falsy]',
    ]);
  });

  it('finds nothing in data, comments, text, templates and scripts from elsewhere', async () => {
    const head = `import { OpenFeature } from '@openfeature/web-sdk'; const client = OpenFeature.getClient();`;
    const call = (key: string): string => `client.getBooleanValue('${key}', false)`;
    const source = `<script type=module>${head}</script>
<!-- <script>${call('a')}</script> -->
<script type="application/json">{"x": ${call('b')}}</script>
<script type="importmap">${call('c')}</script>
<script type="text/x-template">${call('d')}</script>
<script src="x.js">${call('e')}</script>
<textarea><script>${call('f')}</script></textarea>
<p>${call('g')}</p><pre>{{ ${call('h')} }}</pre>
<style>${call('i')}</style>
`;
    expect(await rows(source, 'index.html')).toEqual([]);
  });
});
