import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isMade, isOpen } from '../../../src/change/entry';
import { FRESHNESS } from '../../../src/flags/liveProject';
import type { JournalEntry } from '../../../src/model/change';
import { SeededDraws } from '../../unit/telemetry/seededDraws';
import { FaultProxy } from './faultProxy';
import { hurriedClock, hurry, LoopWindow } from './loopWindow';
import type { FaultyWorld } from './world';

const never = new AbortController().signal;
const share = { ofReads: 0.12, ofWrites: 0.45 };
/** A change that is not through by then hangs. */
const stepMs = 60_000;
/** Chasing what is open is slower than a poll: a request may be on its way for 15 s, and is asked about again after that. */
const chasedMs = 90_000;

export interface LoopFigures {
  readonly seed: number;
  readonly outcomes: Readonly<Record<string, number>>;
  readonly statuses: Readonly<Record<string, number>>;
  readonly struck: Readonly<Record<string, number>>;
  readonly writesSent: number;
  readonly restarts: number;
  /** Of the product's own time, ms; `chased`: until nothing was open any more. */
  readonly converged: number;
  readonly chased: number;
  /** Whatever was not so; empty is what is asked for. */
  readonly wrong: readonly string[];
}

/** Changes and undoes flags through a proxy that fails by chance, for `ms`; then looks what became of it all. */
export async function faultLoop(world: FaultyWorld, ms: number, seed: number): Promise<LoopFigures> {
  const home = await mkdtemp(join(tmpdir(), 'sightglass-faults-'));
  const draws = new SeededDraws(seed);
  const proxy = new FaultProxy(world, draws);
  await proxy.start();
  const run = new Run(world, proxy, draws, home);
  try {
    return { seed, ...(await run.all(ms)) };
  } finally {
    await run.close();
    await proxy.stop();
    await rm(home, { recursive: true, force: true });
  }
}

class Run {
  readonly #world: FaultyWorld;
  readonly #proxy: FaultProxy;
  readonly #draws: SeededDraws;
  readonly #home: string;
  readonly #outcomes = new Map<string, number>();
  readonly #last = new Map<string, string>();
  readonly #wrong: string[] = [];
  #window: LoopWindow | null = null;
  #asked = 0;
  #restarts = 0;

  constructor(world: FaultyWorld, proxy: FaultProxy, draws: SeededDraws, home: string) {
    this.#world = world;
    this.#proxy = proxy;
    this.#draws = draws;
    this.#home = home;
  }

