import type { ApplyResult } from '../../model/change';
import { UnleashError } from './client';
import type { NativePlan, Step } from './nativePlan';
import { adminPaths, pagePaths } from './paths';
import type { Planner } from './plan';
import { idOf, parseRaw } from './rawState';
import { changeRequestSchema } from './schema';

/**
 * Adds a plan to the token owner's draft change request (Unleash's commercial editions; its other contents are why it
 * is not sent for review from here). `refused` where this server has none.
 */
export async function openRequest(
  { client, project, deps }: Planner,
  native: NativePlan,
  signal: AbortSignal,
): Promise<ApplyResult> {
  const { t } = deps.l10n;
  const body = native.steps.map((step) => ({ feature: native.key, ...action(step, native) }));
  try {
    const path = adminPaths.changeRequests(project.id, native.environment);
    const { id } = await client.ask(path, body, changeRequestSchema, signal);
    return { kind: 'requested', link: `${client.url}${pagePaths.changeRequest(project.id, id)}` };
  } catch (error) {
    if (!UnleashError.is(error)) throw error;
    if (error.reason === 'noAnswer' || error.reason === 'unreadable') return { kind: 'unknown', words: error.message };
    const words =
      error.reason === 'notFound'
        ? t(
            'Changes in {0} need approval, and this Unleash takes no change requests from here. Ask for the permission "Skip change request".',
            native.environment,
          )
        : t('{0} Nothing was written.', error.message);
    return { kind: 'refused', words };
  }
}

/** Actions as Unleash's own frontend sends them. */
function action(step: Step, native: NativePlan): { readonly action: string; readonly payload: unknown } {
  switch (step.do) {
    case 'on':
    case 'off':
      return { action: 'updateEnabled', payload: { enabled: step.do === 'on' } };
    case 'add':
      return { action: 'addStrategy', payload: step.strategy };
    case 'delete':
      return { action: 'deleteStrategy', payload: { id: step.id } };
    case 'patch': {
      const strategy = parseRaw(native.after)?.strategies.find((each) => idOf(each) === step.id);
      return { action: 'updateStrategy', payload: { ...strategy, id: step.id } };
    }
  }
}
