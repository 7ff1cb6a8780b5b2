import * as vscode from 'vscode';
import type { Flags } from '../flags/api';
import { lastKnown } from '../model/answer';
import type { Environment } from '../model/flag';
import type { Clock } from '../platform/clock';
import type { L10n } from '../platform/l10n';
import { windowsOffered, type Choices } from './choices';
import type { CodeIndex } from './codeIndex';
import type { CommandHandler } from './commandTable';
import type { SignalFeed } from './signalFeed';
import { sourceLines } from '../view/signalSources';
import { iconless, linkless, oneLine } from '../view/text';

export interface ChoiceCommandsOf {
  readonly flags: Flags;
  readonly choices: Choices;
  readonly feed: SignalFeed;
  readonly code: CodeIndex;
  readonly clock: Clock;
  readonly l10n: L10n;
  readonly connectMetricsServer: () => Promise<void>;
}

type ChoiceCommand =
  | 'sightglass.chooseEnvironment'
  | 'sightglass.chooseWindow'
  | 'sightglass.showSources'
  | 'sightglass.connectTelemetry'
  | 'sightglass.dimUnreachedCode'
  | 'sightglass.toggleInlineFacts';

/** What the reader looks at: environment, window, sources. Nothing here changes a flag. */
export function choiceCommands(of: ChoiceCommandsOf): Readonly<Record<ChoiceCommand, CommandHandler>> {
  return {
    'sightglass.chooseEnvironment': () => chooseEnvironment(of),
    'sightglass.chooseWindow': () => chooseWindow(of),
    'sightglass.showSources': () => showSources(of),
    'sightglass.connectTelemetry': () => connectTelemetry(of),
    'sightglass.dimUnreachedCode': () => of.choices.choose({ dimmed: !of.choices.dimmed }),
    'sightglass.toggleInlineFacts': async () => {
      const configuration = vscode.workspace.getConfiguration('sightglass');
      const on = configuration.get<boolean>('inlayHints.enabled') ?? true;
      await configuration.update('inlayHints.enabled', !on, vscode.ConfigurationTarget.Global);
    },
  };
}

async function chooseEnvironment({ flags, choices, l10n }: ChoiceCommandsOf): Promise<void> {
  const byName = new Map<string, { environment: Environment; count: number }>();
  for (const project of flags.projects()) {
    for (const environment of flags.environmentsFor(refOf(project))) {
      const known = byName.get(environment.ref.name);
      byName.set(environment.ref.name, {
        environment: known?.environment ?? environment,
        count: (known?.count ?? 0) + 1,
      });
    }
  }
  if (byName.size === 0) {
    void vscode.window.showInformationMessage(l10n.t('No environment is known yet. Connect a flag system first.'));
    return;
  }
  const first = l10n.t('The first that fits');
  const items: (vscode.QuickPickItem & { readonly environment: Environment | null })[] = [
    { label: first, description: l10n.t('production, else what is live'), environment: null },
    ...[...byName.values()].map(({ environment, count }) => ({
      label: iconless(environment.ref.name),
      description: `${kindInWords(environment, l10n)}${count > 1 ? ` · ${l10n.t('{0} projects', count)}` : ''}`,
      environment,
    })),
  ];
  const picked = await vscode.window.showQuickPick(items, { placeHolder: l10n.t('Numbers of which environment?') });
  if (picked) await choices.choose({ environment: picked.environment?.ref ?? null });
}

const refOf = (project: { system: string; config: { name: string } }): { system: string; project: string } => ({
  system: project.system,
  project: project.config.name,
});

function kindInWords(environment: Environment, l10n: L10n): string {
  const words = { live: l10n.t('live'), definition: l10n.t('a file, not live'), local: l10n.t('local') };
  return environment.protected.value ? `${words[environment.kind]}, ${l10n.t('protected')}` : words[environment.kind];
}

async function chooseWindow({ choices, l10n }: ChoiceCommandsOf): Promise<void> {
  const picked = await vscode.window.showQuickPick(
    windowsOffered.map((minutes) => ({
      label: minutes < 60 ? l10n.t('{0} minutes', minutes) : l10n.t('{0} hours', minutes / 60),
      picked: minutes === choices.windowMinutes,
      minutes,
    })),
    { placeHolder: l10n.t('Numbers of the last…') },
  );
  if (picked) await choices.choose({ windowMinutes: picked.minutes });
}

