// One instance of a service with Unleash's own SDK: it asks its flag over and over, and reports each evaluation the way an
// OpenTelemetry log exporter does, in batches. Runs as a process of its own; tells its parent when its SDK's answer changed.
import { randomBytes } from 'node:crypto';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const evaluateMs = 50;

/** The SDK that comes with the server's own packages: nothing of it is the product's. @param {string} root */
const sdkOf = (root) => createRequire(join(root, '.cache/servers/unleash/package.json'))('unleash-client');

const attribute = (key, value) => ({ key, value: { stringValue: value } });

async function run({ root, url, token, pollMs, exportMs, receiver, name, flag }) {
  const unleash = await sdkOf(root).startUnleash({
    appName: 'checkout',
    instanceId: name,
    url: `${url}/api`,
    customHeaders: { Authorization: token },
    refreshInterval: pollMs,
    disableMetrics: true,
  });
  const resource = {
    attributes: [
      attribute('service.name', 'checkout'),
      attribute('service.instance.id', name),
      attribute('deployment.environment.name', 'production'),
    ],
  };
  let batch = [];
  let last;
  setInterval(() => {
    const enabled = unleash.isEnabled(flag, { userId: randomBytes(4).toString('hex') });
    if (last !== undefined && enabled !== last) process.send({ changed: enabled, at: Date.now() });
    last = enabled;
    batch.push({
      traceId: randomBytes(16).toString('hex'),
      spanId: randomBytes(8).toString('hex'),
      timeUnixNano: `${Date.now()}000000`,
      eventName: 'feature_flag.evaluation',
      // As OpenFeature's hook has it over a provider that names no variants.
      attributes: [
        attribute('feature_flag.key', flag),
        { key: 'feature_flag.result.value', value: { boolValue: enabled } },
      ],
    });
  }, evaluateMs);
  setInterval(() => {
    const logRecords = batch;
    batch = [];
    const body = JSON.stringify({
      resourceLogs: [{ resource, scopeLogs: [{ scope: { name: 'bench' }, logRecords }] }],
    });
    fetch(`http://127.0.0.1:${receiver}/v1/logs`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body,
    }).catch(() => {});
  }, exportMs);
  process.send({ ready: true });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  process.once('message', (asked) => void run(asked));
  process.once('disconnect', () => process.exit());
}
