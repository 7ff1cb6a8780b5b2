import { describe, expect, it } from 'vitest';
import type { L10n } from '../../../src/platform/l10n';
import { memoryL10n } from '../../../src/platform/memory/l10n';
import { comparisonReasons, matchReasons } from '../../../src/model/phrases';
import { detailState } from '../../../src/view/detail';
import { fileView } from '../../../src/view/fileView';
import { flagTree } from '../../../src/view/flagTree';
import { journalRows } from '../../../src/view/journalRows';
import type { HoverModel, TreeNode } from '../../../src/view/output';
import { phrase } from '../../../src/view/phrases';
import { serverStatus } from '../../../src/view/serverRows';
import { fit, inlineLimit } from '../../../src/view/text';
import { pseudo, untranslated } from '../../pseudoLanguage.mjs';
import { allChanges, allStates, detailOver, notOurWords, treeOver } from './allStates';

/** Our words in the pseudo language, numbers as Germans write them: a display language is both. */
const german: L10n = { locale: 'de', t: (message, ...args) => memoryL10n.t(pseudo(message), ...args) };
const states = allStates(german);

const ours = (text: string): readonly string[] => untranslated(text, notOurWords);

function hoverTexts(model: HoverModel): readonly string[] {
  const { title, subtitle, table, sentence, chart, notes, provenance, actions } = model;
  const cells = [...(table?.columns ?? []), ...(table?.rows.flat() ?? [])];
  const labels = actions.map(({ label }) => label);
  return [title, subtitle, ...cells, sentence, chart?.alt ?? '', ...notes, provenance, ...labels];
}

function treeTexts(node: TreeNode): readonly string[] {
  const tooltip = node.tooltip();
  return [
    node.label,
    node.description,
    node.accessibilityLabel,
    ...node.actions.map(({ label }) => label),
    ...(typeof tooltip === 'string' ? [tooltip] : tooltip ? hoverTexts(tooltip) : []),
    ...node.children().flatMap(treeTexts),
  ];
}

/** Every string of a value but those under names that hold no text. */
function stringsOf(value: unknown, name = ''): readonly string[] {
  if (typeof value === 'string') return /^(id|undo|locale|unit|tone|kind|uri)$/.test(name) ? [] : [value];
  if (Array.isArray(value)) return value.flatMap((one) => stringsOf(one, name));
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, one]) => stringsOf(one, key));
}

const journal = journalRows({
  entries: allChanges,
  now: states[0]?.[1].now ?? 0,
  l10n: german,
  me: 'me',
  undoable: () => true,
  environmentName: ({ name }) => name,
});

