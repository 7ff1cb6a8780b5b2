import type { ArmSeries, Operation } from '../../model/signal';
import type { ResourceRecord, SpanRecord } from '../otlp/record';
import { otherName, type RollupLimits } from './limits';

/** A service in one environment. */
export interface ServiceEntry {
  readonly index: number;
  readonly service: string;
  readonly environment: string;
  /** Operations by span name, for a quick look-up. */
  readonly byName: Map<string, OperationEntry[]>;
  lastSeen: number;
  /** When it last sent a span of a trace of which others were left out (epoch ms); 0 for never. */
  lastSampled: number;
}

export interface OperationEntry {
  readonly index: number;
  readonly service: ServiceEntry;
  operation: Operation;
  firstSeen: number;
  lastSeen: number;
}

export interface ArmEntry {
  readonly index: number;
  readonly arm: ArmSeries['arm'];
  lastUsed: number;
}

export type EntryKind = 'server' | 'consumer' | 'root';

/** Identity of an operation, stable over restarts: what it is called by, nothing that varies call by call. */
function operationId(of: Omit<Operation, 'id'>): string {
  return [of.service, of.environment, of.kind, of.name, of.httpMethod, of.httpRoute, of.codeFunction]
    .map((part) => encodeURIComponent(part ?? ''))
    .join('/');
}

/** Services and operations seen, each with a number that cells are keyed by. Numbers are never used twice. */
export class OperationTable {
  readonly #limits: RollupLimits;
  readonly #services = new Map<string, ServiceEntry>();
  readonly #servicesByIndex = new Map<number, ServiceEntry>();
  readonly #byIndex = new Map<number, OperationEntry>();
  readonly #byId = new Map<string, OperationEntry>();
  #nextService = 0;
  #nextOperation = 0;
  /** Set once something went into `other`. */
  overflowed = false;

  constructor(limits: RollupLimits) {
    this.#limits = limits;
  }

  get services(): Iterable<ServiceEntry> {
    return this.#services.values();
  }

  get operations(): Iterable<OperationEntry> {
    return this.#byIndex.values();
  }

  get size(): number {
    return this.#byIndex.size;
  }

  at(index: number): OperationEntry | undefined {
    return this.#byIndex.get(index);
  }

  serviceAt(index: number): ServiceEntry | undefined {
    return this.#servicesByIndex.get(index);
  }

