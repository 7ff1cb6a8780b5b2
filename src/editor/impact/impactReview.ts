import * as vscode from 'vscode';
import type { Clock } from '../../platform/clock';
import { DisposableStack, type Disposable } from '../../platform/disposable';
import { Emitter, type Event } from '../../platform/emitter';
import type { Log } from '../../platform/log';
import type { Settings } from '../../platform/settings';
import type { KnownBranches, ReviewAnswer, ReviewFormat, ReviewRequest, ReviewStep } from '../../review/api';
import type { Choices } from '../choices';
import { changeWatch } from './changeWatch';
import type { ReviewWorker } from './reviewWorker';

/** After the last change this long nothing happens: a branch that is checked out changes many files. */
const rest = 1_500;
/** As on the command line. */
const busyPerMinute = 60;

/** What is looked at. `base` null: the default branch; `head` null: the working tree, or what is staged. */
export type Reviewed = Pick<ReviewRequest, 'base' | 'head' | 'staged'>;
export type ReportAnswer = Extract<ReviewAnswer, { kind: 'report' }>;

/** Why nothing is shown, or that it is; one welcome text each. */
export type ImpactState =
  | 'notYet'
  | 'noFolder'
  | 'notTrusted'
  | 'noGit'
  | 'noRepository'
  | 'cannot'
  | 'unchanged'
  | 'cancelled'
  | 'running'
  | 'ready';

/** The current change and its report: looked at when asked, and by itself only while somebody sees it. */
export class ImpactReview implements Disposable {
  readonly #held = new DisposableStack();
  readonly #changed: Emitter<void>;
  readonly onDidChange: Event<void>;
  #reviewed: Reviewed = { base: null, head: null, staged: false };
  #folder: string | null = null;
  #answer: ReviewAnswer | null = null;
  #failed: string | null = null;
  #running: AbortController | undefined;
  #step: ReviewStep | null = null;
  #cancelled = false;
  #visible = false;
  /** Something is another since it was looked at. */
  #stale = true;
  #timer: Disposable | undefined;
  #took = 0;

  constructor(
    private readonly of: {
      readonly worker: ReviewWorker;
      readonly choices: Choices;
      readonly settings: Settings;
      readonly clock: Clock;
      readonly log: Log;
    },
  ) {
    this.#changed = new Emitter((error) => of.log.error('A listener failed', error));
    this.onDidChange = this.#changed.event;
    const changed = (): void => {
      this.#stale = true;
      this.#soon();
    };
    this.#held.add(changeWatch(changed));
    this.#held.add(vscode.workspace.onDidGrantWorkspaceTrust(changed));
    this.#held.add(of.choices.onDidChange(changed));
  }

