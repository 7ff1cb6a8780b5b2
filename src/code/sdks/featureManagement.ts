import type { CallShape, Vendor } from './callShape';

const python: CallShape = {
  names: ['is_enabled', 'get_variant'],
  key: 0,
  named: { key: ['feature_flag_id'] },
};

/** Microsoft's feature management. `IsEnabledAsync` is a common word: the receiver decides. */
export const featureManagement: Vendor = {
  id: 'microsoft-featuremanagement',
  title: 'Microsoft Feature Management',
  mention: '[fF]eature[-_.]?[mM]anage(r|ment)|FeatureGate|ForFeature\\b',
  receiver: /feature_?manager(_?snapshot)?$/i,
  rows: [
    {
      family: 'csharp',
      packages: { 'Microsoft.FeatureManagement': 'server' },
      methods: [{ names: ['IsEnabledAsync', 'GetVariantAsync'], key: 0, named: { key: ['feature'] } }],
      markers: [{ names: ['FeatureGate', 'FeatureGateAttribute'], key: { from: 0 } }],
      clientTypes: [
        'IFeatureManager',
        'IFeatureManagerSnapshot',
        'IVariantFeatureManager',
        'IVariantFeatureManagerSnapshot',
        'FeatureManager',
      ],
      clientMakers: ['FeatureManager'],
    },
    {
      family: 'ecmascript',
      packages: { '@microsoft/feature-management': 'anywhere' },
      methods: [{ names: ['isEnabled', 'getVariant'], key: 0 }],
      clientTypes: ['FeatureManager', 'IFeatureManager'],
      clientMakers: ['FeatureManager'],
    },
    {
      family: 'python',
      packages: { featuremanagement: 'server' },
      methods: [python],
      clientTypes: ['FeatureManager'],
      clientMakers: ['FeatureManager'],
    },
    {
      family: 'go',
      packages: { 'github.com/microsoft/Featuremanagement-Go/featuremanagement': 'server' },
      methods: [{ names: ['IsEnabled', 'IsEnabledWithAppContext', 'GetVariant'], key: 0 }],
      clientTypes: ['FeatureManager'],
      clientMakers: ['NewFeatureManager'],
    },
    {
      family: 'java',
      packages: { 'com.azure.spring.cloud.feature.management': 'server' },
      methods: [{ names: ['isEnabled', 'isEnabledAsync', 'getVariant', 'getVariantAsync'], key: 0 }],
      markers: [{ names: ['FeatureGate'], key: 0, named: { key: ['feature'] } }],
      clientTypes: ['FeatureManager', 'FeatureManagerSnapshot'],
    },
  ],
};
