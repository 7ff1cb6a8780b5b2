import type { Reference } from '../../../src/model/reference';
import { describe, expect, it } from 'vitest';
import { flagId } from '../../../src/model/identity';
import type { JournalEntry } from '../../../src/model/change';
import { detailStateSchema } from '../../../src/protocol/detailPanel';
import { detailState } from '../../../src/view/detail';
import { detailHtml } from '../../../src/view/detailHtml';
import { fileView, sameView } from '../../../src/view/fileView';
import { flagTree } from '../../../src/view/flagTree';
import { flagLookup } from '../../../src/view/flagLookup';
import { NearKeys } from '../../../src/view/nearKeys';
import { inFlightKey, type TreeInput } from '../../../src/view/input';
import { journalRows } from '../../../src/view/journalRows';
import type { TreeNode, WelcomeCause } from '../../../src/view/output';
import { tracesOf } from '../../../src/view/traces';
import {
  comparison,
  effective,
  english,
  environment,
  file,
  flag,
  flagFacts,
  minute,
  now,
  ok,
  project,
  reference,
  regression,
  signalFacts,
  situation,
  state,
  twoArms,
  type Situation,
} from './sample';

const quarter = { on: 0.25, off: 0.75 };
const regressing = { signals: ok(signalFacts([flagFacts(twoArms, { comparison: regression })])) };
const view = (given: Situation = {}) => fileView(situation(given));
const hover = (given: Situation = {}) => {
  const [place] = view(given).hovers;
  if (!place) throw new Error('no hover');
  return place.model();
};

describe('above a function', () => {
  it('says traffic, errors, latency and window; flags and traces apart', () => {
    const [lens] = view().lenses;
    expect(lens?.line).toBe(10);
    expect(lens?.parts.map(({ text }) => text)).toEqual([
      '1.2k/min · err 0.7% · p50 84 ms · p95 410 ms · 15m',
      '1 flag',
      'traces',
    ]);
    expect(lens?.parts.map(({ action }) => action?.kind)).toEqual(['explain', 'flagsAt', 'traces']);
  });

  it('says nothing when nothing matched, but once a file why', () => {
    const unmatched = { signals: ok(signalFacts([], { paths: [] })) };
    expect(view(unmatched).lenses.map(({ parts }) => parts[0]?.text)).toEqual([
      'No signals matched in this file: why?',
    ]);
    expect(view({ ...unmatched, references: [], more: { file: file([], []) } }).lenses).toEqual([]);
    expect(view({ signals: { state: 'notAsked' } }).lenses).toEqual([]);
  });

  it('carries the facts when inline facts are off', () => {
    const settings = { ...situation().settings, inlineFacts: false };
    const drawn = view({ more: { settings } });
    expect(drawn.inline).toEqual([]);
    expect(drawn.lenses[0]?.parts.map(({ text }) => text)).toContain('new-checkout: 25% prod · err 4.1% vs 0.6% · 15m');
  });

  it('says whose numbers they are, and how old', () => {
    const facts = signalFacts([]);
    const [path] = facts.paths;
    const via = { ...path!, match: { ...path!.match, via: 'POST /checkout' }, more: [path!.operation] };
    const value = { ...facts, paths: [via], coverage: { ...facts.coverage, newestSample: now - 12 * minute } };
    const [lens] = view({ signals: ok(value) }).lenses;
    expect(lens?.parts[0]?.text).toMatch(/15m · via POST \/checkout · \+1 more · 12 min old$/u);
    const last = { value: facts, at: now };
    const [cut] = view({ signals: { state: 'unreachable', reason: 'gone', since: now, last } }).lenses;
    expect(cut?.parts[0]?.text).toMatch(/15m · unreachable$/u);
  });
});

