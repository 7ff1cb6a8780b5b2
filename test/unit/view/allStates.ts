import type { JournalEntry } from '../../../src/model/change';
import type { WaitingServer } from '../../../src/platform/guardedRemotes';
import type { L10n } from '../../../src/platform/l10n';
import { flagLookup } from '../../../src/view/flagLookup';
import { inFlightKey, type DetailInput, type TreeInput, type ViewInput } from '../../../src/view/input';
import {
  arm,
  comparison,
  effective,
  environment,
  file,
  flag,
  flagFacts,
  minute,
  now,
  ok,
  pathFacts,
  project,
  reference,
  signalFacts,
  situation,
  state,
  type Situation,
} from './sample';

/** Names from outside, none of which is a word of ours. */
const names = {
  treatment: 'kappa',
  control: 'lambda',
  key: 'zyx-flag',
  system: 'sys-one',
  project: 'proj-one',
  production: 'env-one',
  staging: 'env-two',
  source: 'src.json',
} as const;

/** All that a test of our words must leave out: names, units as Intl writes them. */
export const notOurWords: readonly (string | RegExp)[] = [
  /\(\d+ *%\)/g,
  ...Object.values(names),
  'POST /checkout',
  'src/checkout.ts',
  'checkout.ts',
  'checkout',
  'sub-key',
  'Ana',
  'https://flags.acme.dev',
  'flags.acme.dev',
  '.sightglass.json',
  'fn.name',
  'http.route',
  'zyx-flog',
  'zyx-*',
  'aaa-*',
  'zzz',
  'production',
  /\b(ms|s|Sek|Min|Mio|Mrd)\b/g,
];

const ref = { system: names.system, project: names.project, key: names.key };
const production = environment(names.production, {
  ref: { system: names.system, project: names.project, name: names.production },
  production: true,
  telemetryName: 'production',
  sourceName: names.source,
});
const staging = environment(names.staging, {
  ref: { ...production.ref, name: names.staging },
  production: false,
  sourceName: names.source,
});
const drafts = environment(names.source, {
  ref: { ...production.ref, name: names.source },
  kind: 'definition',
  production: false,
  sourceName: names.source,
});

const shares = (share: number): Record<string, number> => ({ [names.treatment]: share, [names.control]: 1 - share });
const at = (share: number, more: Parameters<typeof state>[1] = {}): ReturnType<typeof state> =>
  state(shares(share), {
    environment: production.ref,
    offVariant: names.control,
    offVariantReason: '',
    defaultRule: {
      kind: 'split',
      by: 'sub-key',
      weights: [
        { variant: names.treatment, weight: share * 100 },
        { variant: names.control, weight: 100 - share * 100 },
      ],
    },
    location: { path: names.source, line: 4, endLine: 12 },
    ...more,
  });
const theFlag = (states = [at(0.25)], more: Parameters<typeof flag>[1] = {}): ReturnType<typeof flag> =>
  flag(states, {
    ref,
    name: null,
    description: null,
    owner: 'Ana',
    variants: [
      { name: names.treatment, value: true },
      { name: names.control, value: false },
    ],
    ...more,
  });

const treated = arm(names.treatment, 1204, 49, 0.48);
const controlled = arm(names.control, 3640, 22, 0.21);
const match = { rank: 2, score: 0.9, reason: 'by http.route', approximate: true, via: 'POST /checkout' };
const joined = (more: Parameters<typeof flagFacts>[1] = {}, arms = [treated, controlled]) =>
  flagFacts(arms, { key: names.key, match, ...more });
const judged = (more: Parameters<typeof comparison>[0]) =>
  comparison({ treatment: names.treatment, control: names.control, ...more });
const facts = (flags: ReturnType<typeof flagFacts>[], more: Parameters<typeof signalFacts>[1] = {}) =>
  signalFacts(flags, { paths: [{ ...pathFacts, match, more: [pathFacts.operation] }], ...more });
const said = (more: Parameters<typeof flagFacts>[1] = {}, arms = [treated, controlled]): Situation => ({
  signals: ok(facts([joined(more, arms)])),
});

