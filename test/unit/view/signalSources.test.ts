import { describe, expect, it } from 'vitest';
import type { SignalFacts, SignalSource } from '../../../src/model/facts';
import { fileView } from '../../../src/view/fileView';
import {
  codePath,
  flagFacts,
  minute,
  now,
  ok,
  pathFacts,
  regression,
  signalFacts,
  situation,
  twoArms,
  type Situation,
} from './sample';
import { codePathId } from '../../../src/model/reference';

const coverage = { sampled: false, approximate: false, partial: false, joinedShare: null, newestSample: now - 20_000 };
const source = (id: string, more: Partial<SignalSource> = {}): SignalSource => ({
  id,
  name: id,
  decided: 'found',
  state: 'ok',
  reason: null,
  since: null,
  asOf: now - 10_000,
  coverage,
  toldApart: null,
  ...more,
});
const local = source('local', { name: 'built-in receiver', asOf: now - 1_000 });
const fleet = source('fleet', { name: 'Prometheus fleet', toldApart: [] });
const down = { state: 'unreachable', reason: 'fleet cannot be reached.', since: now - 5 * minute } as const;

const given = (facts: SignalFacts): Situation => ({ signals: ok(facts) });
const view = (facts: SignalFacts) => fileView(situation(given(facts)));
const inline = (facts: SignalFacts): string | undefined => view(facts).inline[0]?.text;
const hover = (facts: SignalFacts) => view(facts).hovers[0]!.model();
const ofFleet = { ...pathFacts, source: 'fleet' };

describe('numbers of several sources', () => {
  const both = signalFacts(
    [flagFacts(twoArms, { comparison: regression, source: 'local', operation: null, match: null })],
    { paths: [ofFleet], sources: [local, fleet], source: 'built-in receiver, Prometheus fleet' },
  );

  it('each say their own source and age', () => {
    expect(hover(both).provenance).toContain('built-in receiver, 1 s ago');
    expect(hover(both).provenance).not.toContain('fleet');
    expect(view(both).lenses[0]!.parts[0]!.tooltip).toContain('Prometheus fleet, 10 s ago');
  });

  it('of a flag are found at the code path though another source matched it', () => {
    const other = { ...flagFacts(twoArms, { source: 'local' }), codePathIds: [codePathId(codePath)] };
    const elsewhere = { ...other, operation: { ...other.operation!, id: 'another id' } };
    const facts = { ...both, flags: [elsewhere] };
    expect(hover(facts).provenance).toContain('by route');
  });

  it('say what of a source is to be doubted', () => {
    const sources = [{ ...local, coverage: { ...coverage, partial: true, approximate: true } }, fleet];
    expect(hover({ ...both, sources }).provenance).toContain('built-in receiver, 1 s ago · incomplete · approximate');
  });

  it('are too old when their own source is, whatever the others are', () => {
    const old = { ...local, coverage: { ...coverage, newestSample: now - 12 * minute } };
    expect(inline({ ...both, sources: [old, fleet] })).toBe('25% prod · 12 min old');
    expect(inline({ ...both, sources: [local, { ...fleet, coverage: old.coverage }] })).not.toContain('old');
  });

  it('are unreachable when their own source is, and only then', () => {
    expect(inline({ ...both, sources: [{ ...local, ...down }, fleet] })).toBe('25% prod · unreachable');
    expect(hover({ ...both, sources: [{ ...local, ...down }, fleet] }).sentence).toContain('fleet cannot be reached.');
    expect(inline({ ...both, sources: [local, { ...fleet, ...down }] })).not.toContain('unreachable');
    expect(view({ ...both, sources: [local, { ...fleet, ...down }] }).lenses[0]!.parts[0]!.text).toContain(
      'unreachable',
    );
  });

  it('are asked for, or cannot be had, where none has any and one has not answered', () => {
    const none = signalFacts([], {
      paths: [],
      sources: [local, source('fleet', { state: 'asking', asOf: null, decided: 'unknown' })],
    });
    expect(inline(none)).toBe('25% prod · asking…');
    expect(inline({ ...none, sources: [local, { ...fleet, ...down, decided: 'configured' }] })).toBe(
      '25% prod · unreachable',
    );
    expect(inline({ ...none, sources: [local, fleet] })).toBe('25% prod · no traffic · 15m');
    // What it said was of other files: a file just opened is not without traffic for that.
    expect(inline({ ...none, sources: [local, { ...fleet, state: 'asking' }] })).toBe('25% prod · asking…');
    const elsewhere = { ...fleet, state: 'asking' as const, decided: 'notThere' as const };
    expect(inline({ ...none, sources: [local, elsewhere] })).toBe('25% prod · no traffic · 15m');
  });

  it('are of all variants together where calls carry none, and that is said', () => {
    const facts = signalFacts([], { paths: [ofFleet], sources: [local, fleet] });
    expect(inline(facts)).toBe('25% prod · err 0.7% of all · 15m');
    expect(hover(facts).sentence).toMatch(
      /^Prometheus fleet does not say which variant a request got: 18,000 requests in 15m, 1\d\d failed, all variants together\.$/,
    );
    expect(hover(facts).provenance).toContain('Prometheus fleet, 10 s ago');
    // Where it could tell them apart, it saw no evaluation.
    const apart = { ...facts, sources: [local, { ...fleet, toldApart: ['new-checkout'] }] };
    expect(inline(apart)).toBe('25% prod · no evaluations · 15m');
  });

  it('have all their sources in the status bar, with their health and why they count', () => {
    const sources = [local, { ...fleet, ...down, decided: 'configured' as const }];
    const tooltip = view({ ...both, sources }).statusBar!.tooltip;
    expect(tooltip).toContain('built-in receiver: 1 s ago · its telemetry names "production"');
    expect(tooltip).toMatch(
      /Prometheus fleet: unreachable since \d\d:\d\d: fleet cannot be reached\. · 10 s ago · holds "production" by configuration/,
    );
  });
});
