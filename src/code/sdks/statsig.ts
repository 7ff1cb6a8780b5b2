import type { CallShape, Vendor } from './callShape';
import { rubyGem } from './rubyGem';

const ruby = [
  'check_gate',
  'get_gate',
  'get_feature_gate',
  'get_config',
  'get_dynamic_config',
  'get_experiment',
  'get_layer',
].flatMap((name) => [name, `${name}_with_exposure_logging_disabled`]);
const javascriptAsks = ['checkGate', 'getFeatureGate', 'getDynamicConfig', 'getConfig', 'getExperiment', 'getLayer'];
const silently = (names: readonly string[]): string[] =>
  names.flatMap((name) => [name, `${name}WithExposureLoggingDisabled`]);
const hooks = [
  'useGate',
  'useGateValue',
  'useFeatureGate',
  'useConfig',
  'useDynamicConfig',
  'useExperiment',
  'useLayer',
];
const clientSide: CallShape = { names: silently([...javascriptAsks, 'getParameterStore']), key: 0 };
const serverSide: CallShape = {
  names: silently([...javascriptAsks, ...javascriptAsks.map((name) => `${name}Sync`)]),
  key: 1,
};
const python: CallShape = {
  names: [
    'check_gate',
    'get_gate',
    'get_feature_gate',
    'get_config',
    'get_dynamic_config',
    'get_experiment',
    'get_layer',
    'check_gate_with_exposure_logging_disabled',
    'get_config_with_exposure_logging_disabled',
    'get_experiment_with_exposure_logging_disabled',
    'get_layer_with_exposure_logging_disabled',
  ],
  key: 1,
  named: {
    key: [
      'gate',
      'gate_name',
      'config',
      'config_name',
      'dynamic_config_name',
      'experiment',
      'experiment_name',
      'layer',
      'layer_name',
      'name',
    ],
  },
};
const go: CallShape = {
  names: silently([
    'CheckGate',
    'GetGate',
    'GetFeatureGate',
    'GetConfig',
    'GetDynamicConfig',
    'GetExperiment',
    'GetLayer',
  ]),
  key: 1,
};
const java = ['checkGate', 'getFeatureGate', 'getConfig', 'getDynamicConfig', 'getExperiment', 'getLayer'];
const csharp = ['CheckGate', 'GetFeatureGate', 'GetConfig', 'GetDynamicConfig', 'GetExperiment', 'GetLayer'];
const csharpNames: readonly string[] = silently(csharp.flatMap((name) => [name, `${name}Sync`, `${name}Async`]));

