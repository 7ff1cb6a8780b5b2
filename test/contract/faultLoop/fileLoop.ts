import * as fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isMade, isOpen } from '../../../src/change/entry';
import { FRESHNESS } from '../../../src/flags/liveProject';
import type { JournalEntry } from '../../../src/model/change';
import { SeededDraws } from '../../unit/telemetry/seededDraws';
import { FaultyDisk } from './faultyDisk';
import { fileFaults, type FileScene } from './fileFaults';
import { configurationOf, FileWindow, ways, type Way } from './fileWindow';
import { keys, shareIn, theirs, withShare, type FileWorld } from './fileWorld';
import { KilledCommand } from './killedCommand';
import type { LoopFigures } from './loop';

const never = new AbortController().signal;
/** Files written in place are looked at and not changed yet: the loop's own record of them is not right. */
const changed: readonly Way[] = ['rename'];
/** Of the changes. */
const share = { struck: 0.6, killed: 0.02, reopened: 0.02 };
/** More writes than the command line needs for a change: past the last it ends by itself. */
const mostWrites = 30;
/** What is open is asked about again after some seconds. */
const chasedMs = 60_000;
const kept = (way: Way, file: string): string[] => [file, `${file}.lock`, 'elsewhere', way];

export interface FileFigures extends Omit<LoopFigures, 'writesSent'> {
  readonly writes: number;
  readonly killed: number;
  /** Writes of others that ours replaced: told in the journal, every one. */
  readonly overwrote: number;
  /** Writes of ours that another program took away at once, and that the journal has as not made. */
  readonly goneUnsaid: number;
}

/** Changes and undoes flags in files on a disk that fails by chance and that others write to, for `ms`; then judges. */
export async function fileFaultLoop(world: FileWorld, ms: number, seed: number): Promise<FileFigures> {
  const root = fs.realpathSync(fs.mkdtempSync(join(tmpdir(), 'sightglass-files-')));
  const run = new Run(world, root, new SeededDraws(seed));
  try {
    return { seed, ...(await run.all(ms)) };
  } finally {
    await run.close();
    fs.rmSync(root, { recursive: true, force: true });
  }
}

class Run {
  readonly #folder: string;
  readonly #home: string;
  readonly #outside: string;
  readonly #disk: FaultyDisk;
  readonly #outcomes: Record<string, number> = {};
  readonly #struck: Record<string, number> = {};
  readonly #last = new Map<string, string>();
  readonly #wrong: string[] = [];
  #window: FileWindow | null = null;
  #agreed: () => void = () => undefined;
  #consents = 0;
  #restarts = 0;
  #killed = 0;
  #goneUnsaid = 0;

