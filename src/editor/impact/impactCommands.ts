import * as vscode from 'vscode';
import type { L10n } from '../../platform/l10n';
import type { ReviewFormat } from '../../review/api';
import type { ImpactNode } from '../../review/impactRow';
import { iconless } from '../../view/text';
import type { CommandHandler } from '../commandTable';
import type { DraftComments } from './draftComments';
import type { ImpactReview, Reviewed } from './impactReview';
import { openPlace } from './openPlace';

export type ImpactCommand =
  | 'sightglass.reviewImpact'
  | 'sightglass.cancelReview'
  | 'sightglass.chooseReviewed'
  | 'sightglass.chooseReviewBase'
  | 'sightglass.exportReview'
  | 'sightglass.openReviewed'
  | 'sightglass.draftComments'
  | 'sightglass.copyDraft'
  | 'sightglass.discardDrafts';

const formats: readonly { readonly format: ReviewFormat; readonly label: string; readonly ending: string }[] = [
  { format: 'markdown', label: 'Markdown', ending: 'md' },
  { format: 'html', label: 'HTML', ending: 'html' },
  { format: 'json', label: 'JSON', ending: 'json' },
];

interface Pick extends vscode.QuickPickItem {
  /** What it stands for; a text is asked for where there is none. */
  readonly reviewed?: Partial<Reviewed>;
  readonly folder?: string;
}

/** Commands of the Production impact view. They show and export, and change nothing. */
export function impactCommands(
  review: ImpactReview,
  drafts: DraftComments,
  l10n: L10n,
): Readonly<Record<ImpactCommand, CommandHandler>> {
  return {
    'sightglass.reviewImpact': async () => {
      await showView();
      await review.look();
    },
    'sightglass.cancelReview': () => review.cancel(),
    // Where nothing can be looked at, the view says why.
    'sightglass.chooseReviewed': () => (canLook(review) ? chooseReviewed(review, l10n) : showView()),
    'sightglass.chooseReviewBase': () => (canLook(review) ? chooseBase(review, l10n) : showView()),
    'sightglass.exportReview': () => exportReview(review, l10n),
    'sightglass.openReviewed': async (id) => {
      const { report } = review;
      const place = typeof id === 'string' ? find(report?.tree.sections ?? [], id)?.place : null;
      if (report && place) await openPlace(place, report, review.reviewed);
    },
    'sightglass.draftComments': () => {
      const { report } = review;
      const count = report ? drafts.show(report, review.reviewed) : 0;
      void vscode.window.showInformationMessage(
        count === 0
          ? l10n.t('There is nothing to comment on: review a change with reasons to look at first.')
          : l10n.t(
              'Comments drafted at lines of the change: {0}. They are in this window only; nothing posts them.',
              count,
            ),
      );
    },
    'sightglass.copyDraft': async (thread) => {
      const text = drafts.textOf(thread);
      if (text !== null) await vscode.env.clipboard.writeText(text);
    },
    'sightglass.discardDrafts': (thread) => drafts.discard(thread),
  };
}

const showView = async (): Promise<void> => {
  await vscode.commands.executeCommand('sightglass.impact.focus');
};

const canLook = ({ state }: ImpactReview): boolean => state !== 'notTrusted' && state !== 'noFolder';

function find(nodes: readonly ImpactNode[], id: string): ImpactNode | undefined {
  for (const node of nodes) {
    const found = node.id === id ? node : find(node.children, id);
    if (found) return found;
  }
  return undefined;
}

async function chooseReviewed(review: ImpactReview, { t }: L10n): Promise<void> {
  const known = await review.branches();
  const whole = { head: null, staged: false };
  const picks: Pick[] = [
    { label: `$(edit) ${t('Working tree')}`, description: t('with what is new in it'), reviewed: whole },
    { label: `$(diff-added) ${t('What is staged')}`, reviewed: { ...whole, staged: true } },
    {
      label: `$(git-commit) ${t('The last commit')}`,
      description: 'HEAD~1..HEAD',
      reviewed: { base: 'HEAD~1', head: 'HEAD', staged: false },
    },
    { label: `$(search) ${t('A commit, tag or range…')}` },
    ...(review.folders.length > 1
      ? review.folders.map(({ name, uri }) => ({ label: `$(folder) ${iconless(name)}`, folder: uri.fsPath }))
      : []),
    ...(known?.branches ?? []).map(({ name, isCurrent }) => ({
      label: `$(git-branch) ${iconless(name)}`,
      description: isCurrent ? t('checked out') : '',
      reviewed: { head: name, staged: false },
    })),
  ];
  const picked = await vscode.window.showQuickPick(picks, {
    title: t('What is to be reviewed'),
    matchOnDescription: true,
  });
  if (!picked) return;
  if (picked.folder !== undefined) return review.choose({}, picked.folder);
  // The base of one commit is not that of another change.
  if (picked.reviewed) return review.choose({ base: keptBase(review), ...picked.reviewed });
  const written = await vscode.window.showInputBox({
    prompt: t('A commit, tag or branch, or two of them as base..head'),
    validateInput: (text) => (isRevision(text.trim()) ? null : t('A name without spaces that begins with no dash')),
  });
  if (written === undefined || !isRevision(written.trim())) return;
  const [first = '', second] = written.trim().split(/\.{2,3}/, 2);
  const isRange = second !== undefined && first !== '';
  const head = second === undefined ? first : second === '' ? 'HEAD' : second;
  await review.choose({ base: isRange ? first : `${head}~1`, head, staged: false });
}

/** Kept from one branch to another, not from one commit. */
const keptBase = ({ reviewed: { base } }: ImpactReview): string | null => (base?.endsWith('~1') ? null : base);

const isRevision = (text: string): boolean => /^[^\s-]\S{0,500}$/.test(text);

async function chooseBase(review: ImpactReview, { t }: L10n): Promise<void> {
  const known = await review.branches();
  const automatic = known?.defaultBase ?? t('the last commit');
  const picks: Pick[] = [
    { label: `$(sparkle) ${t('Default branch')}`, description: iconless(automatic), reviewed: { base: null } },
    { label: `$(git-commit) ${t('The last commit')}`, description: 'HEAD', reviewed: { base: 'HEAD' } },
    ...(known?.branches ?? []).map(({ name }) => ({
      label: `$(git-branch) ${iconless(name)}`,
      reviewed: { base: name },
    })),
  ];
  const picked = await vscode.window.showQuickPick(picks, { title: t('What it is compared with') });
  if (picked?.reviewed) await review.choose(picked.reviewed);
}

async function exportReview(review: ImpactReview, { t }: L10n): Promise<void> {
  if (!review.report) {
    void vscode.window.showInformationMessage(t('There is no report yet. Review the change first.'));
    return;
  }
  const picked = await vscode.window.showQuickPick(formats, { title: t('Export report') });
  const text = picked && (await review.written(picked.format));
  if (!picked || text === null || text === undefined) return;
  const folder = vscode.Uri.file(review.folder ?? '/');
  const target = await vscode.window.showSaveDialog({
    title: t('Export report'),
    filters: { [picked.label]: [picked.ending] },
    defaultUri: vscode.Uri.joinPath(folder, `production-impact.${picked.ending}`),
  });
  if (!target) return;
  await vscode.workspace.fs.writeFile(target, new TextEncoder().encode(text));
  if (picked.format !== 'html') await vscode.window.showTextDocument(target, { preview: true });
}
