import { describe, expect, it } from 'vitest';
import { wrappedLanguages, wrappedProgram } from './programs';
import { placeIn, wrappedIn } from './wrapping';

describe('statements under a flag', () => {
  it.each(wrappedLanguages)('in the syntax and style of the file: %s', async (language) => {
    const { written, expected } = await wrappedProgram(language);
    expect(written).toBe(expected);
  });

  const ts = `import { OpenFeature } from '@openfeature/server-sdk';\nconst client = OpenFeature.getClient();\n`;
  const refusal = async (path: string, language: string, marked: string): Promise<string> => {
    const written = await wrappedIn({ path, language, marked, asked: { key: 'gift', text: null } });
    return written.startsWith('refused') ? written : 'written';
  };

  it.each<[string, string, string, string, string]>([
    ['half a statement', 'a.ts', 'typescript', `${ts}«client.track»('x');\n`, 'notWhole'],
    ['an import', 'a.ts', 'typescript', `«import { OpenFeature } from '@openfeature/server-sdk';»\n`, 'declaration'],
    ['a function', 'a.ts', 'typescript', `${ts}«function f() {}»\n`, 'declaration'],
    ['a shared line', 'a.ts', 'typescript', `${ts}a(); «b();»\n`, 'sharedLine'],
    ['what is used below', 'a.ts', 'typescript', `${ts}«const a = 1;»\nconsole.log(a);\n`, 'usedBelow a'],
    [
      'the way out of a function',
      'a.ts',
      'typescript',
      `${ts}async function f(): Promise<number> {\n  await client.getBooleanValue('new', false);\n  «return 1;»\n}\n`,
      'returns',
    ],
    [
      'the value of a block',
      'a.rs',
      'rust',
      `fn f(client: &Client) -> i32 {\n    client.get_bool_value("new", None, None);\n    «3»\n}\n`,
      'value',
    ],
    [
      'a composable of Vue, which hands out what is watched',
      'A.vue',
      'vue',
      `<script setup>\nimport { useFlag } from '@unleash/proxy-client-vue';\nconst on = useFlag('new');\n«go();»\n</script>\n`,
      'no call',
    ],
    ['only a comment', 'a.ts', 'typescript', `${ts}«// nothing»\n`, 'notWhole'],
    ['a shell', 'a.sh', 'shellscript', `«echo a»\n`, 'language'],
    [
      'a client that is known elsewhere only',
      'a.ts',
      'typescript',
      `import { OpenFeature } from '@openfeature/server-sdk';\nfunction a() {\n  const client = OpenFeature.getClient();\n  return client.getBooleanValue('new', false);\n}\nfunction b() {\n  «a();»\n}\n`,
      'no call',
    ],
    [
      'what is awaited, where nothing can be',
      'a.ts',
      'typescript',
      `${ts}async function a() {\n  return await client.getBooleanValue('new', false);\n}\nfunction b() {\n  «a();»\n}\n`,
      'no call',
    ],
    [
      'a hook inside of a condition',
      'a.tsx',
      'typescriptreact',
      `import { useFlag } from '@unleash/proxy-client-react';\nexport function A() {\n  const on = useFlag('new');\n  if (on) {\n    «go();»\n  }\n  return null;\n}\n`,
      'no call',
    ],
    [
      'a field, in a method of nobody',
      'A.java',
      'java',
      `import dev.openfeature.sdk.Client;\nclass A {\n  private Client client;\n  boolean a() {\n    return client.getBooleanValue("new", false);\n  }\n  static void b() {\n    «go();»\n  }\n}\n`,
      'no call',
    ],
  ])('does not take %s', async (_what, path, language, marked, why) => {
    expect(await refusal(path, language, marked)).toBe(`refused: ${why}`);
  });

  it('takes what another function of the same class can ask by, and parameters of the same name and type', async () => {
    const java = `import dev.openfeature.sdk.Client;\nclass A {\n  private Client client;\n  boolean a() {\n    return client.getBooleanValue("new", false);\n  }\n  void b() {\n    «go();»\n  }\n}\n`;
    expect(await refusal('A.java', 'java', java)).toBe('written');
    const go = (type: string): string =>
      `package a\n\nimport (\n\t"context"\n\t"github.com/open-feature/go-sdk/openfeature"\n)\n\nvar client = openfeature.NewClient("a")\n\nfunc a(ctx context.Context) bool {\n\ton, _ := client.BooleanValue(ctx, "new", false, openfeature.EvaluationContext{})\n\treturn on\n}\n\nfunc b(ctx ${type}) {\n\t«run()»\n}\n`;
    expect(await refusal('a.go', 'go', go('context.Context'))).toBe('written');
    expect(await refusal('a.go', 'go', go('string'))).toBe('refused: no call');
  });

  it('takes the statement of the line where nothing is selected', async () => {
    const text = `${ts}async function f() {\n  const on = await client.getBooleanValue('new', false);\n  go(\n    on,\n  );\n}\n`;
    const at = text.indexOf('go(');
    const { place } = await placeIn('a.ts', text, at + 1, at + 1);
    expect(place.refused === null && text.slice(place.from, place.to)).toBe('go(\n    on,\n  );');
  });

  it('compares a flag of texts as the language does', async () => {
    const java = `import dev.openfeature.sdk.Client;\nclass A {\n  boolean a(Client client) {\n    boolean on = client.getBooleanValue("new", false);\n    «go();»\n    return on;\n  }\n}\n`;
    const asked = { key: 'theme', text: 'blue' };
    expect(await wrappedIn({ path: 'A.java', language: 'java', marked: java, asked })).toContain(
      `    if ("blue".equals(client.getStringValue("theme", ""))) {\n      go();\n    }\n`,
    );
  });
});