describe('gutter, ruler, status bar', () => {
  it.each([
    ['empty', { on: 0, off: 1 }],
    ['quarter', quarter],
    ['half', { on: 0.5, off: 0.5 }],
    ['threequarters', { on: 0.75, off: 0.25 }],
    ['quarter', { on: 0.001, off: 0.999 }],
    ['threequarters', { on: 0.999, off: 0.001 }],
    ['full', { on: 1, off: 0 }],
  ])('%s circle', (icon, shares) => {
    expect(view({ flags: [flag([state(shares)])] }).gutter).toEqual([{ line: 12, icon, regression: false }]);
  });

  it('a ring with a notch when rules decide, dashed when unknown', () => {
    const rules = effective(quarter, { kind: 'rules', shares: null, ruleCount: 2, randomised: 'partly' });
    expect(view({ flags: [flag([state(quarter, { effective: rules })])] }).gutter[0]?.icon).toBe('rules');
    expect(view({ references: [reference({ key: 'zzz' })] }).gutter[0]?.icon).toBe('unknown');
  });

  it('one mark a line; the ruler only for regression and unknown keys', () => {
    const two = [reference({ key: 'zzz' }), reference({ column: 70 })];
    const drawn = view({ references: two, ...regressing });
    expect(drawn.gutter).toEqual([{ line: 12, icon: 'quarter', regression: true }]);
    expect(drawn.ruler).toEqual([{ line: 12, tone: 'regression' }]);
    expect(view().ruler).toEqual([]);
    expect(view({ references: [reference({ key: 'zzz' })] }).ruler).toEqual([{ line: 12, tone: 'unknown' }]);
  });

  it('the status bar warns only while a flag of the file regresses', () => {
    expect(view().statusBar).toMatchObject({ text: '$(pulse) prod · 15m · 1 flag', warning: false });
    expect(view(regressing).statusBar).toMatchObject({ warning: true, tooltip: /^Regression of new-checkout/u });
    expect(view({ references: [], signals: null }).statusBar).toBeNull();
  });

  it('draws nothing on a surface that is off', () => {
    const off = { inlineFacts: false, codeLens: false, gutter: false, ruler: false, hover: false, statusBar: false };
    const drawn = view({ ...regressing, more: { settings: { ...off, dimming: false } } });
    expect(drawn).toEqual({ inline: [], gutter: [], ruler: [], lenses: [], hovers: [], dimmed: [], statusBar: null });
  });

  it('knows when nothing drawn has changed', () => {
    expect(sameView(view(), view())).toBe(true);
    expect(sameView(view(), view(regressing))).toBe(false);
  });
});

