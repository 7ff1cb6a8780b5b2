import type * as vscode from 'vscode';
import { flagId, type FlagRef } from '../model/identity';
import { DisposableStack, type Disposable } from '../platform/disposable';
import { Emitter } from '../platform/emitter';
import type { Log } from '../platform/log';
import { detailState } from '../view/detail';
import type { FlagReferences } from './flagReferences';
import { DetailPanel } from './surfaces/detailPanel';
import { viewContext, type ViewContextOf } from './viewContext';

export interface DetailPanelsOf extends ViewContextOf {
  readonly references: FlagReferences;
  readonly log: Log;
  readonly me: string;
  readonly extension: vscode.Uri;
  random(bytes: number): string;
  /** Panels came into sight or went: what is asked of telemetry changes. */
  sightChanged(): void;
}

/** The detail panels that are open, one a flag. */
export class DetailPanels implements Disposable {
  readonly #held = new DisposableStack();
  readonly #panels = new Map<string, DetailPanel>();
  readonly #changed: Emitter<void>;
  #soon: Disposable | undefined;

  constructor(private readonly of: DetailPanelsOf) {
    this.#changed = new Emitter((error) => of.log.error('A detail panel failed', error));
    const again = (): void => {
      if (this.#panels.size > 0) this.#tellSoon();
    };
    for (const event of [
      of.flags.onDidChange,
      of.feed.onDidChange,
      of.changes.onDidChange.bind(of.changes),
      of.choices.onDidChange,
      of.references.onDidChange,
    ])
      this.#held.add(event(again));
  }

  get anyVisible(): boolean {
    return [...this.#panels.values()].some(({ visible }) => visible);
  }

  show(ref: FlagRef, environment: string | null): void {
    const id = flagId(ref);
    const open = this.#panels.get(id);
    if (open) open.reveal(environment);
    else {
      const { extension, l10n, log } = this.of;
      this.#panels.set(
        id,
        new DetailPanel(
          {
            ref,
            extension,
            l10n,
            log,
            random: (bytes) => this.of.random(bytes),
            detail: (of, chosen) => this.#detail(of, chosen),
            onDidChange: this.#changed.event,
            chooseWindow: (minutes) => this.of.choices.choose({ windowMinutes: minutes }),
            closed: () => {
              this.#panels.delete(id);
              this.of.sightChanged();
            },
          },
          environment,
        ),
      );
    }
    this.of.sightChanged();
  }

  dispose(): void {
    this.#soon?.dispose();
    for (const panel of [...this.#panels.values()]) panel.dispose();
    this.#held.dispose();
    this.#changed.dispose();
  }

  #detail(ref: FlagRef, environment: string | null): ReturnType<typeof detailState> {
    const { changes, references, me } = this.of;
    const context = viewContext(this.of, null);
    return detailState({
      ...context,
      environment: environment ?? context.environment,
      ref,
      journal: changes.listing.entries,
      references: references.get(ref),
      me,
      undoable: (entry) => changes.undoable(entry),
    });
  }

  #tellSoon(): void {
    this.#soon ??= this.of.clock.after(50, () => {
      this.#soon = undefined;
      this.#changed.fire();
    });
  }
}
