import type * as vscode from 'vscode';
import type { Event } from '../../platform/emitter';
import type { FileView } from '../../view/output';

/** What the surfaces of a file read. Synchronous, from memory: nothing here waits. */
export interface FileViews {
  /** null = nothing is known of the document yet, or it is none of ours. */
  view(document: vscode.TextDocument): FileView | null;
  /**
   * A position of a view (1-based line and column) in the document as it is now (0-based), or undefined when that text
   * is gone.
   */
  position(document: vscode.TextDocument, line: number, column: number): vscode.Position | undefined;
  /** Documents, by URI, whose view differs from the last one told. */
  readonly onDidChangeViews: Event<readonly string[]>;
}
