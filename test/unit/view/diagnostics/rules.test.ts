import { describe, expect, it } from 'vitest';
import { state } from '../sample';
import type { DiagnosedFile } from '../../../../src/view/diagnostics/diagnosis';
import { Diagnosis, diagnose } from '../../../../src/view/diagnostics/diagnose';
import { ReferenceBook } from '../../../../src/view/diagnostics/referenceBook';
import { answered, codes, defined, diagnosing, evaluation, fileOf, region, said } from './world';

const used = evaluation('used');

describe('flag-undefined', () => {
  it('names a near key and offers to write it, or to create the flag', () => {
    const [only, ...others] = said([defined('new-checkout')], [evaluation('new_chekout', { valueType: 'string' })]);
    expect(others.map(({ code }) => code)).toEqual(['flag-unreferenced']);
    expect(only).toMatchObject({
      code: 'flag-undefined',
      severity: 'warning',
      key: 'new_chekout',
      message: 'No flag "new_chekout" is defined in "flags/shop". Did you mean "new-checkout"?',
      place: { root: '/shop', path: 'src/a.ts', column: 5, endColumn: 40 },
      fixes: [
        { kind: 'replaceKey', from: 'new_chekout', to: 'new-checkout' },
        { kind: 'createFlag', key: 'new_chekout', type: 'string' },
      ],
    });
  });

  it('takes the type of a new flag from the default where the call says none', () => {
    const found = said([defined('used')], [used, evaluation('zebra', { defaultValue: true })]);
    expect(found[0]).toMatchObject({
      message: 'No flag "zebra" is defined in "flags/shop", so callers get the default.',
      fixes: [{ kind: 'createFlag', key: 'zebra', type: 'boolean' }],
    });
  });

  it.each([
    ['a defined key', evaluation('used')],
    ['a test', evaluation('zebra', { kind: 'test' })],
    ['a constant', evaluation('zebra', { kind: 'definition' })],
    ['what is only likely a flag', evaluation('zebra', { certainty: 'likely' })],
    ['a pattern', evaluation(null, { pattern: 'zebra-*', certainty: 'dynamic' })],
    ["another system's SDK", evaluation('zebra', { sdk: 'launchdarkly' })],
    ["the project's own service", evaluation('zebra', { sdk: null })],
  ])('is not said of %s', (_, reference) => {
    expect(codes(said([defined('used')], [used, reference]))).toEqual([]);
  });

  it("is said of the project's own service where nearly all that it asks for is known", () => {
    const own = (key: string) => evaluation(key, { sdk: null });
    const known = ['a-flag', 'b-flag', 'c-flag', 'd-flag'];
    const flags = known.map((key) => defined(key));
    const asks = (...keys: readonly string[]) => codes(said(flags, keys.map(own)));
    expect(asks(...known, 'zebra')).toEqual(['flag-undefined']);
    expect(asks(...known, 'zebra', 'giraffe')).toEqual([]);
    expect(asks('a-flag', 'b-flag', 'zebra')).not.toContain('flag-undefined');
  });

  it.each([
    ['is stale', answered([], {}, (value) => ({ state: 'tooOld', value, at: 1 }))],
    ['is not reached', answered([], {}, () => ({ state: 'unreachable', reason: 'no route', since: 1 }))],
    ['was never asked', answered([], {}, () => ({ state: 'notAsked' }))],
    [
      'has a file that cannot be read',
      answered([], { problems: [{ severity: 'error', code: 'x', message: 'broken' }] }),
    ],
    ['has flags that are not read yet', answered([], { isPartial: true })],
    [
      'has a silent environment',
      answered([], {
        silent: [
          {
            environment: { system: 'flags', project: 'shop', name: 'production' },
            state: 'unreachable',
            reason: 'no route',
            since: 1,
            knownAt: null,
          },
        ],
      }),
    ],
  ])('cannot be known where a system %s', (_, other) => {
    const whole = answered([defined('used')]);
    expect(codes(said([whole], [used, evaluation('zebra')]))).toEqual(['flag-undefined']);
    expect(codes(said([whole, { ...other, project: 'other' }], [used, evaluation('zebra')]))).toEqual([]);
  });

  it('is known beside a flag that cannot be read, whose key is known', () => {
    const bad = answered([defined('used')], {
      problems: [{ severity: 'error', code: 'flagd.flag', message: 'broken', key: 'bad' }],
    });
    expect(codes(said([bad], [used, evaluation('zebra')]))).toEqual(['flag-undefined']);
  });
});