describe('in a language nobody speaks', () => {
  it.each(states)('%s: every word of ours beside the code is translated', (_name, input) => {
    const lensesOnly = { ...input, settings: { ...input.settings, inlineFacts: false } };
    const drawn = [fileView(input), fileView(lensesOnly)];
    const texts = drawn.flatMap((view) => [
      ...view.inline.flatMap(({ text, label }) => [text, label]),
      ...view.lenses.flatMap(({ parts }) => parts.flatMap(({ text, tooltip }) => [text, tooltip])),
      ...view.hovers.flatMap(({ model }) => hoverTexts(model())),
      ...view.dimmed.map(({ reason }) => reason),
      ...(view.statusBar ? [view.statusBar.text.replace(/\$\([a-z-]+\)/, ''), view.statusBar.tooltip] : []),
      view.statusBar?.label.replace('Sightglass', '') ?? '',
    ]);
    expect(texts.join('').length).toBeGreaterThan(0);
    expect(texts.flatMap(ours)).toEqual([]);
  });

  it.each(states)('%s: every word of ours in the Flags view and the detail panel is translated', (_name, input) => {
    const tree = flagTree(treeOver(input));
    const unfolded = flagTree(treeOver(input, { references: () => null }));
    const detail = detailState(detailOver(input, { journal: allChanges }));
    const texts = [
      ...[...tree.sections, ...unfolded.sections].flatMap(treeTexts),
      ...stringsOf(detail.state),
      tree.welcome?.text ?? '',
    ];
    expect(texts.flatMap(ours)).toEqual([]);
  });

  it('every word of ours in the journal, the welcome texts and the status bar is translated', () => {
    const [, input] = states[0]!;
    const none = { ...input, flags: { ...input.flags, projects: [] } };
    const welcomes = [
      { hasFolder: false, trusted: true, detected: null },
      { hasFolder: true, trusted: false, detected: null },
      { hasFolder: true, trusted: true, detected: null },
      { hasFolder: true, trusted: true, detected: { sdk: 'Ana', file: 'src.json', system: 'sys-one' } },
      { hasFolder: true, trusted: true, detected: { sdk: null, file: 'src.json', system: 'sys-one' } },
    ].map((workspace) => flagTree(treeOver(none, { workspace, servers: [] })).welcome);
    const filtered = flagTree(treeOver(input, { filter: 'qqq', servers: [] })).welcome;
    const { servers } = treeOver(input);
    const waiting = [...servers.map((one) => serverStatus([one], german)), serverStatus(servers, german)];
    const texts = [
      ...journal.flatMap(({ label, description, tooltip, accessibilityLabel, actions }) => [
        ...[label, description, tooltip, accessibilityLabel],
        ...actions.map((action) => action.label),
      ]),
      ...[...welcomes, filtered].flatMap((one) => (one ? [one.text, one.button.label] : [])),
      ...waiting.flatMap((one) => (one ? [one.text.replace(/\$\([a-z-]+\)/, ''), one.tooltip, one.label] : [])),
    ].map((text) => text.replace('Sightglass', ''));
    expect(texts.length).toBeGreaterThan(60);
    expect(texts.flatMap(ours)).toEqual([]);
  });

  it('what telemetry says in fixed phrases is translated where it is shown', () => {
    for (const reason of [...matchReasons, ...comparisonReasons]) expect(phrase(reason, german)).toBe(pseudo(reason));
    expect(phrase('a reason of a newer window', german)).toBe('a reason of a newer window');
  });

  it('numbers are written as the display language writes them', () => {
    const [, input] = states[0]!;
    const [place] = fileView(input).hovers;
    const row = place?.model().table?.rows[0]?.join(' | ');
    expect(row).toContain('4,1\u00a0% / 0,6\u00a0%');
    expect(row).toContain('1.204 / 3.640');
  });
});

describe('inline facts in a long language', () => {
  const facts = new Map(states.map(([name, input]) => [name, fileView(input).inline[0]?.text]));

  it.each([...facts])('%s keeps to 43 units and cuts no number', (_name, text) => {
    if (text === undefined) return;
    expect(text.length).toBeLessThanOrEqual(inlineLimit);
    expect(text).not.toMatch(/[\d.,]…/u);
  });

  it('never says two different states in the same words, however little fits', () => {
    const apart = [
      'both arms',
      'regression',
      'not asked',
      'asking',
      'too old',
      'unreachable',
      'no traffic',
      'no evaluations',
      'too little',
    ];
    const texts = apart.map((name) => facts.get(name));
    expect(new Set(texts).size, JSON.stringify(texts)).toBe(apart.length);
    expect(facts.get('regression')).toContain('▲');
    for (const name of ['regression', 'no traffic', 'too little']) expect(facts.get(name)).toMatch(/15/);
  });

  it('a state that finds no room gives way itself, not its window', () => {
    const head = '"kappa…" 50 % eu-centr…';
    expect(fit([head], [`${pseudo('no evaluations of this flag')} · 15m`])).toBe(`${head} · ［ñö éṽåļûå… · 15m`);
    expect(fit([head], ['▲ errors 1,234,567,890'])).toBe(`${head} · ▲ errors…`);
    expect(fit([head], [pseudo('telemetry unreachable')])).toBe(`${head} · ［ţéļéɱéţŕý ûñŕéå…`);
    expect(fit(['x'.repeat(40)], ['no traffic · 15m'])).toBe('x'.repeat(40));
  });
});