  service(of: Pick<ResourceRecord, 'service' | 'environment'>, now: number): ServiceEntry {
    const key = `${of.service}\n${of.environment}`;
    let entry = this.#services.get(key);
    if (!entry) {
      const isNamed = of.environment === '' || this.#namesEnvironment(of.environment);
      if (this.#services.size >= this.#limits.services && !(of.service === otherName && isNamed)) {
        this.overflowed = true;
        return this.service({ service: otherName, environment: isNamed ? of.environment : '' }, now);
      }
      const { service, environment } = of;
      entry = { index: this.#nextService++, service, environment, byName: new Map(), lastSeen: now, lastSampled: 0 };
      this.#services.set(key, entry);
      this.#servicesByIndex.set(entry.index, entry);
    }
    entry.lastSeen = Math.max(entry.lastSeen, now);
    return entry;
  }

  #namesEnvironment(environment: string): boolean {
    for (const service of this.#services.values()) if (service.environment === environment) return true;
    return false;
  }

  /** The operation a counted span belongs to. */
  operation(service: ServiceEntry, kind: EntryKind, span: SpanRecord): OperationEntry {
    const name = span.name || 'unnamed';
    for (const known of service.byName.get(name) ?? []) {
      const { operation } = known;
      if (
        operation.kind === kind &&
        operation.httpMethod === span.httpMethod &&
        operation.httpRoute === span.httpRoute &&
        operation.codeFunction === span.codeFunction
      )
        return known;
    }
    return this.restore(
      {
        service: service.service,
        environment: service.environment,
        kind,
        name,
        httpMethod: span.httpMethod,
        httpRoute: span.httpRoute,
        scope: span.scope || null,
        codeFunction: span.codeFunction,
        codeFile: span.codeFile,
        codeLine: span.codeLine,
      },
      span.endMs,
    );
  }

  /** The entry of an operation known by its parts: made when new, `other` of its service and kind past the limit. */
  restore(parts: Omit<Operation, 'id'>, now: number): OperationEntry {
    const id = operationId(parts);
    const known = this.#byId.get(id);
    if (known) return known;
    if (this.#byIndex.size >= this.#limits.operations && parts.name !== otherName) {
      this.overflowed = true;
      const { service, environment, kind } = parts;
      const none = {
        httpMethod: null,
        httpRoute: null,
        scope: null,
        codeFunction: null,
        codeFile: null,
        codeLine: null,
      };
      return this.restore({ service, environment, kind, name: otherName, ...none }, now);
    }
    const service = this.service(parts, now);
    const index = this.#nextOperation++;
    const entry = { index, service, operation: { id, ...parts }, firstSeen: now, lastSeen: now };
    this.#byIndex.set(index, entry);
    this.#byId.set(id, entry);
    const named = service.byName.get(parts.name);
    if (named) named.push(entry);
    else service.byName.set(parts.name, [entry]);
    return entry;
  }

  /** Forgets what was not seen since `before` (epoch ms), so that names that come and go do not use the limit up. */
  forget(before: number): void {
    for (const [index, entry] of this.#byIndex) {
      if (entry.lastSeen >= before) continue;
      this.#byIndex.delete(index);
      this.#byId.delete(entry.operation.id);
      const named = entry.service.byName.get(entry.operation.name)?.filter((other) => other !== entry) ?? [];
      if (named.length > 0) entry.service.byName.set(entry.operation.name, named);
      else entry.service.byName.delete(entry.operation.name);
    }
    for (const [key, service] of this.#services)
      if (service.lastSeen < before && service.byName.size === 0) {
        this.#services.delete(key);
        this.#servicesByIndex.delete(service.index);
      }
  }
}

/** Arms seen: everything, a flag's variants, several of them at once, versions. */
export class ArmTable {
  readonly #limits: RollupLimits;
  readonly #byIndex = new Map<number, ArmEntry>();
  readonly #variants = new Map<string, Map<string, ArmEntry>>();
  readonly #mixed = new Map<string, ArmEntry>();
  readonly #versions = new Map<string, ArmEntry>();
  readonly all: ArmEntry;
  #next = 0;
  overflowed = false;

  constructor(limits: RollupLimits) {
    this.#limits = limits;
    this.all = this.#make({ kind: 'all' });
  }

  at(index: number): ArmEntry | undefined {
    return this.#byIndex.get(index);
  }

  /** Undefined when there are too many flags: such a flag has no arms. */
  variant(flag: string, variant: string): ArmEntry | undefined {
    let variants = this.#variants.get(flag);
    if (!variants) {
      if (this.#variants.size >= this.#limits.flags) {
        this.overflowed = true;
        return undefined;
      }
      this.#variants.set(flag, (variants = new Map<string, ArmEntry>()));
    }
    const full = variants.size >= this.#limits.variantsPerFlag && !variants.has(variant);
    if (full) this.overflowed = true;
    const name = full ? otherName : variant;
    let entry = variants.get(name);
    if (!entry) variants.set(name, (entry = this.#make({ kind: 'variant', flag, variant: name })));
    return entry;
  }

  mixed(flag: string): ArmEntry {
    let entry = this.#mixed.get(flag);
    if (!entry) this.#mixed.set(flag, (entry = this.#make({ kind: 'mixed', flag })));
    return entry;
  }

  version(version: string): ArmEntry {
    const full = this.#versions.size >= this.#limits.versions && !this.#versions.has(version);
    if (full) this.overflowed = true;
    const name = full ? otherName : version;
    let entry = this.#versions.get(name);
    if (!entry) this.#versions.set(name, (entry = this.#make({ kind: 'version', version: name })));
    return entry;
  }

  /** The entry of an arm read from disk; undefined for a kind that is not rolled up. */
  restore(arm: ArmSeries['arm']): ArmEntry | undefined {
    switch (arm.kind) {
      case 'all':
        return this.all;
      case 'variant':
        return this.variant(arm.flag, arm.variant);
      case 'mixed':
        return this.mixed(arm.flag);
      case 'version':
        return this.version(arm.version);
      case 'attribute':
        return undefined;
    }
  }

  forget(before: number): void {
    for (const [index, entry] of this.#byIndex) {
      if (entry === this.all || entry.lastUsed >= before) continue;
      this.#byIndex.delete(index);
      const { arm } = entry;
      if (arm.kind === 'variant') {
        const variants = this.#variants.get(arm.flag);
        variants?.delete(arm.variant);
        if (variants?.size === 0) this.#variants.delete(arm.flag);
      } else if (arm.kind === 'mixed') this.#mixed.delete(arm.flag);
      else if (arm.kind === 'version') this.#versions.delete(arm.version);
    }
  }

  #make(arm: ArmSeries['arm']): ArmEntry {
    const entry = { index: this.#next++, arm, lastUsed: 0 };
    this.#byIndex.set(entry.index, entry);
    return entry;
  }
}
