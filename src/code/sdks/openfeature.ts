import type { Sdk } from './callShape';

const types = ['Boolean', 'String', 'Number', 'Object'];
const each = (make: (type: string) => string): string[] => types.map(make);

/** OpenFeature 1.x of JavaScript: server, web, React, Angular and NestJS. */
export const openFeature: Sdk = {
  id: 'openfeature',
  title: 'OpenFeature',
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
    {
      names: [
        'useFlag',
        'useSuspenseFlag',
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
    { names: ['FeatureFlag'], key: { arg: 0, property: 'flagKey' }, fallback: { arg: 0, property: 'defaultValue' } },
    {
      names: each((type) => `${type}FeatureFlag`),
      key: { arg: 0, property: 'flagKey' },
      fallback: { arg: 0, property: 'defaultValue' },
    },
    { names: ['RequireFlagsEnabled'], key: { arg: 0, property: 'flags' } },
  ],
  clientTypes: ['Client', 'Features'],
  clientMakers: ['getClient', 'useOpenFeatureClient'],
  bags: [],
  receiver: /open_?feature/i,
};
