import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { memoryL10n } from '../../src/platform/memory/l10n';
import { memoryRemotes } from '../../src/platform/memory/remotes';
import { loopbackHttp } from '../../src/platform/node/loopbackHttp';
import { systemClock } from '../../src/platform/node/clock';
import { PromClient } from '../../src/telemetry/prometheus/client';
import {
  hasVictoriaMetrics,
  startVictoriaMetrics,
  victoriaMetricsHow,
  victoriaMetricsNeeds,
} from '../servers/victoriametrics.mjs';
import { backendAt, describeServer } from './metricBackend';
import { labelText } from './metricHistory';

const minute = 60_000;
const { signal } = new AbortController();

describeServer('VictoriaMetrics itself', hasVictoriaMetrics(), victoriaMetricsNeeds, victoriaMetricsHow, () => {
  const folder = mkdtempSync(join(tmpdir(), 'sightglass-victoria-'));
  let url: string;
  let stop: (() => Promise<void>) | undefined;
  let now: number;

  beforeAll(async () => {
    now = Date.now();
    ({ url, stop } = await startVictoriaMetrics({ folder, history: upToNow(now), prefix: '/vm' }));
  }, 60_000);
  afterAll(async () => {
    await stop?.();
    rmSync(folder, { recursive: true, force: true });
  });

  it('counts the unfinished minute as it stands, which the server by itself would hide or repeat', async () => {
    const query = {
      environment: '',
      operations: [],
      window: { from: Math.floor(now / minute) * minute - 5 * minute, to: now },
      step: minute,
      split: { by: 'none' } as const,
    };
    const { series, coverage } = await backendAt(url, now).series(query, signal);
    const points = series[0]!.arms[0]!.points;
    const current = Math.floor(now / minute) * minute;
    const sampled = (from: number, to: number): number => times(now).filter((at) => at > from && at <= to).length * 7;
    expect(points.map(({ at, calls }) => [at, calls])).toEqual(
      Array.from({ length: 6 }, (_, index) => current + (index - 5) * minute)
        .map((at) => [at, sampled(at, at + minute)])
        .filter(([, calls]) => calls! > 0),
    );
    expect(coverage.newestSample).toBe(Math.max(...times(now)));
  });

  it('says in plain words what it refused', async () => {
    const words = (run: (of: PromClient) => Promise<unknown>, base = url): Promise<string> => {
      const options = { id: 'v', type: 'prometheus', url: base, authorization: 'none' } as const;
      const remote = memoryRemotes(loopbackHttp).remote(options);
      const of = new PromClient({ remote, clock: systemClock, where: 'VM', tenant: undefined, l10n: memoryL10n });
      return run(of).then(
        () => 'answered',
        (error: unknown) => (error instanceof Error ? error.message : ''),
      );
    };
    expect(await words((of) => of.instant('sum(', now, 1_000, signal))).toMatch(
      /^VM could not answer \(422\): error when executing query="sum\("/,
    );
    expect(await words((of) => of.range('calls_total', { from: 0, to: now }, 1_000, signal))).toBe(
      'The question is too large for VM. Choose a shorter window.',
    );
    expect(await words((of) => of.exemplars('calls_total', { from: 0, to: now }, signal))).toBe('answered');
    expect(await words((of) => of.metricNames('calls_total', now, signal), new URL(url).origin)).toMatch(
      /^VM is no Prometheus API: it answers 400\. Is a path missing/,
    );
  });
});

/** Every 15 s up to a second ago. */
function times(now: number): readonly number[] {
  return Array.from({ length: 60 }, (_, index) => Math.floor(now / 1_000) * 1_000 - 1_000 - (59 - index) * 15_000);
}

function upToNow(now: number): string {
  const labels = labelText({
    service_name: 'fresh',
    span_name: 'GET /',
    span_kind: 'SPAN_KIND_SERVER',
    status_code: 'STATUS_CODE_OK',
  });
  return `${times(now)
    .flatMap((at, index) => [
      `calls_total${labels} ${index * 7} ${at}`,
      `duration_milliseconds_bucket${labels.replace('}', ',le="+Inf"}')} ${index * 7} ${at}`,
    ])
    .join('\n')}\n`;
}
