import type { PathFacts } from '../model/facts';
import type { ArmSeries, Operation } from '../model/signal';
import type { FlagQuestion } from './api';
import type { SignalBackend, SumsAnswer, SumsQuery } from './backend';

/** What one set of arms is of: one operation, or all entry operations of one service. */
export interface Scope {
  readonly service: string;
  readonly path: PathFacts | null;
  readonly operations: readonly string[];
}

/**
 * The operations of the asked code paths, each once; and, where none was asked or some has no operation, every service
 * that evaluates the flag, each by itself (numbers are never added up across services).
 */
export function scopesOf(
  question: FlagQuestion,
  paths: readonly PathFacts[],
  operations: readonly Operation[],
  evaluating: readonly string[],
): readonly Scope[] {
  const byOperation = new Map<string, Scope>();
  const asked = new Set(question.at);
  const found = paths.filter(({ codePathId: id }) => asked.has(id));
  for (const path of found) {
    const { id, service } = path.operation;
    if (!byOperation.has(id)) byOperation.set(id, { service, path, operations: [id] });
  }
  const scopes = [...byOperation.values()];
  if (found.length > 0 && found.length === asked.size) return scopes;
  const entries = operations.filter(({ kind }) => kind !== 'internal');
  for (const service of evaluating) {
    const ids = entries.filter((operation) => operation.service === service).map(({ id }) => id);
    if (ids.length > 0) scopes.push({ service, path: null, operations: ids });
  }
  return scopes;
}

/** The arms of each group of operations. A backend that does not add up is asked for all of them in one query. */
export async function sumsOf(backend: SignalBackend, query: SumsQuery, signal: AbortSignal): Promise<SumsAnswer> {
  if (backend.sums) return backend.sums(query, signal);
  const { groups, environment, window, step, split } = query;
  const operations = [...new Set(groups.flat())];
  const { series, coverage } = await backend.series({ environment, operations, window, step, split }, signal);
  const armsOf = new Map<string, readonly ArmSeries[]>(series.map(({ operation, arms }) => [operation.id, arms]));
  return { groups: groups.map((ids) => ids.flatMap((id) => armsOf.get(id) ?? [])), coverage };
}
