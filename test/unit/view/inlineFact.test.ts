import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { inFlightKey } from '../../../src/view/input';
import { fileView } from '../../../src/view/fileView';
import {
  arm,
  comparison,
  effective,
  english,
  environment,
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
  stringFlag,
  twoArms,
  type Situation,
} from './sample';

const inline = (given: Situation): string | undefined => fileView(situation(given)).inline[0]?.text;
const facts = (...arms: Parameters<typeof flagFacts>): Situation['signals'] => ok(signalFacts([flagFacts(...arms)]));
const partly = { kind: 'rules', shares: null, ruleCount: 2, randomised: 'partly' } as const;
const quarter = { on: 0.25, off: 0.75 };
const staging = environment('staging', { production: false });

/** Every row of UX.md's inline table, and the rows that promise 1 adds. */
const rows: readonly (readonly [name: string, text: string, given: Situation])[] = [
  ['percentage, both arms known', '25% prod · err 4.1% vs 0.6% · 15m', {}],
  ['regression', '25% prod · ▲ err 6.8x · 15m', { signals: facts(twoArms, { comparison: regression }) }],
  [
    'regression whose ratio one error more would change: the two rates',
    '25% prod · ▲ err 4.1% vs 0.6% · 15m',
    { signals: facts(twoArms, { comparison: { ...regression, ratio: { value: 110, low: 15, high: 770 } } }) },
  ],
  [
    'regression without one error on the other side',
    '25% prod · ▲ err 4.1% vs 0% · 15m',
    {
      signals: facts([arm('on', 1204, 49, 0.48), arm('off', 3640, 0, 0.21)], {
        comparison: { ...regression, ratio: { value: null, low: 4, high: null } },
      }),
    },
  ],
  [
    'latency is what differs',
    '25% prod · ▲ p95 480 vs 210 ms · 15m',
    { signals: facts(twoArms, { latency: { ...regression, metric: 'latency' } }) },
  ],
  [
    'association only',
    '25%+2 rules prod · err 4.1% / 0.6% · 15m',
    { flags: [flag([state(quarter, { effective: effective(quarter, partly) })])] },
  ],
  [
    'a comparison that is not randomised is never vs',
    '25% prod · err 4.1% / 0.6% · 15m',
    { signals: facts(twoArms, { comparison: comparison({ verdict: 'association', randomised: 'partly' }) }) },
  ],
  [
    'everyone on',
    'on prod · err 0.6% · 15m',
    { flags: [flag([state({ on: 1, off: 0 })])], signals: facts([arm('on', 3640, 22, 0.2)]) },
  ],
  [
    'everyone off',
    'off prod',
    { flags: [flag([state({ on: 0, off: 1 })])], signals: facts([arm('off', 3640, 22, 0.2)]) },
  ],
  ['variants', '"blue" 50% · "green" 50% prod', { flags: [stringFlag({ blue: 0.5, green: 0.5 })], signals: null }],
  [
    'more than two variants: the widest against the rest',
    '"blue" 60% · rest 40% prod',
    { flags: [stringFlag({ blue: 0.6, green: 0.3, red: 0.1 })], signals: null },
  ],
  [
    'a variant that looks like a percentage stays quoted',
    '"25%" prod',
    { flags: [stringFlag({ '25%': 1, '50%': 0 })], signals: null },
  ],
  [
    'a regression between named variants',
    '"blue" 50% prod · ▲ err 6.8x · 15m',
    {
      flags: [stringFlag({ blue: 0.5, green: 0.5 })],
      signals: facts([arm('blue', 1204, 49, 0.4), arm('green', 1300, 9, 0.4)], {
        comparison: { ...regression, treatment: 'blue', control: 'green' },
      }),
    },
  ],
  [
    'a file, not an environment',
    '25% flags.json · not live',
    { environments: [environment('production', { kind: 'definition', production: false })] },
  ],
  [
    'several environments differ',
    '25% prod, on staging',
    {
      flags: [flag([state(quarter), state({ on: 1, off: 0 }, { environment: staging.ref })])],
      environments: [environment(), staging],
      signals: null,
    },
  ],
  [
    'several environments differ, with numbers: the numbers have the room',
    '25% prod · err 4.1% vs 0.6% · 15m',
    {
      flags: [flag([state(quarter), state({ on: 1, off: 0 }, { environment: staging.ref })])],
      environments: [environment(), staging],
    },
  ],
  [
    'the chosen environment alone',
    'on staging',
    {
      flags: [flag([state(quarter), state({ on: 1, off: 0 }, { environment: staging.ref })])],
      environments: [environment(), staging],
      more: { environment: 'staging' },
    },
  ],
  ['flags not asked yet', '…', { project: { state: 'notAsked' } }],
  ['flags asked, unanswered', 'asking…', { project: { state: 'asking', since: now - 1000 } }],
  ['flags unreachable', 'flags unreachable', { project: { state: 'unreachable', reason: 'refused', since: now } }],
  [
    'flags unreachable, last state known',
    '25% prod · flags unreachable',
    {
      project: {
        state: 'unreachable',
        reason: 'refused',
        since: now,
        last: { value: project([flag([state(quarter)])]), at: now - minute },
      },
    },
  ],
  [
    'flags too old',
    '25% prod · flags 40 min old',
    { project: { state: 'tooOld', value: project([flag([state(quarter)])]), at: now - 40 * minute } },
  ],
  ['not asked yet', '25% prod · …', { signals: { state: 'notAsked' } }],
  ['asked, unanswered', '25% prod · asking…', { signals: { state: 'asking', since: now - 1000 } }],
  [
    'asked again: what was known stays',
    '25% prod · err 4.1% vs 0.6% · 15m',
    {
      signals: {
        state: 'asking',
        since: now - 1000,
        last: { value: signalFacts([flagFacts(twoArms)]), at: now - 5000 },
      },
    },
  ],
  ['too old', '25% prod · 12 min old', { signals: { state: 'tooOld', value: signalFacts([]), at: now - 12 * minute } }],
  [
    'answered, but the newest sample is old',
    '25% prod · 12 min old',
    {
      signals: ok(
        signalFacts([flagFacts(twoArms)], {
          coverage: {
            sampled: false,
            approximate: false,
            partial: false,
            joinedShare: 1,
            newestSample: now - 12 * minute,
          },
        }),
      ),
    },
  ],
  ['unreachable', '25% prod · unreachable', { signals: { state: 'unreachable', reason: 'refused', since: now } }],
  ['no traffic', '25% prod · no traffic · 15m', { signals: ok(signalFacts([], { paths: [] })) }],
  ['traffic, but nobody evaluates the flag', '25% prod · no evaluations · 15m', { signals: ok(signalFacts([])) }],
  ['too little', '25% prod · n 12, too few · 15m', { signals: facts([arm('on', 12, 1, 0.4), arm('off', 40, 1, 0.2)]) }],
  [
    'telemetry of another environment is not joined',
    '25% prod · …',
    { signals: ok(signalFacts([flagFacts(twoArms)], { environment: 'staging' })) },
  ],
  [
    'answered to the question of other files only',
    '25% prod · asking…',
    { signals: ok(signalFacts([flagFacts(twoArms)], { askedFiles: ['src/another.ts'] })) },
  ],
  [
    'unknown key, near a known one',
    'unknown flag, did you mean "new-checkout"?',
    { references: [reference({ key: 'new-chekout' })] },
  ],
  [
    'unknown key, near a known one, shortened',
    'unknown flag, "new-checkout-with-wallet"?',
    {
      flags: [flag([state(quarter)], { ref: { system: 'flags', project: 'shop', key: 'new-checkout-with-wallet' } })],
      references: [reference({ key: 'new-checkout-with-walet' })],
    },
  ],
  ['unknown key, near nothing', 'unknown flag', { references: [reference({ key: 'zzz' })] }],
  ['likely', '? 25% prod', { references: [reference({ certainty: 'likely' })], signals: null }],
  [
    'dynamic',
    '6 flags match "exp-*"',
    {
      flags: [1, 2, 3, 4, 5, 6].map((index) =>
        flag([state(quarter)], { ref: { system: 'flags', project: 'shop', key: `exp-${String(index)}` } }),
      ),
      references: [reference({ key: null, pattern: 'exp-*', certainty: 'dynamic' })],
    },
  ],
  [
    'under way',
    '25% prod · turning off…',
    {
      more: {
        inFlight: new Map([[inFlightKey(flag([]).ref, environment().ref), 'turning off…']]),
      },
    },
  ],
  [
    'the code decides',
    'code default prod',
    {
      flags: [
        flag([
          state(quarter, { effective: { ...effective({}), kind: 'codeDefault', shares: null, defaultShares: null } }),
        ]),
      ],
      signals: null,
    },
  ],
  ['absent there', 'absent prod', { flags: [flag([state(quarter, { switch: 'absent' })])], signals: null }],
  [
    'absent there, and unreadable elsewhere',
    'absent prod',
    {
      flags: [
        flag([state(quarter, { switch: 'absent' })], {
          unreadable: { severity: 'error', code: 'x', message: 'bad weights' },
        }),
      ],
      signals: null,
    },
  ],
  [
    'unreadable',
    'unreadable prod',
    { flags: [flag([], { unreadable: { severity: 'error', code: 'x', message: 'bad weights' } })], signals: null },
  ],
];

