import * as vscode from 'vscode';
import type { Flags } from '../flags/api';
import { lastKnown } from '../model/answer';
import type { SignalSource } from '../model/facts';
import type { L10n } from '../platform/l10n';
import type { CodeIndex } from './codeIndex';
import { isCodeDocument } from './documentSelectors';
import type { SignalFeed } from './signalFeed';
import { phrase } from '../view/phrases';
import { decidedWords } from '../view/signalSources';
import { iconless, oneLine } from '../view/text';

export interface WhyNothingOf {
  readonly flags: Flags;
  readonly code: CodeIndex;
  readonly feed: SignalFeed;
  readonly l10n: L10n;
}

interface Step extends vscode.QuickPickItem {
  readonly command?: string;
}

/**
 * Walks the chain from the file to the number and says how far it holds: file, finder, flag system, telemetry, match.
 * Each line is what is; the first that does not hold offers what to do.
 */
export async function whyNothingShown(of: WhyNothingOf): Promise<void> {
  const document = vscode.window.activeTextEditor?.document;
  if (!document) return;
  const picked = await vscode.window.showQuickPick(steps(of, document), {
    title: of.l10n.t('Why is nothing shown in {0}?', vscode.workspace.asRelativePath(document.uri)),
  });
  if (picked?.command !== undefined) await vscode.commands.executeCommand(picked.command);
}

function steps({ flags, code, feed, l10n }: WhyNothingOf, document: vscode.TextDocument): Step[] {
  const yes = (label: string, detail = ''): Step => ({
    label: `$(check) ${iconless(label)}`,
    detail: iconless(detail),
  });
  const no = (label: string, detail: string, command?: string): Step => ({
    label: `$(circle-slash) ${iconless(label)}`,
    detail: iconless(detail),
    ...(command === undefined ? {} : { command }),
  });
  if (!isCodeDocument(document))
    return [
      no(
        l10n.t('Not a language that is read yet'),
        l10n.t('Files of this kind ({0}) are not read for flags.', document.languageId),
      ),
    ];
  const facts = code.facts(document);
  const found: Step[] = [];
  if (!facts)
    return [
      no(
        l10n.t('Not read yet'),
        l10n.t('The finder is starting, or the file is outside every folder of this window.'),
        'sightglass.showLog',
      ),
    ];
  if (facts.truncated !== null) found.push(no(l10n.t('Not read whole'), facts.truncated));
  const keys = facts.references.flatMap(({ key }) => key ?? []);
  found.push(
    facts.references.length > 0
      ? yes(
          l10n.t('References of flags found: {0}', facts.references.length),
          [...new Set(keys)].slice(0, 10).join(', '),
        )
      : no(
          l10n.t('No reference of a flag found'),
          l10n.t('The finder knows calls of OpenFeature, LaunchDarkly and Unleash, and OFREP over HTTP.'),
        ),
  );
  found.push(...flagSteps({ flags, l10n }, document, keys, yes, no));
  found.push(...signalSteps({ feed, l10n }, facts.codePaths.length, yes, no));
  return found;
}

type Say = (label: string, detail?: string) => Step;
type SayNo = (label: string, detail: string, command?: string) => Step;

function flagSteps(
  { flags, l10n }: Pick<WhyNothingOf, 'flags' | 'l10n'>,
  document: vscode.TextDocument,
  keys: readonly string[],
  yes: Say,
  no: SayNo,
): Step[] {
  const path = document.uri.fsPath;
  if (!flags.covers(path))
    return [
      no(
        l10n.t('No flag system is connected for this file'),
        l10n.t('Connect one, or name its folder in .sightglass.json.'),
        'sightglass.connectFlagSystem',
      ),
    ];
  const configuration = flags.configurationFor(path);
  const unknown = [...new Set(keys)].filter((key) => flags.resolve(key, path).length === 0);
  const silent = flags.projects().filter(({ answer }) => answer.state === 'unreachable');
  const waiting = flags
    .projects()
    .flatMap(({ config, answer }) =>
      answer.state === 'notAsked' && answer.reason !== undefined ? [{ name: config.name, reason: answer.reason }] : [],
    );
  return [
    yes(l10n.t('Flag systems connected'), configuration?.path ?? l10n.t('for this window')),
    ...silent.map(({ config, answer }) =>
      no(
        l10n.t('{0} cannot be read', config.name),
        answer.state === 'unreachable' ? answer.reason : '',
        'workbench.actions.view.problems',
      ),
    ),
    ...waiting.map(({ name, reason }) => no(l10n.t('{0} is not asked', name), reason, 'sightglass.allowServer')),
    ...(unknown.length > 0
      ? [no(l10n.t('Keys that no connected system knows: {0}', unknown.length), unknown.slice(0, 10).join(', '))]
      : []),
  ];
}

