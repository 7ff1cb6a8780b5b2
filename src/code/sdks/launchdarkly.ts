import type { Vendor } from './callShape';
import { rubyGem } from './rubyGem';

const withDetail = (names: readonly string[]): string[] => names.flatMap((name) => [name, `${name}Detail`]);
const variations = (types: readonly string[], end = 'Variation'): string[] =>
  withDetail(types.map((type) => `${type}${end}`));

const go = [...variations(['Bool', 'Int', 'Float64', 'String', 'JSON']), 'MigrationVariation'];

/**
 * `variation(key, context, default)` in servers, `variation(key, default)` in clients: the key comes first, the default
 * last. Go's `*Ctx` take Go's own context before the key.
 */
export const launchDarkly: Vendor = {
  id: 'launchdarkly',
  title: 'LaunchDarkly',
  mention: '[lL]aunch[dD]arkly|ldclient',
  receiver: /launch_?darkly|^_?ld(_?client)?$/i,
  rows: [
    // React's `useFlags()` camel-cases keys.
    {
      family: 'ecmascript',
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
        { names: ['variation', 'variationDetail'], key: 0, fallback: -1 },
        {
          names: [...variations(['bool', 'string', 'number', 'int', 'double', 'json']), 'migrationVariation'],
          key: 0,
          fallback: -1,
          distinctive: true,
        },
        { names: ['getFlagValue', 'getFlagReason'], key: 0 },
      ],
      functions: [
        { names: ['useLDFlag', 'ldFlag'], key: 0, fallback: 1 },
        { names: variations(['useBool', 'useString', 'useNumber', 'useJson']), key: 0, fallback: 1 },
      ],
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
      bags: [{ name: 'useFlags', camelCased: true }, { name: 'allFlags' }, { name: 'allValues' }],
      globals: { LDClient: { pkg: 'launchdarkly-js-client-sdk', name: '*' } },
    },
    {
      family: 'python',
      packages: { ldclient: 'server' },
      methods: [
        {
          names: ['variation', 'variation_detail'],
          key: 0,
          fallback: 2,
          named: { key: ['key'], fallback: ['default'] },
        },
        {
          names: ['migration_variation'],
          key: 0,
          fallback: 2,
          named: { key: ['key'], fallback: ['default_stage'] },
          distinctive: true,
        },
        // Of `all_flags_state`.
        { names: ['get_flag_value', 'get_flag_reason'], key: 0, named: { key: ['key'] } },
      ],
      clientTypes: ['LDClient', 'AsyncLDClient', 'FeatureFlagsState'],
      clientMakers: ['get', 'LDClient', 'AsyncLDClient', 'all_flags_state'],
    },
    {
      family: 'go',
      packages: {
        'github.com/launchdarkly/go-server-sdk': 'server',
        'gopkg.in/launchdarkly/go-server-sdk': 'server',
        'gopkg.in/launchdarkly/go-client': 'server',
      },
      ownNames: {
        'github.com/launchdarkly/go-server-sdk': 'ldclient',
        'gopkg.in/launchdarkly/go-server-sdk': 'ldclient',
        'gopkg.in/launchdarkly/go-client': 'ldclient',
      },
      methods: [
        { names: go, key: 0, fallback: -1, distinctive: true },
        { names: go.map((name) => `${name}Ctx`), key: 1, fallback: -1, distinctive: true },
        // Of `AllFlagsState`.
        { names: ['GetValue', 'GetFlag'], key: 0 },
      ],
      clientTypes: [
        'LDClient',
        'LDScopedClient',
        'LDClientInterface',
        'LDClientEvaluations',
        'LDClientInterfaceEvaluations',
        'AllFlags',
      ],
      clientMakers: [
        'MakeClient',
        'MakeCustomClient',
        'NewScopedClient',
        'WithEventsDisabled',
        'CurrentContext',
        'AllFlagsState',
      ],
    },
    {
      family: 'java',
      packages: {
        'com.launchdarkly.sdk.server': 'server',
        'com.launchdarkly.client': 'server',
        'com.launchdarkly.sdk.android': 'mobile',
        'com.launchdarkly.android': 'mobile',
        'com.launchdarkly.sdk': 'unknown',
      },
      methods: [
        {
          names: [...variations(['bool', 'int', 'double', 'string', 'jsonValue']), 'migrationVariation'],
          key: 0,
          fallback: -1,
          distinctive: true,
        },
        // Of `FeatureFlagsState`.
        { names: ['getFlagValue', 'getFlagReason'], key: 0 },
      ],
      clientTypes: ['LDClient', 'LDClientInterface', 'FeatureFlagsState'],
      clientMakers: ['LDClient', 'init', 'get', 'getForMobileKey', 'allFlagsState'],
      bags: [{ name: 'toValuesMap' }],
    },
    {
      family: 'swift',
      packages: { LaunchDarkly: 'mobile' },
      methods: [
        {
          names: ['bool', 'int', 'double', 'string', 'json'].flatMap((type) => [
            `${type}Variation`,
            `${type}VariationDetail`,
          ]),
          key: 0,
          fallback: 1,
          named: { key: ['forKey'], fallback: ['defaultValue'] },
          distinctive: true,
        },
        {
          names: ['variation', 'variationDetail'],
          key: 0,
          fallback: 1,
          named: { key: ['forKey'], fallback: ['defaultValue', 'fallback'] },
        },
      ],
      clientTypes: ['LDClient'],
      clientMakers: ['LDClient', 'get'],
      bags: [{ name: 'allFlags' }],
    },
    {
      family: 'csharp',
      packages: {
        'LaunchDarkly.Sdk.Server': 'server',
        'LaunchDarkly.Sdk.Client': 'mobile',
        'LaunchDarkly.Sdk': 'unknown',
        'LaunchDarkly.Client': 'server',
        'LaunchDarkly.Xamarin': 'mobile',
      },
      methods: [
        {
          names: [...variations(['Bool', 'Int', 'Float', 'Double', 'String', 'Json']), 'MigrationVariation'],
          key: 0,
          fallback: -1,
          named: { key: ['key'], fallback: ['defaultValue', 'defaultStage'] },
          distinctive: true,
        },
        // Of `FeatureFlagsState`.
        { names: ['GetFlagValueJson', 'GetFlagReason'], key: 0, named: { key: ['key'] } },
      ],
      clientTypes: ['LdClient', 'ILdClient', 'FeatureFlagsState'],
      clientMakers: ['LdClient', 'Init', 'InitAsync', 'Instance', 'AllFlagsState'],
      bags: [{ name: 'AllFlags' }, { name: 'ToValuesJsonMap' }],
    },
    {
      family: 'php',
      packages: { LaunchDarkly: 'server' },
      methods: [
        {
          names: ['variation', 'variationDetail'],
          key: 0,
          fallback: 2,
          named: { key: ['key'], fallback: ['defaultValue'] },
        },
        {
          names: ['migrationVariation'],
          key: 0,
          fallback: 2,
          named: { key: ['key'], fallback: ['defaultStage'] },
          distinctive: true,
        },
        // Of `allFlagsState`.
        { names: ['getFlagValue', 'getFlagReason'], key: 0, named: { key: ['key'] } },
      ],
      clientTypes: ['LDClient', 'FeatureFlagsState'],
      clientMakers: ['LDClient', 'allFlagsState'],
      bags: [{ name: 'toValuesMap' }],
    },
    // The context stands before the key.
    {
      family: 'rust',
      packages: { launchdarkly_server_sdk: 'server' },
      methods: [
        {
          names: [
            ...['bool', 'str', 'int', 'float', 'json'].flatMap((type) => [
              `${type}_variation`,
              `${type}_variation_detail`,
            ]),
            'migration_variation',
          ],
          key: 1,
          fallback: 2,
          distinctive: true,
        },
        { names: ['variation', 'variation_detail'], key: 1, fallback: 2 },
      ],
      clientTypes: ['Client'],
      clientMakers: ['build'],
    },
    rubyGem('ldclient-rb', 'LaunchDarkly', {
      methods: [
        { names: ['variation', 'variation_detail'], key: 0, fallback: -1, distinctive: 'likely' },
        { names: ['migration_variation'], key: 0, fallback: 2, distinctive: true },

        { names: ['flag_value', 'flag_reason'], key: 0 },
      ],
      clientTypes: ['LDClient', 'FeatureFlagsState'],
      clientMakers: ['LDClient', 'all_flags_state'],
      bags: [{ name: 'values_map' }],
    }),
  ],
};
