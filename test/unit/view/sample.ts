import type { Answer } from '../../../src/model/answer';
import type { Comparison } from '../../../src/model/comparison';
import type { ArmFacts, FlagFacts, PathFacts, SignalFacts } from '../../../src/model/facts';
import type { Effective, Environment, FlagSnapshot, FlagState, ProjectSnapshot } from '../../../src/model/flag';
import type { CodePath, FileFacts, Reference } from '../../../src/model/reference';
import type { Operation } from '../../../src/model/signal';
import type { L10n } from '../../../src/platform/l10n';
import { flagLookup } from '../../../src/view/flagLookup';
import type { ViewInput } from '../../../src/view/input';

/** 14:30 UTC on a fixed day. */
export const now = Date.UTC(2026, 4, 6, 14, 30);
export const minute = 60_000;

export const english: L10n = {
  locale: 'en',
  t: (message, ...args) => message.replace(/\{(\d)\}/gu, (_, index) => String(args[Number(index)])),
};

export function environment(name = 'production', more: Partial<Environment> = {}): Environment {
  return {
    ref: { system: 'flags', project: 'shop', name },
    kind: 'live',
    production: name === 'production',
    protected: { value: true, because: 'name' },
    readOnly: false,
    telemetryName: name,
    sourceName: 'flags.json',
    pollMs: 5000,
    ...more,
  };
}

export function effective(shares: Record<string, number>, more: Partial<Effective> = {}): Effective {
  const served = Object.values(shares).filter((share) => share > 0).length;
  return {
    kind: served > 1 ? 'split' : 'everyone',
    shares,
    defaultShares: shares,
    ruleCount: 0,
    randomised: served > 1 ? 'yes' : 'no',
    unreachable: Object.keys(shares).filter((variant) => shares[variant] === 0),
    ...more,
  };
}

export function state(shares: Record<string, number>, more: Partial<FlagState> = {}): FlagState {
  const weights = Object.entries(shares).map(([variant, share]) => ({ variant, weight: share * 100 }));
  return {
    environment: environment().ref,
    switch: 'none',
    writable: { kind: 'yes' },
    offServes: null,
    offVariant: 'off' in shares ? 'off' : null,
    offVariantReason: 'off' in shares ? '' : 'No variant is off.',
    defaultRule: { kind: 'split', by: 'targetingKey', weights },
    rules: [],
    prerequisites: [],
    effective: effective(shares),
    version: '1',
    raw: '{}',
    location: { path: '/shop/flags.json', line: 4, endLine: 12 },
    ...more,
  };
}

export function flag(states: readonly FlagState[], more: Partial<FlagSnapshot> = {}): FlagSnapshot {
  return {
    ref: { system: 'flags', project: 'shop', key: 'new-checkout' },
    name: null,
    description: 'New checkout flow',
    type: 'boolean',
    variants: [
      { name: 'on', value: true },
      { name: 'off', value: false },
    ],
    owner: 'checkout-team',
    tags: [],
    changed: null,
    archived: false,
    unreadable: null,
    states: [...states],
    ...more,
  };
}

export function stringFlag(shares: Record<string, number>, more: Partial<FlagState> = {}): FlagSnapshot {
  return flag([state(shares, { offVariant: null, ...more })], {
    type: 'string',
    variants: Object.keys(shares).map((name) => ({ name, value: name })),
  });
}

export function project(
  flags: readonly FlagSnapshot[],
  environments: readonly Environment[] = [environment()],
): ProjectSnapshot {
  return {
    system: 'flags',
    systemType: 'flagd',
    project: 'shop',
    folders: ['/shop'],
    environments: [...environments],
    flags: [...flags],
    problems: [],
    version: '1',
    takenAt: now,
  };
}

export const operation: Operation = {
  id: 'checkout POST /checkout',
  service: 'checkout',
  environment: 'production',
  kind: 'server',
  name: 'POST /checkout',
  httpMethod: 'POST',
  httpRoute: '/checkout',
  scope: null,
  codeFunction: null,
  codeFile: null,
  codeLine: null,
};

export function arm(variant: string, calls: number, errors: number, p95: number | null): ArmFacts {
  const points = Array.from({ length: 60 }, (_, index) => ({
    at: now - (60 - index) * minute,
    calls: calls / 15,
    errors: (errors / 15) * (1 + 0.5 * Math.sin(index / 3)),
    p95: p95 === null ? null : p95 * (1 + 0.1 * Math.cos(index / 4)),
  }));
  return {
    variant,
    totals: {
      calls,
      errors,
      refused: 0,
      perMinute: calls / 15,
      errorRate: calls > 0 ? { value: errors / calls, low: 0, high: 1 } : null,
      p50: p95 === null ? null : p95 / 4,
      p95,
      p99: p95 === null ? null : p95 * 2,
    },
    points,
    exemplars: [{ traceId: 'a'.repeat(32), at: now - minute, seconds: 0.5, error: true }],
  };
}