/** Sources beside the receiver, in each environment that is shown. */
function otherSources(feed: SignalFeed): readonly { readonly environment: string; readonly source: SignalSource }[] {
  return feed.environments.flatMap((environment) => {
    const answer = feed.answer(environment);
    const sources = (answer && lastKnown(answer)?.value.sources) ?? [];
    return sources.filter(({ id }) => id !== 'builtin').map((source) => ({ environment, source }));
  });
}

function signalSteps(
  { feed, l10n }: Pick<WhyNothingOf, 'feed' | 'l10n'>,
  codePaths: number,
  yes: Say,
  no: SayNo,
): Step[] {
  const { status } = feed;
  const others = otherSources(feed);
  if (typeof status?.port !== 'number' && others.length === 0)
    return [
      no(
        l10n.t('No telemetry is received'),
        status?.problem ?? l10n.t('The receiver is switched off, or this workspace is not trusted.'),
        'sightglass.connectTelemetry',
      ),
    ];
  if (typeof status?.port === 'number' && status.newest === null && others.length === 0)
    return [
      no(
        l10n.t('Nothing has been received yet'),
        l10n.t('Send OTLP over HTTP to {0}.', `http://${status.address}:${status.port}`),
        'sightglass.connectTelemetry',
      ),
    ];
  const asked = feed.environments.map((environment) => ({ environment, answer: feed.answer(environment) }));
  return [
    ...(typeof status?.newest === 'number'
      ? [yes(l10n.t('Telemetry is received'), l10n.t('{0} spans', status.spansReceived))]
      : []),
    ...others.map(({ environment, source }) => {
      const decided = decidedWords(source, environment, l10n);
      return source.state === 'unreachable' || source.decided === 'notThere'
        ? no(l10n.t('{0} gives nothing', oneLine(source.name, 60)), source.reason ?? decided, 'sightglass.showLog')
        : yes(l10n.t('{0} is asked', oneLine(source.name, 60)), decided);
    }),
    ...asked.flatMap(({ environment, answer }) => {
      if (answer?.state === 'unreachable')
        return [no(l10n.t('Telemetry did not answer'), answer.reason, 'sightglass.showLog')];
      const facts = answer ? lastKnown(answer)?.value : undefined;
      if (!facts) return [no(l10n.t('Not asked yet'), environment)];
      if (facts.operationCount === 0)
        return [
          no(
            l10n.t('No telemetry names the environment "{0}"', environment),
            l10n.t(
              'Telemetry names: {0}',
              facts.environments.map((name) => name || l10n.t('none')).join(', ') || l10n.t('none'),
            ),
            'sightglass.chooseEnvironment',
          ),
        ];
      return facts.paths.length > 0
        ? [
            yes(
              l10n.t('{0}: functions matched to operations: {1}', environment, facts.paths.length),
              facts.paths
                .slice(0, 5)
                .map(({ match, operation }) => `${operation.name}: ${phrase(match.reason, l10n)}`)
                .join(', '),
            ),
          ]
        : [
            no(
              l10n.t('{0}: no function here matches one of {1} operations', environment, facts.operationCount),
              l10n.t(
                '{0} functions and routes were found in the file. Name the operation in the matcher section of .sightglass.json.',
                codePaths,
              ),
            ),
          ];
    }),
  ];
}
