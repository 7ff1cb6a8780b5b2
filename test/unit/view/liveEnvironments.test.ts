import { describe, expect, it } from 'vitest';
import { flagLookup } from '../../../src/view/flagLookup';
import type { Answer } from '../../../src/model/answer';
import type { SignalFacts } from '../../../src/model/facts';
import type { Environment, FlagSnapshot } from '../../../src/model/flag';
import { detailState } from '../../../src/view/detail';
import { fileEnvironment } from '../../../src/view/environments';
import { fileView } from '../../../src/view/fileView';
import { flagTree } from '../../../src/view/flagTree';
import type { ProjectAnswer, ViewInput } from '../../../src/view/input';
import { detailStateSchema } from '../../../src/protocol/detailPanel';
import { arm, environment, flag, flagFacts, ok, project, signalFacts, situation, state, twoArms } from './sample';

const quarter = { on: 0.25, off: 0.75 };
const everyone = { on: 1, off: 0 };
const nobody = { on: 0, off: 1 };

/** The same key in a system and project of its own, a state for each environment. */
function held(
  system: string,
  name: string,
  states: Readonly<Record<string, Record<string, number>>>,
  more: Partial<Environment> = {},
): ProjectAnswer {
  const environments = Object.keys(states).map((one) =>
    environment(one, { ...more, ref: { system, project: name, name: one } }),
  );
  const of: FlagSnapshot = flag(
    Object.entries(states).map(([one, shares]) => state(shares, { environment: { system, project: name, name: one } })),
    { ref: { system, project: name, key: 'new-checkout' } },
  );
  const snapshot = { ...project([of], environments), system, project: name };
  return { system, systemType: 'unleash', project: name, answer: ok(snapshot) };
}

function seen(
  projects: readonly ProjectAnswer[],
  signals: Readonly<Record<string, Answer<SignalFacts>>>,
  more: Partial<ViewInput> = {},
): ViewInput {
  return { ...situation({}), flags: flagLookup(projects), signals: (name) => signals[name] ?? null, ...more };
}

const ofEnvironment = (name: string, calls: number): Answer<SignalFacts> =>
  ok(
    signalFacts([flagFacts([arm('on', calls, 10, 0.2), arm('off', calls * 3, 9, 0.1)])], {
      environment: name,
      environments: [name],
    }),
  );

const hover = (input: ViewInput) => fileView(input).hovers[0]!.model();

describe('several live environments of one project', () => {
  const regions = held('flags', 'shop', { 'prod-eu': quarter, 'prod-us': everyone, staging: nobody }, {});
  const production = (input: ProjectAnswer): ProjectAnswer => {
    if (input.answer.state !== 'ok') throw new Error('known');
    const environments = input.answer.value.environments.map((one) => ({
      ...one,
      production: one.ref.name.startsWith('prod'),
    }));
    return { ...input, answer: ok({ ...input.answer.value, environments }) };
  };
  const input = seen([production(regions)], {
    'prod-eu': ofEnvironment('prod-eu', 400),
    'prod-us': ofEnvironment('prod-us', 900),
  });

  it('stand side by side in the hover, each with the numbers of its own telemetry alone', () => {
    const { rows } = hover(input).table!;
    expect(rows.map(([name, shown, , , , requests]) => [name, shown?.split(',')[0], requests])).toEqual([
      ['prod-eu (live)', '25% "on"', '400 / 1,200'],
      ['prod-us (live)', 'on', '900'],
      ['staging (live)', 'off', '–'],
    ]);
  });

  it('of which several are production go by their own names, not all by "prod"', () => {
    const [fact] = fileView(input).inline;
    expect(fact?.text).toMatch(/^25% prod-eu/);
    const alone = production(held('flags', 'shop', { 'prod-eu': quarter, staging: nobody }));
    expect(fileView(seen([alone], {})).inline[0]?.text).toMatch(/^25% prod,/);
  });

  it('stand side by side in the tree and in the detail panel', () => {
    const { sections } = flagTree({
      ...input,
      filter: '',
      journal: [],
      references: () => [],
      undoable: () => false,
      workspace: { hasFolder: true, trusted: true, detected: null },
      servers: [],
      unreferenced: new Set(),
    });
    const environments = sections[0]!
      .children()[0]!
      .children()
      .filter(({ kind }) => kind === 'environment');
    expect(environments.map(({ label, description }) => [label, description.split(' ')[0]])).toEqual([
      ['prod-eu (live)', '25%'],
      ['prod-us (live)', 'on'],
      ['staging (live)', 'off'],
    ]);
    const ref = { system: 'flags', project: 'shop', key: 'new-checkout' };
    const { state: shown } = detailState({
      ...input,
      ref,
      journal: [],
      references: null,
      me: 'ana',
      undoable: () => false,
    });
    expect(detailStateSchema.safeParse(shown).success).toBe(true);
    const facts = new Map(shown.facts.map(({ label, value }) => [label, value]));
    expect(facts.get('prod-us (live)')).toMatch(/^on prod-us .*err/);
    expect(facts.get('staging (live)')).toMatch(/^off staging/);
    expect(facts.has('prod-eu (live)')).toBe(false);
  });
});

describe('the same key in several systems', () => {
  const unleash = held('unleash', 'web', { production: quarter, development: everyone });
  const flagd = held('flags', 'shop', { qa: everyone });

  it('stands side by side with all their environments, each joined to its own telemetry', () => {
    const { table, notes } = hover(
      seen([unleash, flagd], { production: ofEnvironment('production', 400), qa: ofEnvironment('qa', 50) }),
    );
    expect(table?.rows.map(([name, , , , , requests]) => [name, requests])).toEqual([
      ['production (live) · web · unleash', '400 / 1,200'],
      ['development (live) · web · unleash', '–'],
      ['qa (live) · shop · flags', '50'],
    ]);
    expect(notes).toEqual([]);
  });

  it('says that telemetry of an environment they share is of both', () => {
    const both = [unleash, held('flags', 'shop', { production: nobody })];
    expect(hover(seen(both, { production: ofEnvironment('production', 400) })).notes.join()).toContain(
      'Telemetry of production names the key alone',
    );
  });
});

describe('telemetry that names no environment', () => {
  const unnamed = ok(signalFacts([flagFacts(twoArms)], { environments: [''] }));
  const input = seen([held('flags', 'shop', { production: quarter })], { production: unnamed });

  it('is joined and labelled so, in the hover and in the detail panel', () => {
    const model = hover(input);
    expect(model.provenance).toContain('telemetry that names no environment');
    const ref = { system: 'flags', project: 'shop', key: 'new-checkout' };
    const { state: shown } = detailState({
      ...input,
      ref,
      journal: [],
      references: null,
      me: '',
      undoable: () => false,
    });
    expect(shown.notes.join()).toContain('names no environment');
    const named = seen([held('flags', 'shop', { production: quarter })], {
      production: ofEnvironment('production', 9),
    });
    expect(hover(named).provenance).not.toContain('names no environment');
  });
});

describe('the environment that speaks for a file', () => {
  it('is a live one of any project before a definition, production first', () => {
    const definition = held('files', 'shop', { production: quarter }, { kind: 'definition' });
    const live = held('unleash', 'web', { development: quarter, production: quarter });
    expect(fileEnvironment(seen([definition, live], {}))?.ref).toMatchObject({ system: 'unleash', name: 'production' });
    const chosen = seen([definition, live], {}, { environment: 'development' });
    expect(fileEnvironment(chosen)?.ref).toMatchObject({ system: 'unleash', name: 'development' });
    expect(fileEnvironment(seen([definition], {}))?.ref.system).toBe('files');
  });
});
