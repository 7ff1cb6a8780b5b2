import type { CallShape, Vendor } from './callShape';

const javascript = ['getValue', 'getBoolean', 'getString', 'getNumber'];
const byKey: CallShape = { names: javascript, key: 0 };

/** Firebase Remote Config: functions of a package take the configuration first, its methods the key. */
export const firebase: Vendor = {
  id: 'firebase',
  title: 'Firebase Remote Config',
  mention: '[rR]emote[-_]?[cC]onfig',
  receiver: /remote_?config$/i,
  rows: [
    {
      family: 'ecmascript',
      packages: {
        'firebase/remote-config': 'browser',
        '@firebase/remote-config': 'browser',
        'firebase/compat/remote-config': 'browser',
        'firebase/remote-config-compat': 'browser',
        '@angular/fire/remote-config': 'browser',
        '@react-native-firebase/remote-config': 'mobile',
        'firebase-admin/remote-config': 'server',
      },
      methods: [byKey],
      functions: [
        {
          names: [...javascript, 'getBooleanChanges', 'getStringChanges', 'getNumberChanges', 'getValueChanges'],
          key: 1,
        },
      ],
      clientTypes: ['ServerConfig', 'FirebaseRemoteConfigTypes.Module'],
      clientMakers: [
        'default',
        'getRemoteConfig',
        'getServerTemplate',
        'initServerTemplate',
        'evaluate',
        'remoteConfig',
      ],
      bags: [{ name: 'getAll' }],
    },
    {
      family: 'python',
      packages: { 'firebase_admin.remote_config': 'server' },
      methods: [{ names: ['get_boolean', 'get_string', 'get_int', 'get_float', 'get_value_source'], key: 0 }],
      clientTypes: ['ServerConfig'],
      clientMakers: ['get_server_template', 'init_server_template', 'evaluate'],
    },
    {
      family: 'go',
      packages: { 'firebase.google.com/go/v4/remoteconfig': 'server', 'firebase.google.com/go/remoteconfig': 'server' },
      methods: [{ names: ['GetBoolean', 'GetString', 'GetInt', 'GetFloat', 'GetValueSource'], key: 0 }],
      clientTypes: ['ServerConfig', 'ServerTemplate', 'Client'],
      clientMakers: ['GetServerTemplate', 'InitServerTemplate', 'Evaluate'],
    },
    // Android's, and the server's of Java.
    {
      family: 'java',
      packages: { 'com.google.firebase.remoteconfig': 'anywhere' },
      // In Kotlin `Firebase.remoteConfig["key"]` as well.
      methods: [{ names: ['getBoolean', 'getString', 'getLong', 'getDouble', 'getValue', 'get', 'subscript'], key: 0 }],
      clientTypes: ['FirebaseRemoteConfig', 'ServerConfig', 'ServerTemplate'],
      clientMakers: [
        'FirebaseRemoteConfig',
        'getInstance',
        'remoteConfig',
        'getServerTemplate',
        'serverTemplateBuilder',
        'evaluate',
      ],
    },
    // `config["key"]` as well.
    {
      family: 'swift',
      packages: { FirebaseRemoteConfig: 'mobile', Firebase: 'mobile' },
      methods: [{ names: ['configValue', 'subscript'], key: 0, named: { key: ['forKey'] } }],
      clientTypes: ['RemoteConfig'],
      clientMakers: ['RemoteConfig', 'remoteConfig'],
    },
    // Unity's.
    {
      family: 'csharp',
      packages: { 'Firebase.RemoteConfig': 'mobile' },
      methods: [{ names: ['GetValue'], key: 0 }],
      clientTypes: ['FirebaseRemoteConfig'],
      clientMakers: ['FirebaseRemoteConfig', 'DefaultInstance', 'GetInstance'],
    },
  ],
};
