import type { CallShape, Place, Vendor } from './callShape';
import { rubyGem } from './rubyGem';

const named = (key: Place | readonly Place[]): CallShape[] => [
  { names: ['getTreatment', 'getTreatmentWithConfig'], key, distinctive: 'likely' },
  { names: ['getTreatments', 'getTreatmentsWithConfig'], key, distinctive: 'likely' },
];
const makers = ['SplitFactory', 'client', 'useSplitClient', 'useClient', 'useTrack', 'getInstance'];
const inObject: readonly Place[] = [{ arg: 0, property: 'name' }, { arg: 0, property: 'names' }, 0];

/** Servers take the user first, the flag second; clients, which know their user, the flag. Several are a list. */
export const split: Vendor = {
  id: 'split',
  title: 'Split',
  mention:
    'SplitIoClient|@splitsoftware/|SplitIO|split\\.?io|[sS]plit_?([fF]actory|[cC]lient|[sS]ervice)|io\\.split\\.',
  receiver: /^_*split(_?(io|client|sdk|service|factory))?$/i,
  rows: [
    // One package for browsers and Node.
    {
      family: 'ecmascript',
      packages: { '@splitsoftware/splitio': 'anywhere' },
      methods: named([1, 0]),
      clientTypes: ['IClient', 'IBrowserClient', 'INodeClient', 'IAsyncClient', 'SplitIO.IClient'],
      clientMakers: makers,
    },
    {
      family: 'ecmascript',
      packages: {
        '@splitsoftware/splitio-browserjs': 'browser',
        '@splitsoftware/splitio-react': 'browser',
        '@splitsoftware/splitio-redux': 'browser',
        '@splitsoftware/splitio-angular': 'browser',
        '@splitsoftware/splitio-reactnative': 'mobile',
      },
      methods: named(0),
      functions: [
        {
          names: [
            'useTreatment',
            'useTreatmentWithConfig',
            'useTreatments',
            'useTreatmentsWithConfig',
            'useSplitTreatments',
            'withSplitTreatments',
          ],
          key: inObject,
        },
        { names: ['getTreatments'], key: { arg: 0, property: 'splitNames' } },
        {
          names: [
            'selectTreatmentValue',
            'selectTreatmentWithConfig',
            'selectTreatmentAndStatus',
            'selectTreatmentWithConfigAndStatus',
          ],
          key: 1,
        },
      ],
      markers: [{ names: ['SplitTreatments'], key: { arg: 0, property: 'names' } }],
      clientTypes: ['IClient', 'IBrowserClient', 'SplitService'],
      clientMakers: makers,
    },
    {
      family: 'python',
      packages: { splitio: 'server' },
      methods: [
        {
          names: [
            'get_treatment',
            'get_treatment_with_config',
            'get_treatments',
            'get_treatments_with_config',
            'get_treatment_async',
          ],
          key: 1,
          named: { key: ['feature_flag_name', 'feature_flag_names', 'feature', 'features'] },
          distinctive: 'likely',
        },
      ],
      clientTypes: ['Client', 'ClientAsync', 'SplitFactory'],
      clientMakers: ['get_factory', 'get_factory_async', 'client'],
    },
    {
      family: 'go',
      packages: { 'github.com/splitio/go-client': 'server' },
      methods: [{ names: ['Treatment', 'Treatments', 'TreatmentWithConfig', 'TreatmentsWithConfig'], key: 1 }],
      clientTypes: ['SplitClient', 'SplitFactory'],
      clientMakers: ['NewSplitFactory', 'Client'],
    },
    {
      family: 'java',
      packages: { 'io.split.client': 'server' },
      methods: named(1),
      clientTypes: ['SplitClient', 'SplitFactory'],
      clientMakers: ['SplitFactoryBuilder', 'build', 'client'],
    },
    {
      family: 'java',
      packages: { 'io.split.android.client': 'mobile' },
      methods: named(0),
      clientTypes: ['SplitClient', 'SplitFactory'],
      clientMakers: ['SplitFactoryBuilder', 'build', 'client'],
    },
    {
      family: 'swift',
      packages: { Split: 'mobile' },
      methods: [
        { names: ['getTreatment', 'getTreatmentWithConfig'], key: 0 },
        { names: ['getTreatments', 'getTreatmentsWithConfig'], key: 0, named: { key: ['splits'] } },
      ],
      clientTypes: ['SplitClient', 'SplitFactory'],
      clientMakers: ['DefaultSplitFactoryBuilder', 'build', 'client'],
    },
    {
      family: 'csharp',
      packages: { Splitio: 'server' },
      methods: [
        {
          names: ['GetTreatment', 'GetTreatments', 'GetTreatmentWithConfig', 'GetTreatmentsWithConfig'].flatMap(
            (name) => [name, `${name}Async`],
          ),
          key: 1,
          named: { key: ['feature', 'features'] },
          distinctive: 'likely',
        },
      ],
      clientTypes: ['ISplitClient', 'SplitClient', 'ISplitFactory', 'SplitFactory'],
      clientMakers: ['SplitFactory', 'Client'],
    },
    {
      family: 'php',
      packages: { SplitIO: 'server' },
      methods: [
        {
          names: ['getTreatment', 'getTreatmentWithConfig', 'getTreatments', 'getTreatmentsWithConfig'],
          key: 1,
          named: { key: ['featureName', 'featureFlagName', 'featureNames', 'featureFlagNames'] },
          distinctive: 'likely',
        },
      ],
      clientTypes: ['ClientInterface', 'Client', 'SplitFactoryInterface', 'SplitFactory'],
      clientMakers: ['factory', 'client'],
    },
    rubyGem('splitclient-rb', 'SplitIoClient', {
      methods: [
        {
          names: ['get_treatment', 'get_treatment_with_config', 'get_treatments', 'get_treatments_with_config'],
          key: 1,
          distinctive: 'likely',
        },
      ],
      clientTypes: ['SplitClient', 'SplitFactory'],
      clientMakers: ['SplitFactory', 'build', 'client'],
    }),
  ],
};
