import type { CodePath } from '../../model/reference';
import { fileRoute } from './fileRoutes';
import { nameSegments } from './functionName';
import { routeEnds, routeKey, routeSegments, type RouteSegments } from './routeTemplate';
import { pathSegments } from './sourcePath';

/** A code path with what is compared, taken apart once. */
export interface IndexedPath {
  readonly codePath: CodePath;
  readonly name: readonly string[];
  readonly file: readonly string[];
}

export interface Registration {
  readonly path: IndexedPath;
  readonly method: string;
  readonly segments: RouteSegments;
}

export interface StartedSpan {
  readonly path: IndexedPath;
  readonly tracer: string | null;
}

/** Code paths by everything telemetry can name, so that no operation is held against all of them. */
export class CodePathIndex {
  /** By the last segment of the qualified name. */
  readonly byName = new Map<string, IndexedPath[]>();
  readonly byRoute = new Map<string, Registration[]>();
  /** By every proper end of the route. */
  readonly byRouteEnd = new Map<string, Registration[]>();
  readonly bySpan = new Map<string, StartedSpan[]>();
  /** What consumes a queue or runs by a schedule. */
  readonly jobs: IndexedPath[] = [];
  readonly paths: readonly IndexedPath[];

  constructor(codePaths: readonly CodePath[]) {
    this.paths = codePaths.map((codePath) => ({
      codePath,
      name: nameSegments(codePath.name),
      file: pathSegments(codePath.path),
    }));
    const inFile = new Map<string, number>();
    for (const { path } of codePaths) inFile.set(path, (inFile.get(path) ?? 0) + 1);
    for (const path of this.paths) this.#add(path, inFile.get(path.codePath.path) === 1);
  }

  #add(path: IndexedPath, alone: boolean): void {
    const last = path.name.at(-1);
    if (last !== undefined) push(this.byName, last, path);
    if (path.codePath.kind === 'job') this.jobs.push(path);
    const byPlace = path.codePath.routes.length > 0 ? null : fileRoute(path.codePath, alone);
    for (const { method, template } of byPlace ? [byPlace] : path.codePath.routes) {
      const segments = routeSegments(template);
      const registration = { path, method, segments };
      push(this.byRoute, routeKey(segments), registration);
      for (const end of routeEnds(segments)) push(this.byRouteEnd, routeKey(end), registration);
    }
    for (const { tracer, name } of path.codePath.spans) push(this.bySpan, name, { path, tracer });
  }
}

function push<T>(map: Map<string, T[]>, key: string, value: T): void {
  const held = map.get(key);
  if (held) held.push(value);
  else map.set(key, [value]);
}