/** Every state of knowledge that a reference can be in, by name: UX.md's inline table, and the rows of promise 1. */
const givens: Readonly<Record<string, Situation>> = {
  'both arms': said(),
  regression: said({ comparison: judged({ verdict: 'regression', since: now - 28 * minute }) }),
  'regression without a ratio': said({
    comparison: judged({ verdict: 'regression', ratio: { value: null, low: 4, high: null } }),
  }),
  'slow regression': said({
    latency: judged({ metric: 'latency', verdict: 'regression', thresholdSeconds: 0.3, since: now - 28 * minute }),
  }),
  improvement: said({
    comparison: judged({ verdict: 'improvement', ratio: { value: 0.3, low: 0.2, high: 0.4 } }),
  }),
  association: said({
    comparison: judged({
      verdict: 'association',
      randomised: 'no',
      because: 'not randomised: the difference may be due to who is targeted',
    }),
  }),
  insufficient: said({
    comparison: judged({ verdict: 'insufficient', because: 'too few errors on both sides together', ratio: null }),
  }),
  unhealthy: said({
    mixedCalls: 900,
    comparison: judged({
      verdict: 'unhealthy',
      because: 'many traces saw several variants, so the sides cannot be told apart',
    }),
  }),
  'no evidence': said({
    comparison: judged({
      because: 'the difference is within what chance gives',
      ratio: { value: 1, low: 0.8, high: 1.2 },
    }),
  }),
  'no verdict yet': said({ comparison: judged({ because: 'in so few minutes only a gross difference can be told' }) }),
  gap: said({ observed: { [names.treatment]: 0.5, [names.control]: 0.5 } }),
  everyone: { flags: [theFlag([at(1)])], ...said({}, [treated]) },
  off: { flags: [theFlag([at(0)])], ...said({}, [controlled]) },
  'after a kill': { flags: [theFlag([at(0)])], ...said() },
  'not asked': { signals: { state: 'notAsked' } },
  asking: { signals: { state: 'asking', since: now - 5000 } },
  'too old': { signals: { state: 'tooOld', value: facts([joined()]), at: now - 12 * minute } },
  unreachable: { signals: { state: 'unreachable', reason: '502', since: now - minute } },
  'no traffic': { signals: ok(facts([], { paths: [] })) },
  'no evaluations': { signals: ok(facts([])) },
  'arms unknown': { signals: ok(facts([], { toldApart: [] })) },
  'too little': said({}, [arm(names.treatment, 12, 0, 0.4), controlled]),
  'no telemetry': { signals: null },
  'flags not asked': { project: { state: 'notAsked' } },
  'flags asking': { project: { state: 'asking', since: now - 2000 } },
  'flags unreachable': { project: { state: 'unreachable', reason: '502', since: now } },
  'flags too old': {
    project: { state: 'tooOld', value: project([theFlag()], [production]), at: now - 12 * minute },
    signals: null,
  },
  'flags gone': {
    project: {
      state: 'unreachable',
      reason: '502',
      since: now,
      last: { value: project([theFlag()], [production]), at: now - minute },
    },
    signals: null,
  },
  unknown: { references: [reference({ key: 'zzz' })] },
  'unknown, near another': { references: [reference({ key: 'zyx-flog' })] },
  likely: { references: [reference({ key: names.key, certainty: 'likely' })] },
  dynamic: { references: [reference({ key: null, pattern: 'zyx-*', certainty: 'dynamic' })] },
  'dynamic, nothing': { references: [reference({ key: null, pattern: 'aaa-*', certainty: 'dynamic' })] },
  several: {
    flags: [theFlag(), theFlag([at(0)])],
    signals: null,
  },
  'not live': {
    flags: [theFlag([at(0.25, { environment: drafts.ref })])],
    environments: [drafts],
  },
  'several environments': {
    flags: [theFlag([at(0.25), at(1, { environment: staging.ref })])],
    environments: [production, staging],
    signals: null,
  },
  rules: {
    flags: [
      theFlag([
        at(0.25, {
          effective: effective(shares(0.25), { kind: 'rules', shares: null, ruleCount: 2, randomised: 'partly' }),
          rules: [
            { id: '1', words: '', serve: { kind: 'variant', variant: names.treatment } },
            { id: '2', words: '', serve: { kind: 'codeDefault' } },
          ],
          prerequisites: ['fn.name'],
        }),
      ]),
    ],
    ...said(),
  },
  absent: { flags: [theFlag([at(0.25, { switch: 'absent' })])], signals: null },
  'code default': {
    flags: [
      theFlag([at(0.25, { effective: { ...effective({}), kind: 'codeDefault', shares: null, defaultShares: null } })]),
    ],
    signals: null,
  },
  unreadable: {
    flags: [theFlag([], { unreadable: { severity: 'error', code: 'x', message: '?' } })],
    signals: null,
  },
  'read-only': { flags: [theFlag([at(0.25, { writable: { kind: 'no', reason: '403' } })])], signals: null },
  'under way': { more: { inFlight: new Map([[inFlightKey(ref, production.ref), '…']]) } },
};

