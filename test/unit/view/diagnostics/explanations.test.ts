import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { format } from 'prettier';
import { describe, expect, it } from 'vitest';
import { memoryL10n } from '../../../../src/platform/memory/l10n';
import { diagnosticCodes } from '../../../../src/view/diagnostics/diagnostic';
import { explanationOf, explanationsPage } from '../../../../src/view/diagnostics/explanations';
import { defaultSeverities, severitiesOf } from '../../../../src/view/diagnostics/severities';

const root = join(__dirname, '../../../..');

async function page(): Promise<string> {
  const sections = diagnosticCodes.map((code) => {
    const { title, meaning, advice, source } = explanationOf(code, memoryL10n);
    return `## ${code}\n\n**${title}.** ${meaning}\n\n${advice}\n\nSource: ${source} Default: \`${defaultSeverities[code]}\`.\n`;
  });
  const text = `# What is said of flags in code

<!-- Made from src/view/diagnostics/explanations.ts: edit that, then \`npx vitest run test/unit/view/diagnostics/explanations.test.ts -u\`. -->

Code and flag systems often say different things of one flag. Each such thing has a code, by which
\`sightglass.diagnostics.severities\` sets how grave it is, and \`sightglass check\` (\`--set CODE=LEVEL\`) too. What is
written here is said of certain references only: a key that is put together at run time is never guessed.

${sections.join('\n')}`;
  const options = JSON.parse(readFileSync(join(root, '.prettierrc.json'), 'utf8')) as object;
  return format(text, { ...options, parser: 'markdown' });
}

describe('explanations', () => {
  it('are the page of all codes, which has a section of two paragraphs for each', async () => {
    const written = await page();
    await expect(written).toMatchFileSnapshot(join(root, explanationsPage));
    const sections = written.split(/^## /m).slice(1);
    expect(sections.map((section) => section.split('\n')[0])).toEqual([...diagnosticCodes]);
    for (const section of sections) expect(section.trim().split('\n\n')).toHaveLength(4);
  });

  it('say something else of every code, at some length', () => {
    const all = diagnosticCodes.map((code) => explanationOf(code, memoryL10n));
    for (const part of ['title', 'meaning', 'advice', 'source'] as const)
      expect(new Set(all.map((each) => each[part])).size).toBe(diagnosticCodes.length);
    for (const { meaning, advice } of all) {
      expect(meaning.length).toBeGreaterThan(150);
      expect(advice.length).toBeGreaterThan(150);
    }
  });
});

describe('severities', () => {
  it('are the defaults but for what the setting says', () => {
    expect(severitiesOf({})).toEqual(defaultSeverities);
    expect(severitiesOf({ 'flag-undefined': 'off', 'flag-archived': 'loud', other: 'error' })).toEqual({
      ...defaultSeverities,
      'flag-undefined': 'off',
    });
    for (const wrong of [null, 'off', 3, [], undefined]) expect(severitiesOf(wrong)).toEqual(defaultSeverities);
  });

  it('are contributed as a setting with the same codes and defaults', () => {
    const { contributes } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
      contributes: {
        configuration: { properties: Record<string, { properties: Record<string, { default: string }> }> };
      };
    };
    const { properties } = contributes.configuration.properties['sightglass.diagnostics.severities']!;
    const defaults = Object.entries(properties).map(([code, { default: value }]) => [code, value]);
    expect(Object.fromEntries(defaults)).toEqual(defaultSeverities);
  });
});
