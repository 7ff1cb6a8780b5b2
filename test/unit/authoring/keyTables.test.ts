import { describe, expect, it } from 'vitest';
import { constantUse } from '../../../src/view/authoring/constantUse';
import type { UsingFile } from '../../../src/view/authoring/imports';
import { keyTables, nameFor, withEntry } from '../../../src/view/authoring/keyTables';
import { finderOf } from '../code/finderHarness';

interface Extraction {
  readonly language: string;
  readonly table: readonly [path: string, text: string];
  readonly user: readonly [path: string, text: string];
  readonly others?: Readonly<Record<string, string>>;
}

/** The key `gift-wrapping` of the user's file extracted to the first table of the other one, by what the finder says. */
async function extracted({
  language,
  table: [tablePath, tableText],
  user: [path, text],
  others = {},
}: Extraction): Promise<{
  readonly table: string;
  readonly user: string | null;
}> {
  const sources = { ...others, [tablePath]: tableText, [path]: text };
  const finder = await finderOf(sources, { knownKeys: ['gift-wrapping', 'new-checkout', 'theme'] });
  const fileOf = (of: string): UsingFile => ({ path: of, lines: (sources[of] ?? '').split('\n'), language });
  const references = finder.references();
  const file = fileOf(tablePath);
  const definitions = references.filter((one) => one.path === tablePath && one.kind === 'definition');
  const [table] = keyTables(file.lines, definitions, language);
  if (!table) throw new Error(`no table among ${JSON.stringify(definitions)}`);
  const name = nameFor('gift-wrapping', table, file.lines);
  const uses = references.flatMap((one) => {
    const step = one.kind === 'definition' ? undefined : one.trace.find((each) => each.path === tablePath);
    const entry = step && table.entries.find(({ line }) => line === step.line - 1);
    const of = entry && (file.lines[entry.line] ?? '').slice(entry.name.from, entry.name.to);
    return of === undefined ? [] : [{ file: fileOf(one.path), line: one.line, column: one.column, name: of }];
  });
  const written = constantUse(fileOf(path), { ...table, file }, name, uses);
  const lines = [...file.lines];
  lines.splice(table.entries.at(-1)?.line ?? 0, 1, ...withEntry(table, file.lines, name, 'gift-wrapping'));
  if (!written) return { table: lines.join('\n'), user: null };
  const own = text.replace(/:?(["'])gift-wrapping\1/, () => written.text).split('\n');
  if (written.imported) own.splice(written.imported.behind + 1, 0, written.imported.line);
  return { table: lines.join('\n'), user: own.join('\n') };
}

describe('a key extracted to the table of the project', () => {
  it('goes into an object of TypeScript, imported as modules are here', async () => {
    const found = await extracted({
      language: 'typescript',
      table: [
        'src/flags.ts',
        `export const FLAGS = {\n  newCheckout: 'new-checkout',\n  theme: 'theme' // colours\n} as const;\n`,
      ],
      user: [
        'src/cart/add.ts',
        `import { OpenFeature } from '@openfeature/server-sdk';\n\nexport const on = OpenFeature.getClient().getBooleanValue('gift-wrapping', false);\n`,
      ],
      others: {
        'src/pay.ts': `import { OpenFeature } from '@openfeature/server-sdk';\nimport { FLAGS } from './flags';\nexport const on = OpenFeature.getClient().getBooleanValue(FLAGS.theme, false);\n`,
      },
    });
    expect(found.table).toBe(
      `export const FLAGS = {\n  newCheckout: 'new-checkout',\n  theme: 'theme', // colours\n  giftWrapping: 'gift-wrapping'\n} as const;\n`,
    );
    expect(found.user).toBe(
      `import { OpenFeature } from '@openfeature/server-sdk';\nimport { FLAGS } from '../flags';\n\nexport const on = OpenFeature.getClient().getBooleanValue(FLAGS.giftWrapping, false);\n`,
    );
  });

  it('goes into an enum that the file uses already, without another import', async () => {
    const found = await extracted({
      language: 'typescript',
      table: [
        'src/flags.ts',
        `export enum Flag {\n  FLAG_NEW_CHECKOUT = 'new-checkout',\n  FLAG_THEME = 'theme',\n}\n`,
      ],
      user: [
        'src/add.ts',
        `import { OpenFeature } from '@openfeature/server-sdk';\nimport { Flag } from './flags';\nconst c = OpenFeature.getClient();\nexport const a = c.getBooleanValue(Flag.FLAG_NEW_CHECKOUT, false);\nexport const b = c.getBooleanValue('gift-wrapping', false);\n`,
      ],
    });
    expect(found.table).toContain(`  FLAG_THEME = 'theme',\n  FLAG_GIFT_WRAPPING = 'gift-wrapping',\n}`);
    expect(found.user).toContain(`c.getBooleanValue(Flag.FLAG_GIFT_WRAPPING, false)`);
    expect(found.user?.match(/^import/gm)).toHaveLength(2);
  });

  it('goes into a class of Java in the same package, and of another one as it is imported elsewhere', async () => {
    const table = `package shop;\n\npublic final class Flags {\n  public static final String NEW_CHECKOUT = "new-checkout";\n  public static final String THEME = "theme";\n}\n`;
    const caller = (pkg: string, more: string, key: string): string =>
      `package ${pkg};\n\nimport dev.openfeature.sdk.Client;\n${more}\nclass A {\n  boolean on(Client client) {\n    return client.getBooleanValue(${key}, false);\n  }\n}\n`;
    const beside = await extracted({
      language: 'java',
      table: ['src/shop/Flags.java', table],
      user: ['src/shop/A.java', caller('shop', '', '"gift-wrapping"')],
      others: { 'src/shop/B.java': caller('shop', '', 'Flags.NEW_CHECKOUT') },
    });
    expect(beside.table).toContain(
      `THEME = "theme";\n  public static final String GIFT_WRAPPING = "gift-wrapping";\n}`,
    );
    expect(beside.user).toBe(caller('shop', '', 'Flags.GIFT_WRAPPING'));
    const away = await extracted({
      language: 'java',
      table: ['src/shop/Flags.java', table],
      user: ['src/shop/web/A.java', caller('shop.web', '', '"gift-wrapping"')],
      others: { 'src/shop/B.java': caller('shop', '', 'Flags.NEW_CHECKOUT') },
    });
    expect(away.user).toBeNull();
    const known = await extracted({
      language: 'java',
      table: ['src/shop/Flags.java', table],
      user: ['src/shop/web/A.java', caller('shop.web', '', '"gift-wrapping"')],
      others: { 'src/shop/job/B.java': caller('shop.job', 'import shop.Flags;\n', 'Flags.NEW_CHECKOUT') },
    });
    expect(known.user).toBe(caller('shop.web', 'import shop.Flags;\n', 'Flags.GIFT_WRAPPING'));
  });

  it('goes into a block of Go and a class of Python', async () => {
    const go = await extracted({
      language: 'go',
      table: [
        'shop/flags.go',
        `package shop\n\nconst (\n\tFlagNewCheckout = "new-checkout"\n\tFlagTheme       = "theme"\n)\n`,
      ],
      user: [
        'shop/a.go',
        `package shop\n\nimport "github.com/open-feature/go-sdk/openfeature"\n\nvar client = openfeature.NewClient("shop")\n\nfunc a() {\n\tclient.BooleanValue(nil, FlagTheme, false, openfeature.EvaluationContext{})\n\tclient.BooleanValue(nil, "gift-wrapping", false, openfeature.EvaluationContext{})\n}\n`,
      ],
    });
    expect(go.table).toContain(`\tFlagTheme       = "theme"\n\tFlagGiftWrapping       = "gift-wrapping"\n)`);
    expect(go.user).toContain('client.BooleanValue(nil, FlagGiftWrapping, false');
    const user = (key: string, line: string): string =>
      `from openfeature import api\n${line}\nclient = api.get_client()\non = client.get_boolean_value(${key}, False)\n`;
    const python = await extracted({
      language: 'python',
      table: ['shop/flags.py', `class Flags:\n    NEW_CHECKOUT = "new-checkout"\n    THEME = "theme"\n`],
      user: ['shop/a.py', user('"gift-wrapping"', '')],
      others: { 'shop/b.py': user('Flags.NEW_CHECKOUT', 'from shop.flags import Flags\n') },
    });
    expect(python.table).toBe(
      `class Flags:\n    NEW_CHECKOUT = "new-checkout"\n    THEME = "theme"\n    GIFT_WRAPPING = "gift-wrapping"\n`,
    );
    expect(python.user).toBe(user('Flags.GIFT_WRAPPING', 'from shop.flags import Flags\n'));
  });

  it('ends an enum of Java as it ended before', async () => {
    const found = await extracted({
      language: 'java',
      table: [
        'src/shop/Flag.java',
        `package shop;\n\nenum Flag {\n  NEW_CHECKOUT("new-checkout"),\n  THEME("theme");\n\n  final String key;\n\n  Flag(String key) {\n    this.key = key;\n  }\n}\n`,
      ],
      user: [
        'src/shop/A.java',
        `package shop;\n\nimport dev.openfeature.sdk.Client;\n\nclass A {\n  boolean on(Client client) {\n    client.getBooleanValue(Flag.THEME.key, false);\n    return client.getBooleanValue("gift-wrapping", false);\n  }\n}\n`,
      ],
    });
    expect(found.table).toContain(`  THEME("theme"),\n  GIFT_WRAPPING("gift-wrapping");\n`);
    expect(found.user).toContain('client.getBooleanValue(Flag.GIFT_WRAPPING.key, false)');
  });
});