/** Every state, in a language. The surfaces that are switched off by others are on. */
export function allStates(l10n: L10n): readonly (readonly [name: string, input: ViewInput])[] {
  return Object.entries(givens).map(([name, given]) => {
    const region = { startLine: 13, startColumn: 5, endLine: 15, endColumn: 6, when: { is: 'truthy' as const } };
    const input = situation({
      flags: [theFlag()],
      environments: [production],
      references: [reference({ key: names.key, regions: [region] })],
      ...said(),
      ...given,
      more: { ...given.more, l10n },
    });
    const answer = given.project ?? ok(project(given.flags ?? [theFlag()], given.environments ?? [production]));
    return [name, { ...input, flags: flagLookup([ofProject(answer)]) }] as const;
  });
}

const ofProject = (answer: ViewInput['flags']['projects'][number]['answer']) => ({
  system: names.system,
  systemType: 'flagd',
  project: names.project,
  answer,
});

const reasons = ['notAllowed', 'noToken', 'refused', 'untrusted', 'badAddress'] as const;
const servers = reasons.map((reason): WaitingServer => ({
  options: { id: names.system, type: 'src.json', url: 'https://flags.acme.dev', authorization: 'raw' },
  origin: 'https://flags.acme.dev',
  reach: reason === 'notAllowed' ? 'private' : 'loopback',
  reason,
}));

/** The Flags view over a state, with everything that may stand in it. */
export function treeOver(input: ViewInput, more: Partial<TreeInput> = {}): TreeInput {
  return {
    ...input,
    file: file([reference({ key: names.key })]),
    filter: '',
    journal: [],
    references: () => [{ root: '/', reference: reference({ key: names.key, function: null }), code: null }],
    undoable: () => false,
    workspace: { hasFolder: true, trusted: true, detected: null },
    servers,
    unreferenced: new Set(),
    ...more,
  };
}

/** The detail panel over a state. */
export function detailOver(input: ViewInput, more: Partial<DetailInput> = {}): DetailInput {
  return { ...input, ref, journal: [], references: null, me: 'Ana', undoable: () => true, ...more };
}

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

/** A change in each state it can be in. The words of a plan are the flag system's own. */
export const allChanges: readonly JournalEntry[] = statuses.map((status, index) => ({
  format: 1,
  id: `c${String(index)}`,
  plan: {
    id: 'p1',
    ref,
    environment: production.ref,
    intent: { kind: 'kill' },
    direction: 'off',
    before: { words: '25 %', text: '', shares: null },
    after: { words: '0 %', text: '', shares: null },
    notes: [],
    precondition: { kind: 'atomic', token: '' },
    approval: 'none',
    native: '',
    inverse: '',
    madeAt: now,
  },
  consent: { who: 'Ana', at: now - 2 * minute, through: 'Ana', reason: '503' },
  status,
  steps: [],
  result: null,
  verification: { state: 'verified', instances: 12, onNew: 12, oldShare: 0, laggards: [], tookMs: 3400, words: '' },
  undoes: null,
  undoneBy: null,
}));
