import { DisposableStack, type Disposable } from '../../platform/disposable';
import type { Log } from '../../platform/log';
import type { CommandHandler } from '../commandTable';
import type { ImpactCommand } from './impactCommands';
import type { Impact, ImpactOf } from './impactView';

const ids: readonly ImpactCommand[] = [
  'sightglass.reviewImpact',
  'sightglass.cancelReview',
  'sightglass.chooseReviewed',
  'sightglass.chooseReviewBase',
  'sightglass.exportReview',
  'sightglass.openReviewed',
  'sightglass.draftComments',
  'sightglass.copyDraft',
  'sightglass.discardDrafts',
];

/** The Production impact view, a bundle of its own that is loaded once the window is up, or by its first command. */
export class LateImpact implements Disposable {
  readonly #held = new DisposableStack();
  #loading: Promise<Impact> | undefined;
  #loaded: Impact | undefined;

  constructor(private readonly of: ImpactOf & { readonly log: Log }) {}

  get state(): string {
    return this.#loaded?.state ?? 'notYet';
  }

  get report(): Impact['report'] {
    return this.#loaded?.report ?? null;
  }

  readonly commands = Object.fromEntries(
    ids.map((id) => [id, async (argument: unknown) => (await this.#load()).commands[id](argument)]),
  ) as Readonly<Record<ImpactCommand, CommandHandler>>;

  /** The view; drawn when the bundle is there, and not when it was switched off meanwhile. */
  view(): Disposable {
    const held = new DisposableStack();
    const timer = this.of.clock.after(0, () => {
      this.#load().then(
        (impact) => held.add(impact.view()),
        (error: unknown) => this.of.log.error('The Production impact view could not be loaded', error),
      );
    });
    held.add(timer);
    return held;
  }

  dispose(): void {
    this.#held.dispose();
  }

  async #load(): Promise<Impact> {
    this.#loading ??= import('./impactView').then(({ impactView }) => this.#held.add(impactView(this.of)));
    return (this.#loaded = await this.#loading);
  }
}