describe('the hover', () => {
  it('has the table first, one row an environment', () => {
    const staging = environment('staging', { production: false });
    const { table, title, subtitle } = hover({
      flags: [
        flag([state(quarter), state({ on: 1, off: 0 }, { environment: staging.ref })], {
          changed: { at: now - 12 * minute, by: 'Ana', words: '10% → 25%' },
        }),
      ],
      environments: [environment(), staging],
      ...regressing,
    });
    expect(title).toBe('new-checkout');
    expect(subtitle).toBe('New checkout flow · boolean · owner checkout-team · changed 12 min ago by Ana (10% → 25%)');
    expect(table?.rows).toEqual([
      ['production (live)', '25% "on", split by targetingKey', '24.9%', '4.1% / 0.6%', '480 / 210 ms', '1,204 / 3,640'],
      ['staging (live)', 'on', '–', '–', '–', '–'],
    ]);
  });

  it('says the regression with its interval and counts, and where it comes from', () => {
    const { sentence, provenance, chart } = hover(regressing);
    expect(sentence).toMatch(
      /^Regression: errors 6\.8 times higher with "on" \(95 %: 4\.1 to 11\), since \d\d:02, 49 of 1,204 against 22 of 3,640\.$/u,
    );
    expect(provenance).toBe('Matched POST /checkout by route · last 15m · built-in receiver, 3 s ago');
    expect(chart?.alt).toMatch(/"on": 4\.1% errors, 19\d of 4,816 requests; "off": 0\.6\d?% errors/u);
    expect(decodeURIComponent(chart?.uri ?? '')).toContain('stroke-dasharray="5 3"');
  });

  it.each([
    ['notAsked', { state: 'notAsked' }, /not been asked/u],
    ['asking', { state: 'asking', since: now - 2000 }, /^Asked 2 s ago, no answer yet/u],
    ['tooOld', { state: 'tooOld', value: signalFacts([]), at: now - 12 * minute }, /12 min old, too old/u],
    [
      'unreachable',
      { state: 'unreachable', reason: 'connection refused', since: now },
      /unreachable.*connection refused/u,
    ],
    ['noTraffic', ok(signalFacts([], { paths: [] })), /^No traffic in 15m/u],
    ['noEvaluations', ok(signalFacts([])), /18,000 requests.*no evaluation/u],
    [
      'insufficient',
      ok(
        signalFacts([
          flagFacts(twoArms, { comparison: comparison({ verdict: 'insufficient', because: 'fewer than 5 errors' }) }),
        ]),
      ),
      /^Insufficient data: fewer than 5 errors/u,
    ],
    [
      'association',
      ok(signalFacts([flagFacts(twoArms, { comparison: comparison({ verdict: 'association', randomised: 'no' }) })])),
      /^Association, no verdict/u,
    ],
  ] as const)('%s has a sentence of its own', (_name, signals, sentence) => {
    expect(hover({ signals }).sentence).toMatch(sentence);
  });

  it('says a gap between configured and observed share above 5 points, not below', () => {
    const gap = flagFacts(twoArms, { observed: { on: 0.31, off: 0.69 } });
    expect(hover({ signals: ok(signalFacts([gap])) }).notes).toContainEqual(
      expect.stringMatching(/^Configured (25% "on", observed 31%|75% "off", observed 69%)/u),
    );
    const near = flagFacts(twoArms, { observed: { on: 0.29, off: 0.71 } });
    expect(hover({ signals: ok(signalFacts([near])) }).notes.join()).not.toContain('gap');
  });

  it('says rules in words, and what everyone else gets', () => {
    const rules = [
      { id: '1', words: 'if email ends with "@acme.dev"', serve: { kind: 'variant' as const, variant: 'on' } },
    ];
    const ruled = state(quarter, {
      rules,
      effective: effective(quarter, { kind: 'rules', shares: null, ruleCount: 1 }),
    });
    expect(hover({ flags: [flag([ruled])] }).notes).toEqual([
      'if email ends with "@acme.dev": "on"',
      'everyone else: 25% "on", 75% "off", split by targetingKey',
    ]);
  });

  it('offers one button where off and kill are one, and none that writes where nothing may be written', () => {
    const kinds = (given: Situation): string[] => hover(given).actions.map(({ action }) => action.kind);
    expect(kinds({})).toEqual(['turnOff', 'percentage', 'details', 'traces', 'openDefinition', 'explain']);
    const switched = state(quarter, { switch: 'on', offServes: { kind: 'variant', variant: 'on' } });
    expect(kinds({ flags: [flag([switched])] })).toContain('kill');
    const same = state(quarter, { switch: 'on', offServes: { kind: 'variant', variant: 'off' } });
    expect(kinds({ flags: [flag([same])] })).toEqual(kinds({}));
    expect(kinds({ flags: [flag([{ ...switched, offVariant: null }])] })).not.toContain('kill');
    const locked = state(quarter, { writable: { kind: 'no', reason: 'unsaved' } });
    expect(kinds({ flags: [flag([locked])] })).toEqual(['details', 'traces', 'openDefinition', 'explain']);
    expect(hover({ flags: [flag([locked])] }).notes).toContain('Read-only: unsaved');
    expect(kinds({ environments: [environment('production', { readOnly: true })] })).not.toContain('turnOff');
    expect(kinds({ flags: [flag([state({ on: 0, off: 1 })])] })).toContain('turnOn');
    const busy = new Map([[inFlightKey(flag([]).ref, environment().ref), 'turning off…']]);
    expect(kinds({ more: { inFlight: busy } })).not.toContain('turnOff');
  });

  it('leads to what others are given and to oneself where the system can, and writes nothing where nothing may be', () => {
    const shop = { system: 'flags', systemType: 'flagd', project: 'shop' };
    const kinds = (able: object, one = flag([state({ on: 0.25, off: 0.75 })])): string[] => {
      const flags = flagLookup([{ ...shop, ...able, answer: ok(project([one])) }]);
      return hover({ flags: [one], more: { flags } }).actions.map(({ action }) => action.kind);
    };
    expect(kinds({})).not.toContain('evaluate');
    expect(kinds({ evaluates: true })).toContain('evaluate');
    expect(kinds({ evaluates: true })).not.toContain('target');
    expect(kinds({ targets: true })).toContain('target');
    const locked = flag([state({ on: 1 }, { writable: { kind: 'no', reason: 'unsaved' } })]);
    expect(kinds({ evaluates: true, targets: true }, locked)).toContain('evaluate');
    expect(kinds({ evaluates: true, targets: true }, locked)).not.toContain('target');
  });

  it('puts text from outside on one line, without signs that could forge its surroundings', () => {
    const { subtitle } = hover({ flags: [flag([state(quarter)], { description: 'a\u202eb\n\n| c \u200b' })] });
    expect(subtitle).toMatch(/^a b \| c · boolean/u);
  });
});

