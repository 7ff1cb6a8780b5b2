import { judge, type Proof } from './evidence';
import type { Standing } from './instanceTracker';
import type { Finding, Why } from './verificationWords';

/** Where a change stands: with the instances that telemetry shows, and with the data plane where it is asked. */
export interface Picture {
  readonly standing: Standing;
  readonly proof: Proof;
  /** Null where there is none, or where its answers could not tell the change. */
  readonly dataPlane: Standing | null;
  /** Instances that evaluated the flag before the change; null = not known. */
  readonly expected: number | null;
  /** Twice the poll interval and an export delay are over. */
  readonly late: boolean;
  readonly definition: boolean;
}

/** What a picture comes to. Verified: all that were asked or seen follow; the data plane alone where nobody else is seen. */
export function findingOf({ standing, proof, dataPlane, expected, late, definition }: Picture): Finding {
  const { seen, moved, oldShare } = standing;
  const plane = planeOf(dataPlane);
  const laggards = [...standing.laggards];
  const base = { seen, moved, oldShare, expected, laggards: [], tookMs: null, dataPlane: plane };
  const found = (state: Finding['state'], why: Why = 'none'): Finding => ({ ...base, state, why });
  const all = seen > 0 && moved === seen && (late || (expected !== null && seen >= expected));
  const nobody = seen === 0 && (late || (expected ?? 0) === 0);
  if (plane === 'moved' ? all || nobody : all && (plane === 'none' || (late && plane === 'waiting')))
    return found('verified');
  if (!late) return found('waiting');
  if (seen === 0 && plane !== 'old') return found('unseen', definition ? 'definition' : 'noEvaluations');
  // Nobody follows a definition before it is deployed: that is no lagging.
  if (definition && moved === 0 && plane !== 'moved') return found('unseen', 'definition');
  if (laggards.length > 0 || plane === 'old') return { ...base, laggards, state: 'laggards', why: 'none' };
  // Each alone evaluates too little, all together enough.
  if (proof.kind !== 'excluded' && judge(proof, standing.pooled) === 'moved') {
    return { ...base, moved: seen, state: 'verified', why: 'none' };
  }
  return found('unseen', 'tooFew');
}

function planeOf(standing: Standing | null): Finding['dataPlane'] {
  if (!standing) return 'none';
  if (standing.seen > 0 && standing.moved === standing.seen) return 'moved';
  return standing.laggards.length > 0 ? 'old' : 'waiting';
}
