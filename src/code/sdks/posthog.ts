import type { CallShape, Vendor } from './callShape';
import { rubyGem } from './rubyGem';

const javascript: CallShape = {
  names: ['isFeatureEnabled', 'getFeatureFlag', 'getFeatureFlagPayload', 'getFeatureFlagResult'],
  key: 0,
};
const python: CallShape = {
  names: ['feature_enabled', 'get_feature_flag', 'get_feature_flag_payload', 'get_feature_flag_result'],
  key: 0,
  named: { key: ['key'] },
};
const java = ['isFeatureEnabled', 'getFeatureFlag', 'getFeatureFlagPayload', 'getFeatureFlagResult'];

/** Every client takes the key first, the distinct id after it; Java's server-side one the other way around, Go's a struct. */
export const postHog: Vendor = {
  id: 'posthog',
  title: 'PostHog',
  mention: '[pP]ost[hH]og',
  receiver: /post_?hog/i,
  rows: [
    {
      family: 'ecmascript',
      packages: {
        'posthog-js': 'browser',
        'posthog-js-lite': 'browser',
        '@posthog/react': 'browser',
        'posthog-node': 'server',
        'posthog-react-native': 'mobile',
      },
      methods: [
        javascript,
        // Of what `evaluateFlags` hands out.
        { names: ['isEnabled', 'getFlag', 'getFlagPayload'], key: 0 },
      ],
      functions: [
        javascript,
        {
          names: [
            'useFeatureFlagEnabled',
            'useFeatureFlagVariantKey',
            'useFeatureFlagPayload',
            'useFeatureFlagResult',
            'useFeatureFlag',
            'useFeatureFlagWithPayload',
          ],
          key: 0,
        },
      ],
      markers: [{ names: ['PostHogFeature'], key: { arg: 0, property: 'flag' } }],
      clientTypes: ['PostHog'],
      clientMakers: ['PostHog', 'usePostHog', 'init', 'initAsync', 'evaluateFlags'],
      clients: ['default', 'posthog'],
      bags: [{ name: 'getAllFlags' }],
    },
    {
      family: 'python',
      packages: { posthog: 'server', posthoganalytics: 'server' },
      methods: [python, { names: ['is_enabled', 'get_flag', 'get_flag_payload'], key: 0, named: { key: ['key'] } }],
      functions: [python],
      clientTypes: ['Posthog', 'Client'],
      clientMakers: ['Posthog', 'Client', 'evaluate_flags'],
      clients: ['*'],
      bags: [{ name: 'get_all_flags' }],
    },
    {
      family: 'go',
      packages: { 'github.com/posthog/posthog-go': 'server' },
      methods: [
        {
          names: ['IsFeatureEnabled', 'GetFeatureFlag', 'GetFeatureFlagPayload', 'GetFeatureFlagResult'],
          key: { arg: 0, property: 'Key' },
        },
      ],
      clientTypes: ['Client'],
      clientMakers: ['New', 'NewWithConfig'],
      bags: [{ name: 'GetAllFlags' }],
    },
    {
      family: 'java',
      packages: { 'com.posthog.server': 'server' },
      methods: [{ names: java, key: 1, fallback: 2 }],
      clientTypes: ['PostHog', 'PostHogInterface'],
      clientMakers: ['PostHog', 'with'],
    },
    {
      family: 'java',
      packages: { 'com.posthog': 'unknown', 'com.posthog.android': 'mobile' },
      methods: [{ names: java, key: 0, fallback: 1 }],
      clientTypes: ['PostHog', 'PostHogInterface', 'PostHogAndroid'],
      clientMakers: ['PostHog', 'with'],
      clients: ['PostHog'],
    },
    {
      family: 'swift',
      packages: { PostHog: 'mobile' },
      methods: [
        {
          names: ['isFeatureEnabled', 'getFeatureFlag', 'getFeatureFlagPayload', 'getFeatureFlagResult'],
          key: 0,
        },
      ],
      clientTypes: ['PostHogSDK'],
      clientMakers: ['PostHogSDK', 'shared', 'with'],
    },
    {
      family: 'csharp',
      packages: { PostHog: 'server' },
      methods: [
        {
          names: ['IsFeatureEnabledAsync', 'GetFeatureFlagAsync', 'IsFeatureEnabled', 'GetFeatureFlag'],
          key: 0,
          named: { key: ['featureKey'] },
        },
      ],
      clientTypes: ['IPostHogClient', 'PostHogClient'],
      clientMakers: ['PostHogClient'],
      bags: [{ name: 'GetAllFeatureFlagsAsync' }],
    },
    // Static methods of its class, or those of a client.
    {
      family: 'php',
      packages: { PostHog: 'server' },
      methods: [
        {
          names: ['isFeatureEnabled', 'getFeatureFlag', 'getFeatureFlagPayload', 'getFeatureFlagResult'],
          key: 0,
          named: { key: ['key'] },
        },
        // Of what `evaluateFlags` hands out.
        { names: ['isEnabled', 'getFlag', 'getFlagPayload'], key: 0, named: { key: ['key'] } },
      ],
      clientTypes: ['PostHog', 'Client'],
      clientMakers: ['Client', 'evaluateFlags'],
      bags: [{ name: 'getAllFlags' }],
      clients: ['PostHog'],
    },
    {
      family: 'rust',
      packages: { posthog_rs: 'server', posthog: 'server' },
      methods: [
        {
          names: [
            'is_feature_enabled',
            'get_feature_flag',
            'get_feature_flag_payload',
            'feature_enabled',
            'get_feature_flag_result',
          ],
          key: 0,
        },
      ],
      functions: [{ names: ['is_feature_enabled', 'get_feature_flag', 'get_feature_flag_payload'], key: 0 }],
      clientTypes: ['Client'],
      clientMakers: ['client'],
    },
    rubyGem('posthog-ruby', 'PostHog', {
      methods: [
        {
          names: [
            'is_feature_enabled',
            'get_feature_flag',
            'get_feature_flag_payload',
            'get_feature_flag_result',
            'get_remote_config_payload',
          ],
          key: 0,
        },
      ],
      clientTypes: ['Client'],
      clientMakers: ['Client'],
      bags: [{ name: 'get_all_flags' }],
    }),
  ],
};
