import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { phpOfBlade } from '../../../src/code/embed/blade';
import { rubyOfErb } from '../../../src/code/embed/erb';
import { rubyOfHaml } from '../../../src/code/embed/haml';
import { scriptsOfHtml } from '../../../src/code/embed/html';
import { csharpOfRazor } from '../../../src/code/embed/razor';
import type { Inner } from '../../../src/code/embed/inner';
import { scriptOfSvelte } from '../../../src/code/embed/svelte';
import { scriptOfVue } from '../../../src/code/embed/vue';
import { finderOf } from './finderHarness';

const readers: readonly (readonly [string, (text: string) => Inner])[] = [
  ['html', scriptsOfHtml],
  ['vue', scriptOfVue],
  ['svelte', scriptOfSvelte],
  ['erb', rubyOfErb],
  ['haml', rubyOfHaml],
  ['razor', csharpOfRazor],
  ['blade', phpOfBlade],
];

/** Pieces of which files of all hosts consist, cut anywhere. */
const pieces = [
  '<script>',
  '<script setup lang="ts">',
  '</script>',
  '<template>',
  '</template>',
  '<!--',
  '-->',
  '<div v-if="a">',
  "<p v-else-if='b'>",
  '<p v-else/>',
  '</div>',
  '</p>',
  '{{ x }}',
  "@feature('a')",
  '@if (b)',
  '@else',
  '@endif',
  '{!! c !!}',
  '{{-- d --}}',
  '{{',
  '}}',
  '{#if a}',
  '{:else if b}',
  '{:else}',
  '{/if}',
  '{#each a as b}',
  '{/each}',
  '{@const c = 1}',
  '<a {b} {...c} on:x={() => `${d}`} class="e {f}">',
  '{',
  '}',
  '"',
  "'",
  '`',
  '=',
  '<',
  '>',
  '\n',
  '\r\n',
  '\t',
  '  ',
  'é😀',
  'client.getBooleanValue("k", false)',
  '<%',
  '<%= a -%>',
  '%>',
  '<%# c %>',
  '- if a',
  '\n  %p= b',
  '-# c',
  '#{d}',
];
const texts = fc.oneof(
  fc.array(fc.constantFrom(...pieces), { maxLength: 40 }).map((parts) => parts.join('')),
  fc.string({ unit: 'binary', maxLength: 200 }),
);

/** Each reader goes through any text once, which takes a second; by the square it would be minutes. */
const mostMs = 30_000;

/** What was kept or blanked: as long, with the same line ends, each character its own, a blank or a mark. */
function expectSameShape(text: string, inner: string): void {
  expect(inner.length).toBe(text.length);
  for (let at = 0; at < text.length; at++) {
    const was = text.charAt(at);
    const is = inner.charAt(at);
    if (was === '\n') expect(is).toBe(was);
    else if (is !== was) expect(' ;(){}_=<?þ').toContain(is);
  }
}

describe.each(readers)('what %s holds', (_, read) => {
  it('is as long, with the same lines, whatever the text', () => {
    fc.assert(
      fc.property(texts, (text) => {
        const inner = read(text);
        expectSameShape(text, inner.text);
        for (const { cond, then, other } of inner.guards) {
          for (const span of [cond, then, other]) {
            if (span) expect([span[0] >= 0, span[0] <= span[1], span[1] <= text.length]).toEqual([true, true, true]);
          }
        }
      }),
      { numRuns: 300 },
    );
  });

  it.each([
    '{',
    '<',
    '<a ',
    '{{',
    '<!--',
    '{#if a}',
    '</x>',
    '<x>',
    "<a b='",
    '`',
    '{"',
    '<script>',
    '<% a',
    '- if a\n',
    ' %a{',
    '- a,\n',
  ])('is read at once where a file of 512 KB says %s only', { timeout: 2 * mostMs }, (piece) => {
    const text = piece.repeat(Math.floor((512 * 1024) / piece.length));
    const started = performance.now();
    expect(read(text).text).toHaveLength(text.length);
    expect(performance.now() - started).toBeLessThan(mostMs);
  });
});

