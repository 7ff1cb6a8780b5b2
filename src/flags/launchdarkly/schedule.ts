import type { L10n } from '../../platform/l10n';
import type { ApiClient } from '../rest/apiClient';
import { ApiError } from '../rest/apiErrors';
import { instructionWords } from './nativePlan';
import { apiPaths, type Place } from './paths';
import { scheduleSchema } from './schema';

const MOST = 5;

/**
 * What LaunchDarkly will do with a flag by itself, in words, soonest first: `12 Jan 2027, 09:00: turnFlagOff`. Accounts
 * without scheduled changes, and tokens that may not see them, have none.
 */
export async function scheduleWords(
  client: ApiClient,
  place: Place,
  l10n: L10n,
  signal: AbortSignal,
): Promise<readonly string[]> {
  try {
    const { items } = await client.get(apiPaths.schedule(place), scheduleSchema, {
      about: place,
      signal,
      urgent: true,
    });
    const times = new Intl.DateTimeFormat(l10n.locale, { dateStyle: 'medium', timeStyle: 'short' });
    return items
      .filter(({ executionDate }) => Math.abs(executionDate) < 8.64e15)
      .sort((a, b) => a.executionDate - b.executionDate)
      .slice(0, MOST)
      .map(({ executionDate, instructions }) =>
        l10n.t('{0}: {1}', times.format(executionDate), instructionWords(instructions, l10n)),
      );
  } catch (error) {
    signal.throwIfAborted();
    if (ApiError.is(error)) return [];
    throw error;
  }
}
