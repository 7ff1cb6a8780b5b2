import { armSchema, operationSchema } from '../../model/signal';
import { cellData, cellFrom } from '../rollup/cellData';
import { operationOfKey, armOfKey, type Minute } from '../rollup/minute';
import { minuteMs } from '../rollup/limits';
import type { Rollups } from '../rollup/rollups';
import type { EdgeHour } from '../rollup/serviceEdges';
import type { OperationEntry, ServiceEntry } from '../rollup/tables';

/**
 * The store's segments: one JSON array a line. A later line about the same cell replaces an earlier one, so a file
 * may be appended to, cut off anywhere and appended to again.
 * - `["v", 1]` starts a writer's part; the numbers below mean nothing beyond it.
 * - `["o", number, operation, first seen]`, `["a", number, arm]`, `["s", number, service, environment]` name numbers.
 * - `["c", minute, operation, arm, ...cell]` is a cell, `["e", minute, service, arm, count, joined]` evaluations.
 * - `["d", minute, operation, service or null, kind, count]`: calls that an operation got from a service (`kind` 0), or
 *   messages (1); null: from callers that are not traced.
 */
export const segmentFormat = 1;

/** The id follows from the rest. */
const partsSchema = operationSchema.omit({ id: true });

const everyCell = { arm: () => true, operation: () => true };

/** Writes lines of one part of one file: names each number before its first use. */
export class SegmentWriter {
  readonly #rollups: Rollups;
  readonly #named = new Set<string>();
  #lines: string[] = [];

  constructor(rollups: Rollups) {
    this.#rollups = rollups;
    // A first empty line ends whatever was cut off before.
    this.#lines.push('', JSON.stringify(['v', segmentFormat]));
  }

  /** All of a minute, or what changed since it was last written (which then no longer counts as changed). */
  minute(minute: Minute, which: 'all' | 'changed'): void {
    if (which === 'changed') {
      for (const key of minute.dirtyCells) {
        const operation = operationOfKey(key);
        const arm = armOfKey(key);
        const cell = minute.cells.get(operation, arm);
        if (!cell) continue;
        cell.dirty = false;
        this.#cell(minute.start, operation, arm, cellData(cell));
      }
      minute.dirtyCells.length = 0;
    } else {
      minute.each(everyCell, (operation, arm, cell) => this.#cell(minute.start, operation, arm, cellData(cell)));
    }
    const keys = which === 'changed' ? minute.dirtyEvaluations : minute.evaluations.keys();
    for (const key of keys) {
      const cell = minute.evaluations.get(key);
      if (!cell) continue;
      if (which === 'changed') cell.dirty = false;
      const service = operationOfKey(key);
      const arm = armOfKey(key);
      if (this.#nameService(service) && this.#nameArm(arm))
        this.#lines.push(JSON.stringify(['e', minute.start, service, arm, cell.count, cell.joinedCount]));
    }
    if (which === 'changed') minute.dirtyEvaluations.length = 0;
  }

  /** Calls between services. */
  edges(all: Iterable<{ readonly edge: EdgeHour; readonly minute: number; readonly count: number }>): void {
    for (const { edge, minute, count } of all) {
      const { client, operation, kind } = edge;
      if (!this.#nameOperation(operation.index) || (client && !this.#nameService(client.index))) continue;
      const line = ['d', minute, operation.index, client?.index ?? null, kind === 'call' ? 0 : 1, count];
      this.#lines.push(JSON.stringify(line));
    }
  }

  /** The lines written since the last call, or '' when they would say nothing. */
  take(): string {
    if (this.#named.size === 0) return '';
    const text = this.#lines.length > 0 ? `${this.#lines.join('\n')}\n` : '';
    this.#lines = [];
    return text;
  }

  #cell(minute: number, operation: number, arm: number, data: readonly unknown[]): void {
    if (this.#nameOperation(operation) && this.#nameArm(arm))
      this.#lines.push(JSON.stringify(['c', minute, operation, arm, ...data]));
  }

  #nameOperation(index: number): boolean {
    return this.#name(`o${index}`, () => {
      const entry = this.#rollups.operations.at(index);
      return entry && ['o', index, entry.operation, Math.round(entry.firstSeen)];
    });
  }

  #nameArm(index: number): boolean {
    return this.#name(`a${index}`, () => {
      const arm = this.#rollups.arms.at(index)?.arm;
      return arm && ['a', index, arm];
    });
  }

  #nameService(index: number): boolean {
    return this.#name(`s${index}`, () => {
      const service = this.#rollups.operations.serviceAt(index);
      return service && ['s', index, service.service, service.environment];
    });
  }

  /** False for a number that is no longer known: what stood behind it is older than a day. */
  #name(key: string, line: () => readonly unknown[] | undefined): boolean {
    if (this.#named.has(key)) return true;
    const named = line();
    if (!named) return false;
    this.#named.add(key);
    this.#lines.push(JSON.stringify(named));
    return true;
  }
}

