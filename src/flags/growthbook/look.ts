import { ApiError } from '../rest/apiErrors';
import type { DraftPlan } from './nativePlan';
import type { Planner } from './planner';
import { isSameState, parseRaw, rawStateOf, textOf, type RawState } from './rawState';

/** How a flag stands against a plan. `raw` is null when the flag or environment is gone; `version` of the live revision. */
export interface Found {
  readonly kind: 'before' | 'after' | 'other' | 'gone';
  readonly raw: RawState | null;
  readonly version: number;
  /** Who published the live revision, in one line; `''`: nobody knows. */
  readonly by: string;
}

export async function look(planner: Planner, native: DraftPlan, signal: AbortSignal): Promise<Found> {
  const { project } = planner;
  const listed = await project.read(native.key, signal, true);
  if (listed && !('feature' in listed)) throw new ApiError('unreadable', listed.reason);
  const gone: Found = { kind: 'gone', raw: null, version: -1, by: '' };
  if (!listed) return gone;
  const { feature } = listed;
  const raw = rawStateOf(feature, native.environment);
  const { version, publishedBy, createdBy } = feature.revision;
  const who = publishedBy ?? createdBy;
  const found = { raw, version, by: (who?.name ?? who?.email ?? '').slice(0, 100) };
  if (native.do === 'archive') {
    const [edit] = native.edits;
    const done = edit?.do === 'archive' && feature.archived === edit.archived;
    return { ...found, kind: done ? 'after' : 'before' };
  }
  if (!raw || feature.archived) return gone;
  const [before, after] = [parseRaw(native.before), parseRaw(native.after)];
  if (after && isSameState(raw, after)) return { ...found, kind: 'after' };
  return { ...found, kind: before && isSameState(raw, before) ? 'before' : 'other' };
}

export const theirsOf = ({ raw }: Found): string => (raw ? textOf(raw) : '');
