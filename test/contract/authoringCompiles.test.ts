import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { compilers, complaints, isThere } from '../unit/authoring/compilers';
import { withRenamedConstant, wrappedLanguages, wrappedProgram } from '../unit/authoring/programs';

/** A compiler starts, and Kotlin's takes its time. */
const patienceMs = 300_000;

describe('a program whose statements were wrapped and whose constant was renamed', () => {
  let folder: string;
  beforeAll(() => void (folder = mkdtempSync(join(tmpdir(), 'sightglass-compiles-'))));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  for (const language of wrappedLanguages) {
    const compiler = compilers[language];
    const { needs, how } = compiler;
    if (!isThere(compiler)) it.skip(`compiles in ${language} - skipped: needs ${needs} (${how})`);
    else
      it(
        `compiles in ${language}`,
        async () => {
          const { written, expected } = await wrappedProgram(language);
          expect(written).toBe(expected);
          const renamed = withRenamedConstant(written);
          if (language !== 'html') expect(renamed).not.toBe(written);
          expect(complaints(compiler, join(folder, language), renamed)).toBe('');
          // A compiler that takes anything would hold nothing.
          const torn = renamed.replace(/gift-wrapping["']\)/, '').replace(/(else\b)/, '$1 ((');
          expect(complaints(compiler, join(folder, language), torn)).not.toBe('');
        },
        patienceMs,
      );
  }
});
