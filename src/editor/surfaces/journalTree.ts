import * as vscode from 'vscode';
import { DisposableStack, type Disposable } from '../../platform/disposable';
import type { Event } from '../../platform/emitter';
import type { JournalRow } from '../../view/output';
import { SurfaceArgument } from '../surfaceArgument';
import { actionCommand } from './actionCommand';

/** What the Journal view reads. */
export interface JournalSource {
  rows(): readonly JournalRow[];
  /** Which changes are shown, where not all are; else ''. */
  journalDescription(): string;
  readonly onDidChangeJournal: Event<void>;
}

/** A row; `changeId` is what its menu's undo proposes to take back. */
export class JournalElement extends SurfaceArgument {
  readonly through = 'journal';
  readonly changeId: string;
  constructor(readonly row: JournalRow) {
    super();
    this.changeId = row.id;
  }
}

/** Changes made from this machine, newest first. */
export class JournalTree implements Disposable, vscode.TreeDataProvider<JournalElement> {
  readonly #held = new DisposableStack();
  readonly #changed = this.#held.add(new vscode.EventEmitter<void>());
  readonly onDidChangeTreeData = this.#changed.event;

  constructor(private readonly source: JournalSource) {
    const view = this.#held.add(vscode.window.createTreeView('sightglass.journal', { treeDataProvider: this }));
    view.description = source.journalDescription();
    this.#held.add(
      source.onDidChangeJournal(() => {
        view.description = source.journalDescription();
        this.#changed.fire();
      }),
    );
  }

  getChildren(element?: JournalElement): JournalElement[] {
    return element ? [] : this.source.rows().map((row) => new JournalElement(row));
  }

  getTreeItem({ row }: JournalElement): vscode.TreeItem {
    const item = new vscode.TreeItem(row.label);
    item.id = row.id;
    item.description = row.description;
    item.tooltip = row.tooltip;
    item.iconPath = new vscode.ThemeIcon(
      row.icon,
      row.tone ? new vscode.ThemeColor(`sightglass.${row.tone}`) : undefined,
    );
    item.contextValue = row.contextValue;
    item.accessibilityInformation = { label: row.accessibilityLabel };
    const { command, argument } = actionCommand(row.open);
    item.command = { command, title: row.label, arguments: [argument] };
    return item;
  }

  dispose(): void {
    this.#held.dispose();
  }
}
