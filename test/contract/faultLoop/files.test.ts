import { expect, it, describe } from 'vitest';
import { parse } from 'yaml';
import { loopMs, loopSeed, loopTimeout } from './expectations';
import { fileFaults } from './fileFaults';
import { fileFaultLoop } from './fileLoop';
import type { FileWorld } from './fileWorld';

const flagd: FileWorld = {
  type: 'flagd',
  file: 'flags.json',
  variant: 'on',
  textOf: (keys) => `{
  // by several hands
  "flags": {
${keys
  .map(
    (key) => `    "${key}": {
      "state": "ENABLED", // ${key}
      "variants": { "on": true, "off": false },
      "defaultVariant": "off",
      "targeting": { "fractional": [["on", 50], ["off", 50]] }
    }`,
  )
  .join(',\n')}
  }
}
`,
  startOf: (key) => `"${key}": {`,
  sides: /\["on", (\d+)\], \["off", \d+\]/,
  written: (percent) => `["on", ${String(percent)}], ["off", ${String(100 - percent)}]`,
  sharesOf: (text) => {
    type Flag = { targeting: { fractional: [[string, number]] } };
    const { flags } = JSON.parse(text.replace(/ *\/\/.*$/gm, '')) as { flags: Record<string, Flag> };
    return Object.fromEntries(Object.entries(flags).map(([key, flag]) => [key, flag.targeting.fractional[0][1]]));
  },
};

const goff: FileWorld = {
  type: 'goff',
  file: 'flags.yaml',
  variant: 'on',
  textOf: (keys) =>
    `# By several hands.\n${keys
      .map(
        (key) => `${key}: # ${key}
  variations:
    on: true
    off: false
  defaultRule:
    percentage: # of all
      on: 50
      off: 50
`,
      )
      .join('\n')}`,
  startOf: (key) => `${key}: #`,
  sides: /on: (\d+)\n {6}off: \d+/,
  written: (percent) => `on: ${String(percent)}\n      off: ${String(100 - percent)}`,
  sharesOf: (text) => {
    const flags = parse(text) as Record<string, { defaultRule: { percentage: { on: number; off: number } } }>;
    return Object.fromEntries(
      Object.entries(flags).map(([key, { defaultRule }]) => {
        const { on, off } = defaultRule.percentage;
        // Half a file may be a whole one of its format.
        if (on + off !== 100) throw new Error(key);
        return [key, on];
      }),
    );
  },
};

const flipt: FileWorld = {
  type: 'flipt',
  file: 'features.yaml',
  variant: 'true',
  textOf: (keys) =>
    `# By several hands.\nversion: "1.4"\nnamespace: shop\nflags:\n${keys
      .map(
        (key) => `  - key: ${key} # ${key}
    name: ${key}
    type: BOOLEAN_FLAG_TYPE
    enabled: false
    rollouts:
      - threshold:
          percentage: 50 # of all
          value: true
`,
      )
      .join('')}`,
  startOf: (key) => `- key: ${key} #`,
  sides: /percentage: (\d+)/,
  written: (percent) => `percentage: ${String(percent)}`,
  sharesOf: (text) => {
    type Flag = { key: string; rollouts: [{ threshold: { percentage: number; value: boolean } }] };
    const { flags } = parse(text) as { flags: Flag[] };
    return Object.fromEntries(flags.map(({ key, rollouts: [{ threshold }] }) => [key, threshold.percentage]));
  },
};

/** The formats share the time of a loop: the disk and what writes to it are the same. */
const formatMs = loopMs / 3;

describe.runIf(process.platform === 'linux').each([flagd, goff, flipt])(
  'files of $type on a disk that fails',
  (world) => {
    it('have every change end true, none made twice, nothing else touched', { timeout: loopTimeout }, async () => {
      const { wrong, ...figures } = await fileFaultLoop(world, formatMs, loopSeed);
      console.log(`${world.type} files, ${String(formatMs / 1_000)} s of faults: ${JSON.stringify(figures)}`);
      expect(wrong, `seed ${String(figures.seed)}`).toEqual([]);
      expect(figures.outcomes.done ?? 0).toBeGreaterThan(10);
      expect(Object.keys(figures.struck).length).toBeGreaterThan(Object.keys(fileFaults).length / 2);
      expect(figures.overwrote).toBeGreaterThan(0);
    });
  },
);
