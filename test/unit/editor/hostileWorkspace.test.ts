import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { consentRequirement } from '../../../src/change/consentRules';
import { Changes } from '../../../src/change/changes';
import { hoverMarkdownString } from '../../../src/editor/surfaces/markdown';
import { FlagStore } from '../../../src/flags/store';
import { AllowedOrigins } from '../../../src/platform/allowedOrigins';
import { Emitter } from '../../../src/platform/emitter';
import { GuardedRemotes } from '../../../src/platform/guardedRemotes';
import type { HttpRequest } from '../../../src/platform/http';
import { memoryPaths } from '../../../src/platform/memory/paths';
import { MemorySecrets } from '../../../src/platform/memory/secrets';
import { nodeFiles } from '../../../src/platform/node/files';
import { nodePaths } from '../../../src/platform/node/paths';
import { secretTokens } from '../../../src/platform/tokens';
import { linkedCommands } from '../../../src/editor/surfaces/actionCommand';
import { FlagLookups } from '../../../src/editor/flagLookups';
import { memoryL10n } from '../../../src/platform/memory/l10n';
import { flagTree } from '../../../src/view/flagTree';
import { flagHover } from '../../../src/view/hover';
import type { TreeInput } from '../../../src/view/input';
import type { HoverModel, TreeNode } from '../../../src/view/output';
import { Person } from '../change/bench';
import { flagDeps } from '../flags/flagDeps';

vi.mock('vscode', () => ({
  MarkdownString: class {
    constructor(readonly value: string) {}
  },
}));

const ours = 'https://flags.acme.dev';
const theirs = 'https://evil.example';
const token = 'user:of-acme-alone';
const production = { system: 'flags', project: 'shop', name: 'production' };
const signal = new AbortController().signal;
const closed: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closed.splice(0)) await close();
});

const unleashAt = (url: string, more: object = {}): string =>
  JSON.stringify({
    systems: [
      {
        ...{ id: 'flags', type: 'unleash', url },
        projects: [{ name: 'shop', environments: [{ name: 'production', kind: 'live', ...more }] }],
      },
    ],
  });

describe('a branch that is checked out', () => {
  it('and names another address under the same id is given no token, and not even asked', async () => {
    const { deps, files, log, clock } = flagDeps();
    const sent: HttpRequest[] = [];
    const secrets = new MemorySecrets();
    const origins = new AllowedOrigins({ files, paths: memoryPaths, clock, log, home: '/home/me/sg' });
    await origins.allow(ours, 'ana');
    await secrets.set(ours, token);
    const remotes = new GuardedRemotes({
      http: {
        request: (asked) => {
          sent.push(asked);
          return Promise.resolve({ status: 503, headers: {}, body: new Uint8Array() });
        },
      },
      ...{ origins, tokens: secretTokens(secrets), trusted: () => true, log, l10n: deps.l10n },
      onDidTrust: new Emitter<void>(() => undefined).event,
      advice: (reason) => reason,
    });
    const store = new FlagStore({ ...deps, remotes });
    closed.push(() => store.dispose());
    files.set('/w/.sightglass.json', unleashAt(ours));
    await store.setFolders(['/w']);
    expect(sent.length).toBeGreaterThan(0);
    expect(sent.every(({ headers }) => headers?.authorization === token)).toBe(true);
    sent.length = 0;
    for (const url of [theirs, `${ours}.evil.example`, 'https://flags.acme.dev@evil.example', `${ours}:8443`]) {
      files.set('/w/.sightglass.json', unleashAt(url));
      await store.reload();
      await store.refresh();
      expect(store.projects()[0]?.answer.state, url).not.toBe('ok');
    }
    expect(sent).toEqual([]);
  });

  it.each([{ protected: false }, { protected: false, production: false }])(
    'and unprotects production (%j) loosens nothing: turning on is typed all the same',
    async (more) => {
      const { deps, files } = flagDeps();
      files.set('/w/.sightglass.json', unleashAt(ours, more));
      const store = new FlagStore(deps);
      closed.push(() => store.dispose());
      await store.setFolders(['/w']);
      const [environment] = store.environmentsFor(production);
      if (!environment) throw new Error('no environment');
      expect(environment.protected.value).toBe(true);
      const asked = { direction: 'on', approval: 'none', flagName: 'f', environment, writable: 'yes' } as const;
      expect(consentRequirement(asked).kind).toBe('typed');
    },
  );
});

