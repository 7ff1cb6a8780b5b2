import * as vscode from 'vscode';
import { DisposableStack, type Disposable } from '../../platform/disposable';
import type { Event } from '../../platform/emitter';
import type { EnvironmentRef, FlagRef } from '../../model/identity';
import type { FlagTree, HoverModel, TreeNode } from '../../view/output';
import { SurfaceArgument } from '../surfaceArgument';
import { actionCommand } from './actionCommand';
import { treeIcon } from './icons';
import { hoverMarkdownString } from './markdown';

/** What the Flags view reads. */
export interface FlagTreeSource {
  tree(): FlagTree;
  /** Told of a row whose children are shown: what stands below others is nobody's. */
  opened(id: string): void;
  /** Beside the title: environment, window, filter, what was detected. */
  description(): string;
  /** The folders were not looked at yet: an empty view says so, and not that nothing is connected. */
  starting(): boolean;
  readonly onDidChangeTree: Event<void>;
}

/** An element of the tree. Commands of its menus get it as their argument; they read the proposal in it, nothing else. */
export class FlagElement extends SurfaceArgument {
  readonly through = 'sidebar';
  readonly ref: FlagRef | undefined;
  readonly environment: EnvironmentRef | undefined;
  /** Of a server that waits. */
  readonly origin: string | undefined;

  constructor(readonly node: TreeNode) {
    super();
    for (const { action } of node.actions) {
      if ('origin' in action) this.origin ??= action.origin;
      if (!('ref' in action) || !action.ref) continue;
      this.ref ??= action.ref;
      if ('environment' in action && action.environment) this.environment ??= action.environment;
    }
    if (node.open?.kind === 'details') {
      this.ref ??= node.open.ref;
      this.environment ??= node.open.environment ?? undefined;
    }
  }
}

/** The Flags view, and the context key that picks its welcome text. */
export class FlagsTree implements Disposable, vscode.TreeDataProvider<FlagElement> {
  readonly #held = new DisposableStack();
  readonly #changed = this.#held.add(new vscode.EventEmitter<void>());
  readonly onDidChangeTreeData = this.#changed.event;
  readonly #view: vscode.TreeView<FlagElement>;
  #visible = false;

  constructor(
    private readonly source: FlagTreeSource,
    private readonly extension: vscode.Uri,
    /** Told when the view comes into sight or goes out of it. */
    shown: (visible: boolean) => void,
  ) {
    this.#view = this.#held.add(
      vscode.window.createTreeView('sightglass.flags', { treeDataProvider: this, showCollapseAll: true }),
    );
    this.#held.add(
      this.#view.onDidChangeVisibility(({ visible }) => {
        this.#visible = visible;
        shown(visible);
      }),
    );
    this.#held.add(source.onDidChangeTree(() => this.#refresh()));
    this.#refresh();
    shown(this.#view.visible);
    this.#visible = this.#view.visible;
  }

  get visible(): boolean {
    return this.#visible;
  }

  getChildren(element?: FlagElement): FlagElement[] {
    const { sections } = this.source.tree();
    if (!element) return sections.map((node) => new FlagElement(node));
    // Rows of a section that nobody had open are not drawn again when they change: they are those of now when it is opened.
    const node = sections.find(({ id }) => id === element.node.id) ?? element.node;
    this.source.opened(node.id);
    return node.children().map((child) => new FlagElement(child));
  }

  getTreeItem({ node }: FlagElement): vscode.TreeItem {
    const item = new vscode.TreeItem(node.label, collapsible[node.expanded]);
    item.id = node.id;
    item.description = node.description;
    item.iconPath = treeIcon(this.extension, node.icon);
    item.contextValue = node.contextValue;
    item.accessibilityInformation = { label: node.accessibilityLabel };
    if (node.open) {
      const { command, argument } = actionCommand(node.open);
      item.command = { command, title: node.label, ...(argument === undefined ? {} : { arguments: [argument] }) };
    }
    return item;
  }

  resolveTreeItem(item: vscode.TreeItem, { node }: FlagElement): vscode.TreeItem {
    item.tooltip = tooltip(node.tooltip());
    return item;
  }

  dispose(): void {
    this.#held.dispose();
  }

  #refresh(): void {
    const { regressing, welcome } = this.source.tree();
    const state = welcome ? (this.source.starting() ? 'starting' : welcome.cause) : 'ready';
    void vscode.commands.executeCommand('setContext', 'sightglass.flagsState', state);
    this.#view.description = this.source.description();
    this.#view.badge =
      regressing > 0 ? { value: regressing, tooltip: vscode.l10n.t('Regressing flags: {0}', regressing) } : undefined;
    this.#changed.fire();
  }
}

const collapsible: Readonly<Record<TreeNode['expanded'], vscode.TreeItemCollapsibleState>> = {
  none: vscode.TreeItemCollapsibleState.None,
  collapsed: vscode.TreeItemCollapsibleState.Collapsed,
  expanded: vscode.TreeItemCollapsibleState.Expanded,
};

function tooltip(of: HoverModel | string | null): vscode.MarkdownString | string | undefined {
  return of === null || typeof of === 'string' ? (of ?? undefined) : hoverMarkdownString(of);
}
