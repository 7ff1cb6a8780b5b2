import type { Intent, Plan } from '../model/change';
import type { Environment } from '../model/flag';
import type { L10n } from '../platform/l10n';
import { plainText } from './plainText';
import { percent } from './quantities';

const longestName = 80;
const longestFact = 200;
const longestNote = 400;
const mostFacts = 6;

/** A name for between quotes: a quote of its own could end them early. */
export const shownName = (name: string): string => plainText(name, longestName).replaceAll('"', '\u2033');

/** The state a change leads to, as short as can be said: `off`, `on`, `25% "on"`, `"blue"`, `as before`. */
export function stateWords(l10n: L10n, intent: Intent): string {
  switch (intent.kind) {
    case 'switch':
      return intent.on ? l10n.t('on') : l10n.t('off');
    case 'kill':
      return l10n.t('off');
    case 'percentage':
      return l10n.t('{0} "{1}"', percent(l10n, intent.share), shownName(intent.variant));
    case 'defaultVariant':
      return `"${shownName(intent.variant)}"`;
    case 'undo':
      return l10n.t('as before');
    case 'create':
      return l10n.t('off');
    case 'target':
      return intent.on
        ? l10n.t('"{0}" for {1}', shownName(intent.variant), shownName(intent.value))
        : l10n.t('as others for {0}', shownName(intent.value));
  }
}

/** What a flag says while its change is being sent: `turning off…`. */
export function doingWords(l10n: L10n, intent: Intent): string {
  switch (intent.kind) {
    case 'switch':
      return intent.on ? l10n.t('turning on…') : l10n.t('turning off…');
    case 'kill':
      return l10n.t('turning off…');
    case 'percentage':
    case 'defaultVariant':
      return l10n.t('setting {0}…', stateWords(l10n, intent));
    case 'undo':
      return l10n.t('undoing…');
    case 'create':
      return l10n.t('creating…');
    case 'target':
      return l10n.t('setting {0}…', stateWords(l10n, intent));
  }
}

export interface Question {
  readonly title: string;
  readonly detail: string;
  readonly action: string;
  readonly facts: readonly string[];
  readonly suggestedReason: string;
}

/** Facts that a surface gives, as they get into a question and the journal. */
export const shownFacts = (facts: readonly string[]): string[] =>
  facts.slice(0, mostFacts).map((fact) => plainText(fact, longestFact));

/** The texts of the question a person is asked (UX.md, "Changing"). */
export function question(l10n: L10n, plan: Plan, environment: Environment, facts: readonly string[]): Question {
  const flag = shownName(plan.ref.key);
  const where = shownName(environment.ref.name);
  const shown = shownFacts(facts);
  const before = plainText(plan.before.words, longestNote);
  const sentences = [
    shown.length > 0 ? l10n.t('Now {0} ({1}).', before, shown.join(', ')) : l10n.t('Now {0}.', before),
    l10n.t('After: {0}.', plainText(plan.after.words, longestNote)),
    ...plan.notes.map((note) => plainText(note, longestNote)),
    ...(plan.approval === 'required' ? [l10n.t('Others have to approve it: this opens a request.')] : []),
  ];
  const [title, action] = titleAndAction(l10n, plan.intent, flag, where);
  return {
    title,
    action,
    detail: sentences.join(' '),
    facts: shown,
    suggestedReason: title.replace(/[?？]$/, ''),
  };
}

function titleAndAction(l10n: L10n, intent: Intent, flag: string, where: string): readonly [string, string] {
  switch (intent.kind) {
    case 'switch':
      return intent.on
        ? [l10n.t('Turn on "{0}" in {1}?', flag, where), l10n.t('Turn on')]
        : [l10n.t('Turn off "{0}" in {1}?', flag, where), l10n.t('Turn off')];
    case 'kill':
      return [l10n.t('Kill "{0}" in {1}?', flag, where), l10n.t('Kill')];
    case 'percentage':
      return [
        l10n.t('Set "{0}" to {1} in {2}?', flag, stateWords(l10n, intent), where),
        l10n.t('Set to {0}', stateWords(l10n, intent)),
      ];
    case 'defaultVariant':
      return [
        l10n.t('Set the default of "{0}" to {1} in {2}?', flag, stateWords(l10n, intent), where),
        l10n.t('Set to {0}', stateWords(l10n, intent)),
      ];
    case 'undo':
      return [l10n.t('Undo the change of "{0}" in {1}?', flag, where), l10n.t('Undo')];
    case 'create':
      return [l10n.t('Create "{0}" in {1}?', flag, where), l10n.t('Create')];
    case 'target':
      return intent.on
        ? [
            l10n.t(
              'Give "{0}" of "{1}" to {2} in {3}?',
              shownName(intent.variant),
              flag,
              shownName(intent.value),
              where,
            ),
            l10n.t('Give to {0}', shownName(intent.value)),
          ]
        : [
            l10n.t('Take {0} out of "{1}" in {2}?', shownName(intent.value), flag, where),
            l10n.t('Take out {0}', shownName(intent.value)),
          ];
  }
}
