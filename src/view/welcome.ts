import { lastKnown } from '../model/answer';
import type { TreeInput } from './input';
import type { Welcome } from './output';
import { oneLine } from './text';

/** Why the Flags view is empty, and the one button that leads on. `known`: flags before filtering. */
export function welcome({ workspace, flags, l10n }: TreeInput, known: number): Welcome {
  if (!workspace.hasFolder) {
    return {
      cause: 'noFolder',
      text: l10n.t('Open a folder to see its feature flags and what they do in production.'),
      button: { label: l10n.t('Open folder'), action: { kind: 'openFolder' } },
    };
  }
  if (!workspace.trusted && flags.projects.length === 0) {
    return {
      cause: 'notTrusted',
      text: l10n.t('This workspace is not trusted: its configuration is not read and nothing is asked of the network.'),
      button: { label: l10n.t('Manage trust'), action: { kind: 'manageTrust' } },
    };
  }
  const { detected } = workspace;
  if (flags.projects.length === 0 && detected) {
    const file = detected.file === null ? null : oneLine(detected.file, 100);
    const sdk = detected.sdk === null ? null : oneLine(detected.sdk, 80);
    return {
      cause: 'detected',
      text:
        sdk === null
          ? l10n.t('This workspace has {0}.', file ?? oneLine(detected.system, 80))
          : file === null
            ? l10n.t('This workspace imports {0}.', sdk)
            : l10n.t('This workspace imports {0} and has {1}.', sdk, file),
      button: {
        label: l10n.t('Use it'),
        action: { kind: 'useDetected', system: detected.system, file: detected.file ?? '' },
      },
    };
  }
  if (flags.projects.length === 0) {
    return {
      cause: 'nothingConnected',
      text: l10n.t(
        'No flag system is connected. A flagd definition file in the workspace is enough; Unleash and flagd servers are asked over the network.',
      ),
      button: { label: l10n.t('Connect flag system…'), action: { kind: 'connectFlags' } },
    };
  }
  if (known > 0) {
    return {
      cause: 'filteredOut',
      text: l10n.t('No flag matches the filter.'),
      button: { label: l10n.t('Clear filter'), action: { kind: 'clearFilter' } },
    };
  }
  return {
    cause: 'connectedButEmpty',
    text: emptyBecause({ flags, l10n }),
    button: { label: l10n.t('Refresh'), action: { kind: 'refresh' } },
  };
}

/** Connected and nothing to show: not answered yet, unreachable, or truly without flags. */
function emptyBecause({ flags, l10n }: Pick<TreeInput, 'flags' | 'l10n'>): string {
  for (const { answer, project } of flags.projects) {
    if (answer.state === 'unreachable' && !lastKnown(answer)) {
      return l10n.t('{0} is unreachable: {1}', oneLine(project, 80), oneLine(answer.reason));
    }
    const [problem] = lastKnown(answer)?.value.problems ?? [];
    if (problem) return oneLine(problem.message);
  }
  const waiting = flags.projects.some(({ answer }) => !lastKnown(answer));
  return waiting
    ? l10n.t('Asking the flag system…')
    : l10n.t('The connected flag system has no flags. Those added to it appear here.');
}
