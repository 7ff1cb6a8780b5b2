import type { Plan, Verification } from '../model/change';
import type { Environment } from '../model/flag';
import type { InstanceEvaluation } from '../model/signal';
import { sleep, type Clock } from '../platform/clock';
import type { L10n } from '../platform/l10n';
import type { InstanceSource } from './api';
import { judge, proofOf, type Counts, type Proof } from './evidence';
import { InstanceTracker, type Standing } from './instanceTracker';
import { verificationOf, type Finding, type Why } from './verificationWords';
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

/** Who evaluated what before a change; null when nobody could be asked. */
export type Baseline = readonly InstanceEvaluation[] | null;

/** Asked before the change is sent, so that it is known who has to follow it. Never rejects. */
export async function baselineOf(
  ports: VerifyPorts,
  flag: string,
  environment: Environment,
  signal: AbortSignal,
): Promise<Baseline> {
  const since = ports.clock.now() - Math.max(beforeMs, 2 * pollOf(environment));
  return ask(ports, { flag, environment: environment.telemetryName, since }, signal);
}

export interface VerifyJob {
  readonly plan: Plan;
  readonly environment: Environment;
  /** Epoch ms. */
  readonly appliedAt: number;
  readonly baseline: Baseline;
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
  const { plan, environment, appliedAt, baseline } = job;
  const pollMs = pollOf(environment);
  const proof = proofOf(plan.before.shares, plan.after.shares, countsOf(baseline ?? []));
  const expected = baseline && new Set(baseline.map(({ service, instance }) => `${service}/${instance}`)).size;
  const since = appliedAt - Math.max(beforeMs, 2 * pollMs);
  const tracker = new InstanceTracker(proof, appliedAt, pollMs);
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
  const nothing = { seen: 0, moved: 0, expected, oldShare: null, laggards: [], tookMs: null };
  if (proof.kind === 'none') return tell({ ...nothing, state: 'unseen', why: 'rulesDecide' });
  if (!ports.source) return tell({ ...nothing, state: 'unseen', why: 'nobodyAsked' });

  await tell({ ...nothing, state: 'waiting', why: 'none' });
  for (;;) {
    const asked = { flag: plan.ref.key, environment: environment.telemetryName, since };
    const evaluations = await ask(ports, asked, signal);
    signal.throwIfAborted();
    const now = ports.clock.now();
    failures = evaluations ? 0 : failures + 1;
    if (evaluations) {
      tracker.observe(evaluations);
      const standing = tracker.standing();
      const definition = environment.kind === 'definition';
      const finding = findingOf(standing, { proof, expected, late: now >= deadline, definition });
      if (finding.state === 'verified') {
        const tookMs = resumed ? null : Math.max((standing.lastMovedAt ?? now) - appliedAt, 0);
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

function findingOf(
  standing: Standing,
  at: { readonly proof: Proof; readonly expected: number | null; readonly late: boolean; readonly definition: boolean },
): Finding {
  const { seen, moved, laggards, oldShare } = standing;
  const base = { seen, moved, oldShare, expected: at.expected, laggards: [], tookMs: null };
  const found = (state: Finding['state'], why: Why = 'none'): Finding => ({ ...base, state, why });
  if (seen > 0 && moved === seen && (at.late || (at.expected !== null && seen >= at.expected)))
    return found('verified');
  if (!at.late) return found('waiting');
  if (seen === 0) return found('unseen', at.definition ? 'definition' : 'noEvaluations');
  // Nobody follows a definition before it is deployed: that is no lagging.
  if (at.definition && moved === 0) return found('unseen', 'definition');
  if (laggards.length > 0) return { ...base, laggards, state: 'laggards', why: 'none' };
  // Each alone evaluates too little, all together enough.
  if (at.proof.kind !== 'excluded' && judge(at.proof, standing.pooled) === 'moved') {
    return { ...base, moved: seen, state: 'verified', why: 'none' };
  }
  return found('unseen', 'tooFew');
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
