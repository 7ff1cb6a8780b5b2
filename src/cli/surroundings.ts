import type { Grpc } from '../platform/grpc';
import type { Http } from '../platform/http';
import type { L10n } from '../platform/l10n';
import type { Prompt } from './terminalConsent';

/** Everything a command needs of the process it runs in. */
export interface Surroundings {
  readonly cwd: string;
  readonly version: string;
  /** The name consent is recorded under. */
  readonly who: string;
  /** Makes and returns the per-user folder. */
  readonly home: () => Promise<string>;
  readonly http: Http;
  readonly grpc: Grpc;
  /** Environment variables: where tokens come from. */
  readonly variables: Readonly<Record<string, string | undefined>>;
  readonly l10n: L10n;
  /** null where there is no terminal to ask on. */
  readonly prompt: Prompt | null;
  readonly signal: AbortSignal;
  /** Data. */
  readonly out: (text: string) => void;
  /** Words. */
  readonly err: (text: string) => void;
}

export const exitCodes = { done: 0, tooMany: 1, usage: 2, couldNotAsk: 3 } as const;

/** It cannot be done or asked; the message says why, and the command ends with code 3. */
export class CannotError extends Error {
  override readonly name = 'CannotError';
}
