import { bladeFeature } from '../embed/blade';
import type { Vendor } from './callShape';

/** Laravel's own: `Feature::active('new-api')`, `Feature::for($user)->value('theme')`, classes as keys. */
export const pennant: Vendor = {
  id: 'pennant',
  title: 'Laravel Pennant',
  mention: 'Pennant|@feature(any)?\\s*\\(',
  receiver: /(?!)/,
  rows: [
    {
      family: 'php',
      packages: { 'Laravel\\Pennant': 'server' },
      methods: [
        { names: ['active', 'inactive', 'value', 'when', 'unless'], key: 0, named: { key: ['feature'] } },
        {
          names: ['allAreActive', 'someAreActive', 'allAreInactive', 'someAreInactive', 'values'],
          key: 0,
          named: { key: ['features'] },
        },
        // Of the middleware that stands before routes.
        { names: ['using'], key: { from: 0 } },
      ],
      clientTypes: ['FeatureManager'],
      clientMakers: ['for', 'store', 'driver'],
      clients: ['Feature', 'EnsureFeaturesAreActive'],
      // Blade's directives, in templates that import nothing.
      functions: [{ names: [bladeFeature], key: 0, inUse: true, said: '@feature' }],
      globals: { [bladeFeature]: { pkg: 'Laravel\\Pennant', name: bladeFeature } },
    },
  ],
};
