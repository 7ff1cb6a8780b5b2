import * as vscode from 'vscode';
import type { Flags } from '../flags/api';
import { DisposableStack, type Disposable } from '../platform/disposable';
import { Emitter, type Event } from '../platform/emitter';
import type { Log } from '../platform/log';
import type { WorkspaceFacts } from '../view/input';
import type { CodeIndex } from './codeIndex';
import type { FlagDetection } from './flagDetection';
import type { FlagFolders } from './flagFolders';

/** What decides the welcome text. Flag files are looked for only where nothing is connected. */
export class WorkspaceCauses implements Disposable {
  readonly #held = new DisposableStack();
  readonly #changed: Emitter<void>;
  readonly onDidChange: Event<void>;

  constructor(
    private readonly of: {
      readonly flags: Flags;
      readonly folders: FlagFolders;
      readonly detection: FlagDetection;
      readonly code: CodeIndex;
      readonly log: Log;
    },
  ) {
    this.#changed = new Emitter((error) => of.log.error('A listener failed', error));
    this.onDidChange = this.#changed.event;
    const again = (): void => this.#changed.fire();
    this.#held.add(
      of.folders.onDidChange(() => {
        again();
        if (of.flags.projects().length === 0) void of.detection.look();
      }),
    );
    this.#held.add(of.detection.onDidChange(again));
    this.#held.add(of.code.onDidChangeIndex(again));
    this.#held.add(vscode.workspace.onDidGrantWorkspaceTrust(again));
  }

  facts(): WorkspaceFacts {
    return {
      hasFolder: (vscode.workspace.workspaceFolders?.length ?? 0) > 0,
      trusted: vscode.workspace.isTrusted,
      detected: this.of.detection.detected,
    };
  }

  dispose(): void {
    this.#held.dispose();
    this.#changed.dispose();
  }
}
