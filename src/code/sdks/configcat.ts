import type { Vendor } from './callShape';
import { rubyGem } from './rubyGem';

const goTypes = ['Bool', 'Int', 'Float', 'String'];

/** Every client takes the setting's key first, the default second; Java's the setting's class before them. */
export const configCat: Vendor = {
  id: 'configcat',
  title: 'ConfigCat',
  mention: '[cC]onfig[cC]at',
  receiver: /config_?cat/i,
  rows: [
    {
      family: 'ecmascript',
      packages: {
        '@configcat/sdk': 'anywhere',
        '@configcat/sdk/browser': 'browser',
        '@configcat/sdk/node': 'server',
        '@configcat/sdk/bun': 'server',
        '@configcat/sdk/deno': 'server',
        '@configcat/sdk/cloudflare-workers': 'edge',
        'configcat-js': 'browser',
        'configcat-js-ssr': 'anywhere',
        'configcat-node': 'server',
        'configcat-react': 'browser',
        'configcat-vue': 'browser',
        'configcat-common': 'unknown',
      },
      methods: [
        {
          names: ['getValueAsync', 'getValueDetailsAsync', 'getValue', 'getValueDetails'],
          key: 0,
          fallback: 1,
        },
      ],
      functions: [{ names: ['useFeatureFlag'], key: 0, fallback: 1 }],
      markers: [{ names: ['FeatureWrapper'], key: { arg: 0, property: 'featureKey' } }],
      clientTypes: ['IConfigCatClient', 'ConfigCatClient', 'IConfigCatClientSnapshot', 'WithConfigCatClientProps'],
      clientMakers: [
        'getClient',
        'createClient',
        'createClientWithAutoPoll',
        'createClientWithManualPoll',
        'createClientWithLazyLoad',
        'createConsoleLogger',
        'useConfigCatClient',
        'snapshot',
      ],
    },
    {
      family: 'python',
      packages: { configcatclient: 'server' },
      methods: [
        {
          names: ['get_value', 'get_value_details'],
          key: 0,
          fallback: 1,
          named: { key: ['key'], fallback: ['default_value'] },
        },
      ],
      clientTypes: ['ConfigCatClient'],
      clientMakers: ['get', 'ConfigCatClient', 'create_client', 'create_client_with_auto_poll'],
      bags: [{ name: 'get_all_values' }],
    },
    {
      family: 'go',
      packages: { 'github.com/configcat/go-sdk': 'server' },
      ownNames: { 'github.com/configcat/go-sdk': 'configcat' },
      methods: [
        { names: goTypes.flatMap((type) => [`Get${type}Value`, `Get${type}ValueDetails`]), key: 0, fallback: 1 },
        { names: ['GetValue'], key: 0 },
      ],
      // Descriptions that are asked by `Get(snapshot)`.
      functions: [{ names: goTypes, key: 0, fallback: 1 }],
      clientTypes: ['Client', 'Snapshot'],
      clientMakers: ['NewClient', 'NewCustomClient', 'Snapshot'],
      bags: [{ name: 'GetAllValues' }],
    },
    {
      family: 'java',
      packages: { 'com.configcat': 'anywhere' },
      methods: [
        {
          names: ['getValue', 'getValueAsync', 'getValueDetails', 'getValueDetailsAsync'],
          key: 1,
          fallback: -1,
        },
      ],
      clientTypes: ['ConfigCatClient', 'ConfigurationProvider', 'ConfigCatClientSnapshot', 'Snapshot'],
      clientMakers: ['ConfigCatClient', 'get', 'snapshot'],
      bags: [{ name: 'getAllValues' }],
    },
    {
      family: 'swift',
      packages: { ConfigCat: 'mobile' },
      methods: [
        {
          names: ['getValue', 'getValueDetails'],
          key: 0,
          fallback: 1,
          named: { key: ['for'], fallback: ['defaultValue'] },
        },
      ],
      clientTypes: ['ConfigCatClient', 'ConfigCatClientProtocol', 'ConfigCatSnapshot'],
      clientMakers: ['ConfigCatClient', 'get', 'snapshot'],
      bags: [{ name: 'getAllValues' }],
    },
    {
      family: 'csharp',
      packages: { 'ConfigCat.Client': 'anywhere' },
      methods: [
        {
          names: ['GetValueAsync', 'GetValue', 'GetValueDetailsAsync', 'GetValueDetails'],
          key: 0,
          fallback: 1,
          named: { key: ['key'], fallback: ['defaultValue'] },
        },
      ],
      clientTypes: ['IConfigCatClient', 'ConfigCatClient', 'IConfigCatClientSnapshot', 'ConfigCatClientSnapshot'],
      clientMakers: ['ConfigCatClient', 'ConfigCatClientBuilder', 'Get', 'Create', 'Snapshot'],
      bags: [{ name: 'GetAllValuesAsync' }],
    },
    {
      family: 'php',
      packages: { ConfigCat: 'server' },
      methods: [
        {
          names: ['getValue', 'getValueDetails'],
          key: 0,
          fallback: 1,
          named: { key: ['key'], fallback: ['defaultValue'] },
        },
      ],
      clientTypes: ['ConfigCatClient', 'ClientInterface'],
      clientMakers: ['ConfigCatClient'],
      bags: [{ name: 'getAllValues' }],
    },
    {
      family: 'rust',
      packages: { configcat: 'server' },
      methods: [
        { names: ['get_value', 'get_value_details'], key: 0, fallback: 1 },
        { names: ['get_flag_details'], key: 0 },
      ],
      clientTypes: ['Client'],
      clientMakers: ['new', 'builder', 'build'],
      bags: [{ name: 'get_all_values' }],
    },
    rubyGem('configcat', 'ConfigCat', {
      methods: [
        {
          names: ['get_value', 'get_value_details'],
          key: 0,
          fallback: 1,
          named: { key: ['key'], fallback: ['default_value'] },
        },
      ],
      clientTypes: ['ConfigCatClient'],
      clientMakers: ['get', 'create_client', 'ConfigCatClient'],
      bags: [{ name: 'get_all_values' }],
    }),
  ],
};
