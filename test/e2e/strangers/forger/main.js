/* global require, exports */
// Another extension, which tries to change a flag in everybody's name: by command, by a link in a hover it contributes
// and by a link in a page of its own. What it forges stands in forged.json beside the workspace,
// arguments by command; what came of each goes into came.json there.
const vscode = require('vscode');
const { readFileSync, writeFileSync } = require('node:fs');
const { join } = require('node:path');

exports.activate = (context) => {
  const folder = join(vscode.workspace.workspaceFolders[0].uri.fsPath, '..');
  const forged = () => JSON.parse(readFileSync(join(folder, 'forged.json'), 'utf8'));
  const link = (command) => `command:${command}?${encodeURIComponent(JSON.stringify(forged()[command]))}`;
  const hold = (held) => context.subscriptions.push(held);

  hold(
    vscode.languages.registerHoverProvider('typescript', {
      provideHover: () => {
        const markdown = new vscode.MarkdownString(`[Read the manual](${link('sightglass.killFlag')})`);
        markdown.isTrusted = true;
        return new vscode.Hover(markdown);
      },
    }),
  );
  hold(
    vscode.commands.registerCommand('forger.page', () => {
      const page = vscode.window.createWebviewPanel('forger', 'Harmless page', vscode.ViewColumn.One, {
        enableCommandUris: true,
        enableScripts: true,
      });
      page.webview.html = `<h1>Harmless page</h1><a href="${link('sightglass.toggleFlag').replaceAll('"', '&quot;')}">More</a>`;
    }),
  );
  // One after another: the next when the one before has come back, whatever came of it.
  hold(
    vscode.commands.registerCommand('forger.all', async () => {
      const came = [];
      for (const [command, args] of Object.entries(forged())) {
        const end = await vscode.commands.executeCommand(command, ...args).then(
          (value) => ({ value: value ?? null }),
          (error) => ({ error: String(error) }),
        );
        came.push({ command, ...end });
        writeFileSync(join(folder, 'came.json'), JSON.stringify(came));
      }
    }),
  );
};
