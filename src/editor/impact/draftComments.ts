import * as vscode from 'vscode';
import type { Disposable } from '../../platform/disposable';
import type { L10n } from '../../platform/l10n';
import { reasonTitle } from '../../review/reasonTitles';
import type { Reason } from '../../review/report';
import { escaped } from '../surfaces/markdown';
import type { ReportAnswer, Reviewed } from './impactReview';
import { placeUri } from './openPlace';

/** More threads than this help nobody. */
const mostThreads = 100;
const mostPlaces = 3;

/**
 * Reasons of a report as comments at their lines: drafts of this window, which nothing posts. A person copies what is
 * wanted, or throws them away.
 */
export class DraftComments implements Disposable {
  readonly #l10n: L10n;
  #controller: vscode.CommentController | undefined;
  readonly #drafts = new Map<vscode.CommentThread, string>();

  constructor(l10n: L10n) {
    this.#l10n = l10n;
  }

  /** Those of an earlier report go. Returns how many there are. */
  show(answer: ReportAnswer, of: Reviewed): number {
    this.clear();
    const { t } = this.#l10n;
    this.#controller ??= vscode.comments.createCommentController('sightglass.review', t('Production impact'));
    for (const reason of answer.report.reasons)
      for (const place of reason.places.slice(0, mostPlaces)) {
        if (this.#drafts.size >= mostThreads) return this.#drafts.size;
        const at = placeUri(place, answer, of);
        const range = new vscode.Range(place.line - 1, 0, Math.max(place.line, place.endLine) - 1, 0);
        const lines = this.#linesOf(reason);
        // All of it is from outside: it makes no link and no image here.
        const body = new vscode.MarkdownString(lines.map(escaped).join('\n\n'));
        const thread = this.#controller.createCommentThread(at.shown, range, [
          { author: { name: 'Sightglass' }, body, mode: vscode.CommentMode.Preview, label: t('draft') },
        ]);
        thread.canReply = false;
        thread.contextValue = 'draft';
        thread.label = t('Draft, posted nowhere: {0}', reasonTitle(reason.code, this.#l10n));
        thread.collapsibleState = vscode.CommentThreadCollapsibleState.Collapsed;
        this.#drafts.set(thread, lines.join('\n- '));
      }
    return this.#drafts.size;
  }

  /** Text of a draft; null: whatever it is, it is none of them. */
  textOf(thread: unknown): string | null {
    return this.#drafts.get(thread as vscode.CommentThread) ?? null;
  }

  /** Throws one away, or where it is none of them, all. */
  discard(thread: unknown): void {
    const one = thread as vscode.CommentThread;
    if (this.#drafts.delete(one)) one.dispose();
    else this.clear();
  }

  clear(): void {
    for (const thread of this.#drafts.keys()) thread.dispose();
    this.#drafts.clear();
  }

  dispose(): void {
    this.clear();
    this.#controller?.dispose();
  }

  #linesOf({ code, words, evidence }: Reason): readonly string[] {
    return [`${reasonTitle(code, this.#l10n)}: ${words}`, ...evidence];
  }
}
