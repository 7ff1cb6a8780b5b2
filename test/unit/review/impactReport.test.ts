import { describe, expect, it } from 'vitest';
import type { CodePath, Reference } from '../../../src/model/reference';
import { impactReport } from '../../../src/review/impactReport';
import type { ReviewInput } from '../../../src/review/input';
import { markdown } from '../../../src/review/formats/markdown';
import { flagLookup } from '../../../src/view/flagLookup';
import {
  codePath,
  english,
  flag,
  flagFacts,
  now,
  ok,
  pathFacts,
  project,
  reference,
  signalFacts,
  state,
  twoArms,
} from '../view/sample';

const path = 'src/checkout.ts';
const line = (at: number) => ({ before: { start: at, count: 1 }, after: { start: at, count: 1 } });
const side = (references: readonly Reference[], codePaths: readonly CodePath[] = [codePath]) => ({
  files: [{ path, references, codePaths }],
});

function input(more: Partial<ReviewInput> = {}, flags = [flag([state({ on: 0.25, off: 0.75 })])]): ReviewInput {
  const lookup = flagLookup([{ system: 'flags', systemType: 'flagd', project: 'shop', answer: ok(project(flags)) }]);
  return {
    base: { name: 'main', commit: 'a'.repeat(40) },
    head: { name: 'feature', commit: 'b'.repeat(40) },
    changes: [{ before: path, after: path, lines: [line(20)] }],
    codeBefore: side([]),
    codeAfter: side([]),
    flagsOf: () => lookup,
    definitions: [],
    written: new Set(),
    signals: [{ name: 'production', facts: signalFacts([flagFacts(twoArms, { operation: null })]) }],
    guardrails: {},
    busyPerMinute: 60,
    missing: [],
    now,
    l10n: english,
    ...more,
  };
}

const codes = (of: ReviewInput): readonly string[] => impactReport(of).reasons.map(({ code }) => code);

describe('the report of a change: a flag that comes with it', () => {
  it('is told in the environments of its project, as they are marked, and with who gets it then', () => {
    const made = flag([state({ on: 1, off: 0 })], { ref: { system: 'flags', project: 'shop', key: 'made-here' } });
    const report = impactReport(
      input({
        codeAfter: side([reference({ key: 'made-here' })]),
        definitions: [{ before: null, after: made, places: [] }],
      }),
    );
    const [impact] = report.flags.filter(({ key }) => key === 'made-here');
    expect(impact?.flags[0]?.environments).toMatchObject([
      { name: 'production', production: true, protected: true, words: 'absent', reach: 'off', reachAfter: 'everyone' },
    ]);
    expect(report.reasons.find(({ code }) => code === 'definition-changed')?.severity).toBe('error');
    expect(report.rollouts).toEqual([]);
  });
});

describe('the report of a change: code paths', () => {
  it('says what a changed path gets now, with its window, source and age', () => {
    const { paths } = impactReport(input());
    expect(paths).toHaveLength(1);
    expect(paths[0]).toMatchObject({ name: 'checkout', change: 'changed', routes: ['POST /checkout'], flags: [] });
    expect(paths[0]?.traffic[0]).toMatchObject({ perMinute: 1200, errors: 126, calls: 18_000, p50: 0.084, p99: 0.82 });
    expect(paths[0]?.traffic[0]?.words).toBe(
      '1.2k/min · err 0.7% · p50 84 ms · p99 820 ms · 18,000 calls in 15m · built-in receiver · 3 s ago',
    );
  });

  it('says that a busy one has no flag on it, unless it has, or is not busy', () => {
    expect(codes(input())).toEqual(['busy-path-unguarded']);
    expect(codes(input({ busyPerMinute: 5_000 }))).toEqual([]);
    expect(codes(input({ codeBefore: side([reference()]), codeAfter: side([reference()]) }))).toEqual([]);
    const around = reference({
      line: 8,
      endLine: 8,
      regions: [{ startLine: 9, startColumn: 1, endLine: 40, endColumn: 1, when: { is: 'truthy' } }],
    });
    expect(codes(input({ codeBefore: side([around]), codeAfter: side([around]) }))).toEqual([]);
  });

  it('says that one is failing already, by its budget where it has one', () => {
    const failing = signalFacts([], {
      paths: [
        {
          ...pathFacts,
          totals: { ...pathFacts.totals, errors: 738, errorRate: { value: 0.041, low: 0.03, high: 0.05 } },
        },
      ],
    });
    const signals = [{ name: 'production', facts: failing }];
    expect(codes(input({ signals }))).toEqual(['failing-path', 'busy-path-unguarded']);
    expect(codes(input({ signals, guardrails: { 'POST /checkout': { errorRate: 0.1 } } }))).toEqual([
      'busy-path-unguarded',
    ]);
    const few = { ...failing, paths: failing.paths.map((one) => ({ ...one, totals: { ...one.totals, calls: 12 } })) };
    expect(codes(input({ signals: [{ name: 'production', facts: few }] }))).toEqual(['busy-path-unguarded']);
  });

  it('tells no functions where nothing is known of what they get', () => {
    expect(impactReport(input({ signals: [] })).paths).toEqual([]);
  });

  it('takes lines of a function within another for the inner one alone', () => {
    const inner: CodePath = { ...codePath, name: 'inner', kind: 'function', startLine: 18, endLine: 22, routes: [] };
    const code = side([], [codePath, inner]);
    expect(impactReport(input({ codeBefore: code, codeAfter: code })).paths.map(({ name }) => name)).toEqual(['inner']);
  });
});

