import type { Vendor } from './callShape';
import { rubyGem } from './rubyGem';

const javascript = [
  { names: ['isOn', 'isOff', 'evalFeature', 'feature'], key: 0 },
  { names: ['getFeatureValue'], key: 0, fallback: 1 },
  // Experiments without a feature.
  { names: ['run', 'runInlineExperiment'], key: { arg: 0, property: 'key' } },
];

/** Every client takes the feature's key first; Go's its own context before it. */
export const growthBook: Vendor = {
  id: 'growthbook',
  title: 'GrowthBook',
  mention: '[gG]rowth[bB]ook|\\bgb[?!]?\\.(isOn|isOff|getFeatureValue|evalFeature)\\(',
  receiver: /growth_?book|^_?gb$/i,
  rows: [
    {
      family: 'ecmascript',
      packages: {
        '@growthbook/growthbook': 'anywhere',
        '@growthbook/growthbook-react': 'browser',
        '@growthbook/edge-cloudflare': 'edge',
        '@growthbook/edge-fastly': 'edge',
        '@growthbook/edge-lambda': 'edge',
        '@growthbook/edge-utils': 'edge',
      },
      methods: javascript,
      functions: [
        { names: ['useFeatureIsOn', 'useFeature'], key: 0 },
        { names: ['useFeatureValue'], key: 0, fallback: 1 },
        { names: ['useExperiment'], key: { arg: 0, property: 'key' } },
      ],
      markers: [
        { names: ['IfFeatureEnabled'], key: { arg: 0, property: 'feature' } },
        {
          names: ['FeatureString'],
          key: { arg: 0, property: 'feature' },
          fallback: { arg: 0, property: 'default' },
        },
      ],
      clientTypes: ['GrowthBook', 'GrowthBookClient', 'UserScopedGrowthBook', 'GrowthBookMultiUser'],
      clientMakers: ['GrowthBook', 'GrowthBookClient', 'GrowthBookMultiUser', 'createScopedInstance', 'useGrowthBook'],
    },
    {
      family: 'python',
      packages: { growthbook: 'server' },
      methods: [
        { names: ['is_on', 'is_off', 'isOn', 'isOff', 'eval_feature', 'evalFeature'], key: 0, named: { key: ['key'] } },
        {
          names: ['get_feature_value', 'getFeatureValue'],
          key: 0,
          fallback: 1,
          named: { key: ['key'], fallback: ['fallback'] },
        },
      ],
      clientTypes: ['GrowthBook', 'GrowthBookClient'],
      clientMakers: ['GrowthBook', 'GrowthBookClient'],
    },
    // Before version 0.2 without Go's context.
    {
      family: 'go',
      packages: { 'github.com/growthbook/growthbook-golang': 'server' },
      ownNames: { 'github.com/growthbook/growthbook-golang': 'growthbook' },
      methods: [{ names: ['EvalFeature', 'Feature', 'IsOn', 'IsOff', 'GetFeatureValue'], key: [1, 0] }],
      clientTypes: ['Client', 'GrowthBook'],
      clientMakers: ['NewClient', 'New', 'NewApiClient', 'WithAttributes', 'WithAttributeOverrides'],
    },
    {
      family: 'java',
      packages: { 'growthbook.sdk.java': 'server' },
      methods: [
        { names: ['isOn', 'isOff', 'evalFeature'], key: 0 },
        { names: ['getFeatureValue'], key: 0, fallback: 1 },
      ],
      clientTypes: ['GrowthBook', 'IGrowthBook', 'GrowthBookClient'],
      clientMakers: ['GrowthBook', 'GrowthBookClient'],
    },
    {
      family: 'java',
      packages: { 'com.sdk.growthbook': 'mobile' },
      methods: [
        { names: ['isOn', 'feature'], key: 0 },
        { names: ['featureValue'], key: 0 },
      ],
      clientTypes: ['GrowthBookSDK'],
      clientMakers: ['GBSDKBuilder', 'GBSDKBuilderApp', 'initialize'],
    },
    {
      family: 'swift',
      packages: { GrowthBook: 'mobile', GrowthBook_IOS: 'mobile' },
      methods: [
        { names: ['isOn', 'isOff'], key: 0, named: { key: ['feature'] } },
        { names: ['getFeatureValue'], key: 0, fallback: 1, named: { key: ['feature'], fallback: ['default'] } },
        { names: ['evalFeature'], key: 0, named: { key: ['id'] } },
      ],
      clientTypes: ['GrowthBookSDK', 'GrowthBookProtocol'],
      clientMakers: ['GrowthBookSDK', 'GrowthBookBuilder', 'initializer'],
    },
    {
      family: 'csharp',
      packages: { GrowthBook: 'server' },
      methods: [
        {
          names: ['IsOn', 'IsOff', 'IsOnAsync', 'IsOffAsync', 'EvalFeature', 'EvalFeatureAsync'],
          key: 0,
          named: { key: ['key', 'featureId'] },
        },
        {
          names: ['GetFeatureValue', 'GetFeatureValueAsync'],
          key: 0,
          fallback: 1,
          named: { key: ['key'], fallback: ['fallback'] },
        },
      ],
      clientTypes: ['GrowthBook', 'IGrowthBook'],
      clientMakers: ['GrowthBook'],
    },
    {
      family: 'php',
      packages: { Growthbook: 'server' },
      methods: [
        { names: ['isOn', 'isOff', 'getFeature', 'evalFeature'], key: 0, named: { key: ['key'] } },
        { names: ['getValue'], key: 0, fallback: 1, named: { key: ['key'], fallback: ['default'] } },
      ],
      clientTypes: ['Growthbook'],
      clientMakers: [
        'Growthbook',
        'create',
        'withFeatures',
        'withAttributes',
        'withTrackingCallback',
        'withCache',
        'withHttpClient',
        'withLogger',
        'withForcedVariations',
        'withForcedFeatures',
        'withUrl',
        'withSavedGroups',
      ],
    },
    {
      family: 'rust',
      packages: { growthbook_rust: 'server', growthbook: 'server', growthbook_rust_sdk: 'server' },
      methods: [{ names: ['is_on', 'is_off', 'feature_result', 'eval_feature', 'get_feature_value'], key: 0 }],
      clientTypes: ['GrowthBookClient', 'GrowthBookClientTrait', 'GrowthBook'],
      clientMakers: ['new', 'build', 'GrowthBookClient', 'GrowthBookClientBuilder'],
    },
    rubyGem('growthbook', 'Growthbook', {
      methods: [
        { names: ['on?', 'off?', 'is_on?', 'is_off?', 'eval_feature'], key: 0 },
        { names: ['feature_value', 'get_feature_value'], key: 0, fallback: 1 },
      ],
      clientTypes: ['Context'],
      clientMakers: ['Context'],
    }),
  ],
};
