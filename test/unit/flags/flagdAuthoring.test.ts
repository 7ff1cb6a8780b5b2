import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Intent, Plan } from '../../../src/model/change';
import type { Environment, FlagState } from '../../../src/model/flag';
import { FlagdSystem } from '../../../src/flags/flagd/system';
import { parseJson } from '../../../src/flags/jsonText';
import { PlanError } from '../../../src/flags/system';
import { flagDeps } from './flagDeps';

const { signal } = new AbortController();
const PATH = '/w/flags.json';
const environment = { system: 'flags', project: 'shop', name: 'production' };
const TEXT = `{
  // the shop's flags
  "flags": {
    "plain": { "state": "ENABLED", "variants": { "on": true, "off": false }, "defaultVariant": "off" },
    "ruled": {
      "state": "ENABLED", // since May
      "variants": { "on": true, "off": false },
      "defaultVariant": "off",
      "targeting": {
        "if": [
          { "ends_with": [{ "var": "email" }, "@acme.dev"] },
          "on",
          "off"
        ]
      }
    },
    "split": {
      "state": "ENABLED",
      "variants": { "on": true, "off": false },
      "defaultVariant": "off",
      "targeting": {
        "fractional": [
          ["on", 25], // carefully
          ["off", 75]
        ]
      }
    } // the last one
  }
}
`;

function setup(text = TEXT) {
  const world = flagDeps();
  world.files.set(PATH, text);
  const shown: Environment = {
    ref: environment,
    kind: 'live',
    production: true,
    protected: { value: true, because: 'repository' },
    readOnly: false,
    telemetryName: 'production',
    sourceName: 'flags.json',
    pollMs: null,
  };
  const project = {
    name: 'shop',
    folders: ['.'],
    environments: [{ name: 'production', kind: 'live' as const, source: ['flags.json'], write: 'rename' as const }],
  };
  const options = { system: 'flags', project, environments: [shown], folder: '/w', folders: ['/w'] };
  const system = new FlagdSystem(options, world.deps);
  const ref = (key: string) => ({ system: 'flags', project: 'shop', key });
  const plan = async (key: string, intent: Intent): Promise<Plan> => {
    const { flags } = await system.snapshot(signal);
    const seen = flags.find((flag) => flag.ref.key === key)?.states[0] ?? ({} as FlagState);
    return system.plan(ref(key), environment, intent, seen, signal);
  };
  const make = async (planned: Plan) => expect((await system.apply(planned, 'c', signal)).kind).toBe('applied');
  return Object.assign(world, { system, ref, plan, make, now: () => world.files.text(PATH) });
}

const target = (on: boolean, value = 'me', variant = 'on'): Intent => ({
  kind: 'target',
  on,
  attribute: 'targetingKey',
  value,
  variant,
});
const failed = async (work: Promise<unknown>): Promise<string> => {
  const error: unknown = await work.catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(PlanError);
  return (error as PlanError).reason;
};

