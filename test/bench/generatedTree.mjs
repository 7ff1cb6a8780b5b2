import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Deterministic numbers, so that every run indexes the same tree (mulberry32). */
export function seeded(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

const body = (name, random) =>
  Array.from(
    { length: 6 + Math.floor(random() * 12) },
    (_, index) => `
export async function ${name}Step${index}(input: Record<string, number>, limit = ${Math.floor(random() * 100)}): Promise<number> {
  // adds what is left of the input up to the limit
  let total = 0;
  for (const [label, amount] of Object.entries(input)) {
    if (amount > limit || label.startsWith('skip-')) continue;
    total += amount * ${(random() * 3).toFixed(2)};
  }
  return Math.min(total, limit);
}`,
  ).join('\n');

const evaluation = (name, key) => `
export async function ${name}Handler(user: string): Promise<string> {
  const client = OpenFeature.getClient();
  if (await client.getBooleanValue(${key}, false, { targetingKey: user })) {
    return 'new';
  }
  return 'old';
}`;

/** Writes a tree of `files` TypeScript files in which about one in ten evaluates flags, half of them by constant. */
export function generateTree(folder, files) {
  const random = seeded(7);
  mkdirSync(join(folder, 'src'), { recursive: true });
  const keys = Array.from({ length: 120 }, (_, index) => `release-${index}`);
  writeFileSync(
    join(folder, 'src/flagKeys.ts'),
    `export const FLAGS = {\n${keys.map((key, index) => `  RELEASE_${index}: '${key}',`).join('\n')}\n} as const;\n`,
  );
  let evaluations = 0;
  for (let index = 0; index < files; index++) {
    const area = join(folder, 'src', `area${index % 40}`);
    mkdirSync(area, { recursive: true });
    const name = `unit${index}`;
    let text = body(name, random);
    if (random() < 0.1) {
      const which = Math.floor(random() * keys.length);
      const constant = random() < 0.5;
      evaluations += 1;
      text = `import { OpenFeature } from '@openfeature/server-sdk';\n${constant ? "import { FLAGS } from '../flagKeys';\n" : ''}${text}\n${evaluation(name, constant ? `FLAGS.RELEASE_${which}` : `'${keys[which]}'`)}`;
    }
    writeFileSync(join(area, `${name}.ts`), text);
  }
  return { keys, evaluations };
}

/** One TypeScript file of about `lines` lines with an evaluation every hundred or so. */
export function generateFile(lines) {
  const random = seeded(11);
  const parts = ["import { OpenFeature } from '@openfeature/server-sdk';"];
  for (let index = 0; parts.join('\n').split('\n').length < lines; index++) {
    parts.push(body(`part${index}`, random), evaluation(`part${index}`, `'release-${index}'`));
  }
  return parts.join('\n').split('\n').slice(0, lines).join('\n');
}
