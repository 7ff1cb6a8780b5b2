import * as vscode from 'vscode';
import { until } from './shop';

/**
 * Refactorings are shown first, unticked: as a person does who looks at them, ticks them and goes on. Ends early where
 * what runs ends by itself. `row`: which edit of the first file is ticked, from 1; others may be ticked already.
 */
export async function agreed(running: Thenable<unknown>, isDone: () => boolean, row = 1): Promise<void> {
  let isOver = false;
  const over = Promise.resolve(running).finally(() => (isOver = true));
  // Of several edits those that are ticked would be made alone, if they were agreed to before all are listed.
  if (row > 1) await new Promise((resolve) => setTimeout(resolve, 3_000));
  await until(
    'the preview was agreed to',
    async () => {
      if (isOver) return true;
      for (const command of [
        'refactorPreview.focus',
        'list.focusFirst',
        ...Array<string>(row).fill('list.focusDown'),
        'refactorPreview.toggleCheckedState',
        'refactorPreview.apply',
      ])
        await vscode.commands.executeCommand(command);
      return isDone();
    },
    () => undefined,
    75_000,
  );
  await over;
}

/** What a person is told while something runs. */
export async function told(run: () => Thenable<unknown>): Promise<readonly string[]> {
  const words: string[] = [];
  const { showWarningMessage } = vscode.window;
  Object.assign(vscode.window, {
    showWarningMessage: (message: string) => {
      words.push(message);
      return Promise.resolve(undefined);
    },
  });
  try {
    await run();
  } finally {
    Object.assign(vscode.window, { showWarningMessage });
  }
  return words;
}