  constructor(
    private readonly world: FileWorld,
    private readonly root: string,
    private readonly draws: SeededDraws,
  ) {
    this.#folder = join(root, 'shop');
    this.#home = join(root, 'home');
    this.#outside = join(root, 'outside');
    for (const folder of [this.#outside, ...ways.map((way) => join(this.#folder, way))])
      fs.mkdirSync(folder, { recursive: true });
    fs.writeFileSync(join(this.#folder, '.sightglass.json'), configurationOf(world.type, world.file));
    for (const way of ways) fs.writeFileSync(this.#path(way), world.textOf([...keys, theirs]));
    this.#disk = new FaultyDisk(
      world,
      ways.map((way) => this.#path(way)),
    );
  }

  async all(ms: number): Promise<Omit<FileFigures, 'seed'>> {
    const command = await KilledCommand.bundled(this.root);
    await this.#reopen();
    const until = performance.now() + ms;
    for (let turn = 0; performance.now() < until; turn++) {
      if (this.draws.uniform() < share.killed) await this.#killedChange(command, turn);
      else await this.#change(turn);
      if (turn % 7 === 6) this.#somebodyElse(turn);
      if (this.draws.uniform() < share.reopened) await this.#reopen();
    }
    const converged = await this.#converges();
    const { entries, took: chased } = await this.#chased();
    this.#judge(entries);
    const statuses: Record<string, number> = {};
    for (const { status } of entries) count(statuses, status);
    const writes = this.#disk.log.filter(({ by }) => by === 'us').length;
    const { overwrote, wrong } = this.#disk;
    return {
      ...{ outcomes: this.#outcomes, statuses, struck: this.#struck, writes, overwrote },
      ...{ killed: this.#killed, restarts: this.#restarts, converged, chased, goneUnsaid: this.#goneUnsaid },
      wrong: [...wrong, ...this.#wrong],
    };
  }

  async close(): Promise<void> {
    this.#disk.dispose();
    await this.#window?.close();
    this.#window = null;
  }

  get #open(): FileWindow {
    if (!this.#window) throw new Error('no window is open');
    return this.#window;
  }

  #path(way: Way): string {
    return join(this.#folder, way, this.world.file);
  }

  async #reopen(): Promise<void> {
    if (this.#window) this.#restarts += 1;
    await this.#window?.close();
    this.#window = await FileWindow.open(this.#folder, this.#home, () => {
      this.#consents += 1;
      this.#agreed();
    });
  }

  #chosen<T>(of: readonly T[]): T {
    return of[Math.floor(this.draws.uniform() * of.length)] as T;
  }

  async #change(turn: number): Promise<void> {
    const { changes, store } = this.#open;
    const [way, key] = [this.#chosen(changed), this.#chosen(keys)];
    const seen = this.#open.state(key, way);
    this.#disk.begin(key);
    const scene = { ...{ world: this.world, disk: this.#disk, draws: this.draws }, path: this.#path(way), key };
    const mend = this.#strike({ ...scene, outside: this.#outside }, way);
    const last = this.#last.get(`${way} ${key}`);
    let outcome;
    if (last !== undefined && this.draws.uniform() < 0.35) outcome = await changes.undo(last, 'loop', never);
    else if (seen && seen.raw !== '') {
      const intent = { kind: 'percentage', variant: this.world.variant, share: shareOf(turn) / 100 } as const;
      const ref = this.#open.ref(key);
      const request = { ref, environment: this.#open.environment(way), intent, seen, through: 'loop' };
      outcome = await changes.change(request, never);
    }
    mend();
    count(this.#outcomes, outcome?.kind ?? 'not shown');
    if (outcome?.kind === 'done') this.#last.set(`${way} ${key}`, outcome.entry.id);
    else await store.refresh();
    if (this.#killed === 0) this.#leftovers(way, `change ${String(turn)}`);
  }

  /** One of the faults, or none; resolves with what mends it. */
  #strike(scene: FileScene, way: Way): () => void {
    this.#agreed = () => undefined;
    if (this.draws.uniform() >= share.struck) return () => undefined;
    const possible = Object.entries(fileFaults).filter(([, { only }]) => only === undefined || only === way);
    const [name, fault] = this.#chosen(possible);
    let begun = false;
    this.#agreed = () => {
      begun = true;
      fault.before?.(scene);
      const [step, meddling] = fault.at ?? [];
      if (step && meddling) this.#disk.arm(step, (go) => meddling(scene, go));
    };
    return () => {
      const struck = this.#disk.disarm();
      if (!begun) return;
      if (struck) count(this.#struck, name);
      fault.mended?.(scene);
    };
  }

  /** The command line makes a change, and is killed before one of its writes. */
  async #killedChange(command: KilledCommand, turn: number): Promise<void> {
    const [way, key] = [this.#chosen(changed), this.#chosen(keys)];
    const at = 1 + Math.floor(this.draws.uniform() * mostWrites);
    const line = ['set', key, '--percentage', String(shareOf(turn)), '--variant', this.world.variant];
    const consent = ['--environment', way, '--yes', '--no-wait', '--json'];
    this.#consents += 1;
    const killed = await command.run([...line, ...consent], this.#folder, this.#home, at);
    this.#disk.record('us', this.#path(way));
    if (killed) this.#killed += 1;
    count(this.#outcomes, killed ? 'killed' : 'by the command line');
    await this.#reopen();
  }

  #somebodyElse(turn: number): void {
    for (const way of ways) {
      const path = this.#path(way);
      fs.writeFileSync(path, withShare(this.world, fs.readFileSync(path, 'utf8'), theirs, (turn * 13) % 97));
      this.#disk.record('another', path);
    }
  }

  #leftovers(way: Way, when: string): void {
    const left = fs.readdirSync(join(this.#folder, way)).filter((name) => !kept(way, this.world.file).includes(name));
    if (left.length > 0) this.#wrong.push(`${when}: ${left.join(', ')} left in ${way}`);
  }

  /** Without anybody asking for it, within one poll; in ms. */
  async #converges(): Promise<number> {
    const began = performance.now();
    for (;;) {
      const differ: string[] = [];
      for (const way of ways) {
        const standing = this.world.sharesOf(fs.readFileSync(this.#path(way), 'utf8'));
        for (const [key, is] of Object.entries(standing)) {
          const shown = shareIn(this.world, this.#open.state(key, way)?.raw ?? '');
          if (shown !== is) differ.push(`${way} ${key}: shown ${String(shown)}, is ${String(is)}`);
        }
      }
      const [project] = this.#open.store.projects();
      if (project?.answer.state !== 'ok')
        differ.push(`the project is ${JSON.stringify(project?.answer).slice(0, 300)}`);
      if (differ.length === 0) return Math.round(performance.now() - began);
      if (performance.now() - began > FRESHNESS.refreshMs + 1_000) {
        this.#wrong.push(...differ.map((each) => `did not converge in one poll: ${each}`));
        return Math.round(performance.now() - began);
      }
      await pause(10);
    }
  }

  async #chased(): Promise<{ readonly entries: readonly JournalEntry[]; readonly took: number }> {
    const began = performance.now();
    for (;;) {
      const { entries, unreadable } = await this.#open.changes.list(1_000_000);
      const took = Math.round(performance.now() - began);
      if (!entries.some(isOpen) || took > chasedMs) {
        this.#wrong.push(...unreadable.map(({ file, words }) => `${file}: ${words}`));
        return { entries: entries.toReversed(), took };
      }
      await pause(100);
    }
  }

  #judge(entries: readonly JournalEntry[]): void {
    const told = ({ id, status, plan, steps }: JournalEntry): string =>
      `${id} ${plan.intent.kind} ${String(this.#short(plan.before.text))} -> ${String(this.#short(plan.after.text))} ${status}: ${steps.map(({ words }) => words).join(' | ')}`;
    for (const entry of entries)
      if (isOpen(entry) || entry.status === 'requested') this.#wrong.push(`did not end: ${told(entry)}`);
    for (const way of ways)
      for (const key of keys) {
        const made = entries.filter(
          (entry) => entry.plan.ref.key === key && entry.plan.environment.name === way && isMade(entry),
        );
        const written = this.#disk.log.filter((each) => each.file === this.#path(way) && each.key === key);
        const standing = this.world.sharesOf(fs.readFileSync(this.#path(way), 'utf8'))[key];
        const last = written.at(-1)?.share;
        if (last !== undefined && last !== standing)
          this.#wrong.push(`${way} ${key}: stands at ${String(standing)}, not ${String(last)}`);
        // How many of the journal's may stand for what was written so far: what another program wrote over at once may be
        // told as not made, since nobody can find it any more, or as made, where it was seen before that.
        const ours = written.filter(({ by }) => by === 'us');
        let reached = new Set([0]);
        for (const { share: has, gone } of ours) {
          const before = [...reached];
          const as = (at: number): boolean => made[at] !== undefined && this.#short(made[at].plan.after.text) === has;
          reached = new Set([...before.filter(as).map((at) => at + 1), ...(gone === true ? before : [])]);
          if (reached.size > 0) continue;
          const near = before.map((at) => (made[at] ? told(made[at]) : 'nothing more')).join(' or ');
          // What ended otherwise is where to look.
          const others = entries.filter(
            (entry) =>
              entry.plan.ref.key === key &&
              entry.plan.environment.name === way &&
              !isMade(entry) &&
              this.#short(entry.plan.after.text) === has,
          );
          this.#wrong.push(
            `${way} ${key}: ${String(has)} was written; next in the journal: ${near}; not made: ${others.map(told).join('; ')}`,
          );
          break;
        }
        if (reached.size > 0 && !reached.has(made.length))
          this.#wrong.push(
            `${way} ${key}: never written: ${made
              .slice(Math.max(...reached))
              .map(told)
              .join('; ')}`,
          );
        this.#goneUnsaid += Math.max(0, ours.length - made.length);
      }
    const overwrote = entries.reduce((sum, { result }) => sum + overwrittenBy(result), 0);
    if (overwrote !== this.#disk.overwrote)
      this.#wrong.push(`${String(this.#disk.overwrote)} writes of others were overwritten, ${String(overwrote)} told`);
    if (entries.length > this.#consents) this.#wrong.push('more changes than were agreed to');
    for (const way of ways) {
      // A killed writer leaves its unfinished file, and nothing else.
      const found = fs.readdirSync(join(this.#folder, way)).filter((name) => name.startsWith('.'));
      if (found.length > 2 * this.#killed) this.#wrong.push(`left in ${way}: ${found.join(', ')}`);
    }
  }

  #short(text: string): number {
    return shareIn(this.world, text);
  }
}

const shareOf = (turn: number): number => ((turn * 37) % 97) + 1;

const overwrittenBy = (result: JournalEntry['result']): number =>
  result?.kind === 'applied' || result?.kind === 'written' ? (result.overwrote?.length ?? 0) : 0;

function count(of: Record<string, number>, name: string): void {
  of[name] = (of[name] ?? 0) + 1;
}

const pause = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms));