describe('flag-unreferenced', () => {
  const place = { root: null, path: '/shop/flags.json', line: 4, column: 1, endLine: 4, endColumn: null };

  it('is said where it is defined', () => {
    expect(said([defined('used'), defined('spare')], [used])).toEqual([
      {
        code: 'flag-unreferenced',
        severity: 'hint',
        key: 'spare',
        project: { system: 'flags', project: 'shop' },
        place,
        message: 'Flag "spare" is not referenced in this workspace.',
        related: [],
        fixes: [],
      },
    ]);
  });

  it.each([
    ['a test', evaluation('spare', { kind: 'test' })],
    ['a mention', evaluation('spare', { kind: 'mention', certainty: 'likely', sdk: null })],
    ['a constant', evaluation('spare', { kind: 'definition', sdk: null })],
    ['a pattern', evaluation(null, { pattern: 'spa*', certainty: 'dynamic' })],
  ])('is not said where %s names it', (_, reference) => {
    expect(codes(said([defined('used'), defined('spare')], [used, reference]))).toEqual([]);
  });

  it('is said in spite of a pattern that fits everything, and of what a tool wrote', () => {
    const anything = evaluation(null, { pattern: '*', certainty: 'dynamic' });
    const accessor = evaluation('spare', { kind: 'definition', generated: true });
    const found = said([defined('used'), defined('spare')], [used, anything, accessor]);
    expect(found.map(({ message }) => message)).toEqual([
      'Flag "spare" is not referenced in this workspace but by generated code.',
    ]);
  });

  it('is not said of archived flags, of prerequisites, nor of projects that code here asks nothing', () => {
    const needed = defined('child', 'boolean', { states: [state({ on: 1 }, { prerequisites: ['"spare" is on'] })] });
    expect(codes(said([needed, defined('spare')], [evaluation('child')]))).toEqual([]);
    expect(codes(said([defined('used'), defined('spare', 'boolean', { archived: true })], [used]))).toEqual([]);
    const elsewhere = evaluation('used', { sdk: 'unleash' });
    expect(codes(said([defined('spare')], [elsewhere]))).toEqual([]);
    expect(codes(said([defined('spare')], [evaluation('used', { kind: 'test' })]))).toEqual([]);
  });

  it('is not said while the project answers nothing new', () => {
    const stale = answered([defined('used'), defined('spare')], {}, (value) => ({ state: 'tooOld', value, at: 1 }));
    expect(codes(said([stale], [used]))).toEqual([]);
  });
});

describe('flag-wrong-type', () => {
  it('is said of a call for another type', () => {
    const found = said([defined('colour', 'string')], [evaluation('colour', { valueType: 'boolean' })]);
    expect(found).toMatchObject([
      { code: 'flag-wrong-type', severity: 'error', message: 'Asks for a boolean, but flag "colour" is a string.' },
    ]);
    expect(found[0]?.project).toEqual({ system: 'flags', project: 'shop' });
  });

  it.each([
    ['of the same type', defined('colour', 'string'), evaluation('colour', { valueType: 'string' })],
    ['that says no type', defined('colour', 'string'), evaluation('colour')],
    ['for a flag of unknown type', defined('colour', 'unknown'), evaluation('colour', { valueType: 'boolean' })],
    ['in a test', defined('colour', 'string'), evaluation('colour', { valueType: 'boolean', kind: 'test' })],
  ])('is not said of a call %s', (_, flag, reference) => {
    expect(codes(said([flag], [reference]))).toEqual([]);
  });

  it('is not said where one of several flags of the key fits, nor of Unleash', () => {
    const reference = evaluation('colour', { valueType: 'boolean' });
    const other = { ...defined('colour'), ref: { system: 'flags', project: 'other', key: 'colour' } };
    const projects = [answered([defined('colour', 'string')]), answered([other], { project: 'other' })];
    expect(codes(said(projects, [reference]))).toEqual([]);
    expect(codes(said([answered([defined('colour', 'string')], { systemType: 'unleash' })], [reference]))).toEqual([]);
  });
});

