import * as z from 'zod';
import type { Json } from '../../model/json';
import type { L10n } from '../../platform/l10n';
import type { Evaluation } from '../ofrep/answers';
import type { ApiClient } from '../rest/apiClient';
import { apiPaths, type Place } from './apiPaths';
import type { FliptFlag } from './flagModel';

const booleanSchema = z.looseObject({ enabled: z.boolean().catch(false), reason: z.string().catch('') });
const variantSchema = z.looseObject({
  match: z.boolean().catch(false),
  variantKey: z.string().catch(''),
  variantAttachment: z.string().catch(''),
  reason: z.string().catch(''),
});

/** What Flipt gives somebody (`POST /evaluate/v1/boolean` and `/variant`). Rejects with ApiError. */
export async function evaluateAt(
  client: ApiClient,
  place: Place,
  flag: Pick<FliptFlag, 'key' | 'type'>,
  context: Readonly<Record<string, Json>>,
  signal: AbortSignal,
): Promise<Evaluation> {
  const { targetingKey, ...rest } = context;
  // Flipt takes texts alone.
  const text = (value: Json): string => (typeof value === 'string' ? value : JSON.stringify(value));
  const body = {
    environmentKey: place.environment,
    namespaceKey: place.namespace,
    flagKey: flag.key,
    entityId: targetingKey === undefined ? '' : text(targetingKey),
    context: Object.fromEntries(Object.entries(rest).map(([name, value]) => [name, text(value)])),
  };
  const about = { project: place.namespace, environment: place.environment, key: flag.key };
  if (flag.type === 'boolean') {
    const answer = await client.write('POST', apiPaths.evaluate('boolean'), body, booleanSchema, { about, signal });
    return { variant: String(answer.enabled), value: answer.enabled, reason: reasonOf(answer.reason) };
  }
  const answer = await client.write('POST', apiPaths.evaluate('variant'), body, variantSchema, { about, signal });
  const { match, variantKey, variantAttachment } = answer;
  const reason = reasonOf(answer.reason);
  // Not enabled, a default variant is named all the same; callers that heed `match` do not use it.
  if (variantKey === '' || (!match && reason === 'FLAG_DISABLED')) return { variant: null, value: null, reason };
  return { variant: variantKey, value: attached(variantAttachment) ?? variantKey, reason };
}

const reasonOf = (reason: string): string => reason.replace(/_EVALUATION_REASON$/, '').slice(0, 100);

function attached(text: string): Json {
  try {
    return text === '' ? null : (JSON.parse(text) as Json);
  } catch {
    return null;
  }
}

export const unknownWords = (key: string, environment: string, { t }: L10n): string =>
  t('"{0}" is not defined in {1}.', key, environment);
