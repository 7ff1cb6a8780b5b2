import {
  detailProtocolVersion,
  toDetailPanelSchema,
  type DetailState,
  type FromDetailPanel,
} from '../../src/protocol/detailPanel';

type Request = Extract<FromDetailPanel, { requestId: number }>;
type Proposal = Request extends infer Each ? (Each extends Request ? Omit<Each, 'requestId'> : never) : never;

/** The host's end of the panel. Every proposal is answered; an answer in words means it did not work. */
export class HostLink {
  readonly #api = acquireVsCodeApi();
  readonly #waiting = new Map<number, (error: string | null) => void>();
  #next = 1;

  constructor(onState: (state: DetailState) => void) {
    window.addEventListener('message', (event: MessageEvent<unknown>) => {
      const message = toDetailPanelSchema.safeParse(event.data);
      // What does not fit is not drawn: the last good state stays.
      if (!message.success) return;
      if (message.data.type === 'state') onState(message.data.state);
      else {
        const { requestId } = message.data;
        this.#waiting.get(requestId)?.(message.data.ok ? null : message.data.error);
        this.#waiting.delete(requestId);
      }
    });
  }

  ready(): void {
    this.#post({ type: 'ready', protocol: detailProtocolVersion });
  }

  /** Resolves to null, or to what went wrong. */
  propose(proposal: Proposal): Promise<string | null> {
    const requestId = this.#next++;
    return new Promise((resolve) => {
      this.#waiting.set(requestId, resolve);
      this.#post({ ...proposal, requestId });
    });
  }

  #post(message: FromDetailPanel): void {
    this.#api.postMessage(message);
  }
}
