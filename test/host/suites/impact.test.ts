import assert from 'node:assert/strict';
import { join } from 'node:path';
import * as vscode from 'vscode';
import type { ShownImpact, SightglassApi } from '../../../src/editor/api';
import { gitIn, makeShopChange, sendShopTraffic } from '../../shopChange.mjs';
import { api, extension, file, folder, read, until, write } from '../shop';

/** A branch of the demo shop that edits the failing path, calls without a flag, removes a flag and drops a span. */
suite('production impact of the current change', () => {
  let exported: SightglassApi;
  const impact = () => exported.impact();
  const section = (id: string): ShownImpact | undefined => impact().sections.find((one) => one.id === id);
  const reasons = (): readonly ShownImpact[] => section('reasons')?.children ?? [];
  const titles = (): readonly string[] => reasons().map(({ label }) => label);
  const texts = (node: ShownImpact | undefined): string =>
    node ? [node.label, node.description, ...node.children.map(texts)].join('\n') : '';
  const shown = (what: string, look: () => boolean, ms = 60_000): Promise<unknown> => until(what, look, impact, ms);

  /** The person picks the first of what is offered that has this text in its label. */
  async function picking(command: string, ...labels: readonly string[]): Promise<void> {
    const { showQuickPick } = vscode.window;
    const stub = vscode.window as unknown as Record<'showQuickPick', unknown>;
    const left = [...labels];
    stub.showQuickPick = (items: readonly vscode.QuickPickItem[]) => {
      const label = left.shift() ?? '';
      return Promise.resolve(items.find((item) => item.label.includes(label)));
    };
    try {
      await vscode.commands.executeCommand(command);
    } finally {
      stub.showQuickPick = showQuickPick;
    }
  }

  suiteSetup(async function () {
    this.timeout(120_000);
    exported = await api();
    const port = await until(
      'the receiver listens',
      () => exported.receiver()?.port,
      () => exported.receiver(),
      60_000,
    );
    await sendShopTraffic(`http://127.0.0.1:${port}`);
  });

  test('a folder without git says that there is nothing to compare with', async function () {
    this.timeout(90_000);
    await vscode.commands.executeCommand('sightglass.reviewImpact');
    await shown('the view says why it is empty', () => impact().state === 'noRepository');
    assert.deepEqual(impact().sections, []);
  });

  test('says all of a branch of the shop, in order, each with the number that proves it', async function () {
    this.timeout(120_000);
    await makeShopChange(join(extension().extensionPath, 'test/demo/shop'), folder().fsPath);
    // The change is seen by itself: files and git's own notes became others.
    await shown('five reasons are shown', () => reasons().length === 5, 90_000);
    assert.equal(impact().state, 'ready');
    assert.match(impact().description, /^the working tree against main, from [0-9a-f]{7}$/);
    assert.deepEqual(titles(), [
      'Flag removed while served',
      'Failing already',
      'Busy path without a flag',
      'Telemetry removed',
      'Flag extinct',
    ]);
    const [removed, failing, busy, span] = reasons().map(texts);
    assert.match(removed!, /production: 50% "on"[^\n]*200 evaluations in 15m/);
    assert.match(failing!, /POST \/orders[^]*err 10%[^\n]*400 calls in 15m/);
    assert.match(busy!, /GET \/prices\/:id[^]*1,800 calls in 15m/);
    assert.match(span!, /authorise card[^]*300 calls in 15m[^\n]*code that started it[^]*payments\/charges\.ts:8/);
  });

  test('names consumers by what was observed and found, and what it could not ask', () => {
    const services = section('services')?.children.map(({ label }) => label) ?? [];
    for (const service of ['checkout', 'payments', 'storefront']) assert.ok(services.includes(service), service);
    assert.ok((section('missing')?.children.length ?? 0) > 0);
  });

  test('a row opens its place: of the file, and of what is gone as it was', async function () {
    this.timeout(60_000);
    const placed = (node: ShownImpact, at: RegExp): ShownImpact =>
      node.children.find(({ label }) => at.test(label)) ?? assert.fail(`no row ${String(at)}`);
    await vscode.commands.executeCommand('sightglass.openReviewed', placed(reasons()[1]!, /orders\.ts:\d+$/).id);
    const editor = vscode.window.activeTextEditor;
    assert.equal(editor?.document.uri.toString(), file('checkout/orders.ts').toString());
    assert.match(editor.document.lineAt(editor.selection.start.line).text, /function placeOrder/);

    const gone = placed(reasons()[3]!, /charges\.ts:8$/).id;
    await until(
      'the file is opened as it was',
      async () => {
        await vscode.commands.executeCommand('sightglass.openReviewed', gone);
        return vscode.window.activeTextEditor?.document.uri.scheme === 'git';
      },
      () => vscode.window.activeTextEditor?.document.uri.toString(),
      30_000,
    );
    assert.match(vscode.window.activeTextEditor!.document.getText(), /authorise card/);
    // What no row is called opens nothing.
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    for (const junk of ['../../etc/passwd', 7, { path: '/etc/passwd' }, undefined])
      await vscode.commands.executeCommand('sightglass.openReviewed', junk);
    assert.equal(vscode.window.activeTextEditor, undefined);
  });

  test('follows the working tree', async function () {
    this.timeout(90_000);
    const before = await read('checkout/delivery.ts');
    await write('checkout/delivery.ts', before.replace(`hasFeature(REGIONAL_DELIVERY`, `hasFeature('region-delivery'`));
    await shown('the unknown flag is told first', () => titles()[0] === 'Unknown flag');
    await write('checkout/delivery.ts', before);
    await shown('it is told no more', () => titles()[0] === 'Flag removed while served');
  });

  test('shows what is staged, and a base of choice; where nothing is changed it says so', async function () {
    this.timeout(120_000);
    await picking('sightglass.chooseReviewBase', 'quicker');
    await shown('nothing is changed', () => impact().state === 'unchanged');
    const git = gitIn(folder().fsPath);
    const before = await read('checkout/delivery.ts');
    await write('checkout/delivery.ts', before.replace(`hasFeature(REGIONAL_DELIVERY`, `hasFeature('region-delivery'`));
    git('add', '-A');
    await write('checkout/delivery.ts', before);
    await picking('sightglass.chooseReviewed', 'staged');
    await shown('what is staged is shown', () => titles()[0] === 'Unknown flag');
    assert.match(impact().description, /^what is staged against quicker, from /);
    git('reset', '-q', '--hard');
    await picking('sightglass.chooseReviewed', 'git-branch) quicker');
    await shown('the branch against itself is no change', () => impact().state === 'unchanged');
    await picking('sightglass.chooseReviewBase', 'Default branch');
    await shown('the branch is shown', () => reasons().length === 5);
    assert.match(impact().description, /^quicker against main, from /);
  });

  test('drafts comments at the lines of the change, each with its numbers, and posts nothing', async () => {
    const { createCommentController } = vscode.comments;
    const stub = vscode.comments as unknown as Record<'createCommentController', unknown>;
    const threads: vscode.CommentThread[] = [];
    let gone = 0;
    stub.createCommentController = (id: string, label: string) => {
      const controller = createCommentController(id, label);
      return {
        dispose: () => controller.dispose(),
        createCommentThread: (uri: vscode.Uri, range: vscode.Range, comments: readonly vscode.Comment[]) => {
          const thread = controller.createCommentThread(uri, range, comments);
          const dispose = thread.dispose.bind(thread);
          thread.dispose = () => {
            gone++;
            dispose();
          };
          threads.push(thread);
          return thread;
        },
      };
    };
    try {
      await vscode.commands.executeCommand('sightglass.draftComments');
    } finally {
      stub.createCommentController = createCommentController;
    }
    assert.equal(threads.length, 6);
    const span = threads.find(({ label }) => label?.includes('Telemetry removed'));
    assert.equal(span?.uri.scheme, 'git');
    assert.equal(span.range?.start.line, 7);
    assert.match((span.comments[0]?.body as vscode.MarkdownString).value, /authorise card[^]*300[^]*calls/);
    assert.ok(threads.every(({ canReply }) => canReply === false));
    await vscode.commands.executeCommand('sightglass.copyDraft', span);
    assert.match(
      await vscode.env.clipboard.readText(),
      /^Telemetry removed: The span "authorise card"[^]*\n- production: /,
    );
    await vscode.commands.executeCommand('sightglass.discardDrafts', span);
    assert.equal(gone, 1);
    await vscode.commands.executeCommand('sightglass.discardDrafts');
    assert.equal(gone, 6);
  });

  test('shows facts beside the code of a document of git, as it does beside the file', async function () {
    this.timeout(60_000);
    const orders = file('checkout/orders.ts');
    const query = JSON.stringify({ path: orders.fsPath, ref: 'main' });
    const uri = orders.with({ scheme: 'git', query });
    await vscode.commands.executeCommand('vscode.diff', uri, orders, 'orders.ts');
    await until(
      'the side before the change has its facts',
      () => (exported.facts(uri)?.inline.length ?? 0) > 0 && (exported.facts(orders)?.inline.length ?? 0) > 0,
      () => [exported.facts(uri), exported.facts(orders)],
      40_000,
    );
  });

  test('exports the report as what the command line writes', async function () {
    this.timeout(60_000);
    const { showSaveDialog } = vscode.window;
    const stub = vscode.window as unknown as Record<'showSaveDialog', unknown>;
    stub.showSaveDialog = () => Promise.resolve(file('impact-report.md'));
    try {
      await picking('sightglass.exportReview', 'Markdown');
    } finally {
      stub.showSaveDialog = showSaveDialog;
    }
    const report = await read('impact-report.md');
    assert.match(report, /^<!-- sightglass:review -->\n## Production impact/);
    assert.match(report, /- \*\*Warning · Telemetry removed:\*\*[^]*300 calls in 15m/);
  });

  test('a review that is cancelled says so', async function () {
    this.timeout(60_000);
    const choosing = picking('sightglass.chooseReviewBase', 'main');
    await until('it is at it', () => impact().state === 'running', impact);
    await vscode.commands.executeCommand('sightglass.cancelReview');
    await choosing;
    assert.equal(impact().state, 'cancelled');
  });
});
