import * as vscode from 'vscode';
import * as z from 'zod';
import type { L10n } from '../../platform/l10n';
import type { Asked } from '../../view/authoring/condition';
import { wrapEdit, type TypedSample } from '../../view/authoring/wrapEdit';
import type { ViewContext } from '../../view/input';
import { linkless, quoted } from '../../view/text';
import type { CodeIndex } from '../codeIndex';
import type { CodeQuestions } from '../language/codeQuestions';
import type { KeysAt } from '../language/keysAt';
import { borrowedFor } from './borrowed';
import { pickedFlag } from './pickedFlag';
import { applyPreviewed, type PreviewedEdit } from './previewed';
import { samplesFor } from './samples';
import { whyNoCall, whyNotWrapped } from './wrapWords';

export interface WrapOf {
  readonly keys: KeysAt;
  readonly code: CodeIndex;
  readonly questions: Pick<CodeQuestions, 'wrapPlace'>;
  readonly l10n: L10n;
  readonly context: (path: string | null) => ViewContext;
}

/** What may be proposed; what is not is asked for. */
const proposalSchema = z.object({
  key: z.string().min(1).max(1_000).optional().catch(undefined),
  /** The text that a flag which is no switch is compared with. */
  variant: z.string().min(1).max(1_000).optional().catch(undefined),
  otherwise: z.boolean().optional().catch(undefined),
});

/**
 * Puts the selected statements under a flag, as the file itself asks for flags, else as most calls of the folder do that
 * could stand here, and shows that before it is done. A flag that is not known yet is proposed to be created afterwards.
 */
export async function wrapInFlag(of: WrapOf, argument: unknown): Promise<void> {
  const { l10n, questions, keys } = of;
  const editor = vscode.window.activeTextEditor;
  if (!editor) {
    void vscode.window.showInformationMessage(l10n.t('Select the statements that a flag shall decide about first.'));
    return;
  }
  const { document, selection } = editor;
  const version = document.version;
  const cancel = new vscode.CancellationTokenSource();
  const place = await questions.wrapPlace(document, selection, cancel.token).finally(() => cancel.dispose());
  if (place.refused !== null) {
    refuse(whyNotWrapped(place, l10n));
    return;
  }
  const context = of.context(document.uri.fsPath);
  const proposed = proposalSchema.catch({}).parse(argument);
  const first = document.positionAt(place.from).line;
  const last = document.positionAt(place.to).line;
  const lines = document.getText().split(/\r?\n/);
  const madeLike = (samples: readonly TypedSample[], asked: Asked, otherwise: boolean) =>
    wrapEdit({
      ...{ language: document.languageId, lines, first, last, keptLines: place.keptLines, samples },
      ...{ asked, otherwise },
    });
  const canAsk = (samples: readonly TypedSample[]): boolean =>
    [null, 'variant'].some((text) => madeLike(samples, { key: 'flag', text }, false) !== null);
  const own = samplesFor(keys, document, place, context.flags);
  const borrowed = canAsk(own) ? [] : await borrowedFor(of.code, document, context.flags);
  const samples = borrowed.length === 0 ? own : borrowed.map(({ sample }) => sample);
  // What cannot be written for any flag is said before anything is asked.
  if (!canAsk(samples)) {
    refuse(whyNoCall(l10n));
    return;
  }
  const flag = await pickedFlag(context, proposed);
  if (!flag) return;
  const otherwise = proposed.otherwise ?? (await pickedOtherwise(flag.key, flag.text, l10n));
  if (otherwise === undefined) return;
  const written = madeLike(samples, flag, otherwise);
  if (!written) {
    refuse(whyNoCall(l10n));
    return;
  }
  if (document.version !== version) {
    refuse(l10n.t('The text was changed meanwhile. Select the statements again.'));
    return;
  }
  const range = new vscode.Range(first, 0, last, document.lineAt(last).text.length);
  const lineEnd = document.eol === vscode.EndOfLine.CRLF ? '\r\n' : '\n';
  const text = written.lines.join(lineEnd);
  const label = l10n.t('Wrap in flag {0}', quoted(flag.key));
  const edits: PreviewedEdit[] = [{ uri: document.uri, range, text }];
  const imported = borrowed.find(({ sample }) => sample === written.sample)?.imported;
  if (imported) {
    const at = new vscode.Position(imported.behind + 1, 0);
    edits.push({ uri: document.uri, range: new vscode.Range(at, at), text: `${imported.line}${lineEnd}` });
  }
  const isApplied = await applyPreviewed(edits, label, written.condition);
  if (isApplied && flag.isNew)
    await vscode.commands.executeCommand('sightglass.createFlag', { key: flag.key, type: 'boolean', off: false });
}

function refuse(words: string): void {
  void vscode.window.showWarningMessage(linkless(words));
}

async function pickedOtherwise(key: string, text: string | null, { t }: L10n): Promise<boolean | undefined> {
  const items = [
    { label: t('Run it only then'), otherwise: false },
    { label: t('Run it then, and leave room for what runs otherwise'), otherwise: true },
  ];
  const placeHolder =
    text === null
      ? t('Where flag {0} is on:', quoted(key))
      : t('Where flag {0} serves {1}:', quoted(key), quoted(text));
  return (await vscode.window.showQuickPick(items, { placeHolder }))?.otherwise;
}
