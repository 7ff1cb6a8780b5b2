import { baseAddress } from '../platform/addresses';

/** Where a workspace says which flag system it uses: for the search of the host. Nothing else of these files is kept. */
export const HINT_FILE_GLOBS: readonly string[] = [
  '**/.env',
  '**/.env.*',
  '**/{docker-compose,compose}*.{yml,yaml}',
  '**/package.json',
  '**/go.mod',
  '**/{requirements*.txt,pyproject.toml}',
  '**/{pom.xml,build.gradle,build.gradle.kts}',
  '**/*.csproj',
];
/** A file beyond this size is none of a kind that people write. */
export const MAX_HINT_FILE_BYTES = 512 * 1024;

/** A flag system that a file of the workspace speaks of, and the address it gives, where it gives one. */
export interface SystemHint {
  readonly system: 'unleash' | 'launchdarkly' | 'growthbook' | 'flagd' | 'goff' | 'flipt';
  readonly url: string | null;
  /** What says so, for people: `UNLEASH_URL`, `unleash-client`. */
  readonly evidence: string;
}

/** Packages by what depends on them. Longest match first is not needed: one is enough to say so. */
const packages: readonly (readonly [SystemHint['system'], RegExp])[] = [
  [
    'unleash',
    /["'\s/](unleash-client(?:-(?:go|java|python|dotnet))?|unleash-proxy-client|@unleash\/[\w-]+|UnleashClient|io\.getunleash|Unleash\.Client)\b/,
  ],
  // What is made for its API (command line, Terraform) does not say that code asks for its flags.
  [
    'launchdarkly',
    /["'\s/:](@launchdarkly\/[\w-]{0,60}sdk[\w-]{0,60}|launchdarkly-[\w-]{0,60}sdk[\w-]{0,60}|launchdarkly\/go-server-sdk|com\.launchdarkly|LaunchDarkly\.(?:Server|Client)Sdk)\b/,
  ],
  [
    'growthbook',
    /["'\s/:](@growthbook\/(?:growthbook(?:-react)?|edge-[\w-]{1,60})|growthbook\/growthbook-golang|(?:growthbook-)?growthbook-sdk-java|growthbook-c-sharp|growthbook(?:-openfeature-provider)?(?=[\s"'=<>~!]))/,
  ],
  [
    'goff',
    /["'\s/:](@openfeature\/go-feature-flag(?:-web)?-provider|thomaspoignant\/go-feature-flag|gofeatureflag[-_]python[-_]provider|providers\/go-feature-flag(?:-in-process)?|OpenFeature\.(?:Contrib\.)?Providers?\.GOFeatureFlag)\b/,
  ],
  [
    'flipt',
    /["'\s/:](@flipt-io\/[\w-]+|@openfeature\/flipt(?:-web)?-provider|go\.flipt\.io\/flipt[\w/-]{0,60}|flipt-client|openfeature-provider-flipt|io\.flipt|providers\/flipt|Flipt\.(?:Rest|Clients?)|OpenFeature\.(?:Contrib\.)?Providers?\.Flipt)\b/,
  ],
  [
    'flagd',
    /["'\s/](@openfeature\/flagd(?:-web)?-provider|openfeature-provider-flagd|providers\/flagd|OpenFeature\.(?:Contrib\.)?Providers?\.Flagd|dev\.openfeature\.contrib\.providers)\b/,
  ],
];
// Names and images are bounded, so that a file made to keep an expression busy does not.
const unleashVariable =
  /\b([A-Z0-9_]{0,100}UNLEASH[A-Z0-9_]{0,100}(?:URL|API|HOST))["']?\s*[:=]\s*["']?(https?:\/\/[^\s"'#,]+)/g;
const fliptVariable =
  /\b([A-Z0-9_]{0,100}FLIPT[A-Z0-9_]{0,100}(?:URL|ADDRESS|ADDR|HOST))["']?\s*[:=]\s*["']?(https?:\/\/[^\s"'#,]+)/g;
const images: readonly (readonly [SystemHint['system'], RegExp, string, string])[] = [
  ['unleash', /image:\s*["']?[^\s"']{0,300}unleash-(?:server|enterprise)/, '4242', 'http'],
  ['goff', /image:\s*["']?[^\s"']{0,300}gofeatureflag\/go-feature-flag/, '1031', 'http'],
  ['flipt', /image:\s*["']?[^\s"']{0,300}flipt(?:-io)?\/flipt/, '8080', 'http'],
  ['flagd', /image:\s*["']?[^\s"']{0,300}open-feature\/flagd(?![\w-])/, '8015', 'grpc'],
];
const manifests =
  /(^|\/)(package\.json|go\.mod|requirements[^/]*\.txt|pyproject\.toml|pom\.xml|build\.gradle(\.kts)?|[^/]*\.csproj)$/;

/** What one file says, `name` being its path with `/`. A file may say several things; addresses first. */
export function hintsIn(name: string, text: string): SystemHint[] {
  if (manifests.test(name))
    return packages.flatMap(([system, pattern]) => {
      const found = pattern.exec(text)?.[1];
      return found === undefined ? [] : [{ system, url: null, evidence: found }];
    });
  const named = [...text.matchAll(unleashVariable)].flatMap(([, variable = '', value = '']): SystemHint[] => {
    const url = unleashBase(value);
    return url === null ? [] : [{ system: 'unleash', url, evidence: variable }];
  });
  const flipt = [...text.matchAll(fliptVariable)].flatMap(([, variable = '', value = '']): SystemHint[] => {
    const base = baseAddress(value);
    return base ? [{ system: 'flipt', url: `${base.origin}${base.path}`, evidence: variable }] : [];
  });
  return [
    ...named,
    ...flipt,
    ...images.flatMap(([system, pattern, port, scheme]) => served(text, system, pattern, port, scheme)),
  ];
}

/** SDKs are given the address of the API; the admin API is below the same base. */
export function unleashBase(url: string): string | null {
  const base = baseAddress(url);
  return base && `${base.origin}${base.path.replace(/\/api(\/.*)?$/, '')}`;
}

/** A container whose port is published is at that port of this machine. */
function served(text: string, system: SystemHint['system'], image: RegExp, port: string, scheme: string): SystemHint[] {
  const found = image.exec(text);
  if (!found) return [];
  const service = text.slice(found.index, found.index + 4_000);
  const published = new RegExp(`["'\\s-](\\d{2,5}):${port}\\b`).exec(service)?.[1];
  const url = published === undefined ? null : `${scheme}://localhost:${published}`;
  return [{ system, url, evidence: (found[0].split(/[\s"']+/).at(-1) ?? '').slice(0, 100) }];
}
