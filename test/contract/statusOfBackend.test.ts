import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { run } from '../../src/cli/run';
import type { SignalFacts } from '../../src/model/facts';
import { memoryL10n } from '../../src/platform/memory/l10n';
import { makeHome } from '../../src/platform/node/home';
import { http2Grpc } from '../../src/platform/node/http2Grpc';
import { createUndiciHttp } from '../../src/platform/node/undiciHttp';
import {
  hasVictoriaMetrics,
  startVictoriaMetrics,
  victoriaMetricsHow,
  victoriaMetricsNeeds,
} from '../servers/victoriametrics.mjs';
import { describeServer } from './metricBackend';
import { labelText } from './metricHistory';

const minute = 60_000;

describeServer('status with a metrics server', hasVictoriaMetrics(), victoriaMetricsNeeds, victoriaMetricsHow, () => {
  const folder = mkdtempSync(join(tmpdir(), 'sightglass-status-'));
  let url: string;
  let stop: (() => Promise<void>) | undefined;

  beforeAll(async () => {
    ({ url, stop } = await startVictoriaMetrics({ folder: join(folder, 'vm'), history: history(Date.now()) }));
    const project = {
      name: 'shop',
      environments: [{ name: 'production', kind: 'live', source: ['flags.json'] }],
    };
    const configuration = {
      systems: [{ id: 'flags', type: 'flagd', projects: [project] }],
      backends: [{ id: 'fleet', type: 'prometheus', url }],
    };
    writeFileSync(join(folder, '.sightglass.json'), JSON.stringify(configuration));
    const flag = {
      state: 'ENABLED',
      variants: { on: true, off: false },
      defaultVariant: 'off',
      targeting: {
        fractional: [
          ['on', 50],
          ['off', 50],
        ],
      },
    };
    writeFileSync(join(folder, 'flags.json'), JSON.stringify({ flags: { 'new-checkout': flag } }));
  }, 60_000);
  afterAll(async () => {
    await stop?.();
    rmSync(folder, { recursive: true, force: true });
  });

  async function sightglass(line: string[], variables: Record<string, string> = { SIGHTGLASS_FLEET_URL: url }) {
    let [out, err] = ['', ''];
    const code = await run(line, {
      cwd: folder,
      version: '1.2.3',
      who: 'ana',
      home: () => makeHome(join(folder, 'home')),
      http: createUndiciHttp(),
      grpc: http2Grpc,
      variables,
      l10n: memoryL10n,
      prompt: null,
      signal: new AbortController().signal,
      out: (text) => (out += text),
      err: (text) => (err += text),
    });
    return { code, out, err };
  }

  it('prints what each variant gets, whose numbers they are, and who did not answer', async () => {
    const { code, out } = await sightglass(['status', 'new-checkout']);
    expect(code).toBe(0);
    expect(out).toMatch(/ {2}shop {2}"(on|off)" 50%, "(on|off)" 50% · .* · Prometheus fleet\n/);
    expect(out).toMatch(/"on" {2}.*err 50%.* of .* failed/);
    expect(out).toMatch(/ {2}built-in receiver: unreachable since .*no window with Sightglass is open/);
    expect(out).toMatch(/ {2}Prometheus fleet: .* · its telemetry names "production"\n/);
    const { environments } = JSON.parse((await sightglass(['status', 'new-checkout', '--json'])).out) as {
      environments: { telemetry: { facts: SignalFacts } }[];
    };
    const { flags } = environments[0]!.telemetry.facts;
    expect(flags).toMatchObject([{ service: 'shop', source: 'backend:fleet' }]);
    expect(flags[0]!.arms.map(({ variant, totals }) => [variant, totals.errors / totals.calls])).toEqual(
      expect.arrayContaining([
        ['on', 0.5],
        ['off', 0],
      ]),
    );
  });

  it('asks no server that this machine has not said yes to', async () => {
    const { out } = await sightglass(['status', 'new-checkout', '--json'], {});
    expect(out).toContain('this machine has not said yes to it');
    expect(out).not.toContain('"calls"');
  });
});

function history(now: number): string {
  const lines: string[] = [];
  for (let at = now - 20 * minute; at <= now; at += 15_000) {
    const count = Math.round((at - now) / 15_000) + 100;
    for (const [variant, status] of [
      ['on', 'OK'],
      ['on', 'ERROR'],
      ['off', 'OK'],
      ['off', 'UNSET'],
    ] as const) {
      const labels = {
        service_name: 'shop',
        span_name: 'POST /checkout',
        span_kind: 'SPAN_KIND_SERVER',
        status_code: `STATUS_CODE_${status}`,
        deployment_environment_name: 'production',
        feature_flag_new_checkout: variant,
      };
      lines.push(`calls_total${labelText(labels)} ${count * 10} ${at}`);
      for (const le of ['100', '+Inf'])
        lines.push(`duration_milliseconds_bucket${labelText({ ...labels, le })} ${count * 10} ${at}`);
    }
  }
  return `${lines.join('\n')}\n`;
}