describe('the inline fact', () => {
  it.each(rows)('%s', (_name, text, given) => {
    expect(inline(given)).toBe(text);
  });

  it('never says two different states in the same words', () => {
    const states = [
      'percentage, both arms known',
      'not asked yet',
      'asked, unanswered',
      'too old',
      'unreachable',
      'no traffic',
      'too little',
      'traffic, but nobody evaluates the flag',
    ];
    const texts = rows.filter(([name]) => states.includes(name)).map(([, , given]) => inline(given));
    expect(texts).toHaveLength(states.length);
    expect(new Set(texts).size).toBe(states.length);
  });

  it('shows several flags of one key as several', () => {
    const other = flag([state({ on: 0, off: 1 })], { ref: { system: 'flags', project: 'shop', key: 'new-checkout' } });
    expect(inline({ flags: [flag([state(quarter)]), other], signals: null })).toBe('2 flags: 25% flags, off flags');
  });

  it('says nothing when no flag system is connected, and nothing in tests', () => {
    const silent = situation().flags;
    expect(inline({ more: { flags: { ...silent, projects: [] } } })).toBeUndefined();
    expect(inline({ references: [reference({ kind: 'test' })] })).toBeUndefined();
  });

  it('stands at the end of the call and reads out the key', () => {
    const [fact] = fileView(situation()).inline;
    expect(fact).toMatchObject({ line: 12, column: 60, reference: 0, tone: 'partial' });
    expect(fact?.label).toBe('Flag new-checkout: 25% prod, err 4.1% vs 0.6%, 15m');
  });

  it('is written in the display language', () => {
    expect(inline({ more: { l10n: { ...english, locale: 'de' } } })).toBe(
      '25\u00a0% prod · err 4,1\u00a0% vs 0,6\u00a0% · 15m',
    );
  });
});

