import type { Match } from '../../model/facts';
import type { MatchReason } from '../../model/phrases';
import { codePathId, type CodePath } from '../../model/reference';
import type { Operation } from '../../model/signal';
import { findCodePaths } from './cascade';
import { CodePathIndex, type IndexedPath } from './codePathIndex';
import { ServiceFolders } from './serviceFolders';
import type { FoldersByService } from './serviceManifests';

export interface MatchedOperation {
  readonly operation: Operation;
  readonly match: Match;
}

export interface MatchRequest {
  readonly codePaths: readonly CodePath[];
  readonly operations: readonly Operation[];
  /** `path#name` of a code path to the operation it is: its id, span name or `METHOD /route`, after `service: ` or not. */
  readonly overrides: Readonly<Record<string, string>>;
  /** Service to the folders (globs) it is built from; restricts what its operations may match. */
  readonly services: Readonly<Record<string, readonly string[]>>;
  /** What manifests of the workspace say of services; leads, where the map and the names of folders say nothing. */
  readonly discovered?: FoldersByService;
}

const mostHops = 3;
const lastCertainRank = 2;

/**
 * Which operations each code path is, by {@link codePathId}; a code path without any is absent. Many-to-many: what
 * cannot be told apart is all given. Overrides come first and settle their code path; then the best rank alone; then
 * the operations of the nearest callers (at most 3 calls away, by a name that only one code path has), with `via`.
 */
export function matchCodePaths(request: MatchRequest): ReadonlyMap<string, readonly MatchedOperation[]> {
  const index = new CodePathIndex(request.codePaths);
  const named = [...new Set(request.operations.map(({ service }) => service))];
  const folders = new ServiceFolders(request.services, named, request.discovered);
  const matched = new Map<string, MatchedOperation[]>();
  const pathOf = new Map<string, string>();
  for (const operation of request.operations) {
    const found = findCodePaths(operation, index, folders);
    if (!found) continue;
    const one = { operation, match: { ...found.match, via: null } };
    for (const { codePath } of found.paths) {
      const id = codePathId(codePath);
      pathOf.set(id, codePath.path);
      const held = matched.get(id);
      if (held) held.push(one);
      else matched.set(id, [one]);
    }
  }
  for (const [id, all] of matched) matched.set(id, ofBestService(bestRank(all), pathOf.get(id) ?? '', folders));
  const settled = applyOverrides(request, matched);
  inheritFromCallers(index, matched, settled);
  return matched;
}

/** Ranks are never merged, nor is the approximate with the exact. */
function bestRank(all: readonly MatchedOperation[]): MatchedOperation[] {
  const rank = Math.min(...all.map(({ match }) => match.rank));
  const ofRank = all.filter(({ match }) => match.rank === rank);
  const exact = ofRank.filter(({ match }) => !match.approximate);
  return exact.length > 0 ? exact : ofRank;
}

/** What code attributes found is certain; else the services that the path's folders speak for go before the rest. */
function ofBestService(all: readonly MatchedOperation[], path: string, folders: ServiceFolders): MatchedOperation[] {
  const fit = ({ operation, match }: MatchedOperation): number =>
    match.rank <= lastCertainRank ? 0 : (folders.fit(operation.service, path) ?? 0);
  const best = Math.max(...all.map(fit));
  return all.filter((one) => fit(one) === best);
}

/** `METHOD /route` where telemetry knows it, else the span's name. */
export function operationLabel({ httpMethod, httpRoute, name }: Operation): string {
  if (httpRoute === null) return name;
  return httpMethod === null ? httpRoute : `${httpMethod} ${httpRoute}`;
}

function applyOverrides(request: MatchRequest, matched: Map<string, MatchedOperation[]>): ReadonlySet<string> {
  const settled = new Set<string>();
  if (Object.keys(request.overrides).length === 0) return settled;
  const reason: MatchReason = 'by override';
  const match: Match = { rank: 0, score: 1, reason, approximate: false, via: null };
  for (const codePath of request.codePaths) {
    const key = `${codePath.path}#${codePath.name}`;
    const wanted = Object.hasOwn(request.overrides, key) ? request.overrides[key] : undefined;
    if (wanted === undefined) continue;
    const id = codePathId(codePath);
    settled.add(id);
    const operations = request.operations.filter((operation) => isCalled(operation, wanted));
    if (operations.length > 0)
      matched.set(
        id,
        operations.map((operation) => ({ operation, match })),
      );
    else matched.delete(id);
  }
  return settled;
}

function isCalled(operation: Operation, wanted: string): boolean {
  const names = [operation.id, operation.name, operationLabel(operation)];
  return names.some((name) => wanted === name || wanted === `${operation.service}: ${name}`);
}

/** Level by level from the matched ones down: a code path has the operations of its nearest callers that have any. */
function inheritFromCallers(
  index: CodePathIndex,
  matched: Map<string, MatchedOperation[]>,
  settled: ReadonlySet<string>,
): void {
  let level = index.paths.filter(({ codePath }) => matched.has(codePathId(codePath)));
  for (let hop = 0; hop < mostHops && level.length > 0; hop += 1) {
    const inherited = new Map<IndexedPath, Map<string, MatchedOperation>>();
    for (const caller of level) {
      const lent = matched.get(codePathId(caller.codePath)) ?? [];
      for (const name of new Set(caller.codePath.calls)) {
        const called = onlyOneNamed(name, index);
        const id = called && codePathId(called.codePath);
        if (!called || id === undefined || matched.has(id) || settled.has(id)) continue;
        const held = inherited.get(called) ?? new Map<string, MatchedOperation>();
        for (const { operation, match } of lent)
          held.set(operation.id, { operation, match: { ...match, via: operationLabel(operation) } });
        inherited.set(called, held);
      }
    }
    for (const [called, operations] of inherited) matched.set(codePathId(called.codePath), [...operations.values()]);
    level = [...inherited.keys()];
  }
}

/** A name that several code paths have leads to none of them. */
function onlyOneNamed(name: string, index: CodePathIndex): IndexedPath | undefined {
  const all = index.byName.get(name);
  return all?.length === 1 ? all[0] : undefined;
}
