import type { Family } from '../summary';
import type { CallShape, EvaluatedOn, Sdk, Vendor } from './callShape';
import { commandLine } from './commandLine';
import { configCat } from './configcat';
import { devCycle } from './devcycle';
import { featureManagement } from './featureManagement';
import { firebase } from './firebase';
import { flagsmith } from './flagsmith';
import { flipper } from './flipper';
import { flipt } from './flipt';
import { goFeatureFlag } from './goFeatureFlag';
import { growthBook } from './growthbook';
import { harness } from './harness';
import { launchDarkly } from './launchdarkly';
import { openFeature } from './openfeature';
import { optimizely } from './optimizely';
import { pennant } from './pennant';
import { postHog } from './posthog';
import { split } from './split';
import { spring } from './spring';
import { statsig } from './statsig';
import { unleash } from './unleash';

/** Every flag system whose SDKs are known. */
export const vendors: readonly Vendor[] = [
  openFeature,
  launchDarkly,
  unleash,
  flagsmith,
  growthBook,
  configCat,
  statsig,
  postHog,
  split,
  harness,
  devCycle,
  flipt,
  optimizely,
  goFeatureFlag,
  firebase,
  featureManagement,
  spring,
  pennant,
  ...commandLine,
  flipper,
];

const nothing = {
  ownNames: {},
  methods: [],
  functions: [],
  markers: [],
  clientTypes: [],
  clientMakers: [],
  clients: [],
  bags: [],
  globals: {},
};

export const sdks: readonly Sdk[] = vendors.flatMap(({ id, title, receiver, rows }) =>
  rows.map((row) => ({ ...nothing, ...row, id, title, receiver })),
);

export interface SdkPackage {
  readonly sdk: Sdk;
  readonly name: string;
  readonly evaluatedOn: EvaluatedOn;
  /** It runs in browsers and on servers alike: `evaluatedOn` is not known from other packages either. */
  readonly anywhere: boolean;
}

/** By family and name: packages of several languages are called alike. */
const packages = new Map<string, SdkPackage>(
  sdks.flatMap((sdk) =>
    Object.entries(sdk.packages).map(
      ([name, where]) =>
        [
          `${sdk.family} ${name}`,
          { sdk, name, evaluatedOn: where === 'anywhere' ? 'unknown' : where, anywhere: where === 'anywhere' },
        ] as const,
    ),
  ),
);

const bySpecifier = new Map<string, SdkPackage | undefined>();
const mostRemembered = 50_000;

/** The SDK that a module, namespace or crate belongs to, what is deeper inside it included. */
export function sdkPackage(specifier: string, family: Family): SdkPackage | undefined {
  const asked = `${family} ${specifier}`;
  if (bySpecifier.has(asked)) return bySpecifier.get(asked);
  const found = findPackage(family === 'ecmascript' ? plainName(specifier) : specifier, family);
  if (bySpecifier.size >= mostRemembered) bySpecifier.clear();
  bySpecifier.set(asked, found);
  return found;
}

const delivered = /^(?:npm:\/?|https:\/\/(?:esm\.sh|cdn\.skypack\.dev|unpkg\.com|cdn\.jsdelivr\.net\/npm)\/)/;

/** A package as Deno and pages name it: `npm:posthog-node@4`, `https://esm.sh/posthog-node@4/x`. */
function plainName(specifier: string): string {
  return delivered.test(specifier)
    ? specifier.replace(delivered, '').replace(/^((?:@[^/@]+\/)?[^/@]+)@[^/]*/, '$1')
    : specifier;
}

/** `a/b`, `a.b` (Python, Java, C#, and `gopkg.in/…/go-server-sdk.v5`), `a::b` (Rust, Ruby), `a\b` (PHP). */
const separator = /[/.\\]|::/g;

function findPackage(specifier: string, family: Family): SdkPackage | undefined {
  const ends = [...specifier.matchAll(separator)].map(({ index }) => index).reverse();
  for (const end of [specifier.length, ...ends]) {
    const found = packages.get(`${family} ${specifier.slice(0, end)}`);
    if (found) return found;
  }
  return undefined;
}

/** What a name is that no file declares and no import brings, where a `script` element brings it. */
export function globalOf(
  family: Family,
  name: string,
): { readonly pkg: SdkPackage; readonly name: string } | undefined {
  return globals.get(`${family} ${name}`);
}

const globals = new Map(
  sdks.flatMap((sdk) =>
    Object.entries(sdk.globals).flatMap(([global, { pkg, name }]) => {
      const found = packages.get(`${sdk.family} ${pkg}`);
      return found ? [[`${sdk.family} ${global}`, { pkg: found, name }] as const] : [];
    }),
  ),
);

/** Row of a name in one list of shapes. */
export function shapeOf(shapes: readonly CallShape[], name: string): CallShape | undefined {
  return shapes.find((shape) => shape.names.includes(name));
}

export interface DistinctiveMethod {
  readonly sdk: Sdk;
  readonly shape: CallShape;
}

const distinctiveMethods = new Map<string, DistinctiveMethod[]>();
for (const sdk of sdks)
  for (const shape of sdk.methods.filter((method) => method.distinctive))
    for (const name of shape.names) append(distinctiveMethods, `${sdk.family} ${name}`, { sdk, shape });

/** SDKs and rows of a method name that no other library of these languages has. */
export function distinctive(family: Family, name: string): readonly DistinctiveMethod[] {
  return distinctiveMethods.get(`${family} ${name}`) ?? [];
}

const byFamily = new Map<Family, Sdk[]>();
const shapeNames = new Map<Family, Set<string>>();
for (const sdk of sdks) {
  append(byFamily, sdk.family, sdk);
  const names = shapeNames.get(sdk.family) ?? new Set();
  shapeNames.set(sdk.family, names);
  for (const shape of [...sdk.methods, ...sdk.functions, ...sdk.markers])
    for (const name of shape.names) names.add(name);
}

/** The SDKs of a family of languages. */
export function sdksOf(family: Family): readonly Sdk[] {
  return byFamily.get(family) ?? [];
}

/** Whether a name is one that code takes from an SDK's package. */
export function isSdkName(sdk: Sdk, name: string): boolean {
  return (
    sdk.clientTypes.includes(name) ||
    sdk.clientMakers.includes(name) ||
    [...sdk.functions, ...sdk.markers].some((shape) => shape.names.includes(name))
  );
}

/** Whether an SDK of these languages has a call of this name. */
export function isShapeName(family: Family, name: string): boolean {
  return shapeNames.get(family)?.has(name) ?? false;
}

/** What packages of a family call themselves whose path ends otherwise, by path. */
export function ownNames(family: Family): Readonly<Record<string, string>> {
  return Object.assign({}, ...sdksOf(family).map((sdk) => sdk.ownNames)) as Record<string, string>;
}

/** What files contain that use an SDK, as regular expressions. */
export const mentions: readonly string[] = [...new Set(vendors.map(({ mention }) => mention))];

/** The same of the vendors that have SDKs in a family of languages. */
export function mentionsOf(family: Family): readonly string[] {
  const own = vendors.filter(({ rows }) => rows.some((row) => row.family === family));
  return [...new Set(own.map(({ mention }) => mention))];
}

/** Methods by which alone a file is worth reading. */
export const distinctiveNames: readonly string[] = [
  ...new Set([...distinctiveMethods.keys()].map((key) => key.slice(key.indexOf(' ') + 1))),
];

function append<K, T>(map: Map<K, T[]>, key: K, value: T): void {
  const list = map.get(key);
  if (list) list.push(value);
  else map.set(key, [value]);
}