  async all(ms: number): Promise<Omit<LoopFigures, 'seed'>> {
    const before = new Map<string, string>();
    for (const key of this.#world.keys) before.set(key, await this.#world.standing(key));
    await this.#reopen();
    this.#proxy.share = share;
    const until = performance.now() + ms;
    for (let turn = 0; performance.now() < until; turn++) {
      await within(this.#step(turn), `change ${String(turn)}`);
      if (turn % 7 === 6) await this.#world.somebodyElse(turn);
      if (this.#draws.uniform() < 0.02) await this.#reopen();
    }
    this.#proxy.share = { ofReads: 0, ofWrites: 0 };
    const converged = await this.#converges();
    const { entries, took: chased } = await this.#chased();
    await this.#judge(entries, before);
    const statuses = new Map<string, number>();
    for (const { status } of entries) count(statuses, status);
    return {
      outcomes: Object.fromEntries(this.#outcomes),
      statuses: Object.fromEntries(statuses),
      struck: Object.fromEntries(this.#proxy.struck),
      writesSent: this.#proxy.writes,
      restarts: this.#restarts,
      converged,
      chased,
      wrong: this.#wrong,
    };
  }

  async close(): Promise<void> {
    await this.#window?.close();
    this.#window = null;
  }

  get #open(): LoopWindow {
    if (!this.#window) throw new Error('no window is open');
    return this.#window;
  }

  async #reopen(): Promise<void> {
    if (this.#window) this.#restarts += 1;
    this.#asked += this.#window?.person.asked.length ?? 0;
    await this.close();
    this.#window = await LoopWindow.open(this.#world, this.#proxy, this.#home);
  }

  async #step(turn: number): Promise<void> {
    const window = this.#open;
    const { keys } = this.#world;
    const key = keys[Math.floor(this.#draws.uniform() * keys.length)] ?? '';
    const last = this.#last.get(key);
    const seen = window.state(key);
    let outcome;
    // An environment that an answer left out is shown as without the flag: nobody changes it there.
    if (last !== undefined && this.#draws.uniform() < 0.35) outcome = await window.changes.undo(last, 'loop', never);
    else if (seen && seen.raw !== '') {
      const intent = this.#world.intent(turn, this.#draws.uniform(), this.#world.shortOf(seen.raw));
      const request = { ref: window.ref(key), environment: window.environment, intent, seen, through: 'loop' };
      outcome = await window.changes.change(request, never);
    } else await window.store.refresh();
    count(this.#outcomes, outcome?.kind ?? 'not shown');
    if (outcome?.kind === 'done') this.#last.set(key, outcome.entry.id);
    // What was refused or in conflict is looked at anew before the next try, as a person does.
    else await window.store.refresh();
  }

  /** Without anybody asking for it, within one poll; in ms of the product's time. */
  async #converges(): Promise<number> {
    const began = hurriedClock.monotonic();
    const keys = [...this.#world.keys, this.#world.theirs];
    // Its own timer and the requests of one round: those take real time, not the product's.
    const until = performance.now() + FRESHNESS.refreshMs / hurry + 3_000;
    for (;;) {
      const differ: string[] = [];
      for (const key of keys) {
        const [shown, standing] = [this.#open.shown(key), await this.#world.standing(key)];
        if (shown !== standing) differ.push(`${key}: shown ${String(shown)}, is ${standing}`);
      }
      const [project] = this.#open.store.projects();
      if (project?.answer.state !== 'ok')
        differ.push(`the project is ${JSON.stringify(project?.answer).slice(0, 300)}`);
      if (differ.length === 0) break;
      if (performance.now() > until) {
        this.#wrong.push(...differ.map((each) => `did not converge in one poll: ${each}`));
        break;
      }
      await pause(20);
    }
    return Math.round(hurriedClock.monotonic() - began);
  }

  async #chased(): Promise<{ readonly entries: readonly JournalEntry[]; readonly took: number }> {
    const began = hurriedClock.monotonic();
    for (;;) {
      const { entries, unreadable } = await this.#open.changes.list(1_000_000);
      const took = Math.round(hurriedClock.monotonic() - began);
      if (!entries.some(isOpen) || took > chasedMs) {
        this.#wrong.push(...unreadable.map(({ file, words }) => `${file}: ${words}`));
        return { entries: entries.toReversed(), took };
      }
      await pause(100);
    }
  }

  async #judge(entries: readonly JournalEntry[], before: ReadonlyMap<string, string>): Promise<void> {
    const { keys, shortOf, stepsOf, written, standing, left } = this.#world;
    const told = ({ id, status, plan, steps }: JournalEntry): string =>
      `${id} ${plan.intent.kind} ${shortOf(plan.before.text)} -> ${shortOf(plan.after.text)} ${status}: ${steps.map(({ words }) => words).join(' | ')}`;
    for (const entry of entries)
      if (isOpen(entry) || entry.status === 'requested') this.#wrong.push(`did not end: ${told(entry)}`);
    for (const key of keys) {
      const own = entries.filter(({ plan }) => plan.ref.key === key);
      const made = own.filter(saysMade);
      const says = made.map(({ plan }) => shortOf(plan.after.text));
      const has = await written(key);
      const at = has.findIndex((each, index) => each !== says[index]);
      if (has.length !== says.length || at >= 0) {
        const from = at < 0 ? has.length : at;
        // What ended otherwise between them is where to look.
        const [first, last] = [made[Math.max(0, from - 1)]?.id ?? '', made[from + 1]?.id ?? '~'];
        const near = own.filter(({ id }) => id >= first && id <= last).map(told);
        const [ours, theirs] = [says.slice(from, from + 4).join(', '), has.slice(from, from + 4).join(', ')];
        this.#wrong.push(`${key}: from ${String(from)} on the journal says ${ours}; the server's log has ${theirs}`);
        this.#wrong.push(...near.map((each) => `  near it: ${each}`));
      }
      const end = has.at(-1) ?? before.get(key);
      if ((await standing(key)) !== end)
        this.#wrong.push(`${key}: stands at ${await standing(key)}, not ${String(end)}`);
    }
    for (const id of left?.() ?? []) {
      const entry = entries.find(({ plan }) => plan.id === id);
      if (!entry?.steps.some(({ words }) => /\bleft\b/.test(words)))
        this.#wrong.push(`left unsaid: ${entry ? told(entry) : id}`);
    }
    const steps = entries.reduce((sum, { plan }) => sum + stepsOf(plan.native), 0);
    if (this.#proxy.writes > steps)
      this.#wrong.push(`${String(this.#proxy.writes)} writes arrived, for ${String(steps)} planned`);
    if (entries.length > this.#asked + this.#open.person.asked.length)
      this.#wrong.push('more changes than were agreed to');
    if (this.#proxy.strayed > 0) this.#wrong.push(`another host was asked ${String(this.#proxy.strayed)} times`);
  }
}

/** Also what was written and is something else by now. */
const saysMade = (entry: JournalEntry): boolean =>
  isMade(entry) || (entry.status === 'conflict' && (entry.steps.at(-1)?.words.startsWith('It was written') ?? false));

const count = (of: Map<string, number>, name: string): unknown => of.set(name, (of.get(name) ?? 0) + 1);

const pause = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms));

async function within(step: Promise<void>, what: string): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`${what} hangs`)), stepMs);
  });
  await Promise.race([step, late]).finally(() => clearTimeout(timer));
}
