import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  asking,
  changesOf,
  configuration,
  flagFile,
  head,
  impactOn,
  production,
  reasonsOf,
  reviewBench,
  type Bench,
} from './reviewRepository';

/**
 * The cases of two tools that list flags of a pull request, with files of our own that have the same facts.
 * LaunchDarkly's find-code-references-in-pull-request: diff/diff_test.go (TestProcessDiffs_BuildReferences,
 * Test_checkDiffFile), internal/references/builder_test.go, internal/extinctions. DevCycle's CLI: src/commands/diff
 * (diff.test.ts and its snapshot), its parsers' fixtures `multiline`, `comments`, `aliases`, `apiEnrichment`, `e2e`.
 * Where we say something else than they do, `differs` tells what they say and why.
 */
interface Case {
  readonly of: string;
  readonly before: Readonly<Record<string, string | null>>;
  readonly after: Readonly<Record<string, string | null>>;
  readonly says: readonly string[];
  readonly differs?: string;
}

const call = (key: string, fallback: string): string => `${head}export const ask = async () =>
  client.getBooleanValue(
    '${key}',
    ${fallback},
  );
`;
const commented = (on: boolean): string => `${head}export async function page(): Promise<void> {
  ${on ? '' : '// '}await client.getBooleanValue('example-flag', true);
}
`;
const aliases = `export const exampleFlag = 'example-flag';\n`;
const aliased = (name: string): string =>
  `${head}import { ${name} } from './names';\nexport const ask = () => client.getBooleanValue(${name}, false);\n`;

const cases: readonly Case[] = [
  {
    of: 'LaunchDarkly: add flag',
    before: { 'src/a.ts': asking() },
    after: { 'src/a.ts': asking('example-flag') },
    says: ['example-flag: added'],
  },
  {
    of: 'LaunchDarkly: remove flag, found nowhere at the head',
    before: { 'src/a.ts': asking('example-flag') },
    after: { 'src/a.ts': asking() },
    says: ['example-flag: extinct'],
  },
  {
    of: 'LaunchDarkly: add and remove flag',
    before: { 'src/a.ts': asking('example-flag') },
    after: { 'src/a.ts': asking('sample-flag') },
    says: ['example-flag: extinct', 'sample-flag: added'],
  },
  {
    of: 'LaunchDarkly: modified flag, gone from one place and put to another',
    before: { 'src/a.ts': `${asking('example-flag')}export const rest = 1;\n` },
    after: { 'src/a.ts': `${asking()}export const rest = () => client.getBooleanValue('example-flag', false);\n` },
    says: ['example-flag: moved'],
    differs: 'added/modified: that nothing was added but moved is not told apart',
  },
  {
    of: 'LaunchDarkly: alias flag',
    before: { 'src/names.ts': aliases },
    after: { 'src/names.ts': aliases, 'src/a.ts': aliased('exampleFlag') },
    says: ['example-flag: added'],
  },
  {
    of: 'LaunchDarkly: require delimiters, no match',
    before: { 'src/a.ts': asking() },
    after: { 'src/a.ts': `${asking()}// here is a flag\n// example-flag\n` },
    says: [],
  },
  {
    of: 'LaunchDarkly: no delimiters required, plain text',
    before: { 'notes.txt': 'Testing data\n' },
    after: { 'notes.txt': 'Testing data\nhere is a flag\nexample-flag\n' },
    says: [],
    differs: 'added: any text that holds the key counts',
  },
  {
    of: 'LaunchDarkly: dot files are skipped',
    before: {},
    after: { '.hidden/a.ts': asking('example-flag') },
    says: [],
  },
  {
    of: 'LaunchDarkly: builder, of four flags one added, one in both, one removed but found at the head, one extinct',
    before: { 'src/a.ts': asking('flag2', 'flag3', 'flag4'), 'src/b.ts': asking('flag3') },
    after: {
      'src/a.ts': `${asking('flag1')}// moved:\nexport const b = () => client.getBooleanValue('flag2', true);\n`,
    },
    says: ['flag1: added', 'flag2: moved', 'flag3: removed', 'flag4: extinct'],
    differs: 'flag2 is among those that are added, since it is in both',
  },
  {
    of: 'DevCycle: addition in a call of several lines',
    before: { 'src/a.ts': head },
    after: { 'src/a.ts': call('variable-key', 'true') },
    says: ['variable-key: added'],
  },
  {
    of: 'DevCycle: another key in a call of several lines',
    before: { 'src/a.ts': call('variable-key', 'true') },
    after: { 'src/a.ts': call('new-variable', 'true') },
    says: ['new-variable: added', 'variable-key: extinct'],
  },
  {
    of: 'DevCycle: another default in a call of several lines',
    before: { 'src/a.ts': call('variable-key', 'true') },
    after: { 'src/a.ts': call('variable-key', 'false') },
    says: ['variable-key: edited'],
    differs: 'added and removed: here it is the same reference with another default, which is told beside',
  },
  {
    of: 'DevCycle: an addition that is a comment',
    before: { 'src/a.ts': asking() },
    after: { 'src/a.ts': commented(false) },
    says: [],
  },
  {
    of: 'DevCycle: a line is no comment any more',
    before: { 'src/a.ts': commented(false) },
    after: { 'src/a.ts': commented(true) },
    says: ['example-flag: added'],
  },
  {
    of: 'DevCycle: a line is a comment now',
    before: { 'src/a.ts': commented(true) },
    after: { 'src/a.ts': commented(false) },
    says: ['example-flag: removed'],
  },
  {
    of: 'DevCycle: aliases are identified without being listed',
    before: {
      'src/names.ts': `export const SOME_REMOVAL = 'some-removal';\nexport const SOME_ADDITION = 'some-addition';\n`,
      'src/a.ts': aliased('SOME_REMOVAL'),
    },
    after: { 'src/a.ts': aliased('SOME_ADDITION') },
    says: ['some-addition: added', 'some-removal: removed'],
    differs: 'an alias has to be listed, else it is a variable that could not be identified',
  },
  {
    of: 'DevCycle: end to end, a line that is the same, duplicates, quotes, comments',
    before: { 'src/a.ts': asking('simple-case') },
    after: {
      'src/a.ts': `${asking('simple-case', 'duplicate-case', 'duplicate-case')}
export const quotes = () => client.getBooleanValue("single-quotes", false);
// client.getBooleanValue('single-comment', false);
/**
 * client.getBooleanValue('multi-line-comment', false)
 */
export const both = () => [client.getBooleanValue('same-line', false), client.getBooleanValue('same-line', false)];
`,
    },
    says: ['duplicate-case: added', 'same-line: added', 'single-quotes: added'],
    differs: 'simple-case is added and removed, and multi-line-comment, a comment, is added',
  },
];