describe('dimming', () => {
  const region = { startLine: 13, startColumn: 5, endLine: 15, endColumn: 6, when: { is: 'truthy' as const } };
  const guarded = {
    references: [reference({ regions: [region, { ...region, startLine: 16, when: { is: 'falsy' } }] })],
  };
  const lines = (given: Situation): number[] =>
    view({ ...guarded, ...given }).dimmed.map(({ range }) => range.startLine);

  it('dims what nobody can reach, and says why', () => {
    const off = { flags: [flag([state({ on: 0, off: 1 })])] };
    expect(lines(off)).toEqual([13]);
    expect(view({ ...guarded, ...off }).dimmed[0]?.reason).toBe(
      'Nobody reaches this in production (live): "new-checkout" hands "on" to nobody.',
    );
    expect(
      view({ ...guarded, ...off })
        .hovers.at(-1)
        ?.model().notes[0],
    ).toContain('Nobody reaches this');
  });

  it('dims nothing that somebody might reach', () => {
    const off = state({ on: 0, off: 1 });
    expect(lines({})).toEqual([]);
    expect(lines({ flags: [flag([{ ...off, effective: { ...off.effective, unreachable: [] } }])] })).toEqual([]);
    expect(lines({ flags: [flag([{ ...off, effective: { ...off.effective, kind: 'codeDefault' } }])] })).toEqual([]);
    expect(lines({ flags: [flag([off]), flag([off])] })).toEqual([]);
    expect(
      lines({ flags: [flag([off])], references: [reference({ regions: [region], certainty: 'likely' })] }),
    ).toEqual([]);
    const stale = { state: 'tooOld' as const, value: project([flag([off])]), at: now - minute };
    expect(lines({ project: stale })).toEqual([]);
  });

  it('knows which values are one of several, above or below', () => {
    const two = flag([state({ two: 1, none: 0 }, { offVariant: null })], {
      type: 'number',
      variants: [
        { name: 'two', value: 2 },
        { name: 'none', value: 0 },
      ],
    });
    const dimmed = (when: Reference['regions'][number]['when']): number[] =>
      lines({ flags: [two], references: [reference({ regions: [{ ...region, when }] })] });
    expect(dimmed({ is: 'oneOf', values: [0, 1] })).toEqual([13]);
    expect(dimmed({ is: 'oneOf', values: [1, 2] })).toEqual([]);
    expect(dimmed({ is: 'compared', operator: '>', value: 0 })).toEqual([]);
    expect(dimmed({ is: 'compared', operator: '<=', value: 0 })).toEqual([13]);
    expect(dimmed({ is: 'compared', operator: '>=', value: 2 })).toEqual([]);
    expect(dimmed({ is: 'compared', operator: '<', value: 2 })).toEqual([13]);
  });

  it('compares with the values the code compares with', () => {
    const blue = flag([state({ blue: 1, green: 0 }, { offVariant: null })], {
      type: 'string',
      variants: [
        { name: 'blue', value: 'B' },
        { name: 'green', value: 'G' },
      ],
    });
    const when = (is: 'equal' | 'different', value: string) => [
      reference({ regions: [{ ...region, when: { is, value } }] }),
    ];
    expect(lines({ flags: [blue], references: when('equal', 'G') })).toEqual([13]);
    expect(lines({ flags: [blue], references: when('equal', 'B') })).toEqual([]);
    expect(lines({ flags: [blue], references: when('different', 'B') })).toEqual([13]);
  });
});