const anyName = fc.oneof(
  fc.string({ minLength: 1, maxLength: 60, unit: 'grapheme' }),
  fc.string({ minLength: 1, maxLength: 60, unit: 'binary' }),
  fc.constantFrom('100%', '"', '](command:x)', '<b>', '\u202e', '\n'),
);
const anyCount = fc.oneof(fc.integer({ min: 0, max: 50 }), fc.integer({ min: 0, max: 2_000_000_000 }));
const anyVerdict = fc.constantFrom(
  'insufficient',
  'noEvidence',
  'regression',
  'improvement',
  'unhealthy',
  'association',
);

describe('whatever comes', () => {
  const anySituation = fc
    .record({
      names: fc.uniqueArray(anyName, { minLength: 1, maxLength: 4 }),
      place: anyName,
      key: anyName,
      weights: fc.array(fc.integer({ min: 0, max: 1000 }), { minLength: 4, maxLength: 4 }),
      rules: fc.integer({ min: 0, max: 12 }),
      calls: fc.array(anyCount, { minLength: 4, maxLength: 4 }),
      verdict: anyVerdict,
      metric: fc.constantFrom('errors' as const, 'latency' as const),
      ratio: fc.option(fc.double({ min: 0.001, max: 1e6, noNaN: true })),
      window: fc.integer({ min: 1, max: 10_000 }),
      likely: fc.boolean(),
      locale: fc.constantFrom('en', 'de', 'fr', 'ar', 'hi', 'ja', 'not a locale'),
      signal: fc.constantFrom('ok', 'notAsked', 'asking', 'tooOld', 'unreachable'),
      inFlight: fc.option(anyName),
      known: fc.boolean(),
    })
    .map((given) => {
      const total = given.names.reduce((sum, _name, index) => sum + (given.weights[index] ?? 0), 0) || 1;
      const shares = Object.fromEntries(given.names.map((name, index) => [name, (given.weights[index] ?? 0) / total]));
      const place = environment(given.place, { telemetryName: 'production' });
      const known = { system: 'flags', project: 'shop', key: given.key };
      const judged = comparison({
        metric: given.metric,
        verdict: given.verdict,
        treatment: given.names[0] ?? '',
        control: given.names[1] ?? '',
        ratio: { value: given.ratio, low: 0, high: null },
      });
      const arms = given.names.map((name, index) => {
        const calls = given.calls[index] ?? 0;
        return arm(
          name,
          calls,
          Math.floor(calls / ((given.weights[index] ?? 0) + 1)),
          calls > 100 ? calls / 1e4 : null,
        );
      });
      const value = signalFacts([
        flagFacts(arms, {
          key: given.key,
          comparison: given.metric === 'errors' ? judged : null,
          latency: given.metric === 'latency' ? judged : null,
        }),
      ]);
      const answers: Record<string, Situation['signals']> = {
        ok: ok(value),
        notAsked: { state: 'notAsked' },
        asking: { state: 'asking', since: now - 1000 },
        tooOld: { state: 'tooOld', value, at: now - 12 * minute },
        unreachable: { state: 'unreachable', reason: given.place, since: now - minute },
      };
      const flags = [
        {
          ...stringFlag(shares, {
            environment: place.ref,
            effective: effective(
              shares,
              given.rules > 0 ? { kind: 'rules', shares: null, ruleCount: given.rules, randomised: 'partly' } : {},
            ),
          }),
          ref: known,
        },
      ];
      return situation({
        flags,
        environments: [place],
        ...(answers[given.signal] === undefined ? {} : { signals: answers[given.signal]! }),
        references: [
          reference({ key: given.known ? given.key : `${given.key}x`, certainty: given.likely ? 'likely' : 'certain' }),
        ],
        more: {
          l10n: { ...english, locale: given.locale },
          windowMinutes: given.window,
          ...(given.inFlight === null ? {} : { inFlight: new Map([[inFlightKey(known, place.ref), given.inFlight]]) }),
        },
      });
    });

  it('an inline fact has 1 to 43 units, on one line, without torn characters', () => {
    fc.assert(
      fc.property(anySituation, (input) => {
        const view = fileView(input);
        for (const { text } of view.inline) {
          expect(text.length).toBeGreaterThan(0);
          expect(text.length).toBeLessThanOrEqual(43);
          expect(text).not.toMatch(/[\p{Cc}\p{Zl}\p{Zp}]/u);
          expect(text).not.toMatch(/NaN|undefined|null|Infinity/u);
          // A lone half of a surrogate pair would be drawn as a box.
          expect(() => encodeURIComponent(text)).not.toThrow();
        }
        for (const { model } of view.hovers) expect(JSON.stringify(model())).not.toMatch(/NaN|undefined|Infinity/u);
      }),
      { numRuns: 300 },
    );
  });

  it('every message of ours is free of the word safe', async () => {
    const said: string[] = [];
    const listening = {
      ...english,
      t: (message: string, ...args: (string | number)[]) => {
        said.push(message);
        return english.t(message, ...args);
      },
    };
    for (const [, , given] of rows) {
      const view = fileView(situation({ ...given, more: { ...given.more, l10n: listening } }));
      for (const { model } of view.hovers) model();
    }
    expect(said.length).toBeGreaterThan(100);
    expect(said.filter((message) => /\bsafe|success|!/iu.test(message))).toEqual([]);
  });
});
