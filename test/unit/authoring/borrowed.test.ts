import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { borrowedCalls } from '../../../src/view/authoring/borrowedCalls';
import { wrapEdit } from '../../../src/view/authoring/wrapEdit';
import { finderOf } from '../code/finderHarness';
import { placeIn } from './wrapping';

interface Borrowing {
  readonly language: string;
  readonly path: string;
  /** `«` and `»` around what is selected, in a file that asks for no flag. */
  readonly marked: string;
  readonly others: Readonly<Record<string, string>>;
}

/** The selected statements under the flag `gift`, asked for as other files do; null where none is to be imitated. */
async function wrapped({ language, path, marked, others }: Borrowing): Promise<string | null> {
  const text = marked.replace(/[«»]/g, '');
  const { place } = await placeIn(path, text, marked.indexOf('«'), marked.indexOf('»') - 1);
  if (place.refused !== null) throw new Error(place.refused);
  const sources: Readonly<Record<string, string>> = { ...others, [path]: text };
  const finder = await finderOf(sources, { knownKeys: ['new-checkout', 'new_checkout', 'other'] });
  const fileOf = (of: string) => ({ path: of, lines: (sources[of] ?? '').split('\n'), language });
  const lending = Object.keys(others).map((of) => ({
    file: fileOf(of),
    references: finder.references().filter((one) => one.path === of),
  }));
  const calls = borrowedCalls(fileOf(path), lending, () => 'boolean');
  const lines = text.split('\n');
  const first = text.slice(0, place.from).split('\n').length - 1;
  const last = text.slice(0, place.to).split('\n').length - 1;
  const made = wrapEdit({
    ...{ language, lines, first, last, keptLines: place.keptLines, samples: calls.map(({ sample }) => sample) },
    ...{ asked: { key: 'gift', text: null }, otherwise: false },
  });
  if (!made) return null;
  const written = [...lines.slice(0, first), ...made.lines, ...lines.slice(last + 1)];
  const imported = calls.find(({ sample }) => sample === made.sample)?.imported;
  if (imported) written.splice(imported.behind + 1, 0, imported.line);
  return written.join('\n');
}

const flagsOfTs = `import { OpenFeature } from '@openfeature/server-sdk';
const client = OpenFeature.getClient();
export function isOn(key: string): boolean {
  return client.getBooleanValue(key, false);
}
`;
const userOfTs = (key: string): string =>
  `import { isOn } from '../flags';\nexport const one = (): boolean => isOn('${key}');\n`;
const sdkOfTs = `declare module '@openfeature/server-sdk' {
  export const OpenFeature: { getClient(): { getBooleanValue(key: string, fallback: boolean): boolean } };
}
declare module 'node:path' { export function basename(path: string): string }
`;

