import * as vscode from 'vscode';
import { DisposableStack, type Disposable } from '../../platform/disposable';
import type { FileView, ShareIcon, TextRange } from '../../view/output';
import { codeDocuments } from '../documentSelectors';
import type { FileViews } from './fileViews';
import { iconFile } from './icons';

/** Draws decorations of one kind in every visible editor, and again when a view or the set of editors changed. */
abstract class EditorDrawing implements Disposable {
  protected readonly held = new DisposableStack();

  constructor(protected readonly views: FileViews) {
    this.held.add(views.onDidChangeViews((changed) => this.#drawAll(new Set(changed))));
    this.held.add(vscode.window.onDidChangeVisibleTextEditors(() => this.#drawAll()));
  }

  protected abstract draw(editor: vscode.TextEditor, view: FileView): void;

  protected drawAllNow(): void {
    this.#drawAll();
  }

  protected range(
    document: vscode.TextDocument,
    { startLine, startColumn, endLine, endColumn }: TextRange,
  ): vscode.Range[] {
    const start = this.views.position(document, startLine, startColumn);
    const end = this.views.position(document, endLine, endColumn);
    return start && end ? [new vscode.Range(start, end)] : [];
  }

  protected line(document: vscode.TextDocument, line: number): vscode.Range[] {
    return this.range(document, { startLine: line, startColumn: 1, endLine: line, endColumn: 1 });
  }

  dispose(): void {
    this.held.dispose();
  }

  #drawAll(only?: ReadonlySet<string>): void {
    for (const editor of vscode.window.visibleTextEditors) {
      if (only && !only.has(editor.document.uri.toString())) continue;
      if (vscode.languages.match([...codeDocuments], editor.document) === 0) continue;
      const view = this.views.view(editor.document);
      if (view) this.draw(editor, view);
    }
  }
}

/** Gutter circles by share, and ruler marks for regressions and unknown flags. */
export class GutterMarks extends EditorDrawing {
  readonly #gutter = new Map<string, vscode.TextEditorDecorationType>();
  readonly #ruler: Readonly<Record<'regression' | 'unknown', vscode.TextEditorDecorationType>>;

  constructor(
    views: FileViews,
    private readonly extension: vscode.Uri,
  ) {
    super(views);
    const ruler = (tone: string): vscode.TextEditorDecorationType =>
      this.held.add(
        vscode.window.createTextEditorDecorationType({
          overviewRulerColor: new vscode.ThemeColor(`sightglass.${tone}`),
          overviewRulerLane: vscode.OverviewRulerLane.Right,
        }),
      );
    this.#ruler = { regression: ruler('regression'), unknown: ruler('unknown') };
    this.drawAllNow();
  }

  protected draw(editor: vscode.TextEditor, view: FileView): void {
    const ofType = new Map<vscode.TextEditorDecorationType, vscode.Range[]>();
    for (const type of [...this.#gutter.values(), ...Object.values(this.#ruler)]) ofType.set(type, []);
    const add = (type: vscode.TextEditorDecorationType, ranges: vscode.Range[]): void => {
      ofType.set(type, [...(ofType.get(type) ?? []), ...ranges]);
    };
    for (const mark of view.gutter)
      add(this.#gutterType(mark.icon, mark.regression), this.line(editor.document, mark.line));
    for (const mark of view.ruler) add(this.#ruler[mark.tone], this.line(editor.document, mark.line));
    for (const [type, ranges] of ofType) editor.setDecorations(type, ranges);
  }

  #gutterType(icon: ShareIcon, regression: boolean): vscode.TextEditorDecorationType {
    const id = `${icon}${regression ? '+' : ''}`;
    let type = this.#gutter.get(id);
    if (!type) {
      const gutterIconSize = 'contain';
      type = this.held.add(
        vscode.window.createTextEditorDecorationType({
          light: { gutterIconPath: iconFile(this.extension, icon, regression, 'light'), gutterIconSize },
          dark: { gutterIconPath: iconFile(this.extension, icon, regression, 'dark'), gutterIconSize },
        }),
      );
      this.#gutter.set(id, type);
    }
    return type;
  }
}

/** Code that nobody can reach, dimmed; the hover over it says why. */
export class DimmedCode extends EditorDrawing {
  readonly #dimmed: vscode.TextEditorDecorationType;

  constructor(views: FileViews) {
    super(views);
    this.#dimmed = this.held.add(vscode.window.createTextEditorDecorationType({ opacity: '0.5' }));
    this.drawAllNow();
  }

  protected draw(editor: vscode.TextEditor, view: FileView): void {
    editor.setDecorations(
      this.#dimmed,
      view.dimmed.flatMap(({ range, reason }) =>
        this.range(editor.document, range).map((at) => ({ range: at, hoverMessage: plainMarkdown(reason) })),
      ),
    );
  }
}

/** Untrusted text as text: nothing in it is Markdown. */
function plainMarkdown(text: string): vscode.MarkdownString {
  return new vscode.MarkdownString().appendText(text);
}
