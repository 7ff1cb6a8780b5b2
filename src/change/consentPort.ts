import type { Consent, Plan } from '../model/change';
import type { Environment } from '../model/flag';
import type { FlagRef } from '../model/identity';
import type { AskableRequirement } from './consentRules';

/**
 * What a person is asked. Texts are ready for display: in the display language, outside text bounded and without
 * control or direction characters. `plan.before.text` and `plan.after.text` are the sides of the diff.
 */
export interface ConsentRequest {
  readonly changeId: string;
  readonly plan: Plan;
  readonly flag: { readonly ref: FlagRef; readonly name: string | null };
  readonly environment: Environment;
  readonly requirement: AskableRequirement;
  /** `Turn off "new-checkout" in production?` */
  readonly title: string;
  /** `Now 25% get "on" (300 requests/min, errors 4.1%). After: everyone gets "off". SDKs follow within 5 s.` */
  readonly detail: string;
  /** Label of the button that consents: `Turn off`. */
  readonly action: string;
  /** Facts the asker knew (traffic, errors), one a line. */
  readonly facts: readonly string[];
  /** What a reason field starts with; a person may replace it. */
  readonly suggestedReason: string;
  /** The surface that asked, to be recorded with the consent. */
  readonly through: string;
}

/** The host's own modal or input box, or the terminal's prompt. null = the person said no. */
export interface ConsentPort {
  ask(request: ConsentRequest, signal: AbortSignal): Promise<Consent | null>;
}
