import type { CallShape, Vendor } from './callShape';

const types = ['Bool', 'Int', 'Float64', 'String', 'JSON', 'JSONArray'];
const variations: CallShape = {
  names: types.flatMap((type) => [`${type}Variation`, `${type}VariationDetails`]),
  key: 0,
  fallback: -1,
};

/**
 * GO Feature Flag has a client of its own in Go alone, whose functions ask the default one; elsewhere its providers are
 * OpenFeature's (https://gofeatureflag.org/docs/sdk).
 */
export const goFeatureFlag: Vendor = {
  id: 'goff',
  title: 'GO Feature Flag',
  mention: 'go-feature-flag|ffclient',
  receiver: /^_?(goff|ffclient)$|go_?feature_?flag/i,
  rows: [
    {
      family: 'go',
      packages: { 'github.com/thomaspoignant/go-feature-flag': 'server' },
      ownNames: { 'github.com/thomaspoignant/go-feature-flag': 'ffclient' },
      methods: [variations],
      functions: [variations],
      clientTypes: ['GoFeatureFlag'],
      clientMakers: ['New'],
    },
  ],
};
