import type { Branch } from '../../platform/node/gitRepository';

/** What most call theirs, where no remote says which is. */
const usual = ['origin/main', 'origin/master', 'main', 'master', 'trunk'];

export interface DefaultBase {
  /** For git: no tag of the same name is taken for it. */
  readonly revision: string;
  /** As a person writes it. */
  readonly name: string;
}

/**
 * The branch that changes of a repository go to: what `origin`, or else another remote, has as its HEAD; else one of the
 * usual names; null where there is none of these.
 */
export function defaultBase(branches: readonly Branch[]): DefaultBase | null {
  const known = new Map(branches.map(({ ref }) => [nameOf(ref), ref]));
  const heads = branches.filter(({ ref, leadsTo }) => leadsTo !== null && /^refs\/remotes\/[^/]+\/HEAD$/.test(ref));
  const head = heads.find(({ ref }) => ref === 'refs/remotes/origin/HEAD') ?? heads[0];
  // One that leads to a branch which is not there is left over.
  const led = head?.leadsTo ?? null;
  const revision = led !== null && known.has(nameOf(led)) ? led : usual.flatMap((name) => known.get(name) ?? [])[0];
  return revision === undefined ? null : { revision, name: nameOf(revision) };
}

/** `refs/remotes/origin/main`: `origin/main`. */
export const nameOf = (ref: string): string => ref.replace(/^refs\/(heads|remotes)\//, '');
