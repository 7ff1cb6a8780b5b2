import { describe, expect, it } from 'vitest';
import { fileView } from '../../../src/view/fileView';
import { flagTree } from '../../../src/view/flagTree';
import { journalRows } from '../../../src/view/journalRows';
import type { TreeNode } from '../../../src/view/output';
import { serverStatus } from '../../../src/view/serverRows';
import { allChanges, allStates, treeOver } from './allStates';
import { english } from './sample';

const states = allStates(english);

/** Signs that a screen reader says badly or not at all; what they mean must be said in words. */
const signs = /[▲·●○◐◔◕→⚠]|\$\(|^\s*$|^[?…]|(^|[,:] )…(,|$)/u;

const rowsOf = (node: TreeNode): readonly TreeNode[] => [node, ...node.children().flatMap(rowsOf)];

describe('what a screen reader is told', () => {
  it.each(states)('%s: beside the code and in the status bar, in words', (_name, input) => {
    const { inline, statusBar } = fileView(input);
    for (const { label } of inline) expect(label).not.toMatch(signs);
    for (const { label, text } of inline) if (text.includes('▲')) expect(label).toContain('regression');
    if (statusBar) expect(statusBar.label).not.toMatch(signs);
    if (statusBar?.warning) expect(statusBar.label).toMatch(/regression/i);
    // Nor is it told by colour alone to those who see.
    expect(statusBar?.text.startsWith('$(warning)') ?? false).toBe(statusBar?.warning ?? false);
  });

  it.each(states)('%s: every row of the Flags view, with all that its icon says', (_name, input) => {
    const rows = flagTree(treeOver(input)).sections.flatMap(rowsOf);
    expect(rows.length).toBeGreaterThan(0);
    for (const { kind, label, description, icon, accessibilityLabel } of rows) {
      expect(accessibilityLabel).not.toMatch(signs);
      // A row is known by its name, and its state is never the pie alone.
      if (kind === 'flag' || kind === 'environment') {
        expect(accessibilityLabel.startsWith(label)).toBe(true);
        expect(accessibilityLabel.length).toBeGreaterThan(label.length + 2);
        expect(description).not.toBe('');
      }
      if (icon?.kind === 'share' && icon.regression) expect(accessibilityLabel).toContain('regression');
      if (description.includes('▲')) expect(accessibilityLabel).toContain('regression');
    }
  });

  it('a lens is read as it is written: it has words, and a regression in it is said in its tooltip', () => {
    for (const [name, input] of states) {
      const drawn = fileView({ ...input, settings: { ...input.settings, inlineFacts: false } });
      for (const { text, tooltip } of drawn.lenses.flatMap(({ parts }) => parts)) {
        expect(text, name).toMatch(/\p{L}/u);
        if (text.includes('▲')) expect(tooltip, name).toContain('regression');
      }
    }
  });

  it('every state of knowledge has words of its own', () => {
    const apart = ['not asked', 'asking', 'too old', 'unreachable', 'no traffic', 'no evaluations', 'too little'];
    const labels = states.filter(([name]) => apart.includes(name)).map(([, input]) => fileView(input).inline[0]?.label);
    expect(new Set(labels).size).toBe(apart.length);
  });

  it('each outcome of a change and each server that waits', () => {
    const rows = journalRows({
      entries: allChanges,
      now: states[0]![1].now,
      l10n: english,
      me: 'me',
      undoable: () => true,
      environmentName: ({ name }) => name,
    });
    const spoken = rows.map(({ accessibilityLabel }) => accessibilityLabel);
    for (const label of spoken) expect(label).not.toMatch(signs);
    expect(new Set(spoken).size).toBe(allChanges.length);
    const { servers } = treeOver(states[0]![1]);
    for (const server of servers) expect(serverStatus([server], english)?.label).not.toMatch(signs);
  });
});
