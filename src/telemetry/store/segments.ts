import { FileError, type Files, type Paths } from '../../platform/files';
import type { Log } from '../../platform/log';
import { minuteMs } from '../rollup/limits';
import type { Minute } from '../rollup/minute';
import type { Rollups } from '../rollup/rollups';
import { SegmentReader, SegmentWriter } from './segmentLines';

const hourMs = 60 * minuteMs;
const hoursKept = 24;
const fileMode = 0o600;
const folderMode = 0o700;
/** Minutes after an hour's end in which calls may still move; then its file is rewritten once, without repetitions. */
const settleMinutes = 5;

export interface SegmentLimits {
  /** A growing file is rewritten without repetitions past this, and at every doubling. */
  readonly compactBytes: number;
  /** All files together; the oldest go. */
  readonly totalBytes: number;
}

export const defaultSegmentLimits: SegmentLimits = { compactBytes: 16 * 2 ** 20, totalBytes: 256 * 2 ** 20 };

interface Segment {
  readonly path: string;
  bytes: number;
  /** Size past which it is rewritten. */
  compactAt: number;
  isCompact: boolean;
  /** What was to be written is not all there: the next write is of everything. */
  isBehind: boolean;
  writer: SegmentWriter | undefined;
}

const hourOfMinute = (minute: number): number => Math.floor(minute / 60);

/**
 * The rollups on disk: one file an hour, `rollups-<epoch hour>.jsonl`, appended to and rewritten (temp, fsync, rename)
 * when its hour is over. Only one process writes: the owner of the receiver.
 */
export class Segments {
  readonly #files: Files;
  readonly #paths: Paths;
  readonly #folder: string;
  readonly #rollups: Rollups;
  readonly #log: Log;
  readonly #limits: SegmentLimits;
  readonly #segments = new Map<number, Segment>();
  #writing: Promise<void> = Promise.resolve();

  constructor(
    on: { readonly files: Files; readonly paths: Paths; readonly log: Log },
    folder: string,
    rollups: Rollups,
    limits: SegmentLimits = defaultSegmentLimits,
  ) {
    this.#files = on.files;
    this.#paths = on.paths;
    this.#log = on.log;
    this.#folder = folder;
    this.#rollups = rollups;
    this.#limits = limits;
  }

