import type { Sdk } from './callShape';

const typed = ['bool', 'string', 'number', 'int', 'double', 'json'];
const capital = ['Bool', 'String', 'Number', 'Json'];

/** LaunchDarkly's JavaScript family. Every client takes the key first; React's `useFlags()` camel-cases keys. */
export const launchDarkly: Sdk = {
  id: 'launchdarkly',
  title: 'LaunchDarkly',
  packages: {
    '@launchdarkly/node-server-sdk': 'server',
    'launchdarkly-node-server-sdk': 'server',
    '@launchdarkly/js-server-sdk-common': 'server',
    '@launchdarkly/cloudflare-server-sdk': 'edge',
    '@launchdarkly/vercel-server-sdk': 'edge',
    '@launchdarkly/fastly-server-sdk': 'edge',
    '@launchdarkly/akamai-server-base-sdk': 'edge',
    '@launchdarkly/akamai-server-edgekv-sdk': 'edge',
    'launchdarkly-js-client-sdk': 'browser',
    '@launchdarkly/js-client-sdk': 'browser',
    'launchdarkly-react-client-sdk': 'browser',
    '@launchdarkly/react-sdk': 'browser',
    'launchdarkly-vue-client-sdk': 'browser',
    'launchdarkly-js-sdk-common': 'unknown',
    'launchdarkly-electron-client-sdk': 'browser',
    'launchdarkly-node-client-sdk': 'unknown',
    '@launchdarkly/node-client-sdk': 'unknown',
    '@launchdarkly/react-native-client-sdk': 'mobile',
    'launchdarkly-react-native-client-sdk': 'mobile',
  },
  methods: [
    // `variation(key, default)` in clients, `variation(key, context, default)` in servers: the last one is the default.
    { names: ['variation', 'variationDetail'], key: 0, fallback: -1 },
    {
      names: [
        ...typed.map((type) => `${type}Variation`),
        ...typed.map((type) => `${type}VariationDetail`),
        'migrationVariation',
      ],
      key: 0,
      fallback: -1,
      distinctive: true,
    },
    { names: ['getFlagValue', 'getFlagReason'], key: 0 },
  ],
  functions: [
    { names: ['useLDFlag', 'ldFlag'], key: 0, fallback: 1 },
    {
      names: [...capital.map((type) => `use${type}Variation`), ...capital.map((type) => `use${type}VariationDetail`)],
      key: 0,
      fallback: 1,
    },
  ],
  markers: [],
  clientTypes: [
    'LDClient',
    'LDClientBase',
    'LDSingleKindClient',
    'LDElectronMainClient',
    'LDElectronRendererClient',
    'ReactNativeLDClient',
    'LDFlagsState',
  ],
  clientMakers: [
    'init',
    'initialize',
    'createClient',
    'useLDClient',
    'allFlagsState',
    'initializeInMain',
    'initializeInRenderer',
    'ReactNativeLDClient',
    'ldClient',
  ],
  bags: [
    { name: 'useFlags', camelCased: true },
    { name: 'allFlags', camelCased: false },
    { name: 'allValues', camelCased: false },
  ],
  receiver: /launch_?darkly|^_?ld(_?client)?$/i,
};
