import type { CallShape, Vendor } from './callShape';
import { rubyGem } from './rubyGem';

const rubyTypes = ['', '_boolean', '_integer', '_double', '_string', '_json'];
const javascriptTypes = ['', 'Boolean', 'Double', 'Integer', 'String', 'JSON', 'Json'];
const javascript: CallShape = {
  names: [
    'decide',
    'decideAsync',
    'decideForKeys',
    'decideForKeysAsync',
    'isFeatureEnabled',
    ...javascriptTypes.map((type) => `getFeatureVariable${type}`),
    'getAllFeatureVariables',
    'activate',
    'getVariation',
  ],
  key: 0,
};
const python: CallShape = {
  names: [
    'decide',
    'decide_for_keys',
    'is_feature_enabled',
    'get_feature_variable',
    'get_feature_variable_boolean',
    'get_feature_variable_double',
    'get_feature_variable_integer',
    'get_feature_variable_string',
    'get_feature_variable_json',
    'get_all_feature_variables',
    'activate',
    'get_variation',
  ],
  key: 0,
  named: { key: ['key', 'keys', 'feature_key', 'experiment_key'] },
};
const dotNet = javascript.names.map((name) => name.charAt(0).toUpperCase() + name.slice(1));

/** Every client takes the flag's key first; `activate` and `getVariation` an experiment's. */
export const optimizely: Vendor = {
  id: 'optimizely',
  title: 'Optimizely',
  mention: '[oO]ptimizely',
  receiver: /optimizely/i,
  rows: [
    {
      family: 'ecmascript',
      packages: {
        '@optimizely/optimizely-sdk': 'anywhere',
        '@optimizely/react-sdk': 'browser',
        '@optimizely/js-web-sdk': 'browser',
      },
      methods: [javascript],
      functions: [
        {
          names: ['useDecision', 'useDecide', 'useDecideAsync', 'useDecideForKeys', 'useFeature', 'useExperiment'],
          key: 0,
        },
      ],
      markers: [
        { names: ['OptimizelyFeature'], key: { arg: 0, property: 'feature' } },
        { names: ['OptimizelyExperiment'], key: { arg: 0, property: 'experiment' } },
      ],
      clientTypes: ['Client', 'OptimizelyUserContext', 'ReactSDKClient'],
      clientMakers: ['createInstance', 'createUserContext', 'useOptimizelyUserContext', 'useOptimizelyClient'],
    },
    {
      family: 'python',
      packages: { optimizely: 'server' },
      methods: [python],
      clientTypes: ['Optimizely', 'OptimizelyUserContext'],
      clientMakers: ['Optimizely', 'OptimizelyFactory', 'custom_instance', 'default_instance', 'create_user_context'],
    },
    {
      family: 'go',
      packages: { 'github.com/optimizely/go-sdk': 'server' },
      ownNames: { 'github.com/optimizely/go-sdk': 'optimizely' },
      methods: [{ names: dotNet, key: 0 }],
      clientTypes: ['OptimizelyClient', 'OptimizelyUserContext', 'OptimizelyFactory'],
      clientMakers: ['Client', 'StaticClient', 'CreateUserContext'],
    },
    {
      family: 'java',
      packages: { 'com.optimizely.ab.android': 'mobile', 'com.optimizely.ab': 'anywhere' },
      methods: [javascript],
      clientTypes: ['Optimizely', 'OptimizelyClient', 'OptimizelyUserContext', 'OptimizelyUserContextAndroid'],
      clientMakers: [
        'newDefaultInstance',
        'Optimizely',
        'OptimizelyFactory',
        'OptimizelyManager',
        'builder',
        'withConfigManager',
        'withConfig',
        'withDatafile',
        'withEventProcessor',
        'withEventHandler',
        'build',
        'getOptimizely',
        'initialize',
        'createUserContext',
      ],
      bags: [{ name: 'decideAll' }],
    },
    {
      family: 'swift',
      packages: { Optimizely: 'mobile' },
      methods: [
        { names: ['decide', 'decideAsync'], key: 0, named: { key: ['key', 'keys'] } },
        {
          names: [
            'isFeatureEnabled',
            ...['Boolean', 'String', 'Integer', 'Double', 'JSON'].map((type) => `getFeatureVariable${type}`),
          ],
          key: 0,
          named: { key: ['featureKey'] },
        },
        { names: ['activate', 'getVariationKey'], key: 0, named: { key: ['experimentKey'] } },
      ],
      clientTypes: ['OptimizelyClient', 'OptimizelyUserContext'],
      clientMakers: ['OptimizelyClient', 'createUserContext'],
    },
    {
      family: 'csharp',
      packages: { OptimizelySDK: 'server' },
      methods: [{ names: dotNet, key: 0, named: { key: ['key', 'keys', 'featureKey', 'experimentKey'] } }],
      clientTypes: ['Optimizely', 'IOptimizely', 'OptimizelyUserContext'],
      clientMakers: ['Optimizely', 'OptimizelyFactory', 'NewDefaultInstance', 'CreateUserContext'],
      bags: [{ name: 'DecideAll' }],
    },
    {
      family: 'php',
      packages: { Optimizely: 'server' },
      methods: [
        { names: ['decide', 'decideForKeys'], key: 0, named: { key: ['key', 'keys'] } },
        {
          names: [
            'isFeatureEnabled',
            'activate',
            'getVariation',
            ...['Boolean', 'Integer', 'Double', 'String', 'JSON', ''].map((type) => `getFeatureVariable${type}`),
            'getAllFeatureVariables',
          ],
          key: 0,
          named: { key: ['featureFlagKey', 'experimentKey'] },
        },
      ],
      clientTypes: ['Optimizely', 'OptimizelyUserContext'],
      clientMakers: ['Optimizely', 'OptimizelyFactory', 'createDefaultInstance', 'createUserContext'],
      bags: [{ name: 'decideAll' }],
    },
    rubyGem('optimizely-sdk', 'Optimizely', {
      methods: [
        { names: ['decide', 'decide_for_keys'], key: 0 },
        {
          names: [
            'is_feature_enabled',
            ...rubyTypes.map((type) => `get_feature_variable${type}`),
            'get_all_feature_variables',
            'activate',
            'get_variation',
          ],
          key: 0,
        },
      ],
      clientTypes: ['Project', 'OptimizelyUserContext'],
      clientMakers: ['Project', 'OptimizelyUserContext', 'create_user_context', 'default_instance', 'custom_instance'],
      bags: [{ name: 'decide_all' }],
    }),
  ],
};