/** Environment, window, and every source with its age and health. */
async function showSources(of: ChoiceCommandsOf): Promise<void> {
  const { flags, choices, feed, code, clock, l10n } = of;
  type Item = vscode.QuickPickItem & { readonly command?: string };
  const ago = (at: number): string => l10n.t('{0} s ago', Math.max(0, Math.round((clock.now() - at) / 1_000)));
  const items: Item[] = [
    {
      label: `$(server-environment) ${iconless(choices.environment?.name ?? l10n.t('The first that fits'))}`,
      description: l10n.t('environment'),
      command: 'sightglass.chooseEnvironment',
    },
    {
      label: `$(clock) ${l10n.t('{0} minutes', choices.windowMinutes)}`,
      description: l10n.t('window'),
      command: 'sightglass.chooseWindow',
    },
    { label: l10n.t('Sources'), kind: vscode.QuickPickItemKind.Separator },
    {
      label: `$(radio-tower) ${l10n.t('Built-in receiver')}`,
      ...receiverLine(feed, ago, l10n),
      command: 'sightglass.connectTelemetry',
    },
  ];
  for (const environment of feed.environments) {
    const answer = feed.answer(environment);
    const known = answer ? lastKnown(answer)?.value : undefined;
    // The first is the receiver, which has its own line.
    for (const { name, words, health } of known ? sourceLines(known, clock.now(), l10n).slice(1) : [])
      items.push({
        label: `$(${health === 'unreachable' ? 'debug-disconnect' : 'graph'}) ${iconless(name)}`,
        description: iconless(oneLine(environment, 60)),
        detail: iconless(words),
        command: 'sightglass.showLog',
      });
  }
  for (const { answer, system, config } of flags.projects()) {
    const known = lastKnown(answer);
    const waits = answer.state === 'notAsked' ? answer.reason : undefined;
    const said = answer.state === 'unreachable' ? answer.reason : waits;
    const health = said ?? (known ? ago(known.at) : l10n.t('not read yet'));
    items.push({
      label: `$(symbol-boolean) ${iconless(`${system}/${config.name}`)}`,
      description: known ? l10n.t('{0} flags', known.value.flags.length) : '',
      detail: iconless(health),
      command: waits === undefined ? 'sightglass.connectFlagSystem' : 'sightglass.allowServer',
    });
  }
  for (const root of code.roots) {
    const summary = code.summary(root);
    items.push({
      label: `$(code) ${iconless(root)}`,
      description: summary ? l10n.t('{0} references', summary.references) : l10n.t('being read…'),
      detail: summary
        ? [
            l10n.t(
              '{0} of {1} files hold candidates, read in {2} ms',
              summary.candidates,
              summary.files,
              Math.round(summary.milliseconds),
            ),
            ...summary.notes,
          ].join(' · ')
        : '',
      command: 'sightglass.showLog',
    });
  }
  const picked = await vscode.window.showQuickPick(items, { title: 'Sightglass', matchOnDetail: true });
  if (picked?.command !== undefined) await vscode.commands.executeCommand(picked.command);
}

function receiverLine(
  feed: SignalFeed,
  ago: (at: number) => string,
  l10n: L10n,
): { description: string; detail: string } {
  const { status } = feed;
  if (!status) return { description: l10n.t('not listening'), detail: '' };
  const where = status.port === null ? status.address : `${status.address}:${status.port}`;
  return {
    description: status.role === 'reader' ? l10n.t('{0}, held by another window', where) : where,
    detail: [
      status.problem ?? '',
      l10n.t('{0} spans received', status.spansReceived),
      status.newest === null ? l10n.t('nothing received yet') : l10n.t('newest {0}', ago(status.newest)),
    ]
      .filter((part) => part !== '')
      .join(' · '),
  };
}

/** Says where to send to, gives the line to copy, and leads to servers that are asked instead. */
async function connectTelemetry({ feed, l10n, connectMetricsServer }: ChoiceCommandsOf): Promise<void> {
  const { status } = feed;
  if (typeof status?.port !== 'number' || status.role === 'failed') {
    const log = l10n.t('Show log');
    const why =
      status?.problem ??
      (vscode.workspace.isTrusted
        ? l10n.t('It is switched off or still starting.')
        : l10n.t('This workspace is not trusted.'));
    if (
      (await vscode.window.showWarningMessage(
        linkless(l10n.t('The telemetry receiver is not listening. {0}', why)),
        log,
      )) === log
    )
      await vscode.commands.executeCommand('sightglass.showLog');
    return;
  }
  const endpoint = `http://${status.address}:${status.port}`;
  const environment = `OTEL_EXPORTER_OTLP_ENDPOINT=${endpoint} OTEL_EXPORTER_OTLP_PROTOCOL=http/protobuf`;
  const { senderToken } = feed;
  const items: (vscode.QuickPickItem & { readonly copies?: string })[] = [
    { label: environment, description: l10n.t('environment of your services'), copies: environment },
    { label: endpoint, description: l10n.t('endpoint'), copies: endpoint },
    { label: `${endpoint}/v1/traces`, description: l10n.t('traces endpoint'), copies: `${endpoint}/v1/traces` },
  ];
  if (senderToken !== null) {
    // The token itself is never on the screen; in this variable the space of the header is written %20.
    items.splice(1, 0, {
      label: 'OTEL_EXPORTER_OTLP_HEADERS=authorization=Bearer%20…',
      description: l10n.t('the token that senders from other machines need'),
      copies: `OTEL_EXPORTER_OTLP_HEADERS=authorization=Bearer%20${senderToken}`,
    });
  }
  items.push({
    label: l10n.t('Metrics server…'),
    description: l10n.t('ask Prometheus, Mimir, Thanos, VictoriaMetrics'),
  });
  const machine =
    vscode.env.remoteName === undefined
      ? l10n.t('this machine')
      : l10n.t('the remote machine ({0})', vscode.env.remoteName);
  const picked = await vscode.window.showQuickPick(items, {
    title: l10n.t('Listening on {0} of {1}', `${status.address}:${status.port}`, machine),
    placeHolder: status.problem ?? l10n.t('Choose a line to copy'),
  });
  if (picked?.copies !== undefined) await vscode.env.clipboard.writeText(picked.copies);
  else if (picked) await connectMetricsServer();
}