describe('statements under a flag in a file that asks for none', () => {
  const folder = mkdtempSync(join(tmpdir(), 'borrowed-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('are wrapped as most calls of the project are, with the import, which compiles', async () => {
    const path = 'src/shop/deep/pay.ts';
    const written = await wrapped({
      ...{ language: 'typescript', path },
      others: {
        'src/flags.ts': flagsOfTs,
        'src/rarely.ts': flagsOfTs.replace('isOn', 'rarely'),
        'src/a/one.ts': userOfTs('new-checkout'),
        'src/b/two.ts': userOfTs('other'),
        'src/shop/deep/rare.ts': `import { rarely } from '../../rarely';\nexport const r = rarely('other');\n`,
      },
      marked: `import { basename } from 'node:path';\n\nexport function pay(): void {\n  «console.log(basename('x'));»\n}\n`,
    });
    expect(written).toBe(
      `import { basename } from 'node:path';\nimport { isOn } from '../../flags';\n\nexport function pay(): void {\n  if (isOn('gift')) {\n    console.log(basename('x'));\n  }\n}\n`,
    );
    for (const [name, text] of [
      ['sdk.d.ts', sdkOfTs],
      ['src/flags.ts', flagsOfTs],
      [path, written ?? '('],
    ] as const) {
      mkdirSync(dirname(join(folder, name)), { recursive: true });
      writeFileSync(join(folder, name), text);
    }
    const tsc = createRequire(import.meta.url).resolve('typescript/bin/tsc');
    const options = '--noEmit --strict --target es2022 --module es2022 --moduleResolution bundler'.split(' ');
    const { stdout, status } = spawnSync(process.execPath, [tsc, ...options, 'sdk.d.ts', path], {
      ...{ cwd: folder, encoding: 'utf8', timeout: 60_000 },
    });
    expect(`${String(status)} ${stdout}`).toBe('0 ');
  }, 90_000);

  it('takes over aliases, ends and quotes, and what is imported already', async () => {
    const others = {
      'flags.ts': flagsOfTs,
      'a.ts': `import { isOn as enabled } from "./flags.js"\nexport const one = () => enabled('new-checkout')\n`,
    };
    const at = { language: 'typescript', path: 'lib/b.ts', others };
    const written = await wrapped({
      ...at,
      marked: `import x from "./x.js"\nexport function f() {\n  «x()»\n}\n`,
    });
    expect(written).toContain(`import x from "./x.js"\nimport { isOn as enabled } from "../flags.js"\n`);
    expect(written).toContain(`  if (enabled('gift')) {\n    x()\n  }`);
    const has = await wrapped({
      ...at,
      marked: `import { other, isOn as enabled } from '../flags.js';\nexport function f(): void {\n  «other(enabled);»\n}\n`,
    });
    expect(has).toContain(`  if (enabled('gift')) {`);
    expect(has?.match(/import/g)).toHaveLength(1);
  });

  const java = (pkg: string, body: string, imports = ''): string =>
    `package ${pkg};\n\n${imports}public class Shop {\n  void order() {\n    ${body}\n  }\n}\n`;
  const javaFlags = `package shop.flags;\n\nimport dev.openfeature.sdk.OpenFeatureAPI;\n\npublic class Flags {\n  public static boolean isOn(String key) {\n    return OpenFeatureAPI.getInstance().getClient().getBooleanValue(key, false);\n  }\n}\n`;

  it.each<[string, Borrowing, readonly string[]]>([
    [
      'Python, by the module, behind what describes the file',
      {
        ...{ language: 'python', path: 'shop/pay.py', marked: `"""Pays."""\n\ndef pay():\n    «print("x")»\n` },
        others: {
          'shop/flags.py': `from openfeature import api\nclient = api.get_client()\n\ndef is_on(key):\n    return client.get_boolean_value(key, False)\n`,
          'web/views.py': `from shop.flags import other, is_on\n\ndef view():\n    if is_on("new-checkout"):\n        pass\n`,
        },
      },
      [`"""Pays."""\nfrom shop.flags import is_on\n`, `    if is_on("gift"):\n        print("x")`],
    ],
    [
      'Java, from another package',
      {
        ...{ language: 'java', path: 'shop/pay/Pay.java', marked: java('shop.pay', '«System.out.println(1);»') },
        others: {
          'shop/flags/Flags.java': javaFlags,
          'shop/web/Shop.java': java(
            'shop.web',
            'if (Flags.isOn("new-checkout")) return;',
            'import shop.flags.Flags;\n\n',
          ),
        },
      },
      ['package shop.pay;\nimport shop.flags.Flags;\n', 'if (Flags.isOn("gift")) {'],
    ],
    [
      'Java, in the same package',
      {
        ...{ language: 'java', path: 'shop/flags/Pay.java', marked: java('shop.flags', '«System.out.println(1);»') },
        others: {
          'shop/flags/Flags.java': javaFlags,
          'shop/flags/Shop.java': java('shop.flags', 'if (Flags.isOn("new-checkout")) return;'),
        },
      },
      ['package shop.flags;\n\npublic', 'if (Flags.isOn("gift")) {'],
    ],
    [
      'Ruby, where constants are loaded for all',
      {
        ...{ language: 'ruby', path: 'app/pay.rb', marked: `class Pay\n  def pay\n    «puts 1»\n  end\nend\n` },
        others: {
          'app/shop.rb': `require 'flipper'\nclass Shop\n  def order\n    go if Flipper.enabled?(:new_checkout)\n  end\nend\n`,
        },
      },
      ['class Pay\n', '    if Flipper.enabled?(:gift)\n      puts 1\n    end'],
    ],
    [
      'PHP, behind its first line',
      {
        ...{ language: 'php', path: 'app/Pay.php', marked: `<?php\n\nfunction pay() {\n    «echo 1;»\n}\n` },
        others: {
          'app/Shop.php': `<?php\n\nnamespace App;\n\nuse Laravel\\Pennant\\Feature;\n\nfunction order() {\n    if (Feature::active('new-checkout')) {\n        echo 2;\n    }\n}\n`,
        },
      },
      ['<?php\nuse Laravel\\Pennant\\Feature;\n', `    if (Feature::active('gift')) {\n        echo 1;`],
    ],
  ])('is written in %s', async (_, borrowing, parts) => {
    const written = await wrapped(borrowing);
    for (const part of parts) expect(written).toContain(part);
  });

  const pay = `export async function pay(): Promise<void> {\n  «console.log(1);»\n}\n`;
  it.each<[string, string, string]>([
    [
      'a client that is made in the other file',
      `import { OpenFeature } from '@openfeature/web-sdk';\nconst client = OpenFeature.getClient();\nexport const on = client.getBooleanValue('new-checkout', false);\n`,
      pay,
    ],
    [
      'what is awaited',
      `import { isOn } from '../flags';\nexport const on = async () => await isOn('new-checkout');\n`,
      pay,
    ],
    [
      'what is given a name of its place',
      `import { isOn } from '../flags';\nexport const f = (user: string) => isOn('new-checkout', user);\n`,
      pay,
    ],
    ['a name that means something else here', userOfTs('new-checkout'), `const isOn = 3;\n${pay.replace('1', 'isOn')}`],
    [
      'a module where modules are required',
      userOfTs('new-checkout'),
      `const fs = require('fs');\nmodule.exports = function pay() {\n  «fs.log(1);»\n};\n`,
    ],
  ])('does not borrow %s', async (_, other, marked) => {
    const others = { 'src/flags.ts': flagsOfTs, 'src/a/other.ts': other };
    expect(await wrapped({ language: 'typescript', path: 'src/shop/pay.ts', marked, others })).toBeNull();
    const usual = { ...others, 'src/a/usual.ts': userOfTs('new-checkout') };
    // The very same file can borrow the usual call, but for what it does not allow itself.
    if (marked === pay)
      expect(await wrapped({ language: 'typescript', path: 'src/shop/pay.ts', marked, others: usual })).toContain(
        `isOn('gift')`,
      );
  });
});