/** Clients take a gate's, config's, experiment's or layer's name first; servers the user before it. */
export const statsig: Vendor = {
  id: 'statsig',
  title: 'Statsig',
  mention: '[sS]tatsig',
  receiver: /statsig/i,
  rows: [
    {
      family: 'ecmascript',
      packages: {
        'statsig-js': 'browser',
        'statsig-react': 'browser',
        'statsig-react-native': 'mobile',
        'statsig-react-native-expo': 'mobile',
        '@statsig/js-client': 'browser',
        '@statsig/js-on-device-eval-client': 'browser',
        '@statsig/client-core': 'unknown',
        '@statsig/react-bindings': 'browser',
        '@statsig/react-bindings-on-device-eval': 'browser',
        '@statsig/angular-bindings': 'browser',
        '@statsig/react-native-core': 'mobile',
        '@statsig/react-native-bindings': 'mobile',
        '@statsig/react-native-bindings-on-device-eval': 'mobile',
        '@statsig/expo-bindings': 'mobile',
        '@statsig/expo-bindings-on-device-eval': 'mobile',
      },
      methods: [clientSide],
      functions: [clientSide, { names: silently(hooks), key: 0 }],
      clientTypes: ['StatsigClient', 'StatsigOnDeviceEvalClient', 'StatsigClientRN', 'StatsigClientExpo', 'Statsig'],
      clientMakers: [
        'StatsigClient',
        'StatsigOnDeviceEvalClient',
        'StatsigClientRN',
        'StatsigClientExpo',
        'useStatsigClient',
        'useStatsigOnDeviceEvalClient',
        'useClientAsyncInit',
        'useClientBootstrapInit',
        'client',
        'instance',
      ],
      clients: ['default', '*', 'Statsig', 'statsig'],
    },
    {
      family: 'ecmascript',
      packages: { 'statsig-node': 'server', 'statsig-node-lite': 'server', '@statsig/statsig-node-core': 'server' },
      methods: [serverSide],
      functions: [serverSide],
      clientTypes: ['Statsig', 'StatsigServer'],
      clientMakers: ['Statsig', 'StatsigServer', 'shared'],
      clients: ['default', '*', 'Statsig', 'statsig'],
    },
    {
      family: 'python',
      packages: { statsig: 'server', statsig_python_core: 'server' },
      methods: [python],
      functions: [python],
      clientTypes: ['Statsig', 'StatsigServer'],
      clientMakers: ['Statsig', 'StatsigServer', 'shared'],
      clients: ['*', 'statsig', 'Statsig'],
    },
    {
      family: 'go',
      packages: { 'github.com/statsig-io/go-sdk': 'server', 'github.com/statsig-io/statsig-go-core': 'server' },
      ownNames: {
        'github.com/statsig-io/go-sdk': 'statsig',
        'github.com/statsig-io/statsig-go-core': 'statsig_go_core',
      },
      methods: [go],
      functions: [go],
      clientTypes: ['Client', 'Statsig'],
      clientMakers: ['NewClient', 'NewClientWithOptions', 'NewStatsig', 'NewStatsigWithOptions'],
    },
    {
      family: 'java',
      packages: { 'com.statsig.sdk': 'server', 'com.statsig': 'server' },
      methods: [{ names: silently(java.flatMap((name) => [name, `${name}Sync`, `${name}Async`])), key: 1 }],
      clientTypes: ['Statsig', 'StatsigServer'],
      clientMakers: ['Statsig', 'StatsigServer', 'create', 'shared'],
      clients: ['Statsig'],
    },
    {
      family: 'java',
      packages: { 'com.statsig.androidsdk': 'mobile' },
      methods: [{ names: silently(java), key: 0 }],
      clientTypes: ['Statsig', 'StatsigClient'],
      clientMakers: ['Statsig', 'StatsigClient'],
      clients: ['Statsig'],
    },
    {
      family: 'swift',
      packages: { Statsig: 'mobile', StatsigSPM: 'mobile' },
      methods: [
        {
          names: silently([
            'checkGate',
            'getFeatureGate',
            'getConfig',
            'getDynamicConfig',
            'getExperiment',
            'getLayer',
          ]),
          key: 0,
        },
      ],
      clientTypes: ['StatsigClient'],
      clientMakers: ['StatsigClient'],
      clients: ['Statsig'],
    },
    {
      family: 'csharp',
      packages: { 'Statsig.Server': 'server', Statsig: 'server' },
      methods: [{ names: csharpNames, key: 1 }],
      clientTypes: ['StatsigServer', 'ServerDriver', 'Statsig', 'IStatsig'],
      clientMakers: ['ServerDriver', 'Statsig', 'Shared'],
      clients: ['StatsigServer'],
    },
    {
      family: 'csharp',
      packages: { 'Statsig.Client': 'mobile' },
      methods: [{ names: csharpNames, key: 0 }],
      clientTypes: ['ClientDriver'],
      clientMakers: ['ClientDriver'],
      clients: ['StatsigClient'],
    },
    {
      family: 'php',
      packages: { Statsig: 'server' },
      methods: [
        {
          names: silently([...javascriptAsks, 'checkFeatureGate']),
          key: 1,
          named: { key: ['gate', 'config', 'experiment', 'layer', 'name'] },
        },
      ],
      clientTypes: ['StatsigServer', 'Statsig'],
      clientMakers: ['StatsigServer', 'Statsig'],
    },
    {
      family: 'rust',
      packages: { statsig_rust: 'server', statsig: 'server' },
      methods: [
        {
          names: [
            'check_gate',
            'get_feature_gate',
            'get_dynamic_config',
            'get_config',
            'get_experiment',
            'get_layer',
          ].flatMap((name) => [name, `${name}_with_options`]),
          key: 1,
        },
      ],
      functions: [{ names: ['check_gate', 'get_config', 'get_experiment', 'get_layer'], key: 1 }],
      clientTypes: ['Statsig'],
      clientMakers: ['new', 'Statsig', 'shared', 'new_shared'],
      clients: ['Statsig'],
    },
    rubyGem('statsig', 'Statsig', {
      methods: [{ names: ruby, key: 1 }],
      functions: [{ names: ruby, key: 1 }],
      clientTypes: ['StatsigDriver'],
      clientMakers: ['StatsigDriver'],
    }),
  ],
};
