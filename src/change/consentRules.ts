import type { Plan } from '../model/change';
import type { Environment } from '../model/flag';

/**
 * What a person must be asked before a change (DESIGN.md, "Consent rules"). `modal`: one yes, with the action as the
 * button; `reasonOptional` says whether a reason may be added (protected environments) or none is asked. `typed`: the
 * flag's name and a reason. `approval`: the system will only open a request, which others must approve.
 */
export type Requirement =
  | { readonly kind: 'refused'; readonly reason: 'readOnly' | 'notWritable' }
  | { readonly kind: 'modal'; readonly reasonOptional: boolean; readonly approval: boolean }
  | { readonly kind: 'typed'; readonly flagName: string; readonly reasonRequired: true; readonly approval: boolean };

/** Requirements that can be met by asking. */
export type AskableRequirement = Exclude<Requirement, { kind: 'refused' }>;

export interface ConsentCase {
  readonly direction: Plan['direction'];
  readonly approval: Plan['approval'];
  readonly flagName: string;
  readonly environment: Pick<Environment, 'readOnly'> & { readonly protected: Pick<Environment['protected'], 'value'> };
  /** The state's own word on writing; `unknown` is asked, and the system answers when the change is sent. */
  readonly writable: 'yes' | 'no' | 'unknown';
}

/**
 * Off, down and a change that alters nothing for anyone need one yes; everything that hands people something they did
 * not get before (on, up, one variant in another's place) needs the name typed, in a protected environment.
 */
export function consentRequirement(asked: ConsentCase): Requirement {
  if (asked.environment.readOnly) return { kind: 'refused', reason: 'readOnly' };
  if (asked.writable === 'no') return { kind: 'refused', reason: 'notWritable' };
  const approval = asked.approval === 'required';
  if (!asked.environment.protected.value) return { kind: 'modal', reasonOptional: false, approval };
  switch (asked.direction) {
    case 'off':
    case 'down':
    case 'none':
      return { kind: 'modal', reasonOptional: true, approval };
    case 'on':
    case 'up':
    case 'sideways':
      return { kind: 'typed', flagName: asked.flagName, reasonRequired: true, approval };
  }
}

/** What was given on a command line that has no terminal to ask on. */
export interface CommandLineConsent {
  readonly yes: boolean;
  readonly reason: string;
  readonly flagName: string | null;
}

/** The options that are still missing (empty = consent is given). `--flag-name` counts as missing when it differs. */
export function missingOnCommandLine(
  requirement: AskableRequirement,
  given: CommandLineConsent,
): readonly ('--yes' | '--reason' | '--flag-name')[] {
  const missing: ('--yes' | '--reason' | '--flag-name')[] = [];
  if (!given.yes) missing.push('--yes');
  const wantsReason = requirement.kind === 'typed' || requirement.reasonOptional;
  if (wantsReason && given.reason.trim() === '') missing.push('--reason');
  if (requirement.kind === 'typed' && given.flagName !== requirement.flagName) missing.push('--flag-name');
  return missing;
}
