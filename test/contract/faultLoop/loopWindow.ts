import { Changes } from '../../../src/change/changes';
import { FlagStore } from '../../../src/flags/store';
import type { FlagState } from '../../../src/model/flag';
import type { EnvironmentRef, FlagRef } from '../../../src/model/identity';
import type { Clock } from '../../../src/platform/clock';
import { memoryL10n } from '../../../src/platform/memory/l10n';
import { MemoryLog } from '../../../src/platform/memory/log';
import { memoryRemotes } from '../../../src/platform/memory/remotes';
import { systemClock } from '../../../src/platform/node/clock';
import { nodeFiles } from '../../../src/platform/node/files';
import { nodeHash } from '../../../src/platform/node/hash';
import { nodePaths } from '../../../src/platform/node/paths';
import { Person } from '../../unit/change/bench';
import { flagDeps } from '../../unit/flags/flagDeps';
import type { FaultProxy } from './faultProxy';
import type { FaultyWorld } from './world';

/** Waits of the product pass so many times faster, so that its pauses are many in a minute; requests take what they take. */
export const hurry = 10;

export const hurriedClock: Clock = (() => {
  const began = { now: Date.now(), monotonic: systemClock.monotonic() };
  const monotonic = (): number => began.monotonic + (systemClock.monotonic() - began.monotonic) * hurry;
  return {
    now: () => Math.round(began.now + (monotonic() - began.monotonic)),
    monotonic,
    after: (ms, run) => systemClock.after(ms / hurry, run),
    every: (ms, run) => systemClock.every(ms / hurry, run),
  };
})();

/** A window of the product: its store and its change path over one journal, through the proxy. */
export class LoopWindow {
  readonly store: FlagStore;
  readonly changes: Changes;
  readonly person = new Person();
  readonly log = new MemoryLog();
  readonly #world: FaultyWorld;

  private constructor(world: FaultyWorld, proxy: FaultProxy, home: string) {
    this.#world = world;
    const { deps, files } = flagDeps();
    const { type, project, environment } = world;
    const environments = [{ name: environment, kind: 'live' }];
    const system = { id: 'flags', type, url: proxy.url, projects: [{ name: project, environments }] };
    files.set('/w/.sightglass.json', JSON.stringify({ systems: [system] }));
    const remotes = memoryRemotes(proxy.http, world.token);
    this.store = new FlagStore({ ...deps, clock: hurriedClock, hash: nodeHash, log: this.log, remotes });
    this.changes = new Changes({
      home,
      systems: this.store,
      consent: this.person,
      source: undefined,
      couldWriteInPlace: () => false,
      files: nodeFiles,
      paths: nodePaths,
      hash: nodeHash,
      clock: hurriedClock,
      l10n: memoryL10n,
      log: this.log,
    });
  }

  static async open(world: FaultyWorld, proxy: FaultProxy, home: string): Promise<LoopWindow> {
    const window = new LoopWindow(world, proxy, home);
    await window.store.setFolders(['/w']);
    await window.changes.resume();
    return window;
  }

  ref(key: string): FlagRef {
    return { system: 'flags', project: this.#world.project, key };
  }

  get environment(): EnvironmentRef {
    return { system: 'flags', project: this.#world.project, name: this.#world.environment };
  }

  /** As it is on the screen. */
  state(key: string): FlagState | undefined {
    // Looked at: systems ask for the whole of what somebody looks at.
    this.store.resolve(key, '/w/a.ts');
    return this.store.state(this.ref(key), this.environment);
  }

  shown(key: string): string | null {
    const state = this.state(key);
    return state === undefined ? null : this.#world.shortOf(state.raw);
  }

  async close(): Promise<void> {
    this.changes.dispose();
    await this.changes.closed();
    this.store.dispose();
  }
}
