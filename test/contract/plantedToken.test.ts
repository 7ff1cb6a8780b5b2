import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { expect, it } from 'vitest';
import { Changes } from '../../src/change/changes';
import { FlagLookups } from '../../src/editor/flagLookups';
import { FlagStore } from '../../src/flags/store';
import { AllowedOrigins } from '../../src/platform/allowedOrigins';
import { Emitter } from '../../src/platform/emitter';
import { GuardedRemotes } from '../../src/platform/guardedRemotes';
import { memoryL10n } from '../../src/platform/memory/l10n';
import { MemoryLog } from '../../src/platform/memory/log';
import { MemorySecrets } from '../../src/platform/memory/secrets';
import { loopbackHttp } from '../../src/platform/node/loopbackHttp';
import { nodeFiles } from '../../src/platform/node/files';
import { nodeHash } from '../../src/platform/node/hash';
import { nodePaths } from '../../src/platform/node/paths';
import { secretTokens } from '../../src/platform/tokens';
import { journalCsv } from '../../src/cli/formats/journalCsv';
import { detailStateSchema } from '../../src/protocol/detailPanel';
import { detailState } from '../../src/view/detail';
import { detailHtml } from '../../src/view/detailHtml';
import { flagHover } from '../../src/view/hover';
import { flagTree } from '../../src/view/flagTree';
import type { TreeInput } from '../../src/view/input';
import type { TreeNode } from '../../src/view/output';
import { Person } from '../unit/change/bench';
import { flagDeps } from '../unit/flags/flagDeps';
import { describeShared } from '../sharedData';
import { hurriedClock as clock } from './faultLoop/loopWindow';
import { FakeLaunchDarkly, writerToken, type Fault } from './fakeLaunchDarkly';
import { ref as refOf } from './launchDarklyWorld';

const { signal } = new AbortController();
const ref = refOf('f');
const environment = { system: 'ld', project: 'shop', name: 'production' };
const quiet = (): Emitter<void> => new Emitter<void>(() => undefined);

/** What careless servers and gateways do with what they were sent. */
const telltale: readonly Fault[] = [401, 403, 404, 405, 409, 412, 422, 423, 429, 500, 502, 503].flatMap(
  (status): Fault[] => [
    { status, json: { code: writerToken, message: `The token ${writerToken} does not do.` } },
    { status, text: `<html><title>${writerToken}</title>Authorization: ${writerToken}</html>` },
    { status, json: {}, headers: { 'x-asked-with': writerToken, 'retry-after': writerToken } },
  ],
);
const redirects: readonly Fault[] = [302, 307].map((status) => ({
  status,
  text: '',
  headers: { location: `http://127.0.0.1:9/?token=${writerToken}` },
}));
const unreadable: readonly Fault[] = [
  { text: `<html>${writerToken}</html>` },
  { text: `{"${writerToken}": ` },
  { json: { [writerToken]: writerToken, items: writerToken } },
];

function filesBelow(folder: string): string[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    return statSync(path).isDirectory() ? filesBelow(path) : [path];
  });
}

/** All that is shown of a row, and of those below it. */
const told = (node: TreeNode): unknown => [{ ...node }, node.tooltip(), node.children().map(told)];

