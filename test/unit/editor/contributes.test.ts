import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { treeCapabilities } from '../../../src/view/output';

const root = join(import.meta.dirname, '../../..');
const text = (path: string): string => readFileSync(join(root, path), 'utf8');

interface Manifest {
  contributes: {
    commands: { command: string; title: string; enablement?: string }[];
    keybindings: { command: string }[];
    views: Record<string, { id: string; when: string; icon: string }[]>;
    viewsContainers: { activitybar: { id: string; icon: string }[] };
    viewsWelcome: { view: string; when?: string; contents: string }[];
    menus: Record<string, { command: string; when?: string }[]>;
    colors: { id: string; defaults: Record<string, string> }[];
    configuration: { properties: Record<string, { default: unknown; scope?: string; markdownDescription: string }> };
    jsonValidation: { url: string }[];
  };
}
const manifest = JSON.parse(text('package.json')) as Manifest;
const { contributes } = manifest;
const nls = JSON.parse(text('package.nls.json')) as Record<string, string>;

const sources = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts'))
  .map((file) => ({ file, code: text(join('src', file)) }));
const editor = sources
  .filter(({ file }) => /^(editor|extension|platform.vscode)/.test(file))
  .map(({ code }) => code)
  .join('\n');
const all = (pattern: RegExp, code: string): string[] =>
  [...new Set([...code.matchAll(pattern)].map(([, found]) => found!))].sort();

/** The table is the one place that names commands; it is read as text because it cannot be loaded without VS Code. */
const table = text('src/editor/commandTable.ts');
const commands = all(/^ {2}'(sightglass\.\w+)':/gm, table);