describe('the report of a change: flags', () => {
  const added = { codeBefore: side([]), codeAfter: side([reference()]), busyPerMinute: 5_000 };

  it('names state, share, age, owner and evaluations of what is on already', () => {
    const at = now - 3 * 24 * 3_600_000;
    const flags = [flag([state({ on: 0.25, off: 0.75 })], { changed: { at, by: 'ada', words: '' } })];
    const report = impactReport(input(added, flags));
    expect(report.reasons.map(({ code }) => code)).toEqual(['live-on-deploy']);
    expect(report.reasons[0]?.evidence[0]).toMatch(
      /^production: 25% "on", split by targetingKey \(protected\) · last changed .+ · owner checkout-team$/,
    );
    expect(report.flags[0]?.flags[0]?.environments[0]).toMatchObject({
      shares: { on: 0.25, off: 0.75 },
      reach: 'some',
      evaluations: { count: 4844, windowMinutes: 15 },
    });
    expect(markdown(report, english)).toContain('4,844 evaluations in 15m');
    expect(report.rollouts).toMatchObject([
      { environment: 'production', share: 0.25, stages: [{ share: 0.5 }, { share: 1 }], kill: { variant: 'off' } },
    ]);
    expect(report.rollouts[0]?.guardrails).toMatchObject([{ operation: 'POST /checkout', errorRate: { most: 0.014 } }]);
    expect(markdown(report, english)).toContain('errors over 1.4% (0.7% now)');
  });

  it('says nothing of what is off, and what of an archived or deprecated one', () => {
    const off = { on: 0, off: 1 };
    expect(codes(input(added, [flag([state(off)])]))).toEqual([]);
    expect(codes(input(added, [flag([state(off)], { archived: true })]))).toEqual(['flag-archived']);
    const deprecated = impactReport(input(added, [flag([state(off)], { deprecated: true })]));
    expect(deprecated.reasons[0]).toMatchObject({ code: 'flag-archived', severity: 'warning' });
  });

  it('calls a flag undefined only where all projects have told of all flags', () => {
    const more = { codeAfter: side([reference({ key: 'new-chekout' })]), busyPerMinute: 5_000 };
    expect(codes(input(more))).toEqual(['flag-unknown']);
    const partial = flagLookup([
      {
        ...{ system: 'flags', systemType: 'flagd', project: 'shop' },
        answer: ok({ ...project([]), isPartial: true }),
      },
    ]);
    expect(codes(input({ ...more, flagsOf: () => partial }))).toEqual([]);
    const test = side([reference({ key: 'new-chekout', kind: 'test' })]);
    expect(codes(input({ ...more, codeAfter: test }))).toEqual([]);
  });

  it('calls a flag extinct only where its key stands nowhere', () => {
    const gone = { codeBefore: side([reference()]), busyPerMinute: 5_000 };
    const change = (written: ReadonlySet<string> | null): string | undefined =>
      impactReport(input({ ...gone, written })).flags[0]?.change;
    expect(change(new Set())).toBe('extinct');
    expect(change(new Set(['new-checkout']))).toBe('removed');
    expect(change(null)).toBe('removed');
  });

  it('says that some got one side only of a flag that was evaluated', () => {
    const gone = { written: new Set<string>(), busyPerMinute: 5_000 };
    expect(codes(input({ ...gone, codeBefore: side([reference()]) }))).toEqual([
      'removed-while-served',
      'flag-extinct',
    ]);
    const mentioned = side([reference({ kind: 'mention' }), reference({ kind: 'test', line: 30 })]);
    expect(codes(input({ ...gone, codeBefore: mentioned }))).toEqual(['flag-extinct']);
  });

  it('is the same report for the same input', () => {
    expect(impactReport(input(added))).toEqual(impactReport(input(added)));
  });
});
