import type { ConsentPort, ConsentRequest } from '../change/consentPort';
import { missingOnCommandLine } from '../change/consentRules';
import type { Consent } from '../model/change';
import type { Clock } from '../platform/clock';
import type { L10n } from '../platform/l10n';
import type { GivenConsent } from './commandLine';

/** Asks a line of the person at the terminal. null = no answer (end of input, Ctrl-C). */
export interface Prompt {
  line(question: string, signal: AbortSignal): Promise<string | null>;
}

export interface ConsentSurroundings {
  readonly who: string;
  readonly given: GivenConsent;
  readonly clock: Clock;
  readonly l10n: L10n;
  /** Words for the person, never data. */
  readonly say: (text: string) => void;
}

/** The terminal's prompt is the modal: it asks whatever options were given; a given reason is what it starts with. */
export class TerminalConsent implements ConsentPort {
  constructor(
    readonly prompt: Prompt,
    readonly surroundings: ConsentSurroundings,
  ) {}

  async ask(request: ConsentRequest, signal: AbortSignal): Promise<Consent | null> {
    const { l10n, say } = this.surroundings;
    const { requirement } = request;
    say(`${request.title}\n${request.detail}\n`);
    if (requirement.kind === 'typed') {
      say(`- ${request.plan.before.text}\n+ ${request.plan.after.text}\n`.replaceAll(/[\p{Cc}\p{Cf}](?<!\n)/gu, ' '));
      const typed = await this.prompt.line(l10n.t('Type the name of the flag to go on: '), signal);
      if (typed?.trim() !== requirement.flagName) {
        if (typed !== null) say(`${l10n.t('That is not its name.')}\n`);
        return null;
      }
      return this.#withReason(this.surroundings.given.reason, signal);
    }
    const { direction } = request.plan;
    const yesByDefault = direction === 'off' || direction === 'down';
    const answer = await this.prompt.line(`${request.action}? ${yesByDefault ? '[Y/n]' : '[y/N]'} `, signal);
    const meant = answer?.trim().toLowerCase();
    if (meant !== 'y' && meant !== 'yes' && !(meant === '' && yesByDefault)) return null;
    if (!requirement.reasonOptional) return this.#consent(this.surroundings.given.reason);
    return this.#withReason(this.surroundings.given.reason || request.suggestedReason, signal);
  }

  /** An empty answer takes what it starts with; where there is nothing, the caller finds that a reason is missing. */
  async #withReason(start: string, signal: AbortSignal): Promise<Consent | null> {
    const { l10n } = this.surroundings;
    const question = start === '' ? l10n.t('Reason: ') : l10n.t('Reason [{0}]: ', start);
    const answer = await this.prompt.line(question, signal);
    return answer === null ? null : this.#consent(answer.trim() === '' ? start : answer.trim());
  }

  #consent(reason: string): Consent {
    const { who, clock } = this.surroundings;
    return { who, at: clock.now(), through: 'command line', reason };
  }
}

/** Without a terminal: the options are the consent, or it is said which are missing. */
export class OptionConsent implements ConsentPort {
  /** What was missing when it was asked; empty when consent was given. */
  missing: readonly string[] = [];

  constructor(readonly surroundings: ConsentSurroundings) {}

  async ask(request: ConsentRequest): Promise<Consent | null> {
    const { who, given, clock, l10n, say } = this.surroundings;
    say(`${request.title}\n${request.detail}\n`);
    this.missing = missingOnCommandLine(request.requirement, given);
    if (this.missing.length === 0) return { who, at: clock.now(), through: 'command line', reason: given.reason };
    say(`${l10n.t('There is no terminal to ask on; wanted as well: {0}.', this.missing.join(', '))}\n`);
    return null;
  }
}
