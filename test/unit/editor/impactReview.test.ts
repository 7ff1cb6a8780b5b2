import { beforeEach, describe, expect, it, vi } from 'vitest';
import { MemoryClock } from '../../../src/platform/memory/clock';
import type { ReviewAnswer, ReviewRequest, ReviewStep } from '../../../src/review/api';
import { impactTree } from '../../../src/review/impactTree';
import { memoryL10n } from '../../../src/platform/memory/l10n';
import { sampleReport } from '../review/sampleReport';

const world = vi.hoisted(() => ({
  isTrusted: true,
  folders: [] as { uri: { fsPath: string; scheme: string } }[],
  changed: [] as ((uri: { path: string }) => void)[],
}));
const nothing = { dispose: () => undefined };
vi.mock('vscode', () => ({
  workspace: {
    get isTrusted() {
      return world.isTrusted;
    },
    get workspaceFolders() {
      return world.folders;
    },
    textDocuments: [
      { isDirty: true, uri: { scheme: 'file', fsPath: '/shop/a.ts' } },
      { isDirty: true, uri: { scheme: 'untitled', fsPath: 'b.ts' } },
    ],
    asRelativePath: ({ fsPath }: { fsPath: string }) => fsPath.replace('/shop/', ''),
    createFileSystemWatcher: () => ({
      ...nothing,
      onDidChange: (listener: (uri: { path: string }) => void) => (world.changed.push(listener), nothing),
      onDidCreate: () => nothing,
      onDidDelete: () => nothing,
    }),
    onDidChangeWorkspaceFolders: () => nothing,
    onDidGrantWorkspaceTrust: () => nothing,
  },
}));
const { ImpactReview } = await import('../../../src/editor/impact/impactReview');

interface Asked {
  readonly request: ReviewRequest;
  readonly signal: AbortSignal;
  step(step: ReviewStep): void;
  answer(answer: ReviewAnswer): Promise<void>;
  fail(error: Error): Promise<void>;
}

const settled = (): Promise<void> => new Promise((resolve) => void setTimeout(resolve, 0));

function answerOf(changed: number): ReviewAnswer {
  const report = sampleReport({ files: { changed, read: changed } });
  return { kind: 'report', report, tree: impactTree(report, null, memoryL10n), top: '/shop', parted: null };
}

function bench() {
  const clock = new MemoryClock();
  const asked: Asked[] = [];
  const worker = {
    review: (request: ReviewRequest, signal: AbortSignal, step: (step: ReviewStep) => void) =>
      new Promise<ReviewAnswer>((resolve, reject) => {
        signal.addEventListener('abort', () => reject(signal.reason as Error));
        asked.push({
          ...{ request, signal, step },
          answer: (answer) => (resolve(answer), settled()),
          fail: (error) => (reject(error), settled()),
        });
      }),
  };
  const review = new ImpactReview({
    worker: worker as never,
    choices: { windowMinutes: 15, onDidChange: () => nothing } as never,
    settings: { get: (_: string, fallback: unknown) => fallback, onDidChange: () => nothing } as never,
    clock,
    log: { error: () => undefined } as never,
  });
  const saved = (path: string): void => world.changed.forEach((tell) => tell({ path }));
  return { clock, asked, review, saved };
}

beforeEach(() => {
  world.isTrusted = true;
  world.folders = [{ uri: { fsPath: '/shop', scheme: 'file' } }];
  world.changed = [];
});

describe('the review of the current change', () => {
  it('runs nothing in a workspace that is not trusted, nor without a folder, and says so', async () => {
    world.isTrusted = false;
    const { review, asked } = bench();
    review.setVisible(true);
    await review.look();
    await review.choose({ head: 'quicker' });
    expect([review.state, asked.length, await review.branches()]).toEqual(['notTrusted', 0, null]);
    world.folders = [];
    expect(review.state).toBe('noFolder');
  });

  it('looks by itself only while it is seen: once for a burst, and again for what came meanwhile', async () => {
    const { review, asked, clock, saved } = bench();
    saved('/shop/a.ts');
    await clock.advance(60_000);
    expect([asked.length, review.state]).toEqual([0, 'notYet']);
    review.setVisible(true);
    expect([asked.length, review.state, review.step]).toEqual([1, 'running', 'compare']);
    saved('/shop/a.ts');
    await asked[0]?.answer(answerOf(1));
    expect(review.state).toBe('ready');
    for (let turn = 0; turn < 20; turn++) {
      saved('/shop/a.ts');
      await clock.advance(100);
    }
    expect(asked.length).toBe(1);
    await clock.advance(1_500);
    expect(asked.length).toBe(2);
    await asked[1]?.answer(answerOf(0));
    expect([review.state, review.words]).toEqual(['unchanged', 'Nothing is changed: main against main.']);
    review.setVisible(false);
    saved('/shop/a.ts');
    await clock.advance(60_000);
    expect(asked.length).toBe(2);
  });

  it('counts what git notes, and not its locks, its objects or what others installed', async () => {
    const { review, asked, clock, saved } = bench();
    review.setVisible(true);
    await asked[0]?.answer(answerOf(1));
    for (const path of ['/shop/.git/index.lock', '/shop/.git/objects/aa/bb', '/shop/node_modules/x/y.js']) saved(path);
    await clock.advance(60_000);
    expect(asked.length).toBe(1);
  });

  it('is never at it for more than half of the time', async () => {
    const { review, asked, clock, saved } = bench();
    review.setVisible(true);
    await clock.advance(30_000);
    await asked[0]?.answer(answerOf(1));
    saved('/shop/.git/HEAD');
    await clock.advance(29_000);
    expect(asked.length).toBe(1);
    await clock.advance(2_000);
    expect(asked.length).toBe(2);
  });

  it('lets go of what is no longer wanted, and takes no answer of it', async () => {
    const { review, asked } = bench();
    const first = review.look();
    const second = review.choose({ head: 'quicker' });
    expect(asked[0]?.signal.aborted).toBe(true);
    await first;
    expect([asked.length, review.state]).toEqual([2, 'running']);
    expect(asked[1]?.request).toMatchObject({ head: 'quicker', unsaved: [] });
    asked[0]?.step('consumers');
    expect(review.step).toBe('compare');
    review.cancel();
    await second;
    expect([review.state, review.step, review.report]).toEqual(['cancelled', null, null]);
  });

  it('says what is not saved, and what went wrong', async () => {
    const { review, asked } = bench();
    const looking = review.look();
    expect(asked[0]?.request).toMatchObject({ folder: '/shop', base: null, windowMinutes: 15, unsaved: ['a.ts'] });
    await asked[0]?.fail(new Error('worker-review.js ended with code 1'));
    await looking;
    expect([review.state, review.words]).toEqual(['cannot', 'worker-review.js ended with code 1']);
    void review.look();
    await asked[1]?.answer({ kind: 'noRepository', words: '/shop is in no working tree of git' });
    expect([review.state, review.words]).toEqual(['noRepository', '/shop is in no working tree of git']);
  });
});
