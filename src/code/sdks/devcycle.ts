import type { CallShape, Vendor } from './callShape';
import { rubyGem } from './rubyGem';

const clientSide: CallShape = {
  names: ['variable', 'variableValue', 'getVariableValue', 'getVariable'],
  key: 0,
  fallback: 1,
};
const serverSide: CallShape = { names: ['variable', 'variableValue'], key: 1, fallback: 2 };

/** Clients take the variable's key first, the default second; servers the user before them. */
export const devCycle: Vendor = {
  id: 'devcycle',
  title: 'DevCycle',
  mention: '[dD]ev_?[cC]ycle|dvcClient',
  receiver: /dev_?cycle|^_?dvc(_?client)?$/i,
  rows: [
    {
      family: 'ecmascript',
      packages: {
        '@devcycle/js-client-sdk': 'browser',
        '@devcycle/react-client-sdk': 'browser',
        '@devcycle/nextjs-sdk': 'anywhere',
        '@devcycle/nextjs-sdk/server': 'server',
        '@devcycle/nextjs-sdk/pages': 'unknown',
        '@devcycle/react-native-client-sdk': 'mobile',
        '@devcycle/react-native-expo-client-sdk': 'mobile',
        '@devcycle/nestjs-server-sdk': 'server',
      },
      methods: [clientSide],
      functions: [
        { names: ['useVariable', 'useVariableValue'], key: 0, fallback: 1 },
        { names: ['swapComponents'], key: 2 },
      ],
      markers: [
        { names: ['RenderIfEnabled', 'SwapComponents'], key: { arg: 0, property: 'variableKey' } },
        {
          names: ['VariableValue'],
          key: { arg: 0, property: 'key' },
          fallback: { arg: 0, property: 'default' },
        },
      ],
      clientTypes: ['DevCycleClient', 'DVCClient', 'DevCycleService'],
      clientMakers: ['initializeDevCycle', 'initialize', 'useDevCycleClient', 'useDVCClient', 'setupDevCycle'],
    },
    {
      family: 'ecmascript',
      packages: { '@devcycle/nodejs-server-sdk': 'server', '@devcycle/edge-worker-server-sdk': 'edge' },
      methods: [serverSide],
      clientTypes: ['DevCycleClient', 'DevCycleCloudClient', 'DVCClient'],
      clientMakers: ['initializeDevCycle', 'initialize', 'DevCycleClient', 'onClientInitialized'],
    },
    {
      family: 'python',
      packages: { devcycle_python_sdk: 'server' },
      methods: [
        {
          names: ['variable', 'variable_value'],
          key: 1,
          fallback: 2,
          named: { key: ['key'], fallback: ['default_value'] },
        },
      ],
      clientTypes: ['DevCycleLocalClient', 'DevCycleCloudClient', 'AbstractDevCycleClient'],
      clientMakers: ['DevCycleLocalClient', 'DevCycleCloudClient'],
    },
    {
      family: 'go',
      packages: { 'github.com/devcyclehq/go-server-sdk': 'server' },
      ownNames: { 'github.com/devcyclehq/go-server-sdk': 'devcycle' },
      methods: [{ names: ['Variable', 'VariableValue'], key: 1, fallback: 2 }],
      clientTypes: ['Client', 'DVCClient'],
      clientMakers: ['NewClient', 'NewDVCClient'],
    },
    {
      family: 'java',
      packages: { 'com.devcycle.sdk.server': 'server' },
      methods: [serverSide],
      clientTypes: ['DevCycleLocalClient', 'DevCycleCloudClient', 'IDevCycleClient'],
      clientMakers: ['DevCycleLocalClient', 'DevCycleCloudClient'],
      bags: [{ name: 'allVariables' }],
    },
    {
      family: 'java',
      packages: { 'com.devcycle.sdk.android': 'mobile' },
      methods: [{ names: ['variable', 'variableValue'], key: 0, fallback: 1 }],
      clientTypes: ['DevCycleClient'],
      clientMakers: ['builder', 'withContext', 'withUser', 'withSDKKey', 'build', 'DevCycleClient'],
    },
    {
      family: 'swift',
      packages: { DevCycle: 'mobile' },
      methods: [
        {
          names: ['variable', 'variableValue'],
          key: 0,
          fallback: 1,
          named: { key: ['key'], fallback: ['defaultValue'] },
        },
      ],
      clientTypes: ['DevCycleClient', 'DVCClient'],
      clientMakers: ['DevCycleClient', 'DVCClient', 'builder', 'sdkKey', 'user', 'options', 'build'],
    },
    {
      family: 'csharp',
      packages: { 'DevCycle.SDK.Server': 'server' },
      methods: [
        {
          names: ['Variable', 'VariableAsync', 'VariableValue', 'VariableValueAsync'],
          key: 1,
          fallback: 2,
          named: { key: ['key'], fallback: ['defaultValue'] },
        },
      ],
      clientTypes: ['DevCycleLocalClient', 'DevCycleCloudClient', 'DevCycleBaseClient', 'IDevCycleClient'],
      clientMakers: [
        'DevCycleLocalClientBuilder',
        'DevCycleCloudClientBuilder',
        'SetSDKKey',
        'SetEnvironmentKey',
        'SetOptions',
        'SetLogger',
        'SetInitializedSubscriber',
        'Build',
      ],
      bags: [{ name: 'AllVariables' }, { name: 'AllVariablesAsync' }],
    },
    {
      family: 'php',
      packages: { DevCycle: 'server' },
      methods: [
        {
          names: ['variable', 'variableValue'],
          key: 1,
          fallback: 2,
          named: { key: ['key'], fallback: ['default', 'defaultValue'] },
        },
      ],
      clientTypes: ['DevCycleClient', 'DVCClient'],
      clientMakers: ['DevCycleClient', 'DVCClient'],
      bags: [{ name: 'allVariables' }],
    },
    rubyGem('devcycle-ruby-server-sdk', 'DevCycle', {
      methods: [{ names: ['variable', 'variable_value'], key: 1, fallback: 2 }],
      clientTypes: ['Client'],
      clientMakers: ['Client'],
      bags: [{ name: 'all_variables' }],
    }),
  ],
};