describe('review, by the cases of other tools', () => {
  let bench: Bench;
  beforeAll(async () => {
    bench = await reviewBench();
  });
  afterAll(() => bench.dispose());

  it.each(cases.map((one, at) => ({ ...one, at })))('$of', async ({ before, after, says, at }) => {
    const repository = await bench.repository(`case-${at}`);
    await repository.commit(before);
    await repository.commit(after);
    expect(changesOf(await repository.report('--base', 'HEAD~1', '--head', 'HEAD'))).toEqual(says);
  });

  it('tells two references on one line, and places of each', async () => {
    const repository = await bench.repository('places');
    await repository.commit({ 'src/a.ts': asking() });
    await repository.commit({ 'src/a.ts': asking('one', 'one') });
    const report = await repository.report('--base', 'HEAD~1');
    expect(impactOn(report, 'one')?.added).toMatchObject([
      { path: 'src/a.ts', line: 4, function: 'page', side: 'head' },
      { path: 'src/a.ts', line: 5, function: 'page', side: 'head' },
    ]);
  });

  it('tells a default that is another, as DevCycle tells it by added and removed', async () => {
    const repository = await bench.repository('default');
    await repository.commit({ 'src/a.ts': call('variable-key', 'true') });
    await repository.commit({ 'src/a.ts': call('variable-key', 'false') });
    const report = await repository.report('--base', 'HEAD~1');
    expect(impactOn(report, 'variable-key')?.defaults).toMatchObject([{ before: true, after: false }]);
    expect(reasonsOf(report)).toEqual(['default-changed variable-key']);
  });

  it('tells which of them no system has, as DevCycle does with its API', async () => {
    const repository = await bench.repository('enriched');
    await repository.commit({
      '.sightglass.json': configuration([production]),
      'flags.flagd.json': flagFile({ exists: 'off', exists2: 'off' }),
      'src/a.ts': asking('exists2', 'no-exists2'),
    });
    await repository.commit({ 'src/a.ts': asking('exists', 'no-exists') });
    const report = await repository.report('--base', 'HEAD~1');
    expect(changesOf(report)).toEqual(['exists: added', 'exists2: extinct', 'no-exists: added', 'no-exists2: extinct']);
    expect(report.flags.map(({ key, known }) => `${key}: ${known}`)).toEqual([
      'exists: one',
      'exists2: one',
      'no-exists: none',
      'no-exists2: none',
    ]);
    expect(reasonsOf(report)).toEqual(['flag-unknown no-exists', 'flag-extinct exists2', 'flag-extinct no-exists2']);
  });
});
