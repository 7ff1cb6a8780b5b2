import { saysFlag, wordsOf } from '../flagNames';

/** Words with which the name of a service ends that has all flags. */
const serviceWords = new Set([
  'service',
  'services',
  'client',
  'manager',
  'provider',
  'evaluator',
  'checker',
  'context',
  'resolver',
  'sdk',
  'api',
  'helper',
  'reader',
  'flags',
  'features',
  'toggles',
  'experiments',
  'featureflags',
  'featuretoggles',
  'unleash',
]);

/** Words that command lines have as well: `cmd.Flags()`, `rootCmd.PersistentFlags()`. */
const commonWords = new Set(['flag', 'flags']);

/** Whether a type or a variable by its name is a service of flags: `IFeatureService`, `featureFlags`; not `FeatureFlag`. */
export function isFlagService(name: string): boolean {
  const words = wordsOf(name);
  const last = words.at(-1) ?? '';
  if (!saysFlag(name) || !serviceWords.has(last)) return false;
  return !commonWords.has(last) || words.some((word) => !commonWords.has(word) && saysFlag(word));
}
