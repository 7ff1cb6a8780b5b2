import type { Reference } from '../../model/reference';
import type { FilePaths } from '../codePaths';
import type { LanguageSupport } from '../languages/language';
import type { Piece } from '../summary';
import type { Site } from './value';
import type { FileView } from './view';

/** Where a reference stands, and in what. */
export type Place = Pick<
  Reference,
  'path' | 'line' | 'column' | 'endLine' | 'endColumn' | 'kind' | 'function' | 'route' | 'generated'
>;

/** Places of one file's references. */
export class Places {
  readonly isTest: boolean;
  readonly #isGenerated: boolean;

  constructor(
    private readonly view: FileView,
    language: LanguageSupport | undefined,
    private readonly paths: FilePaths,
  ) {
    this.isTest = language?.testPath.test(view.path) ?? false;
    this.#isGenerated = view.summary.generated || (language?.generatedPath?.test(view.path) ?? false);
  }

  /** `fn`: index of the function around it, -1 at the top. */
  of({ piece }: Site, at: number, end: number, fn: number): Place {
    const start = this.view.position(piece, at);
    const stop = this.view.position(piece, Math.floor(end));
    const owner = this.paths.of(piece, fn);
    const [route] = owner?.routes ?? [];
    return {
      path: this.view.path,
      line: start.line,
      column: start.column,
      endLine: stop.line,
      endColumn: stop.column,
      kind: this.isTest || this.#inTests(piece, at) ? 'test' : 'evaluation',
      function: owner?.name ?? null,
      route: route ? `${route.method} ${route.template}` : null,
      generated: this.#isGenerated,
    };
  }
  /** Rust's tests stand in a module of their own, mostly in the file that they test. */
  #inTests(piece: Piece, at: number): boolean {
    if (this.view.summary.family !== 'rust') return false;
    return piece.classes.some(({ n, span }) => /^tests?$/.test(n) && span && span[0] <= at && at < span[1]);
  }
}