describe('a name that means something in Markdown', () => {
  const names = [
    '[turn off](command:sightglass.killFlag?%5B%5D)',
    '](command:workbench.action.terminal.new)',
    '<a href="command:evil">x</a>',
    '![x](https://evil.example/?leak)',
    '$(warning) | table | break',
    '`code` **bold** https://evil.example',
    'a\n\n# heading\n[x]: command:evil',
  ];
  it.each(names)('is text in a hover, wherever it stands: %j', (name) => {
    const model: HoverModel = {
      ...{ title: name, subtitle: name, sentence: name, tone: 'unknown', chart: null, provenance: name },
      table: { columns: [name], rows: [[name]] },
      ...{ notes: [name], actions: [] },
    };
    const markdown = hoverMarkdownString(model);
    // Everything that CommonMark could take for a sign is escaped; what is left between is plain.
    const bare = markdown.value.replaceAll(/\\[!-/:-@[-`{-~]/g, '');
    expect(bare).not.toMatch(/[[\]()<>`!$#]/);
    expect(bare).not.toMatch(/command:|https?:/);
    expect(markdown.supportHtml).toBe(false);
    expect(markdown.isTrusted).not.toBe(true);
  });
});

describe('a flag whose names and texts mean something in Markdown', () => {
  const evil = '[turn off](command:workbench.action.terminal.new) <img src=x> ![x](https://evil.example/?leak) $(zap)';

  it('brings no link but our own into any hover of the tree, and acts on nothing', async () => {
    const { deps, files } = flagDeps();
    const variants = { [evil]: true, off: false };
    const flag = { state: 'ENABLED', variants, defaultVariant: evil, metadata: { description: evil, owner: evil } };
    const targeting = { if: [{ '==': [{ var: evil }, evil] }, evil, 'off'] };
    files.set('/w/f.json', JSON.stringify({ flags: { [evil]: { ...flag, targeting } } }));
    const environments = [{ name: evil.slice(0, 60), kind: 'live', source: ['f.json'] }];
    const systems = [{ id: 'flags', type: 'flagd', projects: [{ name: 'shop', environments }] }];
    files.set('/w/.sightglass.json', JSON.stringify({ systems }));
    const store = new FlagStore(deps);
    closed.push(() => store.dispose());
    await store.setFolders(['/w']);
    const found = store.flag({ system: 'flags', project: 'shop', key: evil })?.flag;
    if (!found) throw new Error('the flag is not there');
    const input: TreeInput = {
      ...{ flags: new FlagLookups(store).seenFrom(null), signals: () => null, environment: null, windowMinutes: 15 },
      ...{ now: 1, l10n: memoryL10n, theme: 'dark', inFlight: new Map(), file: null, filter: '', journal: [] },
      ...{ references: () => [], undoable: () => false, servers: [], unreferenced: new Set() },
      workspace: { hasFolder: true, trusted: true, detected: null },
    };
    const models: HoverModel[] = [flagHover(input, found, null)];
    const look = (node: TreeNode): void => {
      const tooltip = node.tooltip();
      if (tooltip !== null && typeof tooltip !== 'string') models.push(tooltip);
      node.children().forEach(look);
    };
    flagTree(input).sections.forEach(look);
    expect(models.length).toBeGreaterThan(1);
    expect(JSON.stringify(models)).toContain('command:workbench');
    for (const model of models) {
      const { value, supportHtml, isTrusted } = hoverMarkdownString(model);
      const bare = value.replaceAll(/\\[!-/:-@[-`{-~]/g, '');
      const links = [...bare.matchAll(/\]\(([^)?]*)/g)].map(([, to]) => to ?? '');
      const images = links.filter((to) => to.startsWith('data:image/svg+xml'));
      const commands = links.filter((to) => to.startsWith('command:'));
      expect(links.length).toBe(images.length + commands.length);
      expect(commands.length).toBe(model.actions.length);
      for (const to of commands) expect(linkedCommands).toContain(to.slice('command:'.length));
      expect(bare).not.toContain('<');
      expect(supportHtml).toBe(false);
      expect(isTrusted).toEqual({ enabledCommands: linkedCommands });
    }
  });
});

describe.skipIf(process.platform === 'win32')('links in a workspace', () => {
  it.each([
    ['flagd', 'flags.json'],
    ['flagd', 'flags.yaml'],
    ['goff', 'flags.yaml'],
    ['goff', 'flags.json'],
    ['flipt', 'features.yaml'],
  ])("to what is nobody's business show nothing of it (%s, %s)", async (type, name) => {
    const root = realpathSync(mkdtempSync(join(tmpdir(), 'sightglass-hostile-')));
    closed.push(() => rmSync(root, { recursive: true, force: true }));
    const workspace = join(root, 'w');
    mkdirSync(workspace);
    const secrets = [
      'hunter2-of-the-reader',
      '{"hunter2-of-the-reader": [',
      'a: hunter2-of-the-reader\n b: : -\n',
      '"hunter2-of-the-reader',
    ];
    for (const [at, secret] of secrets.entries()) {
      writeFileSync(join(root, `secret-${String(at)}`), secret);
      const source = `${String(at)}-${name}`;
      symlinkSync(join(root, `secret-${String(at)}`), join(workspace, source));
      const projects = [{ name: 'shop', environments: [{ name: 'qa', kind: 'live', source: [source] }] }];
      writeFileSync(
        join(workspace, '.sightglass.json'),
        JSON.stringify({ systems: [{ id: 'flags', type, projects }] }),
      );
      const { deps, log } = flagDeps();
      const ports = { ...deps, files: nodeFiles, paths: nodePaths, workspaceFolders: () => [workspace] };
      const store = new FlagStore(ports);
      closed.push(() => store.dispose());
      await store.setFolders([workspace]);
      expect(store.projects()).toHaveLength(1);
      const shown = JSON.stringify([store.projects(), store.problems(), log.lines]);
      expect(shown).toContain(source);
      expect(shown, secret).not.toContain('hunter2');
    }
  });

  const flags = `{"flags":{"f":{"state":"ENABLED","variants":{"on":true,"off":false},"defaultVariant":"on"}}}`;

  it.each(['a file', 'a folder', 'above'])('that lead out of it (%s) are not written through', async (how) => {
    const root = realpathSync(mkdtempSync(join(tmpdir(), 'sightglass-hostile-')));
    closed.push(() => rmSync(root, { recursive: true, force: true }));
    const [workspace, outside] = [join(root, 'w'), join(root, 'outside')];
    mkdirSync(workspace);
    mkdirSync(outside);
    const target = join(outside, 'flags.json');
    writeFileSync(target, flags);
    if (how === 'a file') symlinkSync(target, join(workspace, 'flags.json'));
    if (how === 'a folder') symlinkSync(outside, join(workspace, 'linked'));
    const source = how === 'a file' ? 'flags.json' : how === 'a folder' ? 'linked/flags.json' : '../outside/flags.json';
    const environments = [{ name: 'qa', kind: 'live', source: [source] }];
    const systems = [{ id: 'flags', type: 'flagd', projects: [{ name: 'shop', environments }] }];
    writeFileSync(join(workspace, '.sightglass.json'), JSON.stringify({ systems }));
    const { deps, clock, log } = flagDeps();
    const ports = { ...deps, files: nodeFiles, paths: nodePaths };
    const store = new FlagStore({ ...ports, workspaceFolders: () => [workspace] });
    const person = new Person();
    const changes = new Changes({
      ...{ ...ports, home: join(root, 'home'), systems: store, consent: person, source: undefined, clock, log },
      couldWriteInPlace: () => false,
    });
    closed.push(
      () => changes.dispose(),
      () => changes.closed(),
      () => store.dispose(),
    );
    await store.setFolders([workspace]);
    const ref = { system: 'flags', project: 'shop', key: 'f' };
    const environment = { system: 'flags', project: 'shop', name: 'qa' };
    const seen = store.state(ref, environment);
    if (seen) {
      const asked = { ref, environment, intent: { kind: 'kill' }, seen, through: 'test' } as const;
      expect((await changes.change(asked, signal)).kind).toBe('refused');
    }
    expect(person.asked).toEqual([]);
    expect(readFileSync(target, 'utf8')).toBe(flags);
  });
});
