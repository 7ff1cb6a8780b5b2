import { DisposableStack, type Disposable } from '../../platform/disposable';
import type { Clock } from '../../platform/clock';
import type { L10n } from '../../platform/l10n';
import type { Log } from '../../platform/log';
import type { Settings } from '../../platform/settings';
import type { Choices } from '../choices';
import type { CommandHandler } from '../commandTable';
import { ImpactTree } from '../surfaces/impactTree';
import { DraftComments } from './draftComments';
import { impactCommands, type ImpactCommand } from './impactCommands';
import { ImpactReview, type ImpactState, type ReportAnswer } from './impactReview';
import { ReviewWorker, type ReviewWorkerOf } from './reviewWorker';

export interface ImpactOf {
  readonly worker: ReviewWorkerOf;
  readonly choices: Choices;
  readonly settings: Settings;
  readonly clock: Clock;
  readonly log: Log;
  readonly l10n: L10n;
}

/** What is known of the current change, its commands, and the view of it. */
export interface Impact extends Disposable {
  readonly state: ImpactState;
  readonly report: ReportAnswer | null;
  readonly commands: Readonly<Record<ImpactCommand, CommandHandler>>;
  view(): Disposable;
}

/** The entry of a bundle of its own: what is shared with the window's comes in, and nothing is told apart by its class. */
export function impactView(of: ImpactOf): Impact {
  const held = new DisposableStack();
  const review = held.add(new ImpactReview({ ...of, worker: new ReviewWorker(of.worker) }));
  return {
    get state() {
      return review.state;
    },
    get report() {
      return review.report;
    },
    commands: impactCommands(review, held.add(new DraftComments(of.l10n)), of.l10n),
    view: () => new ImpactTree(review),
    dispose: () => held.dispose(),
  };
}
