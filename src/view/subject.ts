import { lastKnown } from '../model/answer';
import type { FlagSnapshot } from '../model/flag';
import type { Reference } from '../model/reference';
import type { FlagLookup, ProjectAnswer } from './input';

/** What a reference is about, as far as the connected flag systems tell. */
export type Subject =
  /** Nothing is connected that could define it: nothing to say. */
  | { readonly kind: 'silent' }
  | { readonly kind: 'notAsked'; readonly reason: string | null }
  | { readonly kind: 'asking'; readonly since: number }
  | { readonly kind: 'unreachable'; readonly project: string; readonly reason: string; readonly since: number }
  | { readonly kind: 'unknown'; readonly key: string; readonly nearest: string | null }
  | { readonly kind: 'dynamic'; readonly pattern: string; readonly keys: readonly string[] }
  | { readonly kind: 'several'; readonly flags: readonly FlagSnapshot[] }
  | { readonly kind: 'one'; readonly flag: FlagSnapshot; readonly source: ProjectAnswer | null };

/** A key is called unknown only when every system that could know it has answered. */
export function subjectOf(flags: FlagLookup, reference: Pick<Reference, 'key' | 'pattern'>): Subject {
  if (flags.projects.length === 0) return { kind: 'silent' };
  if (reference.key === null) {
    const pattern = reference.pattern ?? '';
    const keys = flags.matching(pattern);
    return unanswered(flags) ?? (keys.length === 0 ? unheard(flags) : null) ?? { kind: 'dynamic', pattern, keys };
  }
  const found = flags.resolve(reference.key);
  const [flag] = found;
  if (found.length > 1) return { kind: 'several', flags: found };
  if (flag) return { kind: 'one', flag, source: sourceOf(flags, flag) };
  return (
    unanswered(flags) ??
    unheard(flags) ?? { kind: 'unknown', key: reference.key, nearest: flags.nearest(reference.key) }
  );
}

export function sourceOf(flags: FlagLookup, flag: FlagSnapshot): ProjectAnswer | null {
  return (
    flags.projects.find(({ system, project }) => system === flag.ref.system && project === flag.ref.project) ?? null
  );
}

function unanswered(flags: FlagLookup): Subject | null {
  for (const { answer, project } of flags.projects) {
    if (lastKnown(answer)) continue;
    if (answer.state === 'asking') return { kind: 'asking', since: answer.since };
    if (answer.state === 'unreachable') {
      return { kind: 'unreachable', project, reason: answer.reason, since: answer.since };
    }
    return { kind: 'notAsked', reason: answer.state === 'notAsked' ? (answer.reason ?? null) : null };
  }
  return null;
}

/** An environment of which nothing is known may have the flag, though its project answered. */
function unheard(flags: FlagLookup): Subject | null {
  for (const { answer, project } of flags.projects) {
    const silent = lastKnown(answer)?.value.silent?.find(({ knownAt }) => knownAt === null);
    if (!silent) continue;
    const { state, since, reason, environment } = silent;
    if (state === 'asking') return { kind: 'asking', since };
    if (state === 'notAsked') return { kind: 'notAsked', reason };
    return { kind: 'unreachable', project: `${project} ${environment.name}`, reason, since };
  }
  return null;
}
