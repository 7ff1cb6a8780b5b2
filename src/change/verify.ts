import type { Plan, Verification } from '../model/change';
import type { Environment, Variant } from '../model/flag';
import type { InstanceEvaluation } from '../model/signal';
import { sleep, type Clock } from '../platform/clock';
import type { L10n } from '../platform/l10n';
import type { InstanceSource } from './api';
import { bySource, type DataPlaneProbe } from './dataPlaneProbe';
import { proofOf, total, type Counts, type Proof } from './evidence';
import { findingOf } from './finding';
import { InstanceTracker } from './instanceTracker';
import { verificationOf, type Finding } from './verificationWords';
import { inWordsOf } from './variantNames';
import { stateWords } from './words';

/** Taken where neither configuration nor system says how often SDKs look. */
const assumedPollMs = 30_000;
/** OpenTelemetry's batch span processor exports every 5 s; evaluations are seen that much later than they are made. */
const exportDelayMs = 6_000;
/** How long after its first conclusion a change is watched on for a better one. */
const watchOnMs = 15 * 60_000;
const beforeMs = 2 * 60_000;
const askTimeoutMs = 3_000;
/** Unanswered this often in a row, nobody is there to ask. */
const mostFailures = 5;

export interface VerifyPorts {
  readonly source: InstanceSource | undefined;
  readonly clock: Clock;
  readonly l10n: L10n;
}

/** Who evaluated what before a change, the data plane's answers among them; null when nobody could be asked. */
export type Baseline = readonly InstanceEvaluation[] | null;

/** Asked before the change is sent, so that it is known who has to follow it. Never rejects. */
export async function baselineOf(
  ports: VerifyPorts,
  flag: string,
  environment: Environment,
  signal: AbortSignal,
  dataPlane?: DataPlaneProbe,
): Promise<Baseline> {
  const since = ports.clock.now() - Math.max(beforeMs, 2 * pollOf(environment));
  const [instances, answers] = await Promise.all([
    ask(ports, { flag, environment: environment.telemetryName, since }, signal),
    dataPlane?.ask(signal),
  ]);
  return instances || answers ? [...(instances ?? []), ...(answers ?? [])] : null;
}

export interface VerifyJob {
  readonly plan: Plan;
  readonly environment: Environment;
  /** Epoch ms. */
  readonly appliedAt: number;
  readonly baseline: Baseline;
  /** The flag's, by which telemetry may name them by their values; null where the flag cannot be read. */
  readonly variants: readonly Variant[] | null;
  /** What serves the environment, where it can be asked. */
  readonly dataPlane?: DataPlaneProbe | undefined;
  /** The file was replaced by rename and could be written in place instead. */
  readonly couldWriteInPlace: boolean;
  /** Whether what was written still stands; asked when something is off. */
  stillStands(signal: AbortSignal): Promise<boolean>;
  /** Called with every new picture. `concluded`: the first conclusion was reached (here or before). */
  progress(verification: Verification, concluded: boolean): Promise<void>;
}

/**
 * Watches the instances until all that evaluate the flag follow the change, or nothing more is to be expected.
 * First conclusion at the latest after twice the poll interval and an export delay; a conclusion other than
 * `verified` is watched on for 15 minutes and may become it. Rejects only when `signal` aborts.
 */
