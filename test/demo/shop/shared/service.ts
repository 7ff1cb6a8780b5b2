import type { ErrorRequestHandler, Express } from 'express';
import { startFlags } from './flags';
import { flushTelemetry } from './telemetry';

/** An answer other than 200 that a service means to give. */
export class HttpError extends Error {
  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message);
  }
}

// Express tells error handlers by their four parameters.
const answerErrors: ErrorRequestHandler = (error, _request, response, next) => {
  if (response.headersSent) {
    next(error);
    return;
  }
  const status = error instanceof HttpError ? error.status : 500;
  if (status >= 500) console.warn(`${status} ${String(error)}`);
  response.status(status).json({ error: error instanceof Error ? error.message : 'unknown' });
};

/** Starts a service on PORT with the flags of FLAG_FILE, and ends it on SIGTERM with nothing left unsent. */
export async function serve(app: Express): Promise<void> {
  await startFlags(required('FLAG_FILE'));
  app.use(answerErrors);
  const server = app.listen(Number(required('PORT')), '127.0.0.1', () => console.log('listening'));
  process.once('SIGTERM', () => {
    server.close();
    server.closeIdleConnections();
    void flushTelemetry().finally(() => process.exit(0));
  });
}

export function required(name: string): string {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set`);
  return value;
}