  /** Reads what the last day left. Answers the newest minute found (epoch ms), null for none. */
  async load(now: number): Promise<number | null> {
    await this.#files.makeFolder(this.#folder, folderMode);
    const thisHour = Math.floor(now / hourMs);
    let newest: number | null = null;
    for (const { hour, path } of await this.#stored()) {
      if (hour < thisHour - hoursKept || hour > thisHour + 1) continue;
      try {
        const data = await this.#files.read(path, this.#limits.totalBytes);
        const reader = new SegmentReader(this.#rollups, now);
        for (const line of new TextDecoder().decode(data).split('\n')) reader.line(line);
        if (reader.skipped > 0) this.#log.warn(`${path}: ${reader.skipped} damaged lines were skipped`);
        const segment = this.#segment(hour);
        segment.bytes = data.length;
        segment.isCompact = hour < thisHour && reader.skipped === 0;
      } catch (error) {
        this.#log.error(`${path} could not be read; its hour is missing`, error);
      }
      this.#rollups.maintain(now);
    }
    for (const minute of this.#rollups.minutes) newest = Math.max(newest ?? 0, minute.start * minuteMs);
    return newest;
  }

  /** Writes what changed, and tidies. Runs one at a time; never rejects: what could not be written is written next time. */
  flush(now: number): Promise<void> {
    this.#writing = this.#writing
      .then(() => this.#flush(now))
      .catch((error: unknown) => this.#log.error('The rollups could not be written', error));
    return this.#writing;
  }

  async #flush(now: number): Promise<void> {
    const byHour = new Map<number, Minute[]>();
    for (const minute of this.#rollups.minutes) {
      if (minute.dirtyCells.length === 0 && minute.dirtyEvaluations.length === 0) continue;
      const hour = hourOfMinute(minute.start);
      const minutes = byHour.get(hour);
      if (minutes) minutes.push(minute);
      else byHour.set(hour, [minute]);
    }
    for (const hour of this.#rollups.edges.dirtyHours()) if (!byHour.has(hour)) byHour.set(hour, []);
    for (const [hour, minutes] of byHour) {
      const segment = this.#segment(hour);
      const writer = (segment.writer ??= new SegmentWriter(this.#rollups));
      for (const minute of minutes) writer.minute(minute, 'changed');
      writer.edges(this.#rollups.edges.takeDirty(hour));
      await this.#append(hour, segment, writer.take());
    }
    for (const [hour, segment] of this.#segments) {
      const isOver = (hour + 1) * hourMs + settleMinutes * minuteMs < now;
      if (segment.isBehind || segment.bytes > segment.compactAt || (isOver && !segment.isCompact))
        await this.#rewrite(hour, segment);
    }
    await this.#tidy(now);
  }

  async #append(hour: number, segment: Segment, text: string): Promise<void> {
    if (text === '' || segment.isBehind) return;
    const data = new TextEncoder().encode(text);
    try {
      await this.#files.append(segment.path, data, fileMode);
      segment.bytes += data.length;
      segment.isCompact = false;
    } catch (error) {
      segment.isBehind = true;
      this.#log.error(`${segment.path} could not be written (hour ${hour})`, error);
    }
  }

  async #rewrite(hour: number, segment: Segment): Promise<void> {
    // What is no longer whole in memory stays as it is on disk, unless it grows without end.
    const isWhole = hour * 60 >= this.#rollups.floor;
    const isTooLarge = segment.bytes > segment.compactAt;
    if (!isWhole && !isTooLarge && !segment.isBehind) return;
    const writer = new SegmentWriter(this.#rollups);
    for (let start = hour * 60; start < (hour + 1) * 60; start++) {
      const minute = this.#rollups.minuteAt(start);
      if (minute) writer.minute(minute, 'all');
    }
    writer.edges(this.#rollups.edges.ofHour(hour));
    const data = new TextEncoder().encode(writer.take());
    try {
      if (data.length > 0 && (isWhole || isTooLarge)) await this.#files.writeAtomic(segment.path, data, fileMode);
      else if (data.length > 0) await this.#files.append(segment.path, data, fileMode);
      Object.assign(segment, {
        bytes: isWhole || isTooLarge ? data.length : segment.bytes + data.length,
        compactAt: Math.max(this.#limits.compactBytes, data.length * 2),
        isCompact: true,
        isBehind: false,
        writer: undefined,
      });
    } catch (error) {
      this.#log.error(`${segment.path} could not be rewritten`, error);
    }
  }

  async #tidy(now: number): Promise<void> {
    const thisHour = Math.floor(now / hourMs);
    let total = 0;
    for (const { bytes } of this.#segments.values()) total += bytes;
    for (const [hour, segment] of [...this.#segments].sort(([a], [b]) => a - b)) {
      if (hour >= thisHour - hoursKept && (total <= this.#limits.totalBytes || hour >= thisHour)) continue;
      try {
        await this.#files.remove(segment.path);
      } catch (error) {
        if (!FileError.is(error, 'notFound')) this.#log.error(`${segment.path} could not be removed`, error);
      }
      this.#segments.delete(hour);
      total -= segment.bytes;
    }
  }

  /** Segment files there are, oldest first. */
  async #stored(): Promise<{ hour: number; path: string }[]> {
    const found: { hour: number; path: string }[] = [];
    for (const { name } of await this.#files.list(this.#folder)) {
      const hour = /^rollups-(\d{1,7})\.jsonl$/.exec(name)?.[1];
      if (hour === undefined) continue;
      const path = this.#paths.join(this.#folder, name);
      found.push({ hour: Number(hour), path });
      this.#segment(Number(hour));
    }
    return found.sort((a, b) => a.hour - b.hour);
  }

  #segment(hour: number): Segment {
    let segment = this.#segments.get(hour);
    if (!segment) {
      segment = {
        path: this.#paths.join(this.#folder, `rollups-${hour}.jsonl`),
        bytes: 0,
        compactAt: this.#limits.compactBytes,
        isCompact: false,
        isBehind: false,
        writer: undefined,
      };
      this.#segments.set(hour, segment);
    }
    return segment;
  }
}
