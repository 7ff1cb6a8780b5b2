import { rpcClient, type RpcClient } from '../../platform/rpc';
import type { Channel, Workers } from '../../platform/channel';
import { DisposableStack, type Disposable } from '../../platform/disposable';
import type {
  KnownBranches,
  ReviewAnswer,
  ReviewEvents,
  ReviewFormat,
  ReviewMethods,
  ReviewRequest,
  ReviewStep,
  ReviewWorkerData,
} from '../../review/api';
import type { Report } from '../../review/report';

export interface ReviewWorkerOf {
  readonly workers: Workers;
  readonly data: ReviewWorkerData;
  /** Answers what the worker asks of the host: servers, for which that has the consent and the tokens. */
  readonly serve: (channel: Channel) => Disposable;
}

type Client = RpcClient<ReviewMethods, ReviewEvents>;

/**
 * Reviews in a worker that lives as long as one question: what it read is large, and the next one finds it on disk.
 * Rejects when the worker goes, or with the signal's reason.
 */
export class ReviewWorker {
  constructor(private readonly of: ReviewWorkerOf) {}

  review(request: ReviewRequest, signal: AbortSignal, step: (step: ReviewStep) => void): Promise<ReviewAnswer> {
    return this.#ask((client) => {
      client.on('step', step);
      return client.call('review', request, signal);
    });
  }

  branches(folder: string, signal: AbortSignal): Promise<KnownBranches | null> {
    return this.#ask((client) => client.call('branches', { folder }, signal));
  }

  write(report: Report, format: ReviewFormat): Promise<string> {
    return this.#ask((client) => client.call('write', { report, format }));
  }

  async #ask<T>(question: (client: Client) => Promise<T>): Promise<T> {
    const held = new DisposableStack();
    try {
      const { channel } = held.add(this.of.workers.start('review', this.of.data));
      held.add(this.of.serve(channel));
      return await question(held.add(rpcClient<ReviewMethods, ReviewEvents>(channel)));
    } finally {
      held.dispose();
    }
  }
}
