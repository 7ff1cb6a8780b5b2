import * as vscode from 'vscode';
import type { ActionLink, ChartImage, HoverModel, HoverTable } from '../../view/output';
import { commandLink, linkedCommands } from './actionCommand';

/**
 * A hover as Markdown. All its text is from outside, so every sign that could mean something is escaped; there is no
 * HTML, no codicons, and the only trusted links are to our own commands. VS Code shows 250 px of it at once: the verdict,
 * what can be done about it and where it comes from are above that; the chart and the notes may be scrolled to.
 */
export function hoverMarkdownString(model: HoverModel): vscode.MarkdownString {
  const markdown = new vscode.MarkdownString(
    [
      `**${escaped(model.title)}**${model.subtitle === '' ? '' : `   ${escaped(model.subtitle)}`}`,
      model.table ? table(model.table) : '',
      escaped(model.sentence),
      model.actions.map(link).join(' · '),
      escaped(model.provenance),
      model.chart ? image(model.chart) : '',
      ...model.notes.map(escaped),
    ]
      .filter((part) => part !== '')
      .join('\n\n'),
    false,
  );
  markdown.isTrusted = { enabledCommands: linkedCommands };
  markdown.supportHtml = false;
  return markdown;
}

/** CommonMark lets every ASCII punctuation be escaped; line ends would start new blocks. */
export function escaped(text: string): string {
  return text.replace(/[\r\n\u2028\u2029]+/g, ' ').replace(/[!-/:-@[-`{-~]/g, '\\$&');
}

function table({ columns, rows }: HoverTable): string {
  const row = (cells: readonly string[]): string => `| ${cells.map((cell) => escaped(cell)).join(' | ')} |`;
  return [row(columns), `|${columns.map(() => ':--').join('|')}|`, ...rows.map(row)].join('\n');
}

function image({ uri, alt, width, height }: ChartImage): string {
  return `![${escaped(alt)}](${uri}|width=${width},height=${height})`;
}

function link({ label, action }: ActionLink): string {
  return `[${escaped(label)}](${commandLink(action)})`;
}