describeShared('a token that servers give back in whatever they answer', 'specs/launchdarkly', (folder) => {
  it('is in no log, file, view, error, outcome or report of the process', { timeout: 120_000 }, async () => {
    const fake = new FakeLaunchDarkly(folder);
    fake.checksAnswers = false;
    fake.flag('f');
    await fake.start();
    const home = mkdtempSync(join(tmpdir(), 'sightglass-planted-'));
    const log = new MemoryLog();
    const secrets = new MemorySecrets();
    const origins = new AllowedOrigins({ files: nodeFiles, paths: nodePaths, clock, log, home });
    await origins.allow(new URL(fake.url).origin, 'ana');
    await secrets.set(new URL(fake.url).origin, writerToken);
    const { deps, files } = flagDeps();
    const environments = [{ name: 'test' }, { name: 'production' }].map((each) => ({ ...each, kind: 'live' }));
    const system = { id: 'ld', type: 'launchdarkly', url: fake.url, projects: [{ name: 'shop', environments }] };
    files.set('/w/.sightglass.json', JSON.stringify({ systems: [system] }));
    const person = new Person();
    const seenThere: unknown[] = [];
    const panels: string[] = [];
    const exported: string[] = [];
    // A window for each, so that no refusal stands in the way of the next.
    const open = () => {
      const remotes = new GuardedRemotes({
        http: loopbackHttp,
        origins,
        tokens: secretTokens(secrets),
        trusted: () => true,
        onDidTrust: quiet().event,
        advice: (reason) => reason,
        l10n: memoryL10n,
        log,
      });
      const store = new FlagStore({ ...deps, clock, log, hash: nodeHash, remotes });
      const changes = new Changes({
        ...{ home, systems: store, consent: person, source: undefined, couldWriteInPlace: () => false },
        ...{ files: nodeFiles, paths: nodePaths, hash: nodeHash, clock, l10n: memoryL10n, log },
      });
      return { remotes, store, changes };
    };
    type Window = ReturnType<typeof open>;
    const look = ({ remotes, store, changes }: Window): void => {
      const lookups = new FlagLookups(store);
      const input: TreeInput = {
        ...{ flags: lookups.seenFrom(null), signals: () => null, environment: null, windowMinutes: 15 },
        ...{ now: clock.now(), l10n: memoryL10n, theme: 'dark', inFlight: new Map(), file: null, filter: '' },
        ...{ journal: changes.listing.entries, references: () => [], undoable: () => false, servers: [] },
        ...{ unreferenced: new Set(), workspace: { hasFolder: true, trusted: true, detected: null } },
      };
      const tree = flagTree(input);
      const flag = store.flag(ref)?.flag;
      seenThere.push(
        store.projects(),
        store.problems(),
        store.servers(),
        remotes.waiting,
        changes.listing,
        tree.welcome,
      );
      seenThere.push(tree.sections.map(told), flag && flagHover(input, flag, null), person.asked);
      const { state } = detailState({ ...input, ref, references: null, me: 'ana' });
      // The page, and the message that fills it.
      const shell = { scriptUri: 's', styleUri: 't', nonce: 'n', cspSource: 'c', lang: 'en', title: state.header.key };
      panels.push(detailHtml(shell), JSON.stringify({ type: 'state', state: detailStateSchema.parse(state) }));
    };
    try {
      for (const fault of [...telltale, ...redirects, ...unreadable]) {
        const window = open();
        const { store, changes } = window;
        await store.setFolders(['/w']);
        await changes.resume();
        const seen = store.state(ref, environment);
        if (!seen) throw new Error('the flag is not there');
        const on = seen.switch !== 'on';
        const change = { ref, environment, intent: { kind: 'switch', on }, seen, through: 'test' } as const;
        // To the change alone, then to everything.
        fake.fault = ({ method, query }) => (method === 'PATCH' && !query.has('dryRun') ? fault : null);
        seenThere.push(await changes.change(change, signal));
        fake.fault = () => fault;
        await store.refresh();
        seenThere.push(
          await store
            .systemFor(ref)
            ?.detail(ref, signal)
            .catch((error: unknown) => error),
        );
        look(window);
        fake.fault = null;
        const listing = await changes.list();
        seenThere.push(listing);
        // As the editor exports it, and as the command line does.
        exported.push(
          ...listing.entries.map((entry) => JSON.stringify(entry)),
          journalCsv(listing.entries, memoryL10n),
        );
        changes.dispose();
        await changes.closed();
        store.dispose();
      }
    } finally {
      await fake.stop();
    }
    // It was there to be given away.
    expect(fake.heard.length).toBeGreaterThan(100);
    expect(person.asked.length).toBe(telltale.length + redirects.length + unreadable.length);
    const places: Readonly<Record<string, string>> = {
      log: inspect(log.lines, { depth: null, maxArrayLength: null, maxStringLength: null }),
      'views, errors and outcomes': inspect(seenThere, { depth: 12, maxArrayLength: null, maxStringLength: null }),
      'the same as messages': JSON.stringify(seenThere),
      'detail panel': panels.join('\n'),
      'exported journal': exported.join('\n'),
      'files of the home folder': filesBelow(home)
        .map((path) => `${path}\n${readFileSync(path, 'utf8')}`)
        .join('\n'),
      'report of the process': JSON.stringify(process.report.getReport()),
      'settings and files of the workspace': files.text('/w/.sightglass.json'),
    };
    for (const [place, text] of Object.entries(places)) {
      expect(text.length, place).toBeGreaterThan(50);
      const at = text.indexOf(writerToken);
      expect(at < 0 ? null : text.slice(Math.max(0, at - 200), at + 60), place).toBeNull();
    }
    rmSync(home, { recursive: true, force: true });
  });
});
