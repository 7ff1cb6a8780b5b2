import * as z from 'zod';
import type { FlagState } from '../../model/flag';
import type { Json } from '../../model/json';
import type { EvaluatedAs } from '../system';
import { adminPaths } from './paths';
import type { Planner } from './plan';
import { unleashVariantSchema } from './schema';
import { payloadOf } from './snapshot';
import { OFF, ON } from './strategies';

/** POST /api/admin/playground, as far as it is read (8.2). `unknown` is a strategy that only an SDK understands. */
const outcomeSchema = z.union([z.boolean(), z.literal('unknown')]);
const answerSchema = z.object({ features: z.array(z.unknown()) });
const evaluatedSchema = z.object({
  name: z.string(),
  projectId: z.string(),
  isEnabled: z.boolean(),
  isEnabledInCurrentEnvironment: z.boolean(),
  hasUnsatisfiedDependency: z.boolean().nullish(),
  variant: unleashVariantSchema.pick({ name: true, payload: true }).extend({ enabled: z.boolean() }).nullish(),
  strategies: z.object({
    result: outcomeSchema,
    data: z.array(
      z.object({
        id: z.string().nullish(),
        name: z.string(),
        disabled: z.boolean().nullish(),
        parameters: z.record(z.string(), z.unknown()).nullish(),
        result: z.object({ enabled: outcomeSchema, evaluationStatus: z.string() }),
      }),
    ),
  }),
});
type Evaluated = z.infer<typeof evaluatedSchema>;

/** Fields of Unleash's context that are not properties (https://docs.getunleash.io/concepts/unleash-context). */
const ownFields = new Set(['userId', 'sessionId', 'remoteAddress', 'currentTime', 'appName']);

/** Unleash's context out of OpenFeature's: the targeting key is the user, what it has no field for is a property. */
export function unleashContext(context: Readonly<Record<string, Json>>): Record<string, Json> {
  const fields: Record<string, Json> = { appName: 'sightglass' };
  const properties: Record<string, string> = {};
  for (const [name, value] of Object.entries(context)) {
    if (value === null) continue;
    const text = typeof value === 'object' ? JSON.stringify(value) : String(value);
    if (name === 'targetingKey') fields.userId ??= text;
    else if (ownFields.has(name)) fields[name] = text;
    else properties[name] = text;
  }
  return { ...fields, properties };
}

/**
 * What Unleash says that somebody with this context gets, by its own playground: nothing is recorded as an evaluation.
 * `state` is the flag's in this environment, whose rules are named. Rejects with words where Unleash cannot tell.
 */
export async function askPlayground(
  { client, project, deps }: Planner,
  key: string,
  environment: string,
  asked: { readonly context: Readonly<Record<string, Json>>; readonly state: FlagState | undefined },
  signal: AbortSignal,
): Promise<EvaluatedAs> {
  const { t } = deps.l10n;
  const context = unleashContext(asked.context);
  const body = { environment, projects: [project.id], context };
  const { features } = await client.ask(adminPaths.playground, body, answerSchema, signal);
  // All flags of the project are answered; one that cannot be read is none of this one's business.
  const found = features
    .flatMap((item) => evaluatedSchema.safeParse(item).data ?? [])
    .find(({ name, projectId }) => name === key && projectId === project.id);
  if (!found) throw new Error(t('Unleash did not evaluate "{0}". It is archived, or answered in an unknown way.', key));
  const decided = found.strategies.data.find(({ disabled, result }) => disabled !== true && result.enabled === true);
  const rule = found.isEnabled ? (asked.state?.rules.find(({ id }) => id === decided?.id) ?? null) : null;
  return {
    ...given(found),
    reason: reasonOf(found, rule !== null),
    rule,
    by: t("Unleash's own playground, at {0}", client.url),
    remarks: [
      ...(found.isEnabledInCurrentEnvironment ? [] : [t('It is off in {0}: no strategy is asked.', environment)]),
      ...(found.hasUnsatisfiedDependency === true ? [t('A flag that it depends on is not as it has to be.')] : []),
      ...(found.strategies.data.some(
        ({ disabled, result }) => disabled !== true && result.evaluationStatus !== 'complete',
      )
        ? [t('A strategy of its own kind is known to its SDK only: whether it lets in is not counted here.')]
        : []),
      ...(context.userId === undefined && context.sessionId === undefined && isSplit(found)
        ? [t('Without userId or sessionId it is drawn anew at every call.')]
        : []),
    ],
  };
}

function given({ isEnabled, variant }: Evaluated): Pick<EvaluatedAs, 'variant' | 'value'> {
  if (!isEnabled) return { variant: OFF, value: false };
  if (variant?.enabled !== true) return { variant: ON, value: true };
  return { variant: variant.name, value: payloadOf(variant) };
}

/** In OpenFeature's words: Unleash has none of its own. */
function reasonOf({ isEnabled, isEnabledInCurrentEnvironment }: Evaluated, byRule: boolean): string {
  if (!isEnabledInCurrentEnvironment) return 'DISABLED';
  return byRule ? 'TARGETING_MATCH' : isEnabled ? 'STATIC' : 'DEFAULT';
}

const isSplit = ({ strategies }: Evaluated): boolean =>
  strategies.data.some(
    ({ disabled, parameters }) =>
      disabled !== true &&
      parameters?.rollout !== undefined &&
      !['0', '100'].includes(JSON.stringify(parameters.rollout).replaceAll('"', '')),
  );