const entry: JournalEntry = {
  format: 1,
  id: 'c1',
  plan: {
    id: 'p1',
    ref: flag([]).ref,
    environment: environment().ref,
    intent: { kind: 'kill' },
    direction: 'off',
    before: { words: '25% "on"', text: '', shares: null },
    after: { words: 'off', text: '', shares: null },
    notes: [],
    precondition: { kind: 'atomic', token: '' },
    approval: 'none',
    native: '',
    inverse: '',
    madeAt: now,
  },
  consent: { who: 'ana', at: now - 2 * minute, through: 'sidebar', reason: 'errors' },
  status: 'verified',
  steps: [{ at: now, status: 'verified', words: 'seen' }],
  result: { kind: 'written', version: '2' },
  verification: { state: 'verified', instances: 12, onNew: 12, oldShare: 0, laggards: [], tookMs: 3400, words: '' },
  undoes: null,
  undoneBy: null,
};

describe('the journal', () => {
  const rows = (entries: readonly JournalEntry[], undoable = true) =>
    journalRows({
      entries,
      now,
      l10n: english,
      me: 'ana',
      undoable: () => undoable,
      environmentName: ({ name }) => name,
    });

  it('says what, how it ended, who and when; undo while it is exact', () => {
    expect(rows([entry])[0]).toMatchObject({
      label: 'new-checkout off in production',
      description: 'verified on 12 of 12 instances in 3.4 s · you · 2 min ago',
      icon: 'pass',
      contextValue: 'change undo',
      actions: [{ action: { kind: 'undo', changeId: 'c1' } }],
    });
    expect(rows([entry], false)[0]).toMatchObject({ contextValue: 'change', actions: [] });
  });

  it('gives each outcome its own words and puts the newest first', () => {
    const statuses = [
      'consented',
      'applying',
      'applied',
      'written',
      'requested',
      'conflict',
      'refused',
      'unknown',
      'verified',
      'abandoned',
    ] as const;
    const all = statuses.map((status, index) => ({
      ...entry,
      id: String(index),
      status,
      verification: null,
      consent: { ...entry.consent, at: now - index * minute },
    }));
    const shown = rows([...all].reverse());
    expect(shown.map(({ id }) => id)).toEqual(all.map(({ id }) => id));
    expect(new Set(shown.map(({ description }) => description.split(' · ')[0])).size).toBe(statuses.length);
  });
});

