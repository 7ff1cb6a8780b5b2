import type { CodePath } from '../../model/reference';

/** Files whose place is their route: Next.js's `pages/api` and `app/**` + `/route`, and what others took over from it. */
const pagesApi = /(?:^|\/)pages\/(api(?:\/.+)?)\.[jt]sx?$/u;
const appRoute = /(?:^|\/)app\/(?:(.+)\/)?route\.[jt]sx?$/u;
/** Folders in brackets of either kind group or slot routes and are no part of them. */
const unnamed = /^(?:\(.*\)|@.*)$/u;
const methods = /^(?:GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS)$/u;
/** What such a handler is called where its file has more functions than it. */
const handlerName = /^(?:handler|default)$/u;

export interface FileRoute {
  readonly method: string;
  /** Parameters as the file's name has them: `/api/products/[id]`. */
  readonly template: string;
}

/**
 * The route that a code path answers by where its file stands; null for every other one. `alone`: it is the only function of
 * its file. In `pages/api` that is the one that is exported, which goes by its name here; in `app`, functions are
 * called as the methods they answer.
 */
export function fileRoute({ path, name }: Pick<CodePath, 'path' | 'name'>, alone: boolean): FileRoute | null {
  const pages = pagesApi.exec(path)?.[1];
  if (pages !== undefined)
    return alone || handlerName.test(name) ? { method: 'ANY', template: `/${pages.replace(/\/index$/u, '')}` } : null;
  const app = appRoute.exec(path);
  if (!app || !methods.test(name)) return null;
  const segments = (app[1] ?? '').split('/').filter((segment) => segment !== '' && !unnamed.test(segment));
  return { method: name, template: `/${segments.join('/')}` };
}