describe('flag-default-differs', () => {
  const site = (defaultValue: boolean | string | number, path = 'src/a.ts') =>
    fileOf([evaluation('colour', { defaultValue })], path);

  it('is said of the call whose default is not the usual one, with the others', () => {
    const files = [site('red', 'src/a.ts'), site('red', 'src/b.ts'), site('blue', 'src/c.ts')];
    const found = said([defined('colour', 'string')], files);
    expect(found).toMatchObject([
      {
        code: 'flag-default-differs',
        severity: 'information',
        place: { path: 'src/c.ts' },
        message: 'Without an answer, flag "colour" is "blue" here and "red" elsewhere.',
      },
    ]);
    expect(found[0]?.related.map(({ place }) => place.path)).toEqual(['src/a.ts', 'src/b.ts']);
  });

  it('is said of both where neither is usual, unless one is as the flag is when off', () => {
    expect(codes(said([defined('colour', 'string')], [site('red'), site('blue', 'src/b.ts')]))).toHaveLength(2);
    const found = said([defined('colour')], [site(false), site(true, 'src/b.ts')]);
    expect(found.map(({ place }) => place?.path)).toEqual(['src/b.ts']);
  });

  it('is said of a boolean that is the opposite of off', () => {
    expect(said([defined('colour')], [site(true)])).toMatchObject([
      { message: 'Without an answer, flag "colour" is true here; turned off, it is false.' },
    ]);
    expect(codes(said([defined('colour')], [site(false)]))).toEqual([]);
    expect(codes(said([defined('colour', 'string')], [site('red')]))).toEqual([]);
    const without = defined('colour', 'boolean', { states: [state({ on: 0.5, other: 0.5 })] });
    expect(codes(said([without], [site(true)]))).toEqual([]);
  });

  it('compares calls of one SDK in one folder where no system is connected, others not', () => {
    const [a, b] = [site('red'), site('blue', 'src/b.ts')];
    const among = (...files: readonly DiagnosedFile[]) => codes(diagnose(files, diagnosing([])));
    expect(among(a, b)).toEqual(['flag-default-differs', 'flag-default-differs']);
    expect(among(a, { ...b, references: b.references.map((one) => ({ ...one, sdk: 'unleash' })) })).toEqual([]);
    expect(among(a, { ...b, root: '/other' })).toEqual([]);
    // A project is connected and does not know the key: nobody knows which flag it is.
    expect(said([defined('used')], [a, b]).map(({ code }) => code)).not.toContain('flag-default-differs');
  });

  it('is not said of defaults of different types', () => {
    expect(codes(said([defined('colour', 'string')], [site('red'), site(0, 'src/b.ts')]))).toEqual([]);
  });

  it('is not said of tests', () => {
    const inTest = fileOf([evaluation('colour', { defaultValue: 'blue', kind: 'test' })], 'src/b.ts');
    expect(codes(said([defined('colour', 'string')], [site('red'), inTest]))).toEqual([]);
  });
});

describe('flag-archived', () => {
  it('is said of archived flags and of those marked as deprecated', () => {
    expect(said([defined('used', 'boolean', { archived: true })], [used])).toMatchObject([
      { code: 'flag-archived', message: 'Flag "used" is archived in "flags/shop", and still evaluated here.' },
    ]);
    expect(said([defined('used', 'boolean', { deprecated: true })], [used])).toMatchObject([
      { message: 'Flag "used" is marked in "flags/shop" as no longer to be used.' },
    ]);
  });

  it('is not said while one project still has the flag, nor of tests', () => {
    const old = defined('used', 'boolean', { archived: true });
    const alive = { ...defined('used'), ref: { system: 'flags', project: 'other', key: 'used' } };
    expect(codes(said([answered([old]), answered([alive], { project: 'other' })], [used]))).toEqual([]);
    expect(codes(said([old], [evaluation('used', { kind: 'test' })]))).toEqual([]);
    expect(codes(said([defined('used', 'boolean', { deprecated: false })], [used]))).toEqual([]);
  });
});