describe('the tree', () => {
  const tree = (given: Situation = {}, more: Partial<TreeInput> = {}) =>
    flagTree({
      ...situation(given),
      filter: '',
      journal: [],
      references: () => [],
      undoable: () => false,
      workspace: { hasFolder: true, trusted: true, detected: null },
      servers: [],
      unreferenced: new Set(),
      ...more,
    });
  const walk = (nodes: readonly TreeNode[]): TreeNode[] => nodes.flatMap((node) => [node, ...walk(node.children())]);

  it('has sections with counts, empty ones left out, and items with stable ids', () => {
    const { sections, regressing: count } = tree({
      ...regressing,
      flags: [flag([state(quarter)], { changed: { at: now, by: null, words: '' } })],
    });
    expect(count).toBe(1);
    expect(sections.map(({ label, description }) => `${label} ${description}`)).toEqual([
      'Regressing 1',
      'In this file 1',
      'Changed today 1',
      'All flags 1',
    ]);
    expect(tree().sections.map(({ label }) => label)).toEqual(['In this file', 'All flags']);
    const ids = walk(sections).map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids).toEqual(
      walk(
        tree({ ...regressing, flags: [flag([state(quarter)], { changed: { at: now, by: null, words: 'x' } })] })
          .sections,
      ).map(({ id }) => id),
    );
  });

  it('lists flags that nothing names below what changed, in a section of their own while there are any', () => {
    const [named, unnamed] = ['new-checkout', 'nobody-asks'].map((key) =>
      flag([state(quarter)], { ref: { system: 'flags', project: 'shop', key } }),
    );
    const flags = [named, unnamed].filter((one) => one !== undefined);
    const ids = new Set([flagId({ system: 'flags', project: 'shop', key: 'nobody-asks' })]);
    const { sections } = tree({ flags }, { unreferenced: ids });
    expect(sections.map(({ label, description }) => `${label} ${description}`)).toEqual([
      'In this file 1',
      'Not referenced in this workspace 1',
      'All flags 2',
    ]);
    expect(sections[1]).toMatchObject({ id: 'unreferenced', expanded: 'collapsed' });
    expect(sections[1]?.children().map(({ label }) => label)).toEqual(['nobody-asks']);
    const rows = walk(sections).map(({ id }) => id);
    expect(new Set(rows).size).toBe(rows.length);
    // What is left out by the filter is left out here too.
    const filtered = tree({ flags }, { unreferenced: ids, filter: 'new-' }).sections;
    expect(filtered.map(({ id }) => id)).not.toContain('unreferenced');
  });

  it('shows the inline fact without the key, what can be done, environments, then references', () => {
    const at = { root: '/shop', reference: reference(), code: '  if (await on()) {' };
    const [section] = tree(regressing, { references: () => [at], journal: [entry], undoable: () => true }).sections;
    const [item] = section?.children() ?? [];
    expect(item).toMatchObject({
      label: 'new-checkout',
      description: '25% prod · ▲ err 6.8x · 15m',
      icon: { kind: 'share', icon: 'quarter', regression: true },
      contextValue: 'flag turnOff percentage undo openDefinition',
    });
    expect(item?.accessibilityLabel).toContain('regression');
    const children = item?.children() ?? [];
    expect(children.map(({ kind, label, description }) => [kind, label, description])).toEqual([
      ['environment', 'production (live)', '25% prod · ▲ err 6.8x · 15m'],
      ['reference', 'checkout.ts:12', 'if (await on()) {'],
    ]);
    expect(children[1]?.open).toEqual({
      kind: 'openReference',
      root: '/shop',
      path: 'src/checkout.ts',
      line: 12,
      column: 38,
    });
    expect(item?.tooltip()).toMatchObject({ title: 'new-checkout' });
  });

  it('says when references are still looked for', () => {
    const nodes = walk(tree({}, { references: () => null }).sections);
    expect(nodes.filter(({ kind }) => kind === 'note').map(({ label }) => label)).toContain('Looking for references…');
  });

  it('groups by system and project when there are several', () => {
    const other = { ...project([flag([], { ref: { system: 'flags', project: 'blog', key: 'a' } })]), project: 'blog' };
    const flags = flagLookup([
      { system: 'flags', systemType: 'flagd', project: 'shop', answer: ok(project([flag([state(quarter)])])) },
      { system: 'flags', systemType: 'flagd', project: 'blog', answer: ok(other) },
    ]);
    const all = tree({ more: { flags } }).sections.find(({ id }) => id === 'all');
    expect(all?.children().map(({ label }) => label)).toEqual(['blog · flags', 'shop · flags']);
  });

  const none = flagLookup([]);
  it.each<[WelcomeCause, Partial<TreeInput>]>([
    ['noFolder', { flags: none, workspace: { hasFolder: false, trusted: true, detected: null } }],
    ['notTrusted', { flags: none, workspace: { hasFolder: true, trusted: false, detected: null } }],
    ['nothingConnected', { flags: none }],
    [
      'detected',
      {
        flags: none,
        workspace: {
          hasFolder: true,
          trusted: true,
          detected: { sdk: '@openfeature/server-sdk', file: 'flags.flagd.json', system: 'flagd' },
        },
      },
    ],
    ['filteredOut', { filter: 'nothing like it' }],
  ])('an empty view says why: %s', (cause, more) => {
    expect(tree({}, more).welcome).toMatchObject({ cause });
  });

  it('a connected system without flags, or without an answer, says so', () => {
    expect(tree({ flags: [] }).welcome).toMatchObject({ cause: 'connectedButEmpty', text: /has no flags/u });
    expect(tree({ project: { state: 'asking', since: now } }).welcome?.text).toBe('Asking the flag system…');
    expect(tree({ project: { state: 'unreachable', reason: 'no route', since: now } }).welcome?.text).toContain(
      'no route',
    );
    expect(tree().welcome).toBeNull();
  });

  it('of 10,000 flags it shows the first ones, and says how many are left', () => {
    const flags = Array.from({ length: 10_000 }, (_, index) =>
      flag([state(quarter)], { ref: { system: 'flags', project: 'shop', key: `flag-${String(index)}` } }),
    );
    const input = { flags, references: [reference({ key: 'flag-9q999' })] };
    const { sections } = tree(input);
    const children = sections.at(-1)?.children() ?? [];
    expect(children).toHaveLength(251);
    expect(children.at(-1)?.label).toBe('and 9,750 more: filter to find them');
    expect(view(input).inline[0]?.text).toBe('unknown flag, did you mean "flag-9999"?');
  });
});

