import * as vscode from 'vscode';
import type { ImpactNode } from '../review/impactRow';
import type { ImpactTree } from '../review/impactTree';
import type { FlagTree, FileView, JournalRow, TreeNode } from '../view/output';
import type { ReceiverStatus } from '../telemetry/api';

/** One line of the Flags view, with what is below it. */
export interface ShownNode {
  readonly id: string;
  readonly label: string;
  readonly description: string;
  readonly contextValue: string;
  readonly children: readonly ShownNode[];
}

/** One line of the Production impact view. */
export type ShownImpact = Pick<ImpactNode, 'id' | 'label' | 'description'> & {
  readonly children: readonly ShownImpact[];
};

/** What a document shows now. Lines are 1-based. */
export interface ShownFile {
  readonly inline: readonly { readonly line: number; readonly text: string }[];
  readonly lenses: readonly { readonly line: number; readonly text: string }[];
  readonly gutter: readonly { readonly line: number; readonly icon: string; readonly regression: boolean }[];
  readonly dimmed: readonly { readonly startLine: number; readonly endLine: number; readonly reason: string }[];
  readonly statusBar: string | null;
}

/**
 * What other extensions and the tests may read. There is nothing here that changes a flag or answers a question that
 * was put to a person.
 */
export interface SightglassApi {
  /** Flags of the folders were read once, or failed. */
  readonly ready: Promise<void>;
  /** What `activate` took, in milliseconds. */
  readonly activationMs: number;
  /** null = nothing is known of the document, or it is not visible. */
  facts(uri: vscode.Uri): ShownFile | null;
  flags(): { readonly welcome: string | null; readonly sections: readonly ShownNode[] };
  journal(): readonly Pick<JournalRow, 'id' | 'label' | 'description' | 'tooltip'>[];
  /** The Production impact view: why it is empty or that it is not, what is compared, and its rows. */
  impact(): { readonly state: string; readonly description: string; readonly sections: readonly ShownImpact[] };
  /** Where telemetry is received; null before it was started. */
  receiver(): ReceiverStatus | null;
}

export interface ShownBySession {
  readonly ready: Promise<void>;
  view(document: vscode.TextDocument): FileView | null;
  tree(): FlagTree;
  rows(): readonly JournalRow[];
  readonly impact: { readonly state: string; readonly report: { readonly tree: ImpactTree } | null };
  status(): ReceiverStatus | null;
}

export function sightglassApi(session: ShownBySession, activationMs: number): SightglassApi {
  return {
    ready: session.ready,
    activationMs,
    facts: (uri) => {
      const document = vscode.workspace.textDocuments.find((one) => one.uri.toString() === uri.toString());
      const view = document && session.view(document);
      return view ? shownFile(view) : null;
    },
    flags: () => {
      const { welcome, sections } = session.tree();
      return { welcome: welcome?.cause ?? null, sections: sections.map((node) => shownNode(node, 2)) };
    },
    journal: () => session.rows().map(({ id, label, description, tooltip }) => ({ id, label, description, tooltip })),
    impact: () => {
      const { state, report } = session.impact;
      return { state, description: report?.tree.description ?? '', sections: report?.tree.sections ?? [] };
    },
    receiver: () => session.status(),
  };
}

function shownFile({ inline, lenses, gutter, dimmed, statusBar }: FileView): ShownFile {
  return {
    inline: inline.map(({ line, text }) => ({ line, text })),
    lenses: lenses.map(({ line, parts }) => ({ line, text: parts.map(({ text }) => text).join(' | ') })),
    gutter: gutter.map(({ line, icon, regression }) => ({ line, icon, regression })),
    dimmed: dimmed.map(({ range, reason }) => ({ startLine: range.startLine, endLine: range.endLine, reason })),
    statusBar: statusBar?.text ?? null,
  };
}

function shownNode(node: TreeNode, depth: number): ShownNode {
  const { id, label, description, contextValue } = node;
  return {
    id,
    label,
    description,
    contextValue,
    children: depth > 0 ? node.children().map((child) => shownNode(child, depth - 1)) : [],
  };
}
