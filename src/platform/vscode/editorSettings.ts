import * as vscode from 'vscode';
import type { Disposable } from '../disposable';
import { Emitter } from '../emitter';
import type { Settings } from '../settings';

/**
 * Settings of section `sightglass`. A value of another type than the fallback's is ignored: settings files are edited
 * by hand.
 */
export class EditorSettings implements Settings, Disposable {
  readonly #changed: Emitter<void>;
  readonly #listening: vscode.Disposable;
  readonly onDidChange: Settings['onDidChange'];

  constructor(onError: (error: unknown) => void) {
    this.#changed = new Emitter<void>(onError);
    this.onDidChange = this.#changed.event;
    this.#listening = vscode.workspace.onDidChangeConfiguration((event) => {
      if (event.affectsConfiguration('sightglass')) this.#changed.fire();
    });
  }

  get<T>(name: string, fallback: T): T {
    return sameKind(vscode.workspace.getConfiguration('sightglass').get<unknown>(name), fallback);
  }

  dispose(): void {
    this.#listening.dispose();
    this.#changed.dispose();
  }
}

function sameKind<T>(value: unknown, fallback: T): T {
  const kind = (of: unknown): string => (Array.isArray(of) ? 'array' : of === null ? 'null' : typeof of);
  return kind(value) === kind(fallback) ? (value as T) : fallback;
}