describe('the nearest key', () => {
  it.each([
    ['new-chekout', 'new-checkout'],
    ['newcheckout', 'new-checkout'],
    ['NEW_CHECKOUT', 'new-checkout'],
    ['new-hceckout', 'new-checkout'],
    ['old-price', null],
    ['x', null],
  ])('%s: %s', (key, nearest) => {
    expect(new NearKeys(['new-checkout', 'express-pay', 'y']).nearest(key)).toBe(nearest);
  });

  it('matches globs without backtracking', () => {
    const [{ answer }] = [
      { answer: ok(project([flag([], { ref: { system: 'f', project: 'p', key: `${'a'.repeat(5000)}b` } })])) },
    ];
    const lookup = flagLookup([{ system: 'f', systemType: 'x', project: 'p', answer }]);
    expect(lookup.matching(`${'a*'.repeat(200)}c`)).toEqual([]);
    expect(lookup.matching('a*b')).toHaveLength(1);
  });
});

describe('traces', () => {
  it('finds the examples of a code path and of a flag', () => {
    const input = situation();
    expect(tracesOf(input, { codePathId: 'src/checkout.ts:10:1', ref: null })).toHaveLength(1);
    expect(tracesOf(input, { codePathId: null, ref: flag([]).ref })[0]).toMatchObject({
      key: 'new-checkout',
      variant: 'on',
    });
    expect(tracesOf(input, { codePathId: 'src/other.ts:1:1', ref: null })).toEqual([]);
  });
});

