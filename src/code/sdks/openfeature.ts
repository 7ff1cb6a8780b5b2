import type { CallShape, Vendor } from './callShape';
import { rubyGem } from './rubyGem';

const rubyTypes = ['boolean', 'string', 'number', 'integer', 'float', 'object'];
const javascriptTypes = ['Boolean', 'String', 'Number', 'Object'];
const each = (make: (type: string) => string): string[] => javascriptTypes.map(make);
const pythonTypes = ['boolean', 'string', 'integer', 'float', 'object'];
const goTypes = ['Boolean', 'String', 'Float', 'Int', 'Object'];
const javaTypes = ['Boolean', 'String', 'Integer', 'Long', 'Double', 'Object'];
const csharpTypes = ['Boolean', 'String', 'Integer', 'Double', 'Object'];
const phpTypes = ['Boolean', 'String', 'Integer', 'Float', 'Object'];
const rustTypes = ['bool', 'int', 'float', 'string', 'struct'];

const marked: Pick<CallShape, 'key' | 'fallback'> = {
  key: { arg: 0, property: 'flagKey' },
  fallback: { arg: 0, property: 'defaultValue' },
};

/** Every client takes the key first, the default second; Go's its own context before them. */
export const openFeature: Vendor = {
  id: 'openfeature',
  title: 'OpenFeature',
  mention: '[oO]pen[-_]?[fF]eature',
  receiver: /open_?feature/i,
  rows: [
    // Server, web, React, Angular and NestJS.
    {
      family: 'ecmascript',
      packages: {
        '@openfeature/server-sdk': 'server',
        '@openfeature/js-sdk': 'server',
        '@openfeature/nestjs-sdk': 'server',
        '@openfeature/web-sdk': 'browser',
        '@openfeature/react-sdk': 'browser',
        '@openfeature/angular-sdk': 'browser',
        '@openfeature/react-native-sdk': 'mobile',
        '@openfeature/core': 'unknown',
      },
      methods: [
        {
          names: [...each((type) => `get${type}Value`), ...each((type) => `get${type}Details`)],
          key: 0,
          fallback: 1,
          distinctive: true,
        },
      ],
      functions: [
        { names: ['useFlag', 'useSuspenseFlag'], key: 0, fallback: 1, typedByFallback: true },
        {
          names: [
            ...each((type) => `use${type}FlagValue`),
            ...each((type) => `use${type}FlagDetails`),
            ...each((type) => `useSuspense${type}FlagValue`),
            ...each((type) => `useSuspense${type}FlagDetails`),
          ],
          key: 0,
          fallback: 1,
        },
      ],
      markers: [
        { names: ['FeatureFlag', ...each((type) => `${type}FeatureFlag`)], ...marked },
        { names: ['RequireFlagsEnabled'], key: { arg: 0, property: 'flags' } },
      ],
      clientTypes: ['Client', 'Features', 'FeatureFlagService'],
      clientMakers: ['getClient', 'useOpenFeatureClient'],
    },
    {
      family: 'python',
      packages: { openfeature: 'server' },
      methods: [
        {
          names: pythonTypes.flatMap((type) =>
            ['value', 'details', 'value_async', 'details_async'].map((end) => `get_${type}_${end}`),
          ),
          key: 0,
          fallback: 1,
          named: { key: ['flag_key'], fallback: ['default_value'] },
          distinctive: true,
        },
      ],
      clientTypes: ['OpenFeatureClient'],
      clientMakers: ['get_client', 'OpenFeatureClient'],
    },
    {
      family: 'go',
      packages: { 'github.com/open-feature/go-sdk': 'server' },
      methods: [
        { names: goTypes, key: 1, fallback: 2 },
        {
          names: goTypes.flatMap((type) => [`${type}Value`, `${type}ValueDetails`]),
          key: 1,
          fallback: 2,
          distinctive: true,
        },
      ],
      clientTypes: ['Client', 'IClient', 'ClientEvaluation', 'IEvaluation'],
      clientMakers: ['NewClient', 'NewDefaultClient', 'GetApiInstance', 'GetClient', 'GetNamedClient'],
    },
    {
      family: 'java',
      packages: {
        'dev.openfeature.sdk': 'server',
        'dev.openfeature.javasdk': 'server',
        'dev.openfeature.kotlin.sdk': 'mobile',
      },
      methods: [
        {
          names: javaTypes.flatMap((type) => [`get${type}Value`, `get${type}Details`]),
          key: 0,
          fallback: 1,
          // Kotlin's.
          named: { key: ['key'], fallback: ['defaultValue'] },
          distinctive: true,
        },
      ],
      clientTypes: ['Client', 'Features', 'OpenFeatureClient'],
      clientMakers: ['OpenFeatureAPI', 'getInstance', 'getClient', 'OpenFeatureClient'],
    },
    {
      family: 'swift',
      packages: { OpenFeature: 'mobile' },
      methods: [
        {
          names: ['Boolean', 'String', 'Integer', 'Double', 'Object'].flatMap((type) => [
            `get${type}Value`,
            `get${type}Details`,
          ]),
          key: 0,
          fallback: 1,
          named: { key: ['key'], fallback: ['defaultValue'] },
          distinctive: true,
        },
        {
          names: ['getValue', 'getDetails'],
          key: 0,
          fallback: 1,
          named: { key: ['key'], fallback: ['defaultValue'] },
          typedByFallback: true,
        },
      ],
      clientTypes: ['Client', 'Features', 'OpenFeatureClient'],
      clientMakers: ['OpenFeatureAPI', 'shared', 'getClient', 'OpenFeatureClient'],
    },
    // `GetBooleanValueAsync`; before version 2 without `Async`.
    {
      family: 'csharp',
      packages: { OpenFeature: 'server' },
      methods: [
        {
          names: csharpTypes.flatMap((type) =>
            ['ValueAsync', 'DetailsAsync', 'Value', 'Details'].map((end) => `Get${type}${end}`),
          ),
          key: 0,
          fallback: 1,
          named: { key: ['flagKey'], fallback: ['defaultValue'] },
          distinctive: true,
        },
      ],
      clientTypes: ['IFeatureClient', 'FeatureClient'],
      clientMakers: ['Api', 'Instance', 'GetClient', 'FeatureClient'],
    },
    {
      family: 'php',
      packages: { OpenFeature: 'server' },
      methods: [
        {
          names: phpTypes.flatMap((type) => [`get${type}Value`, `get${type}Details`]),
          key: 0,
          fallback: 1,
          named: { key: ['flagKey'], fallback: ['defaultValue'] },
          // Readers of settings are called alike.
          distinctive: 'likely',
        },
      ],
      clientTypes: ['Client', 'OpenFeatureClient', 'FeatureDetails'],
      clientMakers: ['getInstance', 'getClient', 'OpenFeatureClient'],
    },
    // The context and options follow the key: no default is written there, and what is given only a name is no flag.
    {
      family: 'rust',
      packages: { open_feature: 'server' },
      methods: [
        {
          names: rustTypes.flatMap((type) => [`get_${type}_value`, `get_${type}_details`]),
          key: 0,
          fallback: 2,
          distinctive: 'likely',
        },
        // Of a provider that is asked without a client.
        { names: rustTypes.map((type) => `resolve_${type}_value`), key: 0, distinctive: 'likely' },
      ],
      clientTypes: ['Client', 'FeatureProvider'],
      clientMakers: [
        'singleton',
        'singleton_mut',
        'create_client',
        'create_named_client',
        'get_client',
        'get_named_client',
      ],
    },
    rubyGem('openfeature-sdk', 'OpenFeature', {
      methods: [
        {
          names: rubyTypes.flatMap((type) => [`fetch_${type}_value`, `fetch_${type}_details`]),
          key: 0,
          named: { key: ['flag_key'], fallback: ['default_value'] },
          distinctive: true,
        },
      ],
      clientTypes: ['Client'],
      clientMakers: ['build_client', 'Client'],
    }),
  ],
};
