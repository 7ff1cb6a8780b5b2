import type { FlagSystems } from '../../../src/change/api';
import { PlanError, type FlagSystem } from '../../../src/flags/system';
import type { ApplyResult, Intent, Plan } from '../../../src/model/change';
import type { Environment, FlagSnapshot, FlagState, ProjectSnapshot, Shares } from '../../../src/model/flag';
import { Emitter } from '../../../src/platform/emitter';
import { disposable } from '../../../src/platform/disposable';

export const ref = { system: 'flags', project: 'shop', key: 'new-checkout' };
export const production = { system: 'flags', project: 'shop', name: 'production' };

/** The outside that survives a crash: what the flag really is, and every write that reached it. */
export class World {
  share: number;
  version = 1;
  readonly writes: string[] = [];
  constructor(share = 0.25) {
    this.share = share;
  }
  get raw(): string {
    return `{"on":${String(this.share)}}`;
  }
  set(share: number, by: string): void {
    this.share = share;
    this.version++;
    this.writes.push(by);
  }
}

export interface FakeOptions {
  readonly protected?: boolean;
  readonly readOnly?: boolean;
  readonly writable?: FlagState['writable'];
  readonly kind?: Environment['kind'];
  readonly pollMs?: number | null;
  readonly approval?: Plan['approval'];
  /** Runs around the write, to crash there or to answer otherwise. */
  readonly around?: (write: () => ApplyResult) => Promise<ApplyResult>;
}

const sharesOf = (share: number): Shares => ({ on: share, off: 1 - share });
const wordsOf = (share: number): string =>
  share === 0 ? 'everyone gets "off"' : share === 1 ? 'everyone gets "on"' : `${String(share * 100)}% get "on"`;

/** One boolean flag behind a compare-then-write precondition, as a flag file is. */
export class FakeFlagSystem implements FlagSystem {
  readonly id = 'flags';
  readonly type = 'fake';
  /** What it was told with each change. */
  readonly comments: (string | null)[] = [];
  readonly #changed = new Emitter<void>((error) => {
    throw error;
  });
  constructor(
    readonly world: World,
    readonly options: FakeOptions = {},
  ) {}

  describe(): ReturnType<FlagSystem['describe']> {
    return {
      push: true,
      write: true,
      percentage: true,
      defaultVariant: true,
      switch: false,
      targets: false,
      rules: false,
      approvals: false,
      precondition: 'compareThenWrite',
      experiments: false,
    };
  }

  environments(): readonly Environment[] {
    return [
      {
        ref: production,
        kind: this.options.kind ?? 'live',
        production: true,
        protected: { value: this.options.protected ?? true, because: 'repository' },
        readOnly: this.options.readOnly ?? false,
        telemetryName: 'production',
        sourceName: 'flags.json',
        pollMs: this.options.pollMs === undefined ? 5_000 : this.options.pollMs,
      },
    ];
  }

  state(): FlagState {
    const shares = sharesOf(this.world.share);
    return {
      environment: production,
      switch: 'none',
      writable: this.options.writable ?? { kind: 'yes' },
      offServes: null,
      offVariant: 'off',
      offVariantReason: '',
      defaultRule: { kind: 'variant', variant: 'off' },
      rules: [],
      prerequisites: [],
      effective: {
        kind: 'split',
        shares,
        defaultShares: shares,
        ruleCount: 0,
        randomised: 'yes',
        unreachable: [],
      },
      version: String(this.world.version),
      raw: this.world.raw,
      location: null,
    };
  }

  flag(): FlagSnapshot {
    return {
      ref,
      name: 'New checkout flow',
      description: null,
      type: 'boolean',
      variants: [
        { name: 'on', value: true },
        { name: 'off', value: false },
      ],
      owner: null,
      tags: [],
      changed: null,
      archived: false,
      unreadable: null,
      states: [this.state()],
    };
  }

  async list(): ReturnType<FlagSystem['list']> {
    return { flags: [this.flag()], cursor: null };
  }

  async snapshot(): Promise<ProjectSnapshot> {
    return {
      system: 'flags',
      systemType: 'fake',
      project: 'shop',
      folders: [],
      environments: [...this.environments()],
      flags: [this.flag()],
      problems: [],
      version: String(this.world.version),
      takenAt: 0,
    };
  }

  async detail(asked: { key: string }): Promise<FlagSnapshot | null> {
    return asked.key === ref.key ? this.flag() : null;
  }

  readonly watch = this.#changed.event;

  async plan(_ref: unknown, _environment: unknown, intent: Intent, seen: FlagState): Promise<Plan> {
    if (seen.version !== String(this.world.version)) {
      throw new PlanError('changedSince', 'The flag was changed since it was shown.');
    }
    switch (intent.kind) {
      case 'kill':
        return this.#planned(0, intent);
      case 'switch':
        return this.#planned(intent.on ? 1 : 0, intent);
      case 'percentage':
        return this.#planned(intent.share, intent);
      default:
        throw new PlanError('unsupported', 'Not here.');
    }
  }

  async planUndo(done: Plan): Promise<Plan> {
    if (this.world.raw !== done.after.text) throw new PlanError('changedSince', 'The flag was changed since.');
    return this.#planned(Number(done.inverse), { kind: 'undo', changeId: 'x' });
  }

  async apply(plan: Plan, changeId: string, ...[, comment]: [AbortSignal?, string?]): Promise<ApplyResult> {
    this.comments.push(comment ?? null);
    const write = (): ApplyResult => {
      if (plan.precondition.token !== String(this.world.version)) {
        return { kind: 'conflict', words: 'Somebody else changed the flag.', theirs: this.world.raw };
      }
      this.world.set(Number(plan.native), changeId);
      return { kind: 'written', version: String(this.world.version) };
    };
    return this.options.around ? this.options.around(write) : write();
  }

  async inquire(plan: Plan): Promise<ApplyResult> {
    if (this.world.raw === plan.after.text) return { kind: 'written', version: String(this.world.version) };
    if (this.world.raw === plan.before.text) return { kind: 'refused', words: 'The flag is as it was before.' };
    return { kind: 'conflict', words: 'The flag is neither as before nor as planned.', theirs: this.world.raw };
  }

  /** As the flag store finds it. */
  systems(): FlagSystems {
    const isMine = (of: { system: string; project: string }): boolean => of.system === 'flags' && of.project === 'shop';
    return {
      systemFor: (of) => (isMine(of) ? this : undefined),
      systemForPlan: (plan) => (isMine(plan.ref) ? this : undefined),
      onDidChange: () => disposable(() => undefined),
    };
  }

  dispose(): void {
    this.#changed.dispose();
  }

  #planned(share: number, intent: Intent): Plan {
    const before = this.world.share;
    return {
      id: `plan-${String(this.world.version)}`,
      ref,
      environment: production,
      intent,
      direction: share === 0 ? 'off' : share < before ? 'down' : before === 0 ? 'on' : share > before ? 'up' : 'none',
      before: { words: wordsOf(before), text: this.world.raw, shares: sharesOf(before) },
      after: { words: wordsOf(share), text: `{"on":${String(share)}}`, shares: sharesOf(share) },
      notes: ['SDKs follow within 5 s.'],
      precondition: { kind: 'compareThenWrite', token: String(this.world.version) },
      approval: this.options.approval ?? 'none',
      native: String(share),
      inverse: String(before),
      madeAt: 0,
    };
  }
}
