/** Words that make a name tell of flags. */
const flagWords = new Set([
  'feature',
  'features',
  'flag',
  'flags',
  'featureflag',
  'featureflags',
  'toggle',
  'toggles',
  'featuretoggle',
  'featuretoggles',
  'experiment',
  'experiments',
  'gate',
  'gates',
  'variant',
  'variants',
  'variation',
  'variations',
  'unleash',
  'launchdarkly',
]);

/** Words of what one may buy, be allowed or be routed to: features of another kind. */
const otherWords = new Set([
  'licence',
  'license',
  'licences',
  'licenses',
  'licensing',
  'plan',
  'plans',
  'tier',
  'tiers',
  'subscription',
  'entitlement',
  'entitlements',
  'permission',
  'permissions',
  'product',
  'products',
  'edition',
  'capability',
  'capabilities',
  'route',
  'routes',
  'cpu',
  'geo',
  'map',
  'compiler',
]);

/** Words with which a name asks for a value. */
const askingWords = new Set([
  'is',
  'are',
  'get',
  'check',
  'evaluate',
  'eval',
  'require',
  'requires',
  'use',
  'fetch',
  'resolve',
  'if',
  'when',
  'enabled',
  'disabled',
  'active',
  'variation',
  'variant',
  'treatment',
  'bool',
  'boolean',
  'string',
  'int',
  'integer',
  'number',
  'double',
  'float',
  'json',
  'on',
  'off',
  'decide',
]);

/** Words of a name that asks for something else than a value, or changes one. */
const tellingWords = new Set([
  'all',
  'names',
  'keys',
  'list',
  'description',
  'info',
  'metadata',
  'count',
  'url',
  'status',
  'history',
  'override',
  'overrides',
  'set',
  'remove',
  'delete',
  'add',
  'create',
  'update',
  'register',
  'log',
  'track',
  'definition',
  'definitions',
  'options',
  'provider',
  'client',
  'service',
]);

/** Names of code come again and again. */
const known = new Map<string, readonly string[]>();
const mostRemembered = 20_000;

/** `isNewUI_enabled` → is, new, ui, enabled. */
export function wordsOf(name: string): readonly string[] {
  let words = known.get(name);
  if (!words) {
    words = (name.match(/[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+/g) ?? []).map((word) => word.toLowerCase());
    if (known.size >= mostRemembered) known.clear();
    known.set(name, words);
  }
  return words;
}

/** Whether a name tells of flags: `featureService`, `FeatureFlagKeys`, `isToggleOn`; not `planFeatures`. */
export function saysFlag(name: string): boolean {
  const words = wordsOf(name);
  return words.some((word) => flagWords.has(word)) && !words.some((word) => otherWords.has(word));
}

/** Whether a name asks for one flag's value where what it is asked of is known to have flags: `isEnabled`, `GetIntVariation`. */
export function asksForValue(name: string): boolean {
  const words = wordsOf(name);
  return words.some((word) => askingWords.has(word)) && !words.some((word) => tellingWords.has(word));
}

/** Whether a name alone asks for a flag: `requireFeature`, `useFeatureFlag`, `isToggleEnabled`. */
export function asksForFlag(name: string): boolean {
  return saysFlag(name) && asksForValue(name);
}

/** Whether a name hands out all flags at once, where what it is asked of has flags: `GetAll`, `allFlags`. */
export function asksForAll(name: string): boolean {
  const words = wordsOf(name);
  return words.includes('all') && !words.some((word) => word !== 'all' && tellingWords.has(word));
}

/** What a file says that asks a service of flags of no known SDK, in either case of its first letter. */
export const serviceMentions: readonly string[] = [
  'eatureFlag',
  'eature_flag',
  'eatureToggle',
  'eature_toggle',
  'eatureService',
  'eature_service',
  'equireFeature',
  'lagService',
  'lag_service',
  'lagClient',
  'oggleService',
];
