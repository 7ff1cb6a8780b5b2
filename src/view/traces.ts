import { lastKnown } from '../model/answer';
import type { Exemplar } from '../model/facts';
import type { FlagRef } from '../model/identity';
import { chosenStanding, fileSignals } from './environments';
import type { ViewContext } from './input';

/** An example request, with the side it was on. */
export interface TraceExample extends Exemplar {
  readonly key: string;
  readonly variant: string;
  readonly operation: string;
}

const most = 50;

/** Example requests of a code path, of a flag, or of a flag there; failures first, then the newest. */
export function tracesOf(
  context: ViewContext,
  { codePathId, ref }: { readonly codePathId: string | null; readonly ref: FlagRef | null },
): readonly TraceExample[] {
  const flag = ref
    ? context.flags.resolve(ref.key).find((one) => one.ref.system === ref.system && one.ref.project === ref.project)
    : undefined;
  const standing = flag ? chosenStanding(context, flag) : null;
  const answer = standing ? context.signals(standing.environment.telemetryName) : fileSignals(context).answer;
  const facts = answer ? lastKnown(answer)?.value : undefined;
  if (!facts) return [];
  const operation = facts.paths.find((path) => path.codePathId === codePathId)?.operation.id;
  const here = facts.flags.filter((one) => (ref ? one.key === ref.key : true));
  const there = here.filter((one) => one.operation !== null && one.operation.id === operation);
  const chosen = codePathId !== null && there.length > 0 ? there : ref ? here : [];
  const all = chosen.flatMap(({ key, arms, operation: of, service }) =>
    arms.flatMap(({ variant, exemplars }) =>
      exemplars.map((exemplar) => ({ ...exemplar, key, variant, operation: of?.name ?? service })),
    ),
  );
  const seen = new Set<string>();
  return all
    .sort((a, b) => Number(b.error) - Number(a.error) || b.at - a.at)
    .filter(({ traceId }) => !seen.has(traceId) && seen.add(traceId))
    .slice(0, most);
}
