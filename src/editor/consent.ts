import * as vscode from 'vscode';
import type { ConsentPort, ConsentRequest } from '../change/consentPort';
import type { Consent } from '../model/change';
import type { Clock } from '../platform/clock';
import type { L10n } from '../platform/l10n';
import { iconless, linkless, oneLine } from '../view/text';
import type { TextDiff } from './textDiff';

/**
 * Asks in the host's own modal and input boxes, which no extension, link or webview can answer. Nothing that a command
 * was given reaches this but the plan itself.
 */
export class EditorConsent implements ConsentPort {
  constructor(
    private readonly of: {
      /** Recorded as who consented. */
      readonly who: string;
      readonly clock: Clock;
      readonly l10n: L10n;
      readonly diff: TextDiff;
    },
  ) {}

  async ask(request: ConsentRequest, signal: AbortSignal): Promise<Consent | null> {
    const reason =
      request.requirement.kind === 'modal'
        ? await this.#modal(request, request.requirement.reasonOptional, signal)
        : await this.#typed(request, request.requirement.flagName, signal);
    if (reason === null || signal.aborted) return null;
    return { who: this.of.who, at: this.of.clock.now(), through: request.through, reason };
  }

  /** One yes. The reason is the suggested one; `Add Reason…` takes another afterwards. */
  async #modal(request: ConsentRequest, reasonOptional: boolean, signal: AbortSignal): Promise<string | null> {
    const { l10n } = this.of;
    const yes: vscode.MessageItem = { title: request.action };
    const diff: vscode.MessageItem = { title: l10n.t('Show diff') };
    const answer = await vscode.window.showWarningMessage(
      request.title,
      { modal: true, detail: request.detail },
      yes,
      diff,
    );
    if (signal.aborted) return null;
    if (answer === yes) return reasonOptional ? request.suggestedReason : '';
    if (answer !== diff) return null;
    return (await this.#wasRead(request)) ? this.#modal(request, reasonOptional, signal) : null;
  }

  /**
   * The modal would cover the diff: a list beside it waits until it was read. A pick is no consent (any extension can
   * accept the focused item of a list), it only brings the modal back.
   */
  async #wasRead(request: ConsentRequest): Promise<boolean> {
    const { l10n } = this.of;
    await this.#showDiff(request);
    const goOn = l10n.t('Continue…');
    const picked = await vscode.window.showQuickPick([goOn, l10n.t('Cancel')], {
      title: request.title,
      placeHolder: iconless(request.detail.replaceAll('\n', ' ')),
      ignoreFocusOut: true,
    });
    return picked === goOn;
  }

  /** The diff to read, the flag's name to type, and a reason. */
  async #typed(request: ConsentRequest, flagName: string, signal: AbortSignal): Promise<string | null> {
    const { l10n } = this.of;
    await this.#showDiff(request);
    if (signal.aborted) return null;
    const name = await vscode.window.showInputBox({
      title: request.title,
      prompt: linkless(
        l10n.t(
          '{0} Type the name of the flag, "{1}", to go on.',
          request.detail.replaceAll('\n', ' '),
          oneLine(flagName),
        ),
      ),
      placeHolder: flagName,
      ignoreFocusOut: true,
      validateInput: (text) =>
        text === flagName ? undefined : linkless(l10n.t('The name of the flag is "{0}".', flagName)),
    });
    if (name !== flagName) return null;
    return this.#reason(request);
  }

  async #reason(request: ConsentRequest): Promise<string | null> {
    const { l10n } = this.of;
    const reason = await vscode.window.showInputBox({
      title: request.title,
      prompt: linkless(l10n.t('Why? The reason stands in the journal. Enter: {0}', request.action)),
      value: request.suggestedReason,
      ignoreFocusOut: true,
      validateInput: (text) =>
        text.trim() === '' ? l10n.t('A reason is needed in a protected environment.') : undefined,
    });
    return reason === undefined || reason.trim() === '' ? null : reason.trim();
  }

  async #showDiff(request: ConsentRequest): Promise<void> {
    await this.of.diff.show(request.title, request.plan.before.text, request.plan.after.text);
  }
}
