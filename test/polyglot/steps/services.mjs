import { join } from 'node:path';
import { startNode } from '../../demo/steps/processes.mjs';
import { answering } from '../../demo/steps/shop.mjs';
import { freePort } from '../../host/vscodeServer.mjs';
import { flagdBinary, startFlagd } from '../../servers/flagd.mjs';
import { commands } from './build.mjs';

/** A JVM on a busy machine takes its time. */
const patienceSeconds = 120;

/**
 * Starts services, all at once, and waits until they answer. One that does not start keeps no other from it.
 * @param {{ services: string[], workspace: string, otlp: string, flagd: { ofrep: string, syncPort: number }, unleash: { url: string, token: string }, logs: string, leftovers: import('../../demo/steps/processes.mjs').Leftovers }} options
 *   `workspace`: the copy they run from; `otlp`, `flagd.ofrep`, `unleash.url`: addresses
 * @returns {Promise<{ addresses: Record<string, string>, problems: Record<string, string> }>} by service: its address, or why it did not start
 */
export async function startServices({ services, workspace, otlp, flagd, unleash, logs, leftovers }) {
  const started = services.map(async (service) => {
    const port = await freePort();
    const address = `http://127.0.0.1:${port}`;
    const log = join(logs, `${service}.log`);
    const child = startNode(
      [join(import.meta.dirname, 'endWithParent.mjs'), join(workspace, service), ...commands[service]()],
      {
        log,
        leftovers,
        urgent: true,
        env: {
          ...process.env,
          NODE_ENV: 'production',
          PORT: String(port),
          SERVER_PORT: String(port),
          SERVER_ADDRESS: '127.0.0.1',
          FLAG_FILE: join(workspace, 'flags/prod.flagd.json'),
          LAUNCHDARKLY_FILE: join(workspace, 'flags/launchdarkly.json'),
          OFREP_URL: flagd.ofrep,
          FLAGD_SYNC_PORT: String(flagd.syncPort),
          UNLEASH_URL: `${unleash.url}/api`,
          UNLEASH_TOKEN: unleash.token,
          OTEL_SERVICE_NAME: service,
          OTEL_RESOURCE_ATTRIBUTES: `service.instance.id=${service}-1,deployment.environment.name=production`,
          OTEL_EXPORTER_OTLP_ENDPOINT: otlp,
          OTEL_EXPORTER_OTLP_PROTOCOL: 'http/protobuf',
          OTEL_METRICS_EXPORTER: 'none',
          // Java's starter; elsewhere logs are sent where the service says so.
          ...(service === 'invoices' && { OTEL_LOGS_EXPORTER: 'none' }),
          // Short delays: the check does not wait longer than it must.
          OTEL_BSP_SCHEDULE_DELAY: '1000',
          OTEL_BLRP_SCHEDULE_DELAY: '1000',
        },
      },
    );
    await answering(service, address, child, log, patienceSeconds);
    return [service, address];
  });
  const ends = await Promise.allSettled(started);
  return {
    addresses: Object.fromEntries(ends.flatMap((end) => (end.status === 'fulfilled' ? [end.value] : []))),
    problems: Object.fromEntries(
      ends.flatMap((end, index) => (end.status === 'rejected' ? [[services[index], String(end.reason)]] : [])),
    ),
  };
}

/**
 * What the Go service asks and the Node service is fed by: flagd itself, else the stand-in.
 * @param {{ flagFile: string, logs: string, leftovers: import('../../demo/steps/processes.mjs').Leftovers }} options
 * @returns {Promise<{ ofrep: string, syncPort: number, called: string }>} its addresses, and which of them it is
 */
export async function startFlagServer({ flagFile, logs, leftovers }) {
  if (flagdBinary() !== null) {
    const { ofrep, ports, version, stop } = await startFlagd({ sources: [`file:${flagFile}`] });
    leftovers.add(stop);
    return { ofrep, syncPort: ports.sync, called: `flagd ${version}` };
  }
  const log = join(logs, 'flagd.log');
  const child = startNode([join(import.meta.dirname, 'standIn.mjs'), flagFile], { log, leftovers, urgent: true });
  const addresses = await new Promise((done, failed) => {
    child.once('message', done);
    child.once('exit', (code) => failed(new Error(`the stand-in for flagd ended (${code}); see ${log}`)));
  });
  return { ...addresses, called: 'the stand-in for flagd' };
}
