import type { InstanceSource } from '../../../src/change/api';
import { Changes, type ChangesOptions } from '../../../src/change/changes';
import type { ConsentPort, ConsentRequest } from '../../../src/change/consentPort';
import type { Consent } from '../../../src/model/change';
import { MemoryClock } from '../../../src/platform/memory/clock';
import { MemoryFiles } from '../../../src/platform/memory/files';
import { MemoryHash } from '../../../src/platform/memory/hash';
import { memoryL10n } from '../../../src/platform/memory/l10n';
import { MemoryLog } from '../../../src/platform/memory/log';
import { memoryPaths } from '../../../src/platform/memory/paths';
import { FakeFlagSystem, World, type FakeOptions } from './fakeFlagSystem';

/** A person who answers every question the same way, and remembers what was asked. */
export class Person implements ConsentPort {
  readonly asked: ConsentRequest[] = [];
  answer: Consent | null = { who: 'ana', at: 1, through: 'ignored', reason: 'errors' };
  async ask(request: ConsentRequest): Promise<Consent | null> {
    this.asked.push(request);
    return this.answer;
  }
}

export interface Bench {
  readonly world: World;
  readonly system: FakeFlagSystem;
  readonly person: Person;
  readonly clock: MemoryClock;
  readonly files: MemoryFiles;
  readonly log: MemoryLog;
  readonly options: ChangesOptions;
  readonly changes: Changes;
}

export const home = '/home/ana/.local/state/sightglass';

export function bench(
  over: {
    world?: World;
    system?: FakeOptions;
    source?: InstanceSource | undefined;
    clock?: MemoryClock;
    files?: MemoryFiles;
    options?: Partial<ChangesOptions>;
  } = {},
): Bench {
  const clock = over.clock ?? new MemoryClock();
  const files = over.files ?? new MemoryFiles(() => clock.now());
  const world = over.world ?? new World();
  const system = new FakeFlagSystem(world, over.system);
  const person = new Person();
  const log = new MemoryLog();
  const options: ChangesOptions = {
    home,
    systems: system.systems(),
    consent: person,
    source: over.source,
    couldWriteInPlace: () => true,
    files,
    paths: memoryPaths,
    hash: new MemoryHash(),
    clock,
    l10n: memoryL10n,
    log,
    ...over.options,
  };
  return { world, system, person, clock, files, log, options, changes: new Changes(options) };
}

export const never = new AbortController().signal;

/** The journal's entries as they lie on disk, by name. */
export async function onDisk(files: MemoryFiles): Promise<string[]> {
  const names = await files.list(`${home}/journal`).catch(() => []);
  return names.map(({ name }) => name).filter((name) => name.endsWith('.json'));
}
