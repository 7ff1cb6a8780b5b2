import { expect, it, vi } from 'vitest';
import type { FlagTree, TreeNode } from '../../../src/view/output';

vi.mock('vscode', () => ({
  EventEmitter: class {
    event = (): void => undefined;
    fire = (): void => undefined;
    dispose = (): void => undefined;
  },
  TreeItemCollapsibleState: { None: 0, Collapsed: 1, Expanded: 2 },
  commands: { executeCommand: () => Promise.resolve() },
  l10n: { t: (text: string) => text },
  window: {
    createTreeView: () => ({
      visible: true,
      onDidChangeVisibility: () => ({ dispose: () => undefined }),
      dispose: () => undefined,
    }),
  },
}));

const { FlagsTree } = await import('../../../src/editor/surfaces/flagsTree');

const node = (id: string, label: string, children: readonly TreeNode[] = []): TreeNode =>
  ({
    id,
    label,
    expanded: children.length > 0 ? 'collapsed' : 'none',
    actions: [],
    open: null,
    children: () => children,
  }) as unknown as TreeNode;
const treeOf = (label: string): FlagTree => ({
  ...{ sections: [node('today', 'Changed today', [node('flag', label, [node('env', `${label} in production`)])])] },
  ...{ welcome: null, regressing: 0 },
});

it('rows of a section that was not open before are those of now when it is opened, and are then looked after', () => {
  let tree = treeOf('100%');
  const opened: string[] = [];
  const view = new FlagsTree(
    {
      tree: () => tree,
      opened: (id) => void opened.push(id),
      description: () => '',
      starting: () => false,
      onDidChangeTree: () => ({ dispose: () => undefined }),
    },
    {} as never,
    () => undefined,
  );
  const [section] = view.getChildren();
  // Nothing is told of a change below a section that nobody opened.
  tree = treeOf('0%');
  const [flag] = view.getChildren(section);
  expect(flag?.node.label).toBe('0%');
  expect(opened).toEqual(['today']);
  expect(view.getChildren(flag).map((each) => each.node.label)).toEqual(['0% in production']);
  view.dispose();
});