describe('Ruby of templates', () => {
  it('of ERB is code between marks, without comments and text that shows marks', () => {
    const source = '<%# a %><% if b # c %>d<%= e -%>\n<%- f\n # g\n -%><%% h %><% end %>';
    const expected = [`${' '.repeat(8)};  if b     ;  ;   e  ; `, ';   f', ' # g', `  ;${' '.repeat(9)};  end ; `];
    expect(rubyOfErb(source).text.split('\n')).toEqual(expected);
  });

  it('of HAML is scripts, values, hashes and interpolation, one statement each', () => {
    const source = `- if a?(:x)
  %p.b{ c: d,
    e: f }= g
  text #{h} \\#{no}
- else
  = i 1,
    2
-# comment
  = no
:javascript
  if (no) { #{j} }
- list.each do |k|
  #id.l= k
`;
    const inner = rubyOfHaml(source);
    expect(inner.text.split('\n').map((line) => line.trimEnd())).toEqual([
      ';    a?(:x)',
      '    _={ c: d,',
      '    e: f }; g',
      '       ;(h)',
      '',
      '  ; i 1,',
      '    2',
      '',
      '',
      '',
      '            ;(j)',
      '; list.each',
      '       ; k',
      '',
    ]);
    const said = inner.guards.map(({ cond, then, other }) =>
      [cond, then, other].map(
        (span) =>
          span &&
          source
            .slice(...span)
            .trim()
            .split('\n')[0],
      ),
    );
    expect(said).toEqual([['a?(:x)', '%p.b{ c: d,', '= i 1,']]);
  });
});

describe('any text', () => {
  it('is read as a page, component, template, script, and edited', async () => {
    const finder = await finderOf({});
    let version = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom('a.html', 'A.vue', 'A.svelte', 'a.erb', 'a.haml', 'a.rb', 'a.sh'),
        texts,
        async (path, text) => {
          const read = await finder.index.edit(path, text, String(++version));
          expect(read.version).toBe(String(version));
        },
      ),
      { numRuns: 150 },
    );
  });
});

describe('edits', () => {
  const head = `import { OpenFeature } from '@openfeature/web-sdk'; const c = OpenFeature.getClient();`;
  const vue = `<template>
  <p v-if="c.getBooleanValue('a', false)">
    x
  </p>
</template>
<script setup>${head}</script>
`;
  const svelte = `<script>${head}</script>
{#if c.getBooleanValue('a', false)}
  x
{/if}
`;

  it.each([
    ['A.vue', vue],
    ['A.svelte', svelte],
    ['a.erb', `<% if Flipper.enabled?(:a) %>\n  x\n<% end %><p>y</p>`],
    ['a.haml', `- if Flipper.enabled?(:a)\n  x\n%p= Flipper.enabled?(:b)\n`],
    ['a.html', `<p>x</p><script>${head} c.getBooleanValue('a', false)</script>`],
  ])('of %s give what reading it anew gives', async (path, source) => {
    const steps = [
      source,
      source.replace(`'a'`, `'b'`).replace(':a', ':c'),
      source.replace('x', 'x\n\n<b>y</b>'),
      source.replace('<script', `<!-- z --><script`),
      source.replace('</p>', '</q>').replace('{/if}', '{/of}'),
      source.replace('<script', '<scrip'),
      source.replace('x', `{{ c.getStringValue('d', '') }}{c.getStringValue('d', '')}`),
      source,
    ];
    const open = await finderOf({ [path]: source });
    for (const [i, text] of steps.entries()) {
      const edited = await open.index.edit(path, text, String(i));
      const fresh = await (await finderOf({ [path]: text })).index.facts(path);
      expect({ step: i, references: edited.references }).toEqual({ step: i, references: fresh?.references });
    }
  });

  it('changes the grammar when a component begins to be written with JSX', async () => {
    const component = (lang: string, code: string): string =>
      `<script lang="${lang}">${head} const on = c.getBooleanValue('a', false); ${code}</script>`;
    const plain = component('ts', 'const n = <number>f(on);');
    const finder = await finderOf({ 'A.vue': plain });
    const edit = async (text: string, version: string): Promise<number | undefined> =>
      (await finder.index.edit('A.vue', text, version)).references[0]?.regions.length;
    expect(await edit(plain, '1')).toBe(0);
    expect(await edit(component('tsx', 'const n = on ? <b>a</b> : <i/>;'), '2')).toBe(2);
    expect(await edit(plain, '3')).toBe(0);
  });
});
