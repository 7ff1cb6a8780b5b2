const { FlagdProvider } = require('@openfeature/flagd-provider');
const { EventHook } = require('@openfeature/open-telemetry-hooks');
const { OpenFeature } = require('@openfeature/server-sdk');
const { trace } = require('@opentelemetry/api');
const { startUnleash, UnleashEvents } = require('unleash-client');

/** flagd's evaluator in this process, fed by flagd's sync stream. Every evaluation is reported as a telemetry event. */
async function startFlags() {
  OpenFeature.addHooks(new EventHook());
  const provider = new FlagdProvider({
    resolverType: 'in-process',
    host: '127.0.0.1',
    port: Number(process.env.FLAGD_SYNC_PORT),
    tls: false,
  });
  await OpenFeature.setProviderAndWait(provider);
}

/** Unleash's SDK has no hook for OpenTelemetry: its impressions are put on the span of the request that asked. */
async function connectUnleash() {
  const unleash = await startUnleash({
    appName: 'catalogue',
    url: process.env.UNLEASH_URL,
    customHeaders: { Authorization: process.env.UNLEASH_TOKEN },
    refreshInterval: 1000,
    disableMetrics: true,
  });
  unleash.on(UnleashEvents.Impression, ({ featureName, enabled }) => {
    trace.getActiveSpan()?.addEvent('feature_flag.evaluation', {
      'feature_flag.key': featureName,
      'feature_flag.result.variant': enabled ? 'on' : 'off',
      'feature_flag.provider.name': 'unleash',
    });
  });
  return unleash;
}

module.exports = { startFlags, connectUnleash };