describe('package.json and the code', () => {
  it('name the same commands', () => {
    expect(commands.length).toBeGreaterThan(20);
    expect(contributes.commands.map(({ command }) => command).sort()).toEqual(commands);
  });

  it('name only contributed commands in keys, menus and welcome texts', () => {
    const known = new Set(commands);
    const named = [
      ...contributes.keybindings.map(({ command }) => command),
      ...Object.values(contributes.menus).flatMap((items) => items.map(({ command }) => command)),
      ...all(/command:(sightglass\.\w+)/g, JSON.stringify(nls)),
    ];
    expect(named.filter((command) => !known.has(command))).toEqual([]);
    const linked = all(/'(sightglass\.\w+)'/g, text('src/editor/surfaces/actionCommand.ts'));
    expect(linked.filter((command) => !known.has(command))).toEqual([]);
  });

  it('contribute every setting that is read, and read every one contributed, with the same default', () => {
    const properties = contributes.configuration.properties;
    const surfaces = all(/'(\w+)'/g, /type SurfaceName =([^;]+);/.exec(text('src/editor/surfaces/switchable.ts'))![1]!);
    const reads = [...editor.matchAll(/settings\.get(?:<[^>]+>)?\('([\w.]+)', ([^)]+)\)/g)].map(
      ([, name, fallback]) => [name!, JSON.parse(fallback!.replaceAll("'", '"')) as unknown] as const,
    );
    const expected = Object.fromEntries([
      ...surfaces.map((name) => [`sightglass.${name}.enabled`, true] as const),
      ...reads.map(([name, fallback]) => [`sightglass.${name}`, fallback] as const),
    ]);
    expect(Object.fromEntries(Object.entries(properties).map(([name, { default: value }]) => [name, value]))).toEqual(
      expected,
    );
  });

  it('let no workspace say where to listen, what to run, whom to trust or what is protected', () => {
    const scopes = Object.entries(contributes.configuration.properties).filter(([name]) =>
      /receiver|ripgrep|protected|http/i.test(name),
    );
    expect(scopes.length).toBe(9);
    expect(scopes.filter(([, { scope }]) => scope !== 'machine' && scope !== 'application')).toEqual([]);
  });

  it('name the same views, and each has its switch', () => {
    const views = Object.values(contributes.views).flat();
    expect(views.map(({ id }) => id).sort()).toEqual(all(/createTreeView\(\s*'(sightglass\.\w+)'/g, editor));
    const properties = Object.keys(contributes.configuration.properties);
    for (const { when } of views) expect(properties).toContain(when.replace('config.', ''));
  });

  it('have a welcome text for every cause, and no other', () => {
    const causes = all(/'(\w+)'/g, /type WelcomeCause =([^;]+);/.exec(text('src/view/output.ts'))![1]!);
    const said = (view: string): string[] =>
      contributes.viewsWelcome.flatMap((each) => (each.view === view ? (each.when ?? 'always') : []));
    const flags = said('sightglass.flags').map((when) => when.replace('sightglass.flagsState == ', ''));
    expect(flags.sort()).toEqual([...causes, 'starting'].sort());
    expect(said('sightglass.journal')).toEqual(['!sightglass.journalFiltered', 'sightglass.journalFiltered']);
    expect(all(/'setContext',\s*'(sightglass\.\w+)'/g, editor)).toEqual([
      'sightglass.canGenerateAccessors',
      'sightglass.filtered',
      'sightglass.flagsState',
      'sightglass.impactRunning',
      'sightglass.impactState',
      'sightglass.journalFiltered',
    ]);
    const states = all(/'(\w+)'/g, /type ImpactState =([^;]+);/.exec(text('src/editor/impact/impactReview.ts'))![1]!);
    const impact = said('sightglass.impact').map((when) => when.replace('sightglass.impactState == ', ''));
    expect([...impact, 'ready'].sort()).toEqual(states);
    const keys = all(
      /\b(sightglass\.[a-z]\w+)(?= ==|\b(?!\.))/g,
      [...contributes.menus['view/title']!].map(({ when }) => when).join(' '),
    );
    const views = ['sightglass.flags', 'sightglass.impact', 'sightglass.journal'];
    const known = [...views, 'sightglass.filtered', 'sightglass.impactRunning', 'sightglass.journalFiltered'];
    expect(keys.filter((key) => !known.includes(key))).toEqual([]);
  });

  it('ask of tree items only what the view says of them', () => {
    const kinds = all(/readonly kind: ((?:'\w+' \| )+'\w+');\n {2}readonly label/g, text('src/view/output.ts'))
      .join('|')
      .split(/\W+/);
    const asked = contributes.menus['view/item/context']!.flatMap(({ when }) =>
      all(/viewItem =~ \/\\b\(?([\w|]+)\)?\\b\//g, when ?? '').flatMap((words) => words.split('|')),
    );
    expect(asked.length).toBeGreaterThan(5);
    expect(asked.filter((word) => ![...treeCapabilities, ...kinds].includes(word))).toEqual([]);
  });

  it('name the same colours, in all four kinds of theme', () => {
    const tones = all(/'(\w+)'/g, /type Tone =([^;]+);/.exec(text('src/view/output.ts'))![1]!);
    expect(contributes.colors.map(({ id }) => id).sort()).toEqual(tones.map((tone) => `sightglass.${tone}`));
    for (const { defaults } of contributes.colors)
      expect(Object.keys(defaults).sort()).toEqual(['dark', 'highContrast', 'highContrastLight', 'light']);
  });

  it('have every text in package.nls.json, and none that nobody asks for', () => {
    expect(all(/"%([\w.-]+)%"/g, text('package.json'))).toEqual(Object.keys(nls).sort());
  });

  it('name files that exist', () => {
    const files = [
      ...contributes.viewsContainers.activitybar.map(({ icon }) => icon),
      ...Object.values(contributes.views).flatMap((views) => views.map(({ icon }) => icon)),
      ...contributes.jsonValidation.map(({ url }) => url),
    ];
    for (const file of files) expect(text(file).length).toBeGreaterThan(0);
  });
});
