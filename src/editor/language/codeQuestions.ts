import type * as vscode from 'vscode';
import type {
  AskedAtCursor,
  CallIn,
  CallingFunction,
  CodeEvents,
  CodeMethods,
  WrapPlace,
  WrapperPlace,
} from '../../code/api';
import type { Log } from '../../platform/log';
import { RpcError } from '../../platform/rpc';
import type { SupervisedWorker } from '../supervisedWorker';
import { workspacePlace } from '../workspacePlace';

/** Longer documents are not asked about while somebody types: their text goes to the worker with each question. */
const longestAsked = 2_000_000;

/**
 * Asks the finder about a place in a document: one question, one answer, on the worker's thread. A question that is given
 * up, or that nobody is there to answer, is answered with nothing.
 */
export class CodeQuestions {
  constructor(private readonly of: { readonly worker: SupervisedWorker<CodeMethods, CodeEvents>; readonly log: Log }) {}

  /** What is being written at a position of the document's text as it is now. */
  atCursor(
    document: vscode.TextDocument,
    position: vscode.Position,
    token: vscode.CancellationToken,
  ): Promise<AskedAtCursor | null> {
    const place = workspacePlace(document.uri);
    const text = place && document.getText();
    if (!place || text === undefined || text.length > longestAsked) return Promise.resolve(null);
    const { root, path } = place;
    const asked = { root, path, text, version: String(document.version), offset: document.offsetAt(position) };
    return this.#ask('atCursor', asked, null, token);
  }

  /** What of the document's text as it is now can be put under a condition where it is selected. */
  wrapPlace(
    document: vscode.TextDocument,
    selected: vscode.Range,
    token: vscode.CancellationToken,
  ): Promise<WrapPlace> {
    const unread: WrapPlace = { refused: 'unread', name: null };
    const place = workspacePlace(document.uri);
    const text = place && document.getText();
    if (!place || text === undefined || text.length > longestAsked) return Promise.resolve(unread);
    const { root, path } = place;
    const [from, to] = [document.offsetAt(selected.start), document.offsetAt(selected.end)];
    const asked = { root, path, text, version: String(document.version), from, to };
    return this.#ask('wrapPlace', asked, unread, token);
  }

  /** The wrapper that is declared or called at a position. */
  wrapperAt(
    document: vscode.TextDocument,
    position: vscode.Position,
    token: vscode.CancellationToken,
  ): Promise<CallingFunction | null> {
    const place = workspacePlace(document.uri);
    if (!place) return Promise.resolve(null);
    const { root, path } = place;
    return this.#ask('wrapperAt', { root, path, line: position.line + 1, column: position.character + 1 }, null, token);
  }

  callers(
    root: string,
    of: WrapperPlace | { readonly key: string },
    token: vscode.CancellationToken,
  ): Promise<readonly CallIn[]> {
    return this.#ask('callers', { root, of }, [], token);
  }

  async #ask<Name extends 'atCursor' | 'wrapPlace' | 'wrapperAt' | 'callers'>(
    name: Name,
    request: Parameters<CodeMethods[Name]>[0],
    nothing: Awaited<ReturnType<CodeMethods[Name]>>,
    token: vscode.CancellationToken,
  ): Promise<Awaited<ReturnType<CodeMethods[Name]>>> {
    if (token.isCancellationRequested || this.of.worker.state.kind !== 'running') return nothing;
    const controller = new AbortController();
    const listening = token.onCancellationRequested(() => controller.abort(new RpcError('Cancelled', 'given up')));
    try {
      return await this.of.worker.call(name, request, controller.signal);
    } catch (error) {
      if (!(error instanceof RpcError && (error.remoteName === 'Cancelled' || error.remoteName === 'Closed')))
        this.of.log.warn(`The finder could not answer ${name}: ${error instanceof Error ? error.message : ''}`);
      return nothing;
    } finally {
      listening.dispose();
    }
  }
}
