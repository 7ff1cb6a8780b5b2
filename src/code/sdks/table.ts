import type { CallShape, EvaluatedOn, Sdk } from './callShape';
import { launchDarkly } from './launchdarkly';
import { openFeature } from './openfeature';
import { unleash } from './unleash';

export const sdks: readonly Sdk[] = [openFeature, launchDarkly, unleash];

export interface SdkPackage {
  readonly sdk: Sdk;
  readonly name: string;
  readonly evaluatedOn: EvaluatedOn;
}

const packages = new Map<string, SdkPackage>(
  sdks.flatMap((sdk) =>
    Object.entries(sdk.packages).map(([name, evaluatedOn]) => [name, { sdk, name, evaluatedOn }] as const),
  ),
);

const bySpecifier = new Map<string, SdkPackage | undefined>();
const mostRemembered = 50_000;

/** The SDK a module specifier belongs to, deep imports included. */
export function sdkPackage(specifier: string): SdkPackage | undefined {
  if (bySpecifier.has(specifier)) return bySpecifier.get(specifier);
  const found = findPackage(specifier);
  if (bySpecifier.size >= mostRemembered) bySpecifier.clear();
  bySpecifier.set(specifier, found);
  return found;
}

function findPackage(specifier: string): SdkPackage | undefined {
  for (let at = specifier; ; at = at.slice(0, at.lastIndexOf('/'))) {
    const found = packages.get(at);
    if (found) return found;
    if (!at.includes('/')) return undefined;
  }
}

/** Row of a name in one list of shapes. */
export function shapeOf(shapes: readonly CallShape[], name: string): CallShape | undefined {
  return shapes.find((shape) => shape.names.includes(name));
}

const distinctiveMethods = new Map(
  sdks.flatMap((sdk) =>
    sdk.methods.flatMap((shape) =>
      shape.distinctive ? shape.names.map((name) => [name, { sdk, shape }] as const) : [],
    ),
  ),
);

/** SDK and row of a method name that no other library has. */
export function distinctive(name: string): { readonly sdk: Sdk; readonly shape: CallShape } | undefined {
  return distinctiveMethods.get(name);
}

/** Words that make a file a candidate: package names, distinctive methods. For the candidate search. */
export const candidateWords: readonly string[] = [...distinctiveMethods.keys()];
export const packageNames: readonly string[] = [...packages.keys()];
