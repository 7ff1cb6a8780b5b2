import type { ViewAction } from '../../view/output';
import type { CommandId } from '../commandTable';

/** A command and its one argument, JSON. */
export interface ActionCommand {
  readonly command: CommandId | 'vscode.openFolder' | 'workbench.trust.manage';
  readonly argument: unknown;
}

/** What a click does. Commands that write get a proposal and ask for consent themselves. */
export function actionCommand(action: ViewAction): ActionCommand {
  switch (action.kind) {
    case 'turnOff':
    case 'turnOn':
      return {
        command: 'sightglass.toggleFlag',
        argument: { ref: action.ref, environment: action.environment, on: action.kind === 'turnOn' },
      };
    case 'percentage':
      return { command: 'sightglass.setPercentage', argument: { ref: action.ref, environment: action.environment } };
    case 'kill':
      return { command: 'sightglass.killFlag', argument: { ref: action.ref, environment: action.environment } };
    case 'target':
      return { command: 'sightglass.onForMe', argument: { ref: action.ref, environment: action.environment } };
    case 'evaluate':
      return { command: 'sightglass.evaluateAs', argument: { ref: action.ref } };
    case 'undo':
      return { command: 'sightglass.undoChange', argument: { changeId: action.changeId } };
    case 'showChange':
      return { command: 'sightglass.showChange', argument: { changeId: action.changeId } };
    case 'details':
      return {
        command: 'sightglass.showFlagDetails',
        argument: { ref: action.ref, ...(action.environment ? { environment: action.environment } : {}) },
      };
    case 'flagsAt':
      return { command: 'sightglass.showFlagsAt', argument: { path: action.path, codePathId: action.codePathId } };
    case 'traces':
      return {
        command: 'sightglass.showTraces',
        argument: {
          ...(action.codePathId === null ? {} : { codePathId: action.codePathId }),
          ...(action.ref ? { ref: action.ref } : {}),
        },
      };
    case 'openDefinition':
      return { command: 'sightglass.openReference', argument: { path: action.path, line: action.line } };
    case 'openReference':
      return {
        command: 'sightglass.openReference',
        argument: { root: action.root, path: action.path, line: action.line, column: action.column },
      };
    case 'explain':
      return {
        command: 'sightglass.explainReference',
        argument: { path: action.path, line: action.line, column: action.column },
      };
    case 'whyNothing':
      return { command: 'sightglass.whyNothingShown', argument: { path: action.path, line: 1 } };
    case 'sources':
      return { command: 'sightglass.showSources', argument: undefined };
    case 'openFolder':
      return { command: 'vscode.openFolder', argument: undefined };
    case 'manageTrust':
      return { command: 'workbench.trust.manage', argument: undefined };
    case 'connectFlags':
    case 'useDetected':
      return { command: 'sightglass.connectFlagSystem', argument: undefined };
    case 'connectTelemetry':
      return { command: 'sightglass.connectTelemetry', argument: undefined };
    case 'clearFilter':
      return { command: 'sightglass.clearFlagFilter', argument: undefined };
    case 'allowServer':
      return { command: 'sightglass.allowServer', argument: { origin: action.origin } };
    case 'signIn':
      return { command: 'sightglass.signIn', argument: { origin: action.origin } };
    case 'refresh':
      return { command: 'sightglass.refresh', argument: undefined };
  }
}

/** A link for Markdown that the host trusts for {@link linkedCommands} only. */
export function commandLink(action: ViewAction): string {
  const { command, argument } = actionCommand(action);
  const query = argument === undefined ? '' : `?${encodeURIComponent(JSON.stringify([argument]))}`;
  // Parentheses would end a Markdown link.
  return `command:${command}${query.replace(/[()]/g, (sign) => (sign === '(' ? '%28' : '%29'))}`;
}

/** Commands that a hover may link to. All of them show something or ask first. */
export const linkedCommands = [
  'sightglass.toggleFlag',
  'sightglass.setPercentage',
  'sightglass.killFlag',
  'sightglass.onForMe',
  'sightglass.evaluateAs',
  'sightglass.undoChange',
  'sightglass.showChange',
  'sightglass.showFlagDetails',
  'sightglass.showFlagsAt',
  'sightglass.showTraces',
  'sightglass.openReference',
  'sightglass.explainReference',
  'sightglass.whyNothingShown',
  'sightglass.showSources',
  'sightglass.connectTelemetry',
  'sightglass.connectFlagSystem',
  'sightglass.allowServer',
  'sightglass.signIn',
  'sightglass.refresh',
] as const satisfies readonly CommandId[];