/** Reads one segment into the rollups. A line that is damaged or from another format is skipped and counted. */
export class SegmentReader {
  readonly #rollups: Rollups;
  readonly #now: number;
  #operations = new Map<number, OperationEntry>();
  #services = new Map<number, ServiceEntry>();
  #arms = new Map<number, number>();
  #isKnownFormat = false;
  skipped = 0;

  constructor(rollups: Rollups, now: number) {
    this.#rollups = rollups;
    this.#now = now;
  }

  line(text: string): void {
    if (text === '') return;
    try {
      const line: unknown = JSON.parse(text);
      if (!Array.isArray(line)) throw new RangeError('A line is no list');
      this.#read(line);
    } catch {
      this.skipped++;
    }
  }

  #read([kind, ...rest]: unknown[]): void {
    if (kind === 'v') {
      this.#isKnownFormat = rest[0] === segmentFormat;
      this.#operations = new Map();
      this.#services = new Map();
      this.#arms = new Map();
      return;
    }
    if (!this.#isKnownFormat) throw new RangeError('Another format');
    const [first, second, third, ...more] = rest;
    switch (kind) {
      case 'o': {
        const parts = partsSchema.parse(second);
        // Last seen is what its cells say: a restart makes nothing newer.
        const entry = this.#rollups.operations.restore(parts, 0);
        const firstSeen = typeof third === 'number' ? third : this.#now;
        entry.firstSeen = entry.firstSeen === 0 ? firstSeen : Math.min(entry.firstSeen, firstSeen);
        this.#operations.set(integer(first), entry);
        return;
      }
      case 'a': {
        const arm = this.#rollups.arms.restore(armSchema.shape.arm.parse(second));
        if (!arm) return;
        arm.lastUsed = Math.max(arm.lastUsed, this.#now);
        this.#arms.set(integer(first), arm.index);
        return;
      }
      case 's': {
        const service = { service: String(second), environment: String(third) };
        this.#services.set(integer(first), this.#rollups.operations.service(service, 0));
        return;
      }
      case 'c': {
        const minute = integer(first);
        const operation = known(this.#operations, second);
        this.#rollups.restoreCell(minute, operation.index, known(this.#arms, third), cellFrom(more));
        operation.lastSeen = Math.max(operation.lastSeen, minute * minuteMs);
        operation.service.lastSeen = Math.max(operation.service.lastSeen, minute * minuteMs);
        return;
      }
      case 'e': {
        const minute = integer(first);
        const service = known(this.#services, second);
        const arm = known(this.#arms, third);
        this.#rollups.restoreEvaluation(minute, service.index, arm, integer(more[0]), integer(more[1]));
        service.lastSeen = Math.max(service.lastSeen, minute * minuteMs);
        return;
      }
      case 'd': {
        const minute = integer(first);
        const operation = known(this.#operations, second);
        const client = third === null ? undefined : known(this.#services, third);
        const kind = integer(more[0]) === 0 ? 'call' : 'messaging';
        this.#rollups.edges.restore(client, operation, kind, minute, integer(more[1]));
        if (client) client.lastSeen = Math.max(client.lastSeen, minute * minuteMs);
        return;
      }
      default:
        throw new RangeError('Another kind of line');
    }
  }
}

function integer(value: unknown): number {
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 0) throw new RangeError('Not a number');
  return value;
}

function known<T>(numbers: ReadonlyMap<number, T>, value: unknown): T {
  const found = numbers.get(integer(value));
  if (found === undefined) throw new RangeError('A number without a name');
  return found;
}
