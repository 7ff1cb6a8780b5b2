import type { CallShape, Place, Vendor } from './callShape';
import { rubyGem } from './rubyGem';

const inRequest: Place = { arg: 0, property: 'flagKey' };
/** Requests of a batch each name a flag. */
const inRequests: Place = { arg: 0, property: 'requests' };
const go: Place = { arg: 1, property: 'FlagKey' };

const evaluates: readonly CallShape[] = [
  { names: ['evaluateBoolean', 'evaluateVariant'], key: [inRequest, 0], distinctive: 'likely' },
  { names: ['evaluateBatch'], key: 0 },
];

/** A flag is asked for by a request that names it; newer clients take its key first. */
export const flipt: Vendor = {
  id: 'flipt',
  title: 'Flipt',
  mention: '[fF]lipt',
  receiver: /flipt/i,
  rows: [
    {
      family: 'ecmascript',
      packages: {
        '@flipt-io/flipt': 'server',
        '@flipt-io/flipt-client': 'server',
        '@flipt-io/flipt-client-js': 'anywhere',
        '@flipt-io/flipt-client-browser': 'browser',
        '@flipt-io/flipt-client-react': 'browser',
      },
      methods: [...evaluates, { names: ['boolean', 'variant'], key: inRequest }, { names: ['batch'], key: inRequests }],
      functions: [{ names: ['useFliptBoolean', 'useFliptVariant'], key: 0, fallback: 1 }],
      clientTypes: ['FliptClient', 'FliptEvaluationClient', 'FliptMetrics'],
      clientMakers: [
        'FliptClient',
        'FliptEvaluationClient',
        'init',
        'evaluation',
        'client',
        'useFliptContext',
        'useFliptClient',
      ],
    },
    {
      family: 'python',
      packages: { flipt: 'server', flipt_client: 'server' },
      methods: [
        {
          names: ['evaluate_boolean', 'evaluate_variant'],
          key: 0,
          named: { key: ['flag_key'] },
          distinctive: 'likely',
        },
        { names: ['boolean', 'variant'], key: { arg: 0, property: 'flag_key' } },
        { names: ['batch'], key: { arg: 0, property: 'requests' } },
      ],
      clientTypes: ['FliptClient', 'AsyncFliptClient', 'SyncFliptClient', 'FliptEvaluationClient'],
      clientMakers: ['FliptClient', 'AsyncFliptClient', 'FliptEvaluationClient', 'evaluation'],
    },
    {
      family: 'go',
      packages: {
        'go.flipt.io/flipt/sdk/go': 'server',
        'go.flipt.io/flipt-client': 'server',
        'go.flipt.io/flipt-grpc': 'server',
        'go.flipt.io/flipt/rpc/flipt': 'server',
      },
      ownNames: { 'go.flipt.io/flipt/sdk/go': 'sdk', 'go.flipt.io/flipt-client': 'flipt' },
      methods: [
        { names: ['EvaluateBoolean', 'EvaluateVariant'], key: go, distinctive: 'likely' },
        { names: ['Boolean', 'Variant', 'Evaluate'], key: go },
        { names: ['Batch', 'EvaluateBatch'], key: { arg: 1, property: 'Requests' } },
      ],
      clientTypes: ['SDK', 'Client', 'FliptClient', 'EvaluationClient', 'Evaluation', 'EvaluationServiceClient'],
      clientMakers: [
        'New',
        'NewClient',
        'NewEvaluationClient',
        'NewFliptClient',
        'NewEvaluationServiceClient',
        'Evaluation',
        'Flipt',
      ],
    },
    {
      family: 'java',
      packages: { 'io.flipt.client': 'server' },
      methods: [{ names: ['evaluateBoolean', 'evaluateVariant'], key: 0, distinctive: 'likely' }],
      clientTypes: ['FliptClient', 'FliptEvaluationClient'],
      clientMakers: ['FliptClient', 'FliptEvaluationClient', 'builder', 'build'],
    },
    // The server's takes a request that is built.
    {
      family: 'java',
      packages: { 'io.flipt.api': 'server' },
      methods: [{ names: ['flagKey'], key: 0 }],
      clientTypes: ['EvaluationRequest', 'EvaluationRequestBuilder'],
      clientMakers: ['EvaluationRequest', 'builder', 'namespaceKey', 'entityId', 'context'],
    },
    {
      family: 'swift',
      packages: { FliptClient: 'mobile' },
      methods: [{ names: ['evaluateBoolean', 'evaluateVariant'], key: 0, named: { key: ['flagKey'] } }],
      clientTypes: ['FliptClient'],
      clientMakers: ['FliptClient'],
    },
    {
      family: 'csharp',
      packages: { FliptClient: 'server', Flipt: 'server' },
      methods: [
        {
          names: ['EvaluateBoolean', 'EvaluateVariant', 'EvaluateBooleanAsync', 'EvaluateVariantAsync'],
          key: [{ arg: 0, property: 'FlagKey' }, 0],
          named: { key: ['flagKey'] },
          distinctive: 'likely',
        },
      ],
      clientTypes: ['FliptClient', 'IFliptClient', 'EvaluationClient', 'Evaluation'],
      clientMakers: ['FliptClient', 'EvaluationClient', 'Builder', 'Build', 'Evaluation'],
    },
    {
      family: 'php',
      packages: { 'Flipt\\Client': 'server', Flipt: 'server' },
      methods: [
        {
          names: ['boolean', 'variant', 'evaluateBoolean', 'evaluateVariant'],
          key: 0,
          named: { key: ['flag', 'flagKey', 'name'] },
        },
      ],
      clientTypes: ['FliptClient', 'FliptClientInterface'],
      clientMakers: ['FliptClient', 'withNamespace'],
    },
    {
      family: 'rust',
      packages: {
        flipt: 'server',
        flipt_client: 'server',
        flipt_evaluation: 'server',
        fliptengine: 'server',
        fliptevaluation: 'server',
      },
      methods: [
        {
          names: ['boolean', 'variant', 'evaluate_boolean', 'evaluate_variant'],
          key: [{ arg: 0, property: 'flag_key' }, 0],
        },
      ],
      clientTypes: ['FliptClient', 'EvaluationClient', 'Evaluation'],
      clientMakers: ['new', 'build', 'builder', 'evaluation'],
    },
    rubyGem('flipt_client', 'Flipt', {
      methods: [
        {
          names: ['evaluate_boolean', 'evaluate_variant'],
          key: [{ arg: 0, property: 'flag_key' }, 0],
          named: { key: ['flag_key'] },
          distinctive: 'likely',
        },
      ],
      clientTypes: ['Client', 'EvaluationClient'],
      clientMakers: ['Client', 'EvaluationClient'],
    }),
  ],
};