export function comparison(more: Partial<Comparison> = {}): Comparison {
  return {
    metric: 'errors',
    treatment: 'on',
    control: 'off',
    verdict: 'noEvidence',
    because: '',
    randomised: 'yes',
    n1: 1204,
    bad1: 49,
    n0: 3640,
    bad0: 22,
    ratio: { value: 6.8, low: 4.1, high: 11 },
    p: 0.0004,
    logE: 7.8,
    phi: 1.1,
    windows: 15,
    since: null,
    thresholdSeconds: null,
    ...more,
  };
}

export const regression = comparison({ verdict: 'regression', since: Date.UTC(2026, 4, 6, 14, 2) });

export function flagFacts(arms: readonly ArmFacts[], more: Partial<FlagFacts> = {}): FlagFacts {
  const evaluations = arms.reduce((sum, { totals }) => sum + totals.calls, 0);
  return {
    key: 'new-checkout',
    service: 'checkout',
    operation,
    match: { rank: 2, score: 0.9, reason: 'by route', approximate: false, via: null },
    arms: [...arms],
    mixedCalls: 0,
    observed: Object.fromEntries(arms.map(({ variant, totals }) => [variant, totals.calls / Math.max(1, evaluations)])),
    evaluations,
    comparison: null,
    latency: null,
    ...more,
  };
}

export const twoArms = [arm('on', 1204, 49, 0.48), arm('off', 3640, 22, 0.21)] as const;

export const pathFacts: PathFacts = {
  codePathId: 'src/checkout.ts:10:1',
  operation,
  match: { rank: 2, score: 0.9, reason: 'by route', approximate: false, via: null },
  totals: { ...arm('', 18_000, 126, 0.41).totals, p50: 0.084 },
  more: [],
};

export function signalFacts(flags: readonly FlagFacts[], more: Partial<SignalFacts> = {}): SignalFacts {
  return {
    environment: 'production',
    window: { from: now - 15 * minute, to: now },
    windowMinutes: 15,
    source: 'built-in receiver',
    asOf: now - 3000,
    coverage: { sampled: false, approximate: false, partial: false, joinedShare: 1, newestSample: now - 3000 },
    operationCount: 4,
    services: ['checkout'],
    environments: ['production'],
    paths: [pathFacts],
    flags: [...flags],
    ...more,
  };
}

export function reference(more: Partial<Reference> = {}): Reference {
  return {
    path: 'src/checkout.ts',
    line: 12,
    column: 38,
    endLine: 12,
    endColumn: 60,
    key: 'new-checkout',
    pattern: null,
    kind: 'evaluation',
    certainty: 'certain',
    via: 'literal',
    sdk: '@openfeature/server-sdk',
    evaluatedOn: 'server',
    function: 'checkout',
    route: 'POST /checkout',
    generated: false,
    trace: [],
    regions: [],
    ...more,
  };
}

export const codePath: CodePath = {
  path: 'src/checkout.ts',
  name: 'checkout',
  kind: 'route',
  startLine: 10,
  startColumn: 1,
  endLine: 30,
  lensLine: 10,
  routes: [{ method: 'POST', template: '/checkout', framework: 'express', line: 10 }],
  spans: [],
  calls: [],
};

export function file(references: readonly Reference[] = [reference()], codePaths = [codePath]): FileFacts {
  return { path: 'src/checkout.ts', version: '1', references: [...references], codePaths, truncated: null };
}

export const ok = <T>(value: T): Answer<T> => ({ state: 'ok', value, at: now });

export interface Situation {
  readonly flags?: readonly FlagSnapshot[];
  readonly environments?: readonly Environment[];
  /** Answer of the flag system, when it is not plainly there. */
  readonly project?: Answer<ProjectSnapshot>;
  readonly signals?: Answer<SignalFacts> | null;
  readonly references?: readonly Reference[];
  readonly more?: Partial<ViewInput>;
}

/** A file with one evaluation of `new-checkout`, 25 % on in production. */
export function situation(given: Situation = {}): ViewInput {
  const flags = given.flags ?? [flag([state({ on: 0.25, off: 0.75 })])];
  const answer = given.project ?? ok(project(flags, given.environments));
  const signals = given.signals === undefined ? ok(signalFacts([flagFacts(twoArms)])) : given.signals;
  return {
    flags: flagLookup([{ system: 'flags', systemType: 'flagd', project: 'shop', answer }]),
    signals: (name) => (name === 'production' ? signals : null),
    environment: null,
    windowMinutes: 15,
    now,
    l10n: english,
    theme: 'dark',
    inFlight: new Map(),
    file: file(given.references),
    settings: {
      inlineFacts: true,
      codeLens: true,
      gutter: true,
      ruler: true,
      hover: true,
      statusBar: true,
      dimming: true,
    },
    ...given.more,
  };
}
