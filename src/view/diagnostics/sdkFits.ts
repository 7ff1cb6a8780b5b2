/** SDKs in front of any flag system: which one stands behind them is said where the program starts, not at the call. */
const inFrontOfAny: ReadonlySet<string> = new Set(['openfeature', 'ofrep']);

/** A system that is known by a list of its keys alone, for which any SDK may stand. */
export const listedKeysType = 'list';

/** Other names by which `.sightglass.json` may call the system of an SDK. */
const alsoCalled: Readonly<Record<string, readonly string[]>> = {
  goff: ['go-feature-flag', 'gofeatureflag'],
  'microsoft-featuremanagement': ['azure-appconfiguration', 'azure-app-configuration'],
};

/**
 * Whether a call of an SDK may ask a flag system of a type. An unknown SDK (null) is none's: it may be a service of the
 * project's own, with flags that no system has.
 */
export function sdkFits(sdk: string | null, systemType: string): boolean {
  if (sdk === null) return false;
  if (inFrontOfAny.has(sdk) || sdk === systemType || systemType === listedKeysType) return true;
  return Object.hasOwn(alsoCalled, sdk) && (alsoCalled[sdk]?.includes(systemType) ?? false);
}
