import type { Log } from '../log';

export interface LogLine {
  readonly level: 'debug' | 'info' | 'warn' | 'error';
  readonly topic: string;
  readonly message: string;
  readonly error?: unknown;
}

/** Keeps what was logged, for tests to look at. */
export class MemoryLog implements Log {
  readonly lines: LogLine[];
  readonly #topic: string;

  constructor(topic = '', lines: LogLine[] = []) {
    this.#topic = topic;
    this.lines = lines;
  }

  debug(message: string): void {
    this.lines.push({ level: 'debug', topic: this.#topic, message });
  }
  info(message: string): void {
    this.lines.push({ level: 'info', topic: this.#topic, message });
  }
  warn(message: string): void {
    this.lines.push({ level: 'warn', topic: this.#topic, message });
  }
  error(message: string, error?: unknown): void {
    this.lines.push({ level: 'error', topic: this.#topic, message, error });
  }
  child(topic: string): Log {
    return new MemoryLog(this.#topic === '' ? topic : `${this.#topic}.${topic}`, this.lines);
  }
}