describe('creating a flag', () => {
  it('puts it at the end, off, in the style of the file; undo takes it out to the letter', async () => {
    const at = setup();
    const plan = await at.plan('fresh', { kind: 'create', type: 'boolean' });
    expect(plan).toMatchObject({ direction: 'off', before: { text: '' }, after: { words: 'everyone gets "off"' } });
    await at.make(plan);
    expect(at.now()).toContain('}, // the last one\n    "fresh": {\n      "state": "ENABLED"');
    const { flags, problems } = await at.system.snapshot(signal);
    expect(problems.filter(({ severity }) => severity === 'error')).toEqual([]);
    expect(flags.at(-1)).toMatchObject({
      type: 'boolean',
      states: [{ offVariant: 'off', effective: { shares: { off: 1 } } }],
    });
    const undo = await at.system.planUndo(plan, signal);
    expect(undo.direction).toBe('up');
    await at.make(undo);
    expect(at.now()).toBe(TEXT);
    const again = await at.system.planUndo(undo, signal);
    await at.make(again);
    expect(at.now()).toContain('"fresh"');
  });

  it('is not undone once it was changed, and not made twice', async () => {
    const at = setup();
    const plan = await at.plan('fresh', { kind: 'create', type: 'string', off: 'blue' });
    await at.make(plan);
    await at.make(plan);
    expect(await failed(at.plan('fresh', { kind: 'create', type: 'string' }))).toBe('changedSince');
    at.files.set(PATH, at.now().replace('"blue"', '"red"'));
    expect(await failed(at.system.planUndo(plan, signal))).toBe('changedSince');
    expect((await at.system.apply(plan, 'c', signal)).kind).toBe('conflict');
  });

  it.each([
    ['{ "flags": {} }\n'],
    ['{\n  "flags": {\n  }\n}\n'],
    ['{"flags":{"a":{"state":"ENABLED","variants":{"on":true},"defaultVariant":"on"}}}'],
    ['{"flags":[{"key":"a","state":"ENABLED","variants":{"on":true},"defaultVariant":"on"}]}'],
    ['{\r\n\t"flags": {\r\n\t\t"a": { "state": "ENABLED", "variants": { "on": true } }\r\n\t}\r\n}'],
  ])('writes into %j, and takes out of it', async (text) => {
    const at = setup(text);
    const plan = await at.plan('fresh', { kind: 'create', type: 'number' });
    await at.make(plan);
    expect(at.now()).toContain('fresh');
    await at.make(await at.system.planUndo(plan, signal));
    expect(parseJson(at.now()).value).toEqual(parseJson(text).value);
  });

  it('refuses a file without flags and what is outside the folders', async () => {
    expect(await failed(setup('{}').plan('k', { kind: 'create', type: 'boolean' }))).toBe('notWritable');
    const at = setup();
    at.readOnly = 'not trusted';
    expect(await failed(at.plan('k', { kind: 'create', type: 'boolean' }))).toBe('notWritable');
  });

  it('any key is written so that the file reads back with it and all others', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ minLength: 1, maxLength: 30, unit: 'grapheme' }), async (key) => {
        if (['plain', 'ruled', 'split'].includes(key)) return;
        const at = setup();
        const plan = await at.plan(key, { kind: 'create', type: 'boolean' });
        await at.make(plan);
        const { flags } = parseJson(at.now()).value as { flags: Record<string, unknown> };
        expect(Object.keys(flags).sort()).toEqual(['plain', 'ruled', 'split', key].sort());
        await at.make(await at.system.planUndo(plan, signal));
        expect(at.now()).toBe(TEXT);
      }),
      { numRuns: 40 },
    );
  });
});

describe('one target', () => {
  it.each(['plain', 'ruled', 'split'])(
    'of %s goes before everything else, and away to the same meaning',
    async (key) => {
      const at = setup();
      const plan = await at.plan(key, target(true));
      expect(['on', 'up']).toContain(plan.direction);
      await at.make(plan);
      const mine = await at.system.evaluateAs(at.ref(key), environment, { targetingKey: 'me' }, signal);
      expect(mine).toMatchObject({ variant: 'on', value: true, rule: { words: 'targetingKey is one of "me"' } });
      const removal = await at.plan(key, target(false));
      expect(['off', 'down']).toContain(removal.direction);
      const undo = await at.system.planUndo(plan, signal);
      expect(['off', 'down']).toContain(undo.direction);
      await at.make(removal);
      expect(parseJson(at.now()).value).toEqual(parseJson(TEXT).value);
    },
  );

  it('undo is to the letter; a second user joins the first', async () => {
    const at = setup();
    const plan = await at.plan('split', target(true));
    await at.make(plan);
    await at.make(await at.system.planUndo(plan, signal));
    expect(at.now()).toBe(TEXT);
    await at.make(await at.plan('ruled', target(true)));
    const second = await at.plan('ruled', target(true, 'you'));
    expect(second.direction).toBe('up');
    await at.make(second);
    expect(at.now()).toMatch(/\["me", "you"\]/);
    expect((await at.plan('ruled', target(false, 'you'))).direction).toBe('down');
  });

  it('given off goes down; who is not there is not taken out; no variant is made up', async () => {
    const at = setup();
    expect((await at.plan('split', target(true, 'me', 'off'))).direction).toBe('down');
    expect(await failed(at.plan('split', target(false)))).toBe('nothingToDo');
    expect(await failed(at.plan('split', target(true, 'me', 'blue')))).toBe('unsupported');
  });
});

describe('evaluating as somebody', () => {
  it('says the variant and the rule in words', async () => {
    const at = setup();
    await at.system.snapshot(signal);
    const ruled = (context: object) => at.system.evaluateAs(at.ref('ruled'), environment, context as never, signal);
    expect(await ruled({ email: 'a@acme.dev' })).toMatchObject({
      variant: 'on',
      reason: 'TARGETING_MATCH',
      rule: { words: 'email ends with "@acme.dev"' },
    });
    expect(await ruled({ email: 'a@other.org' })).toMatchObject({ variant: 'off', rule: null });
    const split = await at.system.evaluateAs(at.ref('split'), environment, { targetingKey: 'u' }, signal);
    expect(split.remarks[0]).toContain('drawn by targetingKey');
    await expect(at.system.evaluateAs(at.ref('none'), environment, {}, signal)).rejects.toThrow('not defined');
  });
});
