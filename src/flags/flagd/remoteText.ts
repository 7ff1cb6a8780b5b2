import type { Problem } from '../../model/problem';
import { GrpcError } from '../../platform/grpc';
import { HttpError } from '../../platform/http';
import { RemoteError } from '../../platform/remotes';
import type { SystemDeps } from '../deps';
import { connectionWords } from '../sourceWords';
import { TextSyntaxError } from '../textSyntax';
import type { Turns } from '../turns';
import { parseFlagFile, type FlagFile } from './flagFile';

/** What a server last sent, read; the last good state stays when it sends something malformed or nothing. */
export class RemoteText {
  readonly #name: string;
  readonly #deps: SystemDeps;
  #file: FlagFile | null = null;
  #problem: Problem | null = null;
  #refusal: RemoteError | null = null;

  /** `name`: the server's address, for people. */
  constructor(name: string, deps: SystemDeps) {
    this.#name = name;
    this.#deps = deps;
  }

  get file(): FlagFile | null {
    return this.#file;
  }

  get refusal(): RemoteError | null {
    return this.#refusal;
  }

  get problems(): readonly Problem[] {
    return [...(this.#problem ? [this.#problem] : []), ...(this.#file?.problems ?? [])];
  }

  get version(): string {
    return `${this.#file?.hash ?? ''}:${this.#problem ? JSON.stringify(this.#problem) : ''}`;
  }

  /** Reads a text that arrived; one that was read already costs nothing. Rejects only when `signal` aborts. */
  async take(text: string, hash: string, turns: Turns, signal: AbortSignal): Promise<void> {
    this.#refusal = null;
    if (hash === this.#file?.hash) {
      this.#problem = null;
      return;
    }
    try {
      this.#file = await parseFlagFile(this.#name, { text, hash, remote: true }, this.#deps, turns, signal);
      this.#problem = null;
    } catch (error) {
      if (signal.aborted) throw error;
      const { t } = this.#deps.l10n;
      const why = error instanceof Error ? error.message : String(error);
      this.fail(
        'flagd.malformed',
        error instanceof TextSyntaxError
          ? t(
              '{0} sent something that is no flag definition: {1} Until it is mended the last good state stays.',
              this.#name,
              why,
            )
          : t('What {0} sent cannot be read: {1}', this.#name, why),
      );
    }
  }

  /** It cannot be asked, or gives none; words for what is known of why. */
  unreachable(error: unknown): void {
    this.#refusal = RemoteError.is(error) ? error : null;
    this.fail('flagd.unreachable', unreachableWords(this.#name, error, this.#deps));
  }

  fail(code: string, message: string): void {
    this.#problem = { severity: 'error', code, message };
  }
}

/** What flagd 0.11 says of a selector that is no source of it, and flagd 0.15 of one without a name. */
const refusedSelector = /no flag watcher setup for source|invalid selector/;

/** Why a server that flags are read from gave none. What it says itself is in the error's message. */
function unreachableWords(name: string, error: unknown, { l10n }: SystemDeps): string {
  const { t } = l10n;
  if (HttpError.is(error, 'tooLarge'))
    return t('{0} sends more than is read. Raise "maxMegabytes" of the environment, or select fewer flags.', name);
  if (GrpcError.is(error) && refusedSelector.test(error.message))
    return t(
      '{0} does not know the selector: {1} flagd 0.11 takes a source alone, as its --uri has it without "file:"; newer ones take "source=" before it.',
      name,
      error.message,
    );
  if (GrpcError.is(error)) return t('{0} does not stream its flags: {1}', name, error.message);
  return connectionWords(error, l10n);
}

export const silentWords = (name: string, { l10n: { t } }: SystemDeps): string => t('{0} has not answered yet.', name);
