import type { StoreProject } from '../flags/api';
import type { Capabilities } from '../flags/system';
import { lastKnown } from '../model/answer';
import type { Environment, SilentEnvironment } from '../model/flag';
import { environmentId } from '../model/identity';
import { dotted, oneLine } from '../view/text';
import type { Command } from './commandLine';
import { problemText } from '../workers/problemText';
import { exitCodes, type Surroundings } from './surroundings';
import { Workspace } from './workspace';

/** One environment of a system, as `systems --json` gives it. `capabilities` null: nobody knows yet what it can. */
interface ListedEnvironment {
  readonly environment: Environment;
  /** Nothing can be changed there from here. */
  readonly readOnly: boolean;
  readonly capabilities: Capabilities | null;
  readonly silent: SilentEnvironment | null;
}

interface ListedSystem {
  readonly system: string;
  readonly type: string;
  readonly project: string;
  readonly configuration: string | null;
  /** State of its last answer (`ok`, `unreachable`...), and why where it gave none. */
  readonly state: string;
  readonly reason: string | null;
  readonly flags: number | null;
  readonly problems: number;
  readonly environments: readonly ListedEnvironment[];
}

/** So many problems of a system are written out for people. */
const mostProblems = 20;

/** `systems`: what is connected here, and what each can do in each environment. */
export async function systemsCommand(
  { place, json }: Extract<Command, { name: 'systems' }>,
  surroundings: Surroundings,
): Promise<number> {
  const { out, err } = surroundings;
  const workspace = await Workspace.open(place, surroundings);
  try {
    const { flags } = workspace;
    for (const problem of flags.problems()) err(`${problemText(problem, workspace.folder)}\n`);
    const projects = flags.projects().filter(({ config }) => place.project === null || config.name === place.project);
    const listed = projects.map((project) => listedSystem(project, workspace));
    if (json) out(`${JSON.stringify({ systems: listed })}\n`);
    else for (const line of projects.flatMap((project) => linesOf(project, workspace))) out(`${line}\n`);
    if (listed.length === 0) err('No flag system is connected here: there is no usable .sightglass.json.\n');
    return listed.length === 0 ? exitCodes.couldNotAsk : exitCodes.done;
  } finally {
    workspace.dispose();
  }
}

function listedSystem(project: StoreProject, { flags }: Workspace): ListedSystem {
  const { system, systemType, config, configPath, answer } = project;
  const ref = { system, project: config.name };
  const known = lastKnown(answer)?.value;
  const asked = flags.systemFor(ref);
  const environments = known?.environments ?? flags.environmentsFor(ref);
  return {
    system,
    type: systemType,
    project: config.name,
    configuration: configPath,
    state: answer.state,
    reason: 'reason' in answer ? (answer.reason ?? null) : null,
    flags: known?.flags.length ?? null,
    problems: known?.problems.length ?? 0,
    environments: environments.map((environment) => {
      const capabilities = asked?.describe(environment.ref) ?? null;
      const id = environmentId(environment.ref);
      return {
        environment,
        readOnly: environment.readOnly || capabilities?.write === false,
        capabilities,
        silent: known?.silent?.find((one) => environmentId(one.environment) === id) ?? null,
      };
    }),
  };
}

function linesOf(of: StoreProject, workspace: Workspace): string[] {
  const { system, type, project, state, reason, flags, environments } = listedSystem(of, workspace);
  const problems = lastKnown(of.answer)?.value.problems ?? [];
  const left = problems.length - mostProblems;
  const counted = flags === null ? null : `${String(flags)} ${flags === 1 ? 'flag' : 'flags'}`;
  const title = dotted(`${oneLine(system)}/${oneLine(project)}`, oneLine(type), counted ?? state);
  return [
    reason === null ? title : `${title}  (${oneLine(reason, 300)})`,
    ...environments.map(({ environment, readOnly, capabilities, silent }) => {
      const { ref, kind, protected: guarded, sourceName } = environment;
      const marks = dotted(kind, guarded.value && 'protected', readOnly && 'read-only', oneLine(sourceName));
      const can = capabilities === null ? '' : canWords(capabilities);
      const quiet = silent === null ? '' : `  (${oneLine(silent.reason, 300)})`;
      return `  ${oneLine(ref.name)}  ${marks}${can === '' ? '' : `  ${can}`}${quiet}`;
    }),
    ...problems
      .slice(0, mostProblems)
      .map((problem) => `  ${problem.severity}  ${problemText(problem, workspace.folder)}`),
    ...(left > 0 ? [`  and ${String(left)} more problems`] : []),
  ];
}

/** What it can, by the names that `--json` has. */
function canWords(capabilities: Capabilities): string {
  return Object.entries(capabilities)
    .flatMap(([name, can]) => (can === true ? [name] : []))
    .join(', ');
}
