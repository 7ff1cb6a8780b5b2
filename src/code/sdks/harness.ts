import type { CallShape, Vendor } from './callShape';

const types = ['bool', 'string', 'number', 'json'];
const typed: CallShape = {
  names: types.map((type) => `${type}Variation`),
  key: 0,
  fallback: -1,
};

/**
 * Harness Feature Flags, whose clients take the flag first, the default last; servers the target between them
 * (https://developer.harness.io, feature flags SDKs). Its successor's SDKs are Split's.
 */
export const harness: Vendor = {
  id: 'harness',
  title: 'Harness Feature Flags',
  mention: '@harnessio/|[cC]f_?[cC]lient|harness\\.cf|ff_ios_client_sdk',
  receiver: /^_?cf(_?client)?$/i,
  rows: [
    {
      family: 'ecmascript',
      packages: {
        '@harnessio/ff-javascript-client-sdk': 'browser',
        '@harnessio/ff-react-client-sdk': 'browser',
        '@harnessio/ff-react-native-client-sdk': 'mobile',
      },
      methods: [{ names: ['variation'], key: 0, fallback: 1 }],
      functions: [
        { names: ['useFeatureFlag'], key: 0, fallback: 1 },
        { names: ['useFeatureFlags'], key: 0 },
        { names: ['ifFeatureFlag'], key: 1 },
      ],
      clientMakers: ['initialize', 'useFeatureFlagsClient'],
    },
    {
      family: 'ecmascript',
      packages: { '@harnessio/ff-nodejs-server-sdk': 'server' },
      methods: [typed],
      clientTypes: ['Client'],
      clientMakers: ['Client'],
    },
    {
      family: 'python',
      packages: { 'featureflags.client': 'server' },
      methods: [
        {
          names: ['bool_variation', 'string_variation', 'number_variation', 'int_variation', 'json_variation'],
          key: 0,
          fallback: 2,
          named: { key: ['identifier', 'key'], fallback: ['default'] },
        },
      ],
      clientTypes: ['CfClient'],
      clientMakers: ['CfClient'],
    },
    {
      family: 'go',
      packages: { 'github.com/harness/ff-golang-server-sdk': 'server' },
      methods: [
        {
          names: ['BoolVariation', 'StringVariation', 'NumberVariation', 'IntVariation', 'JSONVariation'],
          key: 0,
          fallback: 2,
        },
      ],
      clientTypes: ['CfClient'],
      clientMakers: ['NewCfClient'],
    },
    {
      family: 'java',
      packages: { 'io.harness.cf.client': 'server' },
      methods: [typed],
      clientTypes: ['CfClient', 'Client'],
      clientMakers: ['CfClient', 'getInstance'],
    },
    {
      family: 'java',
      packages: { 'io.harness.cfsdk': 'mobile' },
      methods: [typed],
      clientTypes: ['CfClient'],
      clientMakers: ['CfClient', 'getInstance'],
    },
    {
      family: 'swift',
      packages: { ff_ios_client_sdk: 'mobile' },
      methods: [{ ...typed, named: { key: ['evaluationId'], fallback: ['defaultValue'] } }],
      clientTypes: ['CfClient'],
      clientMakers: ['CfClient', 'sharedInstance'],
    },
    {
      family: 'csharp',
      packages: { 'io.harness.cfsdk.client': 'server' },
      methods: [{ ...typed, names: [...typed.names, 'BoolVariation', 'StringVariation', 'NumberVariation'] }],
      clientTypes: ['CfClient', 'ICfClient'],
      clientMakers: ['CfClient', 'Instance'],
    },
  ],
};
