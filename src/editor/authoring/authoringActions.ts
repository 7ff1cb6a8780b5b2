import * as vscode from 'vscode';
import type { WrapRefusal } from '../../code/api';
import type { Disposable } from '../../platform/disposable';
import type { L10n } from '../../platform/l10n';
import { isImported } from '../../view/authoring/imports';
import type { CodeIndex } from '../codeIndex';
import { codeDocuments } from '../documentSelectors';
import type { CodeQuestions } from '../language/codeQuestions';
import type { KeysAt } from '../language/keysAt';
import { workspacePlace } from '../workspacePlace';
import { whyNotWrapped } from './wrapWords';

const unexpected: ReadonlySet<string> = new Set<WrapRefusal>(['notWhole', 'language', 'unread']);
const surround = vscode.CodeActionKind.Refactor.append('surround');
const extract = vscode.CodeActionKind.RefactorExtract;

/** What can be made of a selection or a key, among the refactorings that somebody asks for. */
export function authoringActions(of: {
  readonly questions: Pick<CodeQuestions, 'wrapPlace'>;
  readonly keys: KeysAt;
  readonly code: Pick<CodeIndex, 'summary'>;
  readonly l10n: L10n;
}): Disposable {
  const { l10n } = of;
  const action = (title: string, kind: vscode.CodeActionKind, command: string): vscode.CodeAction => {
    const made = new vscode.CodeAction(title, kind);
    made.command = { command, title };
    return made;
  };
  const provider: vscode.CodeActionProvider = {
    provideCodeActions: async (document, range, { triggerKind, only }, token) => {
      // The light bulb follows the cursor: only who asks is answered.
      if (triggerKind !== vscode.CodeActionTriggerKind.Invoke) return [];
      const wants = (kind: vscode.CodeActionKind): boolean => !only || only.intersects(kind) || only.contains(kind);
      const actions: vscode.CodeAction[] = [];
      const at = wants(extract) ? of.keys.at(document, range.start) : undefined;
      if (at?.literal === true && at.reference.kind !== 'definition')
        actions.push(action(l10n.t('Extract key to constant…'), extract, 'sightglass.extractKey'));
      if (!range.isEmpty && wants(surround)) {
        const made = action(l10n.t('Wrap in flag…'), surround, 'sightglass.wrapInFlag');
        const place = await of.questions.wrapPlace(document, range, token);
        if (place.refused !== null) made.disabled = { reason: whyNotWrapped(place, l10n) };
        // Of a selection inside of a statement nobody expects it, nor where no call is known to write it like.
        const root = workspacePlace(document.uri)?.root;
        const isKnown =
          isImported(document.languageId) && root !== undefined && (of.code.summary(root)?.references ?? 0) > 0;
        const isExpected = place.refused === null ? place.calls.length > 0 || isKnown : !unexpected.has(place.refused);
        if (isExpected) actions.push(made);
      }
      return actions;
    },
  };
  return vscode.languages.registerCodeActionsProvider([...codeDocuments], provider, {
    providedCodeActionKinds: [surround, extract],
  });
}
