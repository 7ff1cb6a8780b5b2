import type { FlagSnapshot } from '../model/flag';
import type { Reference } from '../model/reference';
import { chosenStanding } from './environments';
import { flagFact } from './flagFact';
import type { ViewInput } from './input';
import { numbersFor } from './numbers';
import type { InlineFact, ShareIcon, Tone } from './output';
import { shareWords } from './shareWords';
import { spokenFact } from './spoken';
import { subjectOf, type Subject } from './subject';
import { clip, fit, inlineLimit, oneLine, quoted } from './text';

/** What is said of a reference in one line, before it is placed. Null = nothing. */
export interface ReferenceFact {
  readonly text: string;
  readonly label: string;
  readonly tone: Tone;
  readonly icon: ShareIcon;
  readonly regression: boolean;
  readonly subject: Subject;
}

/** Facts stand where a flag is evaluated or defined; tests and mentions only have a hover. */
export function hasInlineFact(reference: Reference): boolean {
  return reference.kind === 'evaluation' || reference.kind === 'definition';
}

/** Every row of the inline table. */
export function referenceFact(input: ViewInput, reference: Reference): ReferenceFact | null {
  const { l10n } = input;
  const subject = subjectOf(input.flags, reference);
  const likely = reference.certainty === 'likely';
  const say = (texts: readonly string[], tone: Tone, label: string, icon: ShareIcon = 'unknown'): ReferenceFact => ({
    text: fit(likely ? texts.map((text) => l10n.t('? {0}', text)) : texts, ['']),
    label: spoken(reference, likely ? l10n.t('likely: {0}', label) : label, input),
    tone,
    icon,
    regression: false,
    subject,
  });
  switch (subject.kind) {
    case 'silent':
      return null;
    case 'notAsked':
      return say(['…'], 'unknown', l10n.t('flags not asked yet'));
    case 'asking':
      return say([l10n.t('asking…')], 'unknown', l10n.t('asking the flag system'));
    case 'unreachable':
      return say([l10n.t('flags unreachable')], 'unknown', l10n.t('flag system unreachable'));
    case 'unknown':
      // A definition or a mention of a key nobody knows is no slip in the code.
      return reference.kind === 'evaluation' ? unknownFact(subject.nearest, say, input) : null;
    case 'dynamic':
      return dynamicFact(subject, say, input);
    case 'several':
      return say(severalTexts(subject.flags, input), 'unknown', severalTexts(subject.flags, input)[0] ?? '');
    case 'one': {
      const mark = likely ? l10n.t('? {0}', '') : '';
      const fact = flagFact(input, subject.flag, { file: input.file, reference }, { limit: inlineLimit - mark.length });
      return {
        text: `${mark}${fact.text}`,
        label: spoken(reference, likely ? l10n.t('likely: {0}', fact.whole) : fact.whole, input),
        tone: fact.tone,
        icon: fact.icon,
        regression: fact.regression,
        subject,
      };
    }
  }
}

type Say = (texts: readonly string[], tone: Tone, label: string, icon?: ShareIcon) => ReferenceFact;

function unknownFact(nearest: string | null, say: Say, { l10n }: ViewInput): ReferenceFact {
  const bare = l10n.t('unknown flag');
  if (nearest === null) return say([bare], 'unknown', bare);
  const widths = [200, 24, 14, 12, 8] as const;
  const asked = widths.map((width) => l10n.t('unknown flag, did you mean {0}?', quoted(clip(nearest, width))));
  const short = widths.map((width) => l10n.t('unknown flag, {0}?', quoted(clip(nearest, width))));
  const whole = asked.slice(0, 1);
  return say([...whole, ...short.slice(0, 1), ...asked.slice(1), ...short.slice(1), bare], 'unknown', asked[0] ?? bare);
}

function dynamicFact(subject: Subject & { kind: 'dynamic' }, say: Say, { l10n }: ViewInput): ReferenceFact {
  const count = numbersFor(l10n).count(subject.keys.length);
  const texts = [200, 24, 14, 8].map((width) => {
    const pattern = quoted(clip(subject.pattern, width));
    if (subject.keys.length === 0) return l10n.t('no flag matches {0}', pattern);
    return subject.keys.length === 1
      ? l10n.t('1 flag matches {0}', pattern)
      : l10n.t('{0} flags match {1}', count, pattern);
  });
  return say(texts, 'unknown', texts[0] ?? '');
}

/** `2 flags: 25% shop, off billing`. */
function severalTexts(flags: readonly FlagSnapshot[], input: ViewInput): readonly string[] {
  const { l10n } = input;
  const projects = new Set(flags.map(({ ref }) => ref.project));
  const each = flags.map((flag) => {
    const words = shareWords(flag, chosenStanding(input, flag) ?? { state: null }, l10n).texts[0] ?? '';
    return l10n.t('{0} {1}', words, oneLine(projects.size === flags.length ? flag.ref.project : flag.ref.system, 14));
  });
  const count = l10n.t('{0} flags', numbersFor(l10n).count(flags.length));
  const some = each.map((_, index) => each.slice(0, each.length - index).join(', ') + (index > 0 ? ', …' : ''));
  return [...some.map((list) => l10n.t('{0}: {1}', count, list)), count];
}

function spoken(reference: Reference, words: string, { l10n }: ViewInput): string {
  const name = oneLine(reference.key ?? reference.pattern ?? '');
  return l10n.t('Flag {0}: {1}', name, spokenFact(words, l10n));
}

/** Places the facts; a file's facts come in the order of its references. */
export function inlineFacts(facts: readonly (ReferenceFact | null)[], references: readonly Reference[]): InlineFact[] {
  return facts.flatMap((fact, index) => {
    const reference = references[index];
    if (!fact || !reference || !hasInlineFact(reference)) return [];
    const { text, tone, label } = fact;
    return [{ line: reference.endLine, column: reference.endColumn, text, tone, label, reference: index }];
  });
}
