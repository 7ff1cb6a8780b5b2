import * as vscode from 'vscode';
import { disposable, DisposableStack, type Disposable } from '../../platform/disposable';
import type { Event } from '../../platform/emitter';
import type { ReviewStep } from '../../review/api';
import type { ImpactNode } from '../../review/impactRow';
import type { ImpactTree as Model } from '../../review/impactTree';

/** What the Production impact view reads. */
export interface ImpactSource {
  readonly state: string;
  /** null while it is at nothing. */
  readonly step: ReviewStep | null;
  readonly words: string | null;
  readonly report: { readonly tree: Model } | null;
  readonly onDidChange: Event<void>;
  setVisible(visible: boolean): void;
}

/** The Production impact view: what the current change will do, in rows that open their places. */
export class ImpactTree implements Disposable, vscode.TreeDataProvider<ImpactNode> {
  readonly #held = new DisposableStack();
  readonly #changed = this.#held.add(new vscode.EventEmitter<void>());
  readonly onDidChangeTreeData = this.#changed.event;
  readonly #view: vscode.TreeView<ImpactNode>;
  #shown: Model | null | undefined;
  #progress: (() => void) | undefined;

  constructor(private readonly source: ImpactSource) {
    this.#view = this.#held.add(
      vscode.window.createTreeView('sightglass.impact', { treeDataProvider: this, showCollapseAll: true }),
    );
    this.#held.add(this.#view.onDidChangeVisibility(({ visible }) => source.setVisible(visible)));
    this.#held.add(source.onDidChange(() => this.#refresh()));
    this.#held.add(
      disposable(() => {
        source.setVisible(false);
        this.#progress?.();
      }),
    );
    this.#refresh();
    source.setVisible(this.#view.visible);
  }

  getChildren(node?: ImpactNode): ImpactNode[] {
    return [...(node ? node.children : (this.source.report?.tree.sections ?? []))];
  }

  getTreeItem(node: ImpactNode): vscode.TreeItem {
    const { Collapsed, Expanded, None } = vscode.TreeItemCollapsibleState;
    const item = new vscode.TreeItem(
      node.label,
      node.children.length === 0 ? None : node.expanded ? Expanded : Collapsed,
    );
    item.id = node.id;
    item.description = node.description;
    // A text, which is not read as Markdown.
    item.tooltip = node.tooltip;
    item.iconPath = new vscode.ThemeIcon(
      node.icon,
      node.tone ? new vscode.ThemeColor(`sightglass.${node.tone}`) : undefined,
    );
    item.accessibilityInformation = { label: node.spoken };
    if (node.place) item.command = { command: 'sightglass.openReviewed', title: node.label, arguments: [node.id] };
    return item;
  }

  dispose(): void {
    this.#held.dispose();
  }

  #refresh(): void {
    const { state, step, words, report } = this.source;
    void vscode.commands.executeCommand('setContext', 'sightglass.impactState', state);
    void vscode.commands.executeCommand('setContext', 'sightglass.impactRunning', step !== null);
    this.#view.description = report?.tree.description ?? '';
    this.#view.message = step ? stepWords(step) : (words ?? undefined);
    this.#showProgress(step !== null);
    // Steps of a review change no row.
    const tree = report?.tree ?? null;
    if (tree === this.#shown) return;
    this.#shown = tree;
    this.#changed.fire();
  }

  #showProgress(running: boolean): void {
    if (running === (this.#progress !== undefined)) return;
    this.#progress?.();
    this.#progress = undefined;
    if (!running) return;
    const done = new Promise<void>((resolve) => (this.#progress = resolve));
    void vscode.window.withProgress({ location: { viewId: 'sightglass.impact' } }, () => done);
  }
}

function stepWords(step: ReviewStep): string {
  const { t } = vscode.l10n;
  switch (step) {
    case 'compare':
      return t('Comparing with the base…');
    case 'flags':
      return t('Reading flags…');
    case 'telemetry':
      return t('Asking which telemetry there is…');
    case 'code':
      return t('Reading code with and without the change…');
    case 'signals':
      return t('Asking what the changed code gets…');
    case 'consumers':
      return t('Looking for who else uses it…');
  }
}
