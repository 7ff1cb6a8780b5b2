import type { CallShape, Vendor } from './callShape';
import { rubyGem } from './rubyGem';

const javascript: CallShape = { names: ['hasFeature', 'getValue'], key: 0 };

/** Every client takes the feature's name first; servers ask the flags of an environment or of an identity. */
export const flagsmith: Vendor = {
  id: 'flagsmith',
  title: 'Flagsmith',
  mention: '[fF]lagsmith',
  receiver: /flagsmith/i,
  rows: [
    {
      family: 'ecmascript',
      packages: {
        flagsmith: 'browser',
        '@flagsmith/flagsmith': 'browser',
        'flagsmith-es': 'browser',
        'react-native-flagsmith': 'mobile',
      },
      methods: [javascript],
      functions: [javascript, { names: ['useFlags'], key: 0 }],
      clientTypes: ['IFlagsmith'],
      clientMakers: ['createFlagsmithInstance', 'useFlagsmith'],
      clients: ['default', 'flagsmith'],
      bags: [{ name: 'getAllFlags' }],
    },
    {
      family: 'ecmascript',
      packages: { 'flagsmith-nodejs': 'server' },
      methods: [{ names: ['isFeatureEnabled', 'getFeatureValue', 'getFlag'], key: 0 }],
      clientTypes: ['Flagsmith', 'Flags'],
      clientMakers: ['default', 'Flagsmith', 'getEnvironmentFlags', 'getIdentityFlags'],
    },
    {
      family: 'python',
      packages: { flagsmith: 'server' },
      methods: [
        {
          names: ['is_feature_enabled', 'get_feature_value', 'get_flag'],
          key: 0,
          named: { key: ['feature_name'] },
        },
      ],
      clientTypes: ['Flagsmith', 'Flags'],
      clientMakers: ['Flagsmith', 'get_environment_flags', 'get_identity_flags'],
    },
    {
      family: 'go',
      packages: { 'github.com/Flagsmith/flagsmith-go-client': 'server' },
      ownNames: { 'github.com/Flagsmith/flagsmith-go-client': 'flagsmith' },
      methods: [{ names: ['IsFeatureEnabled', 'GetFeatureValue', 'GetFlag'], key: 0 }],
      clientTypes: ['Client', 'Flags'],
      clientMakers: ['NewClient', 'GetEnvironmentFlags', 'GetIdentityFlags', 'GetFlags'],
    },
    {
      family: 'java',
      packages: { 'com.flagsmith': 'anywhere' },
      methods: [
        { names: ['isFeatureEnabled', 'getFeatureValue', 'getFlag', 'hasFeatureFlag', 'getValueForFeature'], key: 0 },
      ],
      clientTypes: ['FlagsmithClient', 'Flags', 'Flagsmith'],
      clientMakers: [
        'FlagsmithClient',
        'Flagsmith',
        'newBuilder',
        'setApiKey',
        'build',
        'getEnvironmentFlags',
        'getIdentityFlags',
      ],
    },
    {
      family: 'swift',
      packages: { FlagsmithClient: 'mobile' },
      methods: [
        { names: ['hasFeatureFlag', 'getValueForFeature', 'getFeatureValue'], key: 0, named: { key: ['withID'] } },
      ],
      clientTypes: ['Flagsmith'],
      clientMakers: ['Flagsmith', 'shared'],
    },
    {
      family: 'csharp',
      packages: { Flagsmith: 'server' },
      methods: [{ names: ['IsFeatureEnabled', 'GetFeatureValue', 'GetFlag'], key: 0, named: { key: ['featureName'] } }],
      clientTypes: ['FlagsmithClient', 'IFlagsmithClient', 'Flags', 'IFlags'],
      clientMakers: ['FlagsmithClient', 'GetEnvironmentFlags', 'GetIdentityFlags'],
    },
    {
      family: 'php',
      packages: { Flagsmith: 'server' },
      methods: [
        { names: ['isFeatureEnabled', 'getFeatureValue', 'getFlag'], key: 0, named: { key: ['featureName'] } },
        { names: ['isFeatureEnabledByName', 'getFeatureValueByName'], key: 0 },
      ],
      clientTypes: ['Flagsmith', 'Flags'],
      clientMakers: ['Flagsmith', 'getEnvironmentFlags', 'getIdentityFlags'],
    },
    {
      family: 'rust',
      packages: { flagsmith: 'server' },
      methods: [
        {
          names: ['is_feature_enabled', 'get_feature_value', 'get_feature_value_as_string', 'get_flag'],
          key: 0,
        },
      ],
      clientTypes: ['Flagsmith', 'Flags'],
      clientMakers: ['Flagsmith', 'new', 'get_environment_flags', 'get_identity_flags'],
    },
    rubyGem('flagsmith', 'Flagsmith', {
      methods: [
        {
          names: ['is_feature_enabled', 'feature_enabled?', 'get_feature_value', 'feature_value', 'get_flag'],
          key: 0,
        },
      ],
      clientTypes: ['Client'],
      clientMakers: ['Client', 'get_environment_flags', 'get_identity_flags', 'environment_flags', 'identity_flags'],
    }),
  ],
};
