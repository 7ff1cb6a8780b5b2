import type { Setting, Vendor } from './callShape';

/** A segment of the setting's name says that it is a flag: `app.features.x`, `feature-toggle.x`, `x.flag`. */
const flag: Setting['flag'] =
  /(^|[.\-_])(features?|toggles?|flags?|experiments?|(feature|ff)[-_]?(flag|toggle|switch)(e?s)?)([.\-_]|$)/i;

/**
 * Spring's own settings, of which those are flags that are called so: `@Value("${features.x:false}")` and
 * `@ConditionalOnProperty(prefix = "features", name = "x")`.
 */
export const spring: Vendor = {
  id: 'spring',
  title: 'Spring settings',
  mention: '@Value\\s*\\(.*([fF]eature|[tT]oggle|[fF]lag|[eE]xperiment)|@Conditional(OnProperty|OnBooleanProperty)\\b',
  receiver: /(?!)/,
  rows: [
    {
      family: 'java',
      packages: {
        'org.springframework.beans.factory.annotation': 'server',
        'org.springframework.boot.autoconfigure.condition': 'server',
      },
      markers: [
        { names: ['Value'], key: 0, named: { key: ['value'] }, setting: { flag, placeholder: true } },
        {
          names: ['ConditionalOnProperty', 'ConditionalOnBooleanProperty'],
          key: 0,
          named: { key: ['name', 'value'] },
          setting: { flag, prefix: 'prefix' },
        },
      ],
    },
  ],
};