export async function verify(job: VerifyJob, ports: VerifyPorts, signal: AbortSignal): Promise<void> {
  const { plan, environment, appliedAt } = job;
  const pollMs = pollOf(environment);
  const named = (evaluations: Baseline): Baseline =>
    evaluations && job.variants ? inWordsOf(plan, job.variants, evaluations) : evaluations;
  const before = named(job.baseline);
  const baseline = before && bySource(before);
  const proof = proofOf(plan.before.shares, plan.after.shares, countsOf(baseline?.instances ?? []));
  const planeProof = planeProofOf(plan, countsOf(baseline?.dataPlane ?? []));
  const dataPlane = planeProof.kind === 'none' ? undefined : job.dataPlane;
  // Where telemetry could not show the change, nobody in it is waited for.
  const waitsFor = proof.kind === 'none' ? null : baseline;
  const expected =
    waitsFor && new Set(waitsFor.instances.map(({ service, instance }) => `${service}/${instance}`)).size;
  const since = appliedAt - Math.max(beforeMs, 2 * pollMs);
  const tracker = new InstanceTracker(proof, appliedAt, pollMs);
  const planeTracker = new InstanceTracker(planeProof, appliedAt, pollMs);
  const deadline = Math.max(appliedAt, ports.clock.now() - pollMs) + 2 * pollMs + exportDelayMs;
  const resumed = ports.clock.now() > appliedAt + 2 * pollMs;
  const said = { concluded: false, text: '' };
  let failures = 0;

  const tell = async (finding: Finding): Promise<void> => {
    said.concluded ||= finding.state !== 'waiting';
    const verification = verificationOf(ports.l10n, finding, {
      state: stateWords(ports.l10n, plan.intent),
      patienceMs: 2 * pollMs,
      proposeInPlace: finding.state === 'laggards' && finding.moved === 0 && job.couldWriteInPlace,
    });
    // The share moves with every question: alone it is not worth an entry on disk.
    const text = JSON.stringify({ ...verification, oldShare: null });
    if (text === said.text) return;
    said.text = text;
    await job.progress(verification, said.concluded);
  };
  const nothing = {
    seen: 0,
    moved: 0,
    expected,
    oldShare: null,
    laggards: [],
    tookMs: null,
    dataPlane: 'none' as const,
  };
  if (proof.kind === 'none' && !dataPlane) return tell({ ...nothing, state: 'unseen', why: 'rulesDecide' });
  if (!ports.source && !dataPlane) return tell({ ...nothing, state: 'unseen', why: 'nobodyAsked' });

  await tell({ ...nothing, state: 'waiting', why: 'none', dataPlane: dataPlane ? 'waiting' : 'none' });
  for (;;) {
    const asked = { flag: plan.ref.key, environment: environment.telemetryName, since };
    const [found, answers] = await Promise.all([ask(ports, asked, signal), dataPlane?.ask(signal)]);
    signal.throwIfAborted();
    const evaluations = named(found);
    const now = ports.clock.now();
    failures = evaluations || answers ? 0 : failures + 1;
    if (evaluations || answers) {
      if (evaluations && proof.kind !== 'none') tracker.observe(evaluations);
      if (answers) planeTracker.observe(answers);
      const standing = tracker.standing();
      const plane = dataPlane ? planeTracker.standing() : null;
      const definition = environment.kind === 'definition';
      const finding = findingOf({ standing, proof, dataPlane: plane, expected, late: now >= deadline, definition });
      if (finding.state === 'verified') {
        const lastMovedAt = Math.max(standing.lastMovedAt ?? 0, plane?.lastMovedAt ?? 0) || now;
        const tookMs = resumed ? null : Math.max(lastMovedAt - appliedAt, 0);
        return tell({ ...finding, tookMs });
      }
      if (finding.state !== 'waiting' && !(await job.stillStands(signal))) {
        return tell({ ...finding, state: 'unseen', why: 'changedSince' });
      }
      await tell(finding);
    } else if (!said.concluded && (failures >= mostFailures || now >= deadline)) {
      await tell({ ...nothing, state: 'unseen', why: 'nobodyAsked' });
    }
    if (now >= deadline + watchOnMs) return;
    await sleep(ports.clock, waitMs(now - appliedAt, said.concluded), signal);
  }
}

/**
 * The data plane is asked for users without attributes. What it gives them tells a change only where no rule decided
 * before, or where they were seen to get what is not handed out any more.
 */
function planeProofOf(plan: Plan, before: Counts): Proof {
  const proof = proofOf(plan.before.shares, plan.after.shares, before);
  if (plan.before.shares !== null || proof.kind !== 'excluded') return plan.before.shares ? proof : { kind: 'none' };
  const old = Object.entries(before).filter(([variant]) => variant !== '' && !proof.allowed.has(variant));
  const count = old.reduce((sum, [, each]) => sum + each, 0);
  return count === 0 ? { kind: 'none' } : { ...proof, oldShare: count / total(before) };
}

/** Often at first, when a person is watching; rarely once it has been concluded. */
function waitMs(sinceApply: number, concluded: boolean): number {
  if (concluded) return 15_000;
  return sinceApply < 15_000 ? 500 : 2_000;
}

function pollOf(environment: Environment): number {
  return environment.pollMs ?? assumedPollMs;
}

function countsOf(evaluations: readonly InstanceEvaluation[]): Counts {
  const counts: Record<string, number> = {};
  for (const { variant, count } of evaluations) counts[variant] = (counts[variant] ?? 0) + count;
  return counts;
}

async function ask(
  { source }: VerifyPorts,
  asked: { readonly flag: string; readonly environment: string; readonly since: number },
  signal: AbortSignal,
): Promise<Baseline> {
  if (!source) return null;
  try {
    return await source.instances(asked, AbortSignal.any([signal, AbortSignal.timeout(askTimeoutMs)]));
  } catch {
    // Unreachable is a state of verification, told by what comes of it.
    return null;
  }
}
