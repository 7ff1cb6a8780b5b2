import { describe, expect, it } from 'vitest';
import type { ProjectSnapshot } from '../../../src/model/flag';
import { FRESHNESS, LiveProject } from '../../../src/flags/liveProject';
import type { FlagSystem } from '../../../src/flags/system';
import { flagDeps } from './flagDeps';

const nothing = (): void => undefined;
/** Asks only when it is told to. */
const calm = { ...FRESHNESS, refreshMs: 1e9 };

interface Request {
  answer(version: string): void;
  fail(message: string): void;
  readonly signal: AbortSignal;
}

/** A system whose answers come when the test says so. */
function scripted(): {
  system: FlagSystem;
  requests: Request[];
  readonly push: () => void;
  deps: ReturnType<typeof flagDeps>;
} {
  const deps = flagDeps();
  const requests: Request[] = [];
  const listeners = new Set<() => void>();
  const snapshot = (version: string): ProjectSnapshot => ({
    system: 's',
    systemType: 'x',
    project: 'p',
    folders: [],
    environments: [],
    flags: [],
    problems: [],
    version,
    takenAt: deps.clock.now(),
  });
  const system = {
    id: 's',
    type: 'x',
    snapshot: (signal: AbortSignal) =>
      new Promise<ProjectSnapshot>((resolve, reject) => {
        requests.push({
          signal,
          answer: (version) => resolve(snapshot(version)),
          fail: (message) => reject(new Error(message)),
        });
      }),
    watch: (listener: () => void) => {
      listeners.add(listener);
      return { dispose: () => listeners.delete(listener) };
    },
    dispose: nothing,
  } as unknown as FlagSystem;
  return { system, requests, deps, push: () => listeners.forEach((listener) => listener()) };
}

describe('a live project', () => {
  it('goes from not asked over asking to an answer, and says so once each', async () => {
    const { system, requests, deps } = scripted();
    const states: string[] = [];
    const live = new LiveProject(system, deps.deps, () => states.push(live.answer.state));
    expect(live.answer.state).toBe('notAsked');
    const done = live.refresh();
    requests[0]?.answer('1');
    await done;
    const again = live.refresh();
    requests[1]?.answer('1');
    await again;
    expect(states).toEqual(['asking', 'ok']);
    live.dispose();
  });

  it('drops an answer that comes after its time, and keeps what it knew', async () => {
    const { system, requests, deps } = scripted();
    const live = new LiveProject(system, deps.deps, nothing, calm);
    const first = live.refresh();
    requests[0]?.answer('1');
    await first;
    void live.refresh();
    await deps.clock.advance(20_000);
    expect(live.answer).toMatchObject({
      state: 'unreachable',
      reason: 'No answer for 20 s.',
      last: { value: { version: '1' } },
    });
    expect(requests[1]?.signal.aborted).toBe(true);
    const third = live.refresh();
    requests.at(-1)?.answer('3');
    await third;
    requests[1]?.answer('2');
    await deps.clock.advance(10);
    expect(live.answer).toMatchObject({ state: 'ok', value: { version: '3' } });
    live.dispose();
  });

  it('asks once more for all that asked while it was asking', async () => {
    const { system, requests, deps, push } = scripted();
    const live = new LiveProject(system, deps.deps, nothing, calm);
    const first = live.refresh();
    for (let times = 0; times < 5; times++) push();
    requests[0]?.answer('1');
    await first;
    await deps.clock.advance(0);
    expect(requests).toHaveLength(2);
    live.dispose();
  });

  it('asks nothing while paused, and nothing more when it is let go', async () => {
    const { system, requests, deps, push } = scripted();
    const live = new LiveProject(system, deps.deps, nothing);
    live.setPaused(true);
    push();
    await deps.clock.advance(60_000);
    expect(requests).toHaveLength(0);
    live.dispose();
    live.setPaused(false);
    await deps.clock.advance(60_000);
    expect(requests).toHaveLength(0);
  });

  it.each([
    [undefined, 60],
    [15_000, 60],
    // As limits have it asked for: too old where it was due and did not come.
    [90_000, 120],
  ])('that is asked every %s ms is too old after %i s', async (askedMs, seconds) => {
    const { system, deps } = scripted();
    const takenAt = deps.clock.now();
    const environment = { ref: { system: 's', project: 'p', name: 'production' }, askedMs };
    const value = { environments: [environment], version: '1', takenAt };
    const live = new LiveProject(
      { ...system, snapshot: () => Promise.resolve(value) } as never,
      deps.deps,
      nothing,
      calm,
    );
    await live.refresh();
    await deps.clock.advance(seconds * 1_000);
    expect(live.answer.state).toBe('ok');
    await deps.clock.advance(6_000);
    expect(live.answer.state).toBe('tooOld');
    live.dispose();
  });
});
