import * as vscode from 'vscode';
import type { Disposable } from '../disposable';
import type { Log } from '../log';
import { redact } from '../redact';

/** The one output channel, with a topic before each message. `error` never takes the focus. */
export class OutputLog implements Log, Disposable {
  readonly #channel: vscode.LogOutputChannel;
  readonly #topic: string;

  constructor(
    channel: vscode.LogOutputChannel = vscode.window.createOutputChannel('Sightglass', { log: true }),
    topic = '',
  ) {
    this.#channel = channel;
    this.#topic = topic;
  }

  debug(message: string): void {
    this.#channel.debug(this.#line(message));
  }

  info(message: string): void {
    this.#channel.info(this.#line(message));
  }

  warn(message: string): void {
    this.#channel.warn(this.#line(message));
  }

  error(message: string, error?: unknown): void {
    const detail = error instanceof Error ? (error.stack ?? error.message) : typeof error === 'string' ? error : '';
    this.#channel.error(this.#line(detail === '' ? message : `${message}: ${detail}`));
  }

  child(topic: string): Log {
    return new OutputLog(this.#channel, this.#topic === '' ? topic : `${this.#topic}/${topic}`);
  }

  show(): void {
    this.#channel.show(true);
  }

  dispose(): void {
    this.#channel.dispose();
  }

  #line(message: string): string {
    return redact(this.#topic === '' ? message : `[${this.#topic}] ${message}`);
  }
}
