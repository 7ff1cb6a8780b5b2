import { describe, expect, it } from 'vitest';
import type { FlagState, SilentEnvironment } from '../../../src/model/flag';
import { fileView } from '../../../src/view/fileView';
import { flagLookup } from '../../../src/view/flagLookup';
import { flagTree } from '../../../src/view/flagTree';
import type { ViewInput } from '../../../src/view/input';
import { environment, flag, minute, now, ok, project, situation, state } from './sample';

const quarter = { on: 0.25, off: 0.75 };
const everyone = { on: 1, off: 0 };
const staging = environment('staging');
const silence = (more: Partial<SilentEnvironment>): SilentEnvironment => ({
  environment: staging.ref,
  state: 'unreachable',
  reason: 'connection refused',
  since: now - minute,
  knownAt: null,
  ...more,
});

function seen(states: readonly FlagState[], silent: readonly SilentEnvironment[], more: Partial<ViewInput> = {}) {
  const of = project([flag(states)], [environment(), staging]);
  const answer = ok({ ...of, silent: [...silent] });
  return {
    ...situation({ signals: null }),
    flags: flagLookup([{ system: 'flags', systemType: 'flagd', project: 'shop', answer }]),
    ...more,
  };
}

const inline = (input: ViewInput): string | undefined => fileView(input).inline[0]?.text;
const hover = (input: ViewInput) => fileView(input).hovers[0]!.model();

describe('an environment that does not answer beside one that does', () => {
  it.each([
    ['not asked', { state: 'notAsked' as const }, '25% prod, … staging'],
    ['asking', { state: 'asking' as const }, '25% prod, asking… staging'],
    ['unreachable', {}, '25% prod, unreachable staging'],
  ])('and of which nothing is known is not called absent: %s', (_, more, text) => {
    const input = seen([state(quarter)], [silence(more)]);
    expect(inline(input)).toBe(text);
    expect(JSON.stringify(hover(input))).not.toContain('absent');
  });

  it('is marked old where its last state stays', () => {
    const known = silence({ knownAt: now - 12 * minute });
    const input = seen([state(quarter), state(everyone, { environment: staging.ref })], [known]);
    expect(inline(input)).toBe('25% prod, on staging (old)');
    expect(hover(input).table?.rows[1]?.[1]).toBe('on · state of 12 min ago');
    expect(hover(input).notes).toContain('staging unreachable, state of 12 min ago: connection refused');
    expect(inline({ ...input, environment: 'staging' })).toBe('on staging · flags unreachable');
  });

  it('takes nothing away from the one that does', () => {
    const without = { ...seen([state(quarter), state(everyone, { environment: staging.ref })], []), environment: null };
    const input = seen([state(quarter)], [silence({})], { environment: 'production' });
    expect(inline(input)).toBe('25% prod');
    expect(hover(input).table?.rows[0]).toEqual(hover(without).table?.rows[0]);
  });

  it('may have the key that the others do not know', () => {
    const of = (silent: readonly SilentEnvironment[]) =>
      inline({ ...seen([], silent), file: { ...situation().file!, references: [{ ...reference, key: 'elsewhere' }] } });
    const [reference] = situation().file!.references as [NonNullable<ViewInput['file']>['references'][number]];
    expect(of([])).toMatch(/^unknown flag/);
    expect(of([silence({ state: 'notAsked' })])).toBe('…');
    expect(of([silence({})])).toMatch(/unreachable/);
    expect(of([silence({ knownAt: now - minute })])).toMatch(/^unknown flag/);
  });

  it('says so at its own row in the Flags view', () => {
    const input = seen([state(quarter)], [silence({ state: 'notAsked', reason: 'allow it first' })]);
    const tree = flagTree({
      ...input,
      file: null,
      filter: '',
      journal: [],
      servers: [],
      unreferenced: new Set(),
      references: () => [],
      undoable: () => false,
      workspace: { hasFolder: true, trusted: true, detected: null },
    });
    const row = tree.sections[0]?.children()[0]?.children()[1];
    expect(row?.description).toBe('… staging');
    expect(row?.actions.map(({ action }) => action.kind)).toEqual(['details']);
    expect(hover(input).notes).toContain('staging not asked yet: allow it first');
  });
});
