import { readFile } from 'node:fs/promises';
import { FlagdCore } from '@openfeature/flagd-core';
import {
  OpenFeatureEventEmitter,
  ProviderEvents,
  type EvaluationContext,
  type JsonValue,
  type Logger,
  type Provider,
  type ResolutionDetails,
} from '@openfeature/server-sdk';

/** How long a service may go on with old flags after the file has changed. */
const POLL_MS = 1000;

/**
 * flagd's own evaluator in this process, over a flag file. The file is read again every second rather than watched:
 * editors and config maps replace files by renaming, and a watch follows the old one.
 */
export class FlagFileProvider implements Provider {
  readonly metadata = { name: 'flagd file' };
  readonly runsOn = 'server';
  readonly events = new OpenFeatureEventEmitter();
  private readonly flagd = new FlagdCore();
  private text = '';
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly file: string) {}

  async initialize(): Promise<void> {
    await this.read();
    this.timer = setInterval(() => void this.poll(), POLL_MS);
  }

  async onClose(): Promise<void> {
    clearInterval(this.timer);
  }

  private async read(): Promise<void> {
    const text = await readFile(this.file, 'utf8');
    if (text === this.text) return;
    const changed = this.flagd.setConfigurations(text);
    this.text = text;
    console.log(`flags: ${changed.join(', ')} taken over`);
    this.events.emit(ProviderEvents.ConfigurationChanged, { flagsChanged: changed });
  }

  /** A file that cannot be read or is half written changes nothing: the last good flags stay. */
  private async poll(): Promise<void> {
    try {
      await this.read();
    } catch (error) {
      console.warn(`flags: ${this.file} was not taken over: ${String(error)}`);
    }
  }

  async resolveBooleanEvaluation(
    key: string,
    value: boolean,
    context: EvaluationContext,
    logger: Logger,
  ): Promise<ResolutionDetails<boolean>> {
    return this.flagd.resolveBooleanEvaluation(key, value, context, logger);
  }

  async resolveStringEvaluation(
    key: string,
    value: string,
    context: EvaluationContext,
    logger: Logger,
  ): Promise<ResolutionDetails<string>> {
    return this.flagd.resolveStringEvaluation(key, value, context, logger);
  }

  async resolveNumberEvaluation(
    key: string,
    value: number,
    context: EvaluationContext,
    logger: Logger,
  ): Promise<ResolutionDetails<number>> {
    return this.flagd.resolveNumberEvaluation(key, value, context, logger);
  }

  async resolveObjectEvaluation<T extends JsonValue>(
    key: string,
    value: T,
    context: EvaluationContext,
    logger: Logger,
  ): Promise<ResolutionDetails<T>> {
    return this.flagd.resolveObjectEvaluation(key, value, context, logger);
  }
}
