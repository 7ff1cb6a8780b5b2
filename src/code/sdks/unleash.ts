import type { CallShape, Vendor } from './callShape';
import { rubyGem } from './rubyGem';

const javascript: CallShape = { names: ['isEnabled', 'getVariant', 'forceGetVariant'], key: 0, fallback: 2 };
const go: CallShape = { names: ['IsEnabled', 'GetVariant'], key: 0 };

/** Every client takes the toggle's name first. `isEnabled` is a common word: the receiver decides. */
export const unleash: Vendor = {
  id: 'unleash',
  title: 'Unleash',
  mention: '[uU]nleash|UNLEASH',
  receiver: /unleash/i,
  rows: [
    // Node, proxy, React, Vue, Svelte and Next.js.
    {
      family: 'ecmascript',
      packages: {
        'unleash-client': 'server',
        'unleash-proxy-client': 'browser',
        '@unleash/proxy-client-react': 'browser',
        '@unleash/unleash-react-sdk': 'browser',
        '@unleash/proxy-client-vue': 'browser',
        '@unleash/proxy-client-svelte': 'browser',
        '@unleash/nextjs': 'anywhere',
        '@unleash/nextjs/client': 'browser',
      },
      methods: [javascript],
      functions: [javascript, { names: ['useFlag', 'useVariant', 'flag'], key: 0 }],
      clientTypes: ['Unleash', 'UnleashClient'],
      clientMakers: [
        'Unleash',
        'UnleashClient',
        'initialize',
        'startUnleash',
        'useUnleashClient',
        'useUnleashContext',
        'flagsClient',
        'getInstance',
      ],
      globals: { unleash: { pkg: 'unleash-proxy-client', name: '*' } },
    },
    {
      family: 'python',
      packages: { UnleashClient: 'server', flask_unleash: 'server' },
      methods: [{ names: ['is_enabled', 'get_variant'], key: 0, named: { key: ['feature_name'] } }],
      clientTypes: ['UnleashClient', 'Unleash'],
      // Flask's extension holds one.
      clientMakers: ['UnleashClient', 'Unleash', 'client'],
    },
    // Functions of the package ask its default client.
    {
      family: 'go',
      packages: { 'github.com/Unleash/unleash-client-go': 'server' },
      ownNames: { 'github.com/Unleash/unleash-client-go': 'unleash' },
      methods: [go],
      functions: [go],
      clientTypes: ['Client'],
      clientMakers: ['NewClient'],
    },
    {
      family: 'java',
      packages: { 'io.getunleash': 'server', 'no.finn.unleash': 'server', 'io.getunleash.android': 'mobile' },
      methods: [
        {
          names: ['isEnabled', 'getVariant'],
          key: 0,
          fallback: -1,
          // Kotlin's.
          named: { key: ['toggleName'], fallback: ['defaultSetting', 'defaultValue'] },
        },
      ],
      clientTypes: ['Unleash', 'DefaultUnleash', 'FakeUnleash'],
      clientMakers: ['DefaultUnleash', 'FakeUnleash'],
    },
    {
      family: 'swift',
      packages: { UnleashProxyClientSwift: 'mobile' },
      methods: [{ names: ['isEnabled', 'getVariant'], key: 0, named: { key: ['name'] } }],
      clientTypes: ['UnleashClient', 'UnleashClientBase'],
      clientMakers: ['UnleashClient', 'UnleashClientBase'],
    },
    {
      family: 'csharp',
      packages: { Unleash: 'server' },
      methods: [
        {
          names: ['IsEnabled', 'GetVariant'],
          key: 0,
          fallback: -1,
          named: { key: ['toggleName'], fallback: ['defaultSetting', 'defaultValue'] },
        },
      ],
      clientTypes: ['IUnleash', 'DefaultUnleash', 'FakeUnleash'],
      clientMakers: ['DefaultUnleash', 'UnleashClientFactory', 'CreateClient', 'CreateClientAsync'],
    },
    // The SDK with its Symfony bundle.
    {
      family: 'php',
      packages: { 'Unleash\\Client': 'server', 'Rikudou\\Unleash': 'server' },
      methods: [
        {
          names: ['isEnabled', 'getVariant'],
          key: 0,
          fallback: 2,
          named: { key: ['featureName'], fallback: ['default', 'fallbackVariant'] },
        },
      ],
      markers: [{ names: ['IsEnabled', 'IsNotEnabled'], key: 0, named: { key: ['featureName'] } }],
      clientTypes: ['Unleash', 'DefaultUnleash'],
      clientMakers: [
        'UnleashBuilder',
        'DefaultUnleash',
        'create',
        'createForGitlab',
        'build',
        'buildProxy',
        ...[
          'AppName',
          'AppUrl',
          'InstanceId',
          'HttpClient',
          'CacheHandler',
          'StaleCacheHandler',
          'CacheTimeToLive',
          'StaleTtl',
          'Header',
          'Headers',
          'AutomaticRegistrationEnabled',
          'MetricsEnabled',
          'MetricsInterval',
          'FetchingEnabled',
          'ContextProvider',
          'DefaultContext',
          'Bootstrap',
          'BootstrapHandler',
          'BootstrapProvider',
          'BootstrapUrl',
          'GitlabEnvironment',
          'Proxy',
          'EventSubscriber',
          'StrategyHandler',
          'StrategyHandlers',
          'Strategies',
          'Strategy',
          'BootstrapFile',
        ].map((option) => `with${option}`),
      ],
    },
    // Of Laravel.
    {
      family: 'php',
      packages: { 'MikeFrancis\\LaravelUnleash': 'server' },
      methods: [{ names: ['isFeatureEnabled', 'isFeatureDisabled', 'enabled', 'disabled'], key: 0 }],
      clientTypes: ['Unleash'],
      clientMakers: ['Unleash'],
      clients: ['Unleash', 'Feature'],
    },
    // Most take what an enum generates a name for; those that end so, a text.
    {
      family: 'rust',
      packages: { unleash_api_client: 'server' },
      methods: [{ names: ['is_enabled', 'is_enabled_str', 'get_variant', 'get_variant_str'], key: 0, fallback: 2 }],
      clientTypes: ['Client'],
      clientMakers: [
        'into_client',
        'ClientBuilder',
        'default',
        'interval',
        'disable_metric_submission',
        'enable_string_features',
        'strategy',
      ],
    },
    rubyGem('unleash', 'Unleash', {
      methods: [
        { names: ['is_enabled?', 'enabled?', 'is_disabled?', 'disabled?'], key: 0, fallback: 2 },
        { names: ['if_enabled', 'if_disabled', 'get_variant'], key: 0 },
      ],
      clientTypes: ['Client'],
      clientMakers: ['Client'],
    }),
  ],
};
