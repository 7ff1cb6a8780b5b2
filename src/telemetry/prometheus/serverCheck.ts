import * as z from 'zod';
import type { L10n } from '../../platform/l10n';
import type { Remote } from '../../platform/remotes';
import { askForJson, type ServerProblem } from '../../platform/serverAnswer';

const name = 'Prometheus';

/** An instant query's answer: https://prometheus.io/docs/prometheus/latest/querying/api/ */
const vectorSchema = z.object({
  status: z.literal('success'),
  data: z.object({ result: z.array(z.unknown()) }),
});
const sampleSchema = z.object({ value: z.tuple([z.number(), z.string()]) });

/** What the counters and histograms are named that signals are read from: docs/metrics.md. */
const wanted =
  '.*calls_total|(traces_spanmetrics|http[._]server|rpc[._]server|messaging[._]process).*(duration|latency|calls).*';

/**
 * Asks a metrics server two questions: whether it answers as Prometheus does, and how many series it has that signals
 * could be read from (null where it does not say). `problem`: in plain words, for the person who entered the address.
 */
export async function checkPrometheus(
  remote: Remote,
  asking: { readonly l10n: L10n; readonly signal: AbortSignal; readonly tenant?: string | undefined },
): Promise<
  { readonly ok: true; readonly series: number | null } | { readonly ok: false; readonly problem: ServerProblem }
> {
  const { l10n, signal, tenant } = asking;
  const headers: Readonly<Record<string, string>> = tenant === undefined ? {} : { 'x-scope-orgid': tenant };
  const ask = (query: string): ReturnType<typeof askForJson> =>
    askForJson(remote, `/api/v1/query?query=${encodeURIComponent(query)}`, { name, l10n, signal, headers });
  const first = await ask('1');
  if (!first.ok) return first;
  // A scalar's result is its time and value: an array too.
  if (!vectorSchema.safeParse(first.json).success)
    return {
      ok: false,
      problem: {
        about: 'address',
        words: l10n.t(
          '{0} answers, and not as Prometheus does. Enter the address that /api/v1 follows, as a dashboard has it.',
          remote.origin,
        ),
      },
    };
  const counted = await ask(`count({__name__=~"${wanted}"})`);
  const result = counted.ok ? vectorSchema.safeParse(counted.json).data?.data.result : undefined;
  const sample = sampleSchema.safeParse(result?.[0]).data;
  if (result?.length === 0) return { ok: true, series: 0 };
  const series = Number(sample?.value[1]);
  return { ok: true, series: sample && Number.isFinite(series) ? series : null };
}
