import type { Sdk } from './callShape';

/** Unleash's Node, proxy, React, Vue, Svelte and Next.js packages. `isEnabled` is a common word: the receiver decides. */
export const unleash: Sdk = {
  id: 'unleash',
  title: 'Unleash',
  packages: {
    'unleash-client': 'server',
    'unleash-proxy-client': 'browser',
    '@unleash/proxy-client-react': 'browser',
    '@unleash/unleash-react-sdk': 'browser',
    '@unleash/proxy-client-vue': 'browser',
    '@unleash/proxy-client-svelte': 'browser',
    '@unleash/nextjs': 'unknown',
    '@unleash/nextjs/client': 'browser',
  },
  methods: [
    { names: ['isEnabled'], key: 0, fallback: 2 },
    { names: ['getVariant', 'forceGetVariant'], key: 0, fallback: 2 },
  ],
  functions: [
    { names: ['isEnabled'], key: 0, fallback: 2 },
    { names: ['getVariant', 'forceGetVariant'], key: 0, fallback: 2 },
    { names: ['useFlag', 'useVariant', 'flag'], key: 0 },
  ],
  markers: [],
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
  bags: [],
  receiver: /unleash/i,
};
