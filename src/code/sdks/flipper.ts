import type { Vendor } from './callShape';
import { rubyGem } from './rubyGem';

const shapes = [{ names: ['enabled?'], key: 0 }];

/** `Flipper.enabled?(:key, actor)`; `Flipper[:key].enabled?(actor)` is read as the same. */
export const flipper: Vendor = {
  id: 'flipper',
  title: 'Flipper',
  mention: '\\bFlipper\\b',
  receiver: /flipper/i,
  rows: [
    rubyGem('flipper', 'Flipper', {
      methods: shapes,
      functions: shapes,
      clientTypes: ['DSL'],
      clientMakers: ['*', 'instance', 'DSL'],
    }),
  ],
};
