import * as vscode from 'vscode';
import type { ChangesApi } from '../change/api';
import { isMade } from '../change/entry';
import type { Flags } from '../flags/api';
import { lastKnown, type Answer } from '../model/answer';
import type { SignalFacts } from '../model/facts';
import type { Clock } from '../platform/clock';
import { DisposableStack, type Disposable } from '../platform/disposable';
import type { DocumentViews } from './documentViews';
import type { SignalFeed } from './signalFeed';

/** Steps of the walkthrough that are completed by having happened, as context keys `sightglass.did.<step>`. */
const steps = ['connectFlags', 'receiveTelemetry', 'readFact', 'openDetails', 'turnOff', 'undo'] as const;
type Step = (typeof steps)[number];

/** A walkthrough that was just opened reads its steps first. */
const untilOpened = 1_000;

export interface WalkthroughProgressOf {
  readonly flags: Pick<Flags, 'projects' | 'onDidChange'>;
  readonly feed: Pick<SignalFeed, 'environments' | 'answer' | 'onDidChange'>;
  readonly documents: Pick<DocumentViews, 'view' | 'onDidChangeViews'>;
  readonly changes: Pick<ChangesApi, 'listing' | 'onDidChange'>;
  readonly clock: Clock;
}

/**
 * Ticks off what the reader really did; a step once done stays done. The keys are set only once a walkthrough is open:
 * VS Code never ticks off a step whose key was true before it read the steps, which it does when first asked for them.
 */
export class WalkthroughProgress implements Disposable {
  readonly #held = new DisposableStack();
  readonly #done = new Set<Step>();
  #open = false;
  #opening: Disposable | undefined;

  constructor(private readonly of: WalkthroughProgressOf) {
    const look = (): void => this.#look();
    this.#held.add(of.flags.onDidChange(look));
    this.#held.add(of.feed.onDidChange(look));
    this.#held.add(of.documents.onDidChangeViews(look));
    this.#held.add(of.changes.onDidChange(look));
    this.#held.add(
      vscode.window.tabGroups.onDidChangeTabs(({ opened }) => {
        if (opened.some(isWalkthrough)) this.opened();
      }),
    );
    if (vscode.window.tabGroups.all.some(({ tabs }) => tabs.some(isWalkthrough))) this.opened();
  }

  opened(): void {
    this.#opening ??= this.of.clock.after(untilOpened, () => {
      this.#open = true;
      for (const step of this.#done) tickOff(step);
    });
  }

  dispose(): void {
    this.#opening?.dispose();
    this.#held.dispose();
  }

  did(step: Step): void {
    if (this.#done.has(step)) return;
    this.#done.add(step);
    if (this.#open) tickOff(step);
  }

  #look(): void {
    for (const step of steps) if (!this.#done.has(step) && this.#happened(step)) this.did(step);
  }

  #happened(step: Step): boolean {
    const { flags, feed, documents, changes } = this.of;
    switch (step) {
      case 'connectFlags':
        return flags.projects().some(({ answer }) => (lastKnown(answer)?.value.flags.length ?? 0) > 0);
      case 'receiveTelemetry':
        return feed.environments.some((environment) => newestSample(feed.answer(environment)) !== null);
      case 'readFact':
        return vscode.window.visibleTextEditors.some(
          ({ document }) => (documents.view(document)?.inline.length ?? 0) > 0,
        );
      case 'openDetails':
        return false; // Told by whoever opens them.
      case 'turnOff':
        return changes.listing.entries.some(
          (entry) => isMade(entry) && (entry.plan.direction === 'off' || entry.plan.direction === 'down'),
        );
      case 'undo':
        return changes.listing.entries.some((entry) => isMade(entry) && entry.undoes !== null);
    }
  }
}

/** Its tab is of no kind that the API knows; other such tabs have other names. */
function isWalkthrough({ input, label }: vscode.Tab): boolean {
  return input === undefined && /welcome|walkthrough/i.test(label);
}

function tickOff(step: Step): void {
  void vscode.commands.executeCommand('setContext', `sightglass.did.${step}`, true);
}

function newestSample(answer: Answer<SignalFacts> | null): number | null {
  return (answer && lastKnown(answer)?.value.coverage.newestSample) ?? null;
}
