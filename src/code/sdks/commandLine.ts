import type { Vendor } from './callShape';

/** Behind any argument: such a place is given by name only. */
const byNameOnly = 99;

/**
 * Programs that ask for one flag, by the words that say so.
 * ldcli: `ldcli flags get --flag KEY --project P`. Flipt: `flipt evaluate KEY` (docs.flipt.io/cli/commands/evaluate).
 * GO Feature Flag: `go-feature-flag-cli evaluate --flag KEY` (its cmd/cli/README.md).
 */
export const flagCommands: readonly string[] = ['ldcli flags get', 'flipt evaluate', 'go-feature-flag-cli evaluate'];

/** A request that asks for one flag by URL, besides OFREP's: what `curl` and its like are given. */
export interface FlagRequest {
  /** The name under which it is a call. */
  readonly name: string;
  /** The URL; its group is the key, which stands in the body where there is none. */
  readonly url: RegExp;
}

const end = String.raw`(?=$|["'?#])`;
const key = String.raw`([^/?#"'\s]+)`;

/**
 * Unleash: `/api/client/features/{name}`. LaunchDarkly: `/api/v2/flags/{project}/{key}`. GO Feature Flag's relay proxy:
 * `/v1/feature/{key}/eval`. flagd: `flagd.evaluation.v1.Service/ResolveBoolean` (before: `schema.v1`), also by gRPC.
 * Flipt: `/evaluate/v1/boolean`.
 */
export const flagRequests: readonly FlagRequest[] = [
  { name: 'GET /api/client/features/{key}', url: new RegExp(`/api/client/features/${key}${end}`, 'd') },
  { name: 'GET /api/v2/flags/{project}/{key}', url: new RegExp(`/api/v2/flags/[^/?#"'\\s]+/${key}${end}`, 'd') },
  { name: 'POST /v1/feature/{key}/eval', url: new RegExp(`/v1/feature/${key}/eval${end}`, 'd') },
  {
    name: 'flagd Service/Resolve',
    url: /\b(?:flagd\.evaluation|schema)\.v1\.Service\/Resolve(?:Boolean|String|Int|Float|Object)\b/,
  },
  { name: 'POST /evaluate/v1', url: /\/evaluate\/v1\/(?:boolean|variant)\b/ },
];

function asked(
  { id, title }: { readonly id: string; readonly title: string },
  commands: readonly { readonly name: string; readonly key: number }[],
  mention: string,
): Vendor {
  const pkg = `${title} from a script`;
  return {
    id,
    title,
    mention,
    receiver: /(?!)/,
    rows: [
      {
        family: 'shell',
        packages: { [pkg]: 'unknown' },
        functions: commands.map((command) => ({ names: [command.name], key: command.key, named: { key: ['flag'] } })),
        globals: Object.fromEntries(commands.map(({ name }) => [name, { pkg, name }])),
      },
    ],
  };
}

/** Flag systems as shell scripts ask them. */
export const commandLine: readonly Vendor[] = [
  asked(
    { id: 'launchdarkly', title: 'LaunchDarkly' },
    [
      { name: 'ldcli flags get', key: byNameOnly },
      { name: 'GET /api/v2/flags/{project}/{key}', key: 0 },
    ],
    'ldcli flags get|/api/v2/flags/',
  ),
  asked(
    { id: 'unleash', title: 'Unleash' },
    [{ name: 'GET /api/client/features/{key}', key: 0 }],
    '/api/client/features/',
  ),
  asked(
    { id: 'flipt', title: 'Flipt' },
    [
      { name: 'flipt evaluate', key: 0 },
      { name: 'POST /evaluate/v1', key: 0 },
    ],
    'flipt evaluate|/evaluate/v1/(boolean|variant)',
  ),
  asked(
    { id: 'goff', title: 'GO Feature Flag' },
    [
      { name: 'go-feature-flag-cli evaluate', key: byNameOnly },
      { name: 'POST /v1/feature/{key}/eval', key: 0 },
    ],
    'go-feature-flag-cli|/v1/feature/',
  ),
  asked(
    { id: 'flagd', title: 'flagd' },
    [{ name: 'flagd Service/Resolve', key: 0 }],
    '(flagd\\.evaluation|schema)\\.v1\\.Service/Resolve',
  ),
];