describe('the detail panel', () => {
  const detail = (
    given: Situation = {},
    references = [{ root: '/shop', reference: reference(), code: 'x' }],
    journal = [entry],
  ) =>
    detailState({
      ...situation(given),
      ref: flag([]).ref,
      journal,
      references,
      me: 'ana',
      undoable: () => true,
    });

  it.each<[string, Situation]>([
    ['numbers', regressing],
    ['not asked', { signals: { state: 'notAsked' } }],
    ['unreachable', { signals: { state: 'unreachable', reason: 'x'.repeat(5000), since: now } }],
    ['no flag', { flags: [] }],
    ['no environment', { environments: [] }],
  ])('fits its protocol: %s', (_name, given) => {
    const { state: built, actions } = detail(given);
    expect(detailStateSchema.safeParse(built).error).toBeUndefined();
    const offered = [
      ...built.header.actions,
      ...built.references,
      ...(built.header.openDefinition ? [built.header.openDefinition] : []),
    ];
    for (const { id } of offered) expect(actions.has(id)).toBe(true);
    for (const { undo } of built.history)
      expect(undo !== null && actions.get(undo)).toMatchObject({ kind: 'undo', changeId: 'c1' });
  });

  it('takes back what was clicked, whatever was changed since it was drawn', () => {
    const drawn = detail().state.history[0]?.undo ?? '';
    const newer = { ...entry, id: 'c2', consent: { ...entry.consent, at: entry.consent.at + 1 } };
    const { state: built, actions } = detail({}, [], [newer, entry]);
    expect(built.history.map(({ id }) => id)).toEqual(['change:c2', 'change:c1']);
    expect(actions.get(drawn)).toMatchObject({ kind: 'undo', changeId: 'c1' });
  });

  it('has both arms over one time axis, the change marked, the verdict and its inputs', () => {
    const { state: built } = detail(regressing);
    expect(built.times).toHaveLength(60);
    expect(built.charts.map(({ id, values }) => [id, values.map((line) => line.length)])).toEqual([
      ['errors', [60, 60]],
      ['p95', [60, 60]],
    ]);
    expect(built.markers).toEqual([{ at: (now - 2 * minute) / 1000, label: 'off' }]);
    expect(built.verdict.tone).toBe('regression');
    expect(built.verdict.inputs.map(({ label }) => label)).toEqual([
      'Assignment',
      'Window',
      'Source',
      'Errors',
      'Errors, counts',
      'Errors, ratio',
      'Errors, evidence',
    ]);
    expect(built.facts.find(({ label }) => label.startsWith('Errors'))).toMatchObject({
      value: '4.1% / 0.6%',
      tone: 'regression',
    });
  });

  it('says the age of the newest sample once where the answer is as old, and both where it is older', () => {
    const newestOf = (given: Situation) => {
      const { label, value, detail: rest } = detail(given).state.facts.at(-1)!;
      return [label, value, rest];
    };
    const age = newestOf(regressing)[1];
    expect(newestOf(regressing)).toEqual(['Newest sample', age, 'built-in receiver']);
    const facts = signalFacts([flagFacts(twoArms, { comparison: regression })]);
    const older = { ...facts, coverage: { ...facts.coverage, newestSample: now - 2 * minute } };
    expect(newestOf({ signals: ok(older) })).toEqual(['Newest sample', '2 min ago', `built-in receiver, ${age}`]);
  });

  it('says why there is no chart', () => {
    const { state: built } = detail({ signals: { state: 'unreachable', reason: 'refused', since: now } });
    expect(built.charts[0]?.empty).toMatch(/unreachable.*refused/u);
    expect(detail({ signals: { state: 'notAsked' } }).state.loading).toBe(true);
  });

  it('stands in a page that trusts nothing but its own two files', () => {
    const page = detailHtml({
      scriptUri: 'a.js',
      styleUri: 'a.css',
      nonce: 'n1',
      cspSource: 'vscode:',
      lang: 'en',
      title: '"><script>',
    });
    expect(page).toContain("default-src 'none'");
    expect(page).toContain("script-src 'nonce-n1'");
    expect(page).not.toContain('"><script>');
    expect(page.match(/<script/gu)).toHaveLength(1);
  });
});