  get state(): ImpactState {
    if (this.folder === null) return 'noFolder';
    if (!vscode.workspace.isTrusted) return 'notTrusted';
    if (this.#answer?.kind === 'report' && this.#answer.tree.empty === null) return 'ready';
    if (this.#running) return 'running';
    if (this.#cancelled) return 'cancelled';
    if (this.#failed !== null) return 'cannot';
    if (this.#answer) return this.#answer.kind === 'report' ? 'unchanged' : this.#answer.kind;
    return 'notYet';
  }

  /** What it is at; null: at nothing. */
  get step(): ReviewStep | null {
    return this.#running ? (this.#step ?? 'compare') : null;
  }

  get report(): ReportAnswer | null {
    return this.state !== 'notTrusted' && this.#answer?.kind === 'report' ? this.#answer : null;
  }

  /** Why there is no report, in words of git or of what failed. */
  get words(): string | null {
    if (this.#running) return null;
    if (this.#failed !== null) return this.#failed;
    const answer = this.#answer;
    return answer && (answer.kind === 'report' ? answer.tree.empty : answer.words);
  }

  get reviewed(): Reviewed {
    return this.#reviewed;
  }

  /** The folder whose repository is looked at, absolute; null: there is none on this machine. */
  get folder(): string | null {
    const all = this.folders.map(({ uri }) => uri.fsPath);
    return all.find((one) => one === this.#folder) ?? all[0] ?? null;
  }

  get folders(): readonly vscode.WorkspaceFolder[] {
    return (vscode.workspace.workspaceFolders ?? []).filter(({ uri }) => uri.scheme === 'file');
  }

  setVisible(visible: boolean): void {
    this.#visible = visible;
    if (visible && this.#stale) void this.look();
  }

  async choose(reviewed: Partial<Reviewed>, folder: string | null = this.#folder): Promise<void> {
    this.#reviewed = { ...this.#reviewed, ...reviewed };
    this.#folder = folder;
    // What is shown is of something else.
    this.#answer = null;
    this.#running?.abort(new Error('another change was chosen'));
    await this.look();
  }

  cancel(): void {
    this.#cancelled = this.#running !== undefined;
    this.#running?.abort(new Error('cancelled'));
  }

  branches(): Promise<KnownBranches | null> {
    const { folder } = this;
    if (folder === null || !vscode.workspace.isTrusted) return Promise.resolve(null);
    return this.of.worker.branches(folder, AbortSignal.timeout(10_000));
  }

  written(format: ReviewFormat): Promise<string> | null {
    const { report } = this;
    return report && this.of.worker.write(report.report, format);
  }

  /** Looks now. One that is under way is not asked again. */
  async look(): Promise<void> {
    this.#timer?.dispose();
    this.#timer = undefined;
    const { folder } = this;
    if (folder === null || !vscode.workspace.isTrusted) {
      this.#changed.fire();
      return;
    }
    if (this.#running && !this.#running.signal.aborted) return;
    const controller = new AbortController();
    const began = this.of.clock.monotonic();
    [this.#running, this.#step, this.#cancelled, this.#failed, this.#stale] = [controller, null, false, null, false];
    this.#changed.fire();
    try {
      const answer = await this.of.worker.review(this.#request(folder), controller.signal, (step) => {
        if (this.#running !== controller) return;
        this.#step = step;
        this.#changed.fire();
      });
      if (this.#running === controller) this.#answer = answer;
    } catch (error) {
      if (this.#running === controller && !controller.signal.aborted) {
        this.of.log.error('The change could not be reviewed', error);
        this.#answer = null;
        this.#failed = error instanceof Error ? error.message : String(error);
      }
    }
    // Where another one took over, what it does is its own to say.
    if (this.#running !== controller) return;
    this.#running = undefined;
    this.#took = this.of.clock.monotonic() - began;
    this.#changed.fire();
    this.#catchUp();
  }

  dispose(): void {
    this.#timer?.dispose();
    this.#running?.abort(new Error('the window closes'));
    this.#running = undefined;
    this.#held.dispose();
    this.#changed.dispose();
  }

  #request(folder: string): ReviewRequest {
    const { choices, settings } = this.of;
    const unsaved = vscode.workspace.textDocuments.filter(({ isDirty, uri }) => isDirty && uri.scheme === 'file');
    const isWorkingTree = this.#reviewed.head === null && !this.#reviewed.staged;
    return {
      ...this.#reviewed,
      folder,
      windowMinutes: choices.windowMinutes,
      busyPerMinute,
      protection: {
        protected: settings.get<string[]>('protectedEnvironments', []),
        unprotected: settings.get<string[]>('unprotectedEnvironments', []),
      },
      unsaved: isWorkingTree ? unsaved.map(({ uri }) => vscode.workspace.asRelativePath(uri)) : [],
    };
  }

  /** What became another meanwhile is looked at again. */
  #catchUp(): void {
    if (this.#stale) this.#soon();
  }

  /** While it is seen, and never more than half of the time. */
  #soon(): void {
    if (!this.#visible) return;
    this.#timer?.dispose();
    this.#timer = this.of.clock.after(Math.max(rest, this.#took), () => void this.look());
  }
}