describe('flag-client-unavailable', () => {
  const servers = defined('used', 'boolean', { availableTo: { browser: false, mobile: true } });

  it('is said of code that runs where the flag is not handed out', () => {
    expect(said([servers], [evaluation('used', { evaluatedOn: 'browser' })])).toMatchObject([
      {
        code: 'flag-client-unavailable',
        message: 'Flag "used" is not available to browsers in "flags/shop", so they get the default.',
      },
    ]);
  });

  it.each(['server', 'mobile', 'edge', 'build', 'unknown'] as const)('is not said of %s', (evaluatedOn) => {
    expect(codes(said([servers], [evaluation('used', { evaluatedOn })]))).toEqual([]);
  });

  it('is not said where the system makes no such difference', () => {
    expect(codes(said([defined('used')], [evaluation('used', { evaluatedOn: 'browser' })]))).toEqual([]);
  });
});

describe('variant-undefined', () => {
  const compared = (value: string, more = {}) =>
    evaluation('colour', { regions: [region({ is: 'equal', value })], ...more });

  it('names the near variant and offers to write it', () => {
    const found = said([defined('colour', 'string')], [compared('gren')]);
    expect(found).toMatchObject([
      {
        code: 'variant-undefined',
        message: 'Flag "colour" has no variant "gren". Did you mean "green"?',
        fixes: [{ kind: 'replaceVariant', from: 'gren', to: 'green' }],
      },
    ]);
    expect(found[0]?.related).toHaveLength(1);
  });

  it('says what there is where none is near, and each text once', () => {
    const regions = [region({ is: 'equal', value: 'salmon' }), region({ is: 'different', value: 'salmon' })];
    const either = region({ is: 'oneOf', values: ['blue', 'salmon', 'violet'] });
    const found = said(
      [defined('colour', 'string')],
      [evaluation('colour', { regions: [...regions, either], defaultValue: 'blue' })],
    );
    expect(found.map(({ message }) => message)).toEqual([
      'Flag "colour" has no variant "salmon". It has "blue", "green".',
      'Flag "colour" has no variant "violet". It has "blue", "green".',
    ]);
  });

  it.each([
    ['the value of a variant', defined('colour', 'string'), compared('green')],
    ['the name of a variant', defined('colour', 'string'), compared('two')],
    ["the call's own default", defined('colour', 'string'), compared('none', { defaultValue: 'none' })],
    ['what may be a default that cannot be read', defined('colour', 'string'), compared('undefined')],
    ['no text', defined('colour', 'string'), compared('', { defaultValue: 'blue' })],
    ['a number', defined('colour', 'number'), compared('3', { defaultValue: 1 })],
    ['a member of an object', defined('colour', 'object'), compared('salmon', { defaultValue: {} })],
  ])('is not said of %s', (_, flag, reference) => {
    expect(codes(said([flag], [reference]))).toEqual([]);
  });

  it('is said of Unleash where its variants are known by name', () => {
    const unleash = (names: readonly string[]) =>
      answered([defined('colour', 'boolean', { variants: names.map((name) => ({ name, value: true })) })], {
        systemType: 'unleash',
      });
    expect(codes(said([unleash(['enabled', 'disabled'])], [compared('gren')]))).toEqual([]);
    expect(codes(said([unleash(['green', 'disabled'])], [compared('gren')]))).toEqual(['variant-undefined']);
    expect(codes(said([unleash(['green', 'disabled'])], [compared('disabled')]))).toEqual([]);
    expect(codes(said([unleash(['green', 'disabled'])], [compared('salmon')]))).toEqual(['variant-undefined']);
  });
});

describe('a key that only stands in some text', () => {
  it('is asked for before its flag is said to be unreferenced, and is not said so then', () => {
    const accessor = evaluation('made', { kind: 'definition', generated: true });
    const book = new ReferenceBook([fileOf([used, accessor])]);
    const diagnosis = new Diagnosis(
      book,
      diagnosing([answered(['used', 'made', 'spare', 'told'].map((key) => defined(key)))]),
    );
    expect(diagnosis.unseenKeys()).toEqual(['spare', 'told']);
    book.setWritten(['told', 'made']);
    expect(diagnosis.unreferenced().map(({ key }) => key)).toEqual(['made', 'spare']);
  });
});
