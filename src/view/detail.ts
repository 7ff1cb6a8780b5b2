import type { FlagSnapshot } from '../model/flag';
import { flagId } from '../model/identity';
import type { DetailState } from '../protocol/detailPanel';
import { changeActions, lookActions } from './actions';
import { detailCharts, detailMarkers } from './detailCharts';
import { detailFacts, otherEnvironments } from './detailFacts';
import { detailStrings } from './detailStrings';
import { verdictInputs } from './detailVerdict';
import { chosenStanding, fullName, standings, type Standing } from './environments';
import { flagNotes, rulesInWords } from './flagNotes';
import { subtitleOf } from './flagSubtitle';
import { inFlightKey, type DetailInput } from './input';
import { journalRow } from './journalRows';
import { numbersFor } from './numbers';
import type { ViewAction } from './output';
import { serveInWords } from './shareWords';
import { readSignals, type Reading } from './signalReading';
import { subjectOf } from './subject';
import { dotted, oneLine } from './text';
import { sentenceOf } from './verdictWords';

/** What the panel draws, and what the ids in it stand for. Ids are good for this state only. */
export interface Detail {
  readonly state: DetailState;
  readonly actions: ReadonlyMap<string, ViewAction>;
}

const windows = [5, 15, 60, 360, 1440] as const;
const most = { rules: 100, references: 200, history: 50, environments: 100 };

/** The detail panel of one flag, from what is in memory; what is not known yet is said or left to skeletons. */
export function detailState(input: DetailInput): Detail {
  const { l10n, ref } = input;
  const flag = input.flags
    .resolve(ref.key)
    .find((one) => one.ref.system === ref.system && one.ref.project === ref.project);
  return flag ? known(input, flag) : { state: unknownState(input, l10n), actions: new Map() };
}

function known(input: DetailInput, flag: FlagSnapshot): Detail {
  const { l10n, now } = input;
  const actions = new Map<string, ViewAction>();
  const offer = (id: string, action: ViewAction): string => {
    actions.set(id, action);
    return id;
  };
  const standing = chosenStanding(input, flag);
  const reading: Reading = standing
    ? readSignals(input, flag.ref.key, standing.environment, standing.state, null)
    : { kind: 'none' };
  const sentence = sentenceOf(reading, standing?.state ?? null, now, l10n);
  const seen = 'seen' in reading ? reading.seen : null;
  const charts = detailCharts(input, standing, seen, sentence.text);
  const looks = standing ? lookActions(input, flag, standing, 0, null) : [];
  const definition = looks.find(({ action }) => action.kind === 'openDefinition');
  const changes = standing ? changeActions(input, flag, standing) : [];
  const entries = input.journal
    .filter(({ plan }) => flagId(plan.ref) === flagId(flag.ref))
    .sort((a, b) => b.consent.at - a.consent.at);
  const rows = entries.slice(0, most.history).map((entry) => ({
    entry,
    row: journalRow(
      {
        entries,
        now,
        l10n,
        me: input.me,
        undoable: (one) => input.undoable(one),
        environmentName: ({ name }) => name,
      },
      entry,
    ),
  }));
  const state: DetailState = {
    locale: l10n.locale,
    loading: reading.kind === 'notAsked' || reading.kind === 'asking',
    header: {
      key: oneLine(flag.ref.key),
      subtitle: subtitleOf(input, flag),
      system: dotted(oneLine(flag.ref.project, 80), oneLine(flag.ref.system, 80)),
      openDefinition: definition ? { id: offer('openDefinition', definition.action), label: definition.label } : null,
      environments: standings(input, flag)
        .slice(0, most.environments)
        .map(({ environment }) => ({
          id: environment.ref.name,
          label: oneLine(fullName(environment, l10n)),
          selected: environment === standing?.environment,
        }))
        .filter(({ id }) => id !== '' && id.length <= 200),
      windows: [...new Set([...windows, input.windowMinutes])]
        .sort((a, b) => a - b)
        .map((minutes) => ({
          minutes,
          label: numbersFor(l10n).window(minutes),
          selected: minutes === input.windowMinutes,
        })),
      actions: changes.map(({ label, action }) => ({ id: offer(action.kind, action), label })),
      progress: standing ? oneLineOrNull(input.inFlight.get(inFlightKey(flag.ref, standing.environment.ref))) : null,
    },
    facts: [...detailFacts(input, flag, standing, reading), ...otherEnvironments(input, flag, standing)].slice(0, 12),
    verdict: { tone: sentence.tone, sentence: clipped(sentence.text), ...verdictInputs(seen, standing, now, l10n) },
    ...charts,
    markers: detailMarkers(input, flag, standing),
    notes: standing
      ? flagNotes({ ...input }, flag, { ...standing, state: withoutRules(standing) }, reading).slice(0, 20)
      : [],
    rules: standing ? ruleLines(standing, input) : [],
    references: (input.references ?? []).slice(0, most.references).map(({ root, reference, code }, index) => {
      const { path, line, column } = reference;
      return {
        id: offer(`reference:${String(index)}`, { kind: 'openReference', root, path, line, column }),
        place: clipped(`${path}:${String(line)}`),
        code: oneLine(code ?? reference.function ?? '', 300),
        kind: reference.kind,
      };
    }),
    // By the change itself, not by its place: a click may arrive after a newer change took that place.
    history: rows.map(({ row, entry: { id } }) => ({
      id: `change:${id}`.slice(0, 200),
      title: clipped(row.label),
      detail: clipped(row.description),
      tone: row.tone,
      undo: row.actions[0] ? offer(`undo:${id}`.slice(0, 200), row.actions[0].action) : null,
    })),
    strings: detailStrings(l10n),
  };
  return { state, actions };
}

const clipped = (text: string): string => oneLine(text, 1_000);
const oneLineOrNull = (text: string | undefined): string | null => (text === undefined ? null : oneLine(text));

/** The panel has a section for rules; its notes need not say them again. */
function withoutRules({ state }: Standing): Standing['state'] {
  return state && { ...state, rules: [], prerequisites: [] };
}

function ruleLines(standing: Standing, { l10n }: DetailInput): readonly string[] & string[] {
  const rules = rulesInWords(standing, l10n, most.rules - 2);
  if (rules.length > 0 || !standing.state) return [...rules].slice(0, 101);
  return [l10n.t('everyone: {0}', oneLine(serveInWords(standing.state.defaultRule, l10n), 300))];
}

/** A flag that is gone or not read yet: the frame stays, with the reason where the verdict would be. */
function unknownState(input: DetailInput, l10n: DetailInput['l10n']): DetailState {
  const subject = subjectOf(input.flags, { key: input.ref.key, pattern: null });
  const waiting = subject.kind === 'notAsked' || subject.kind === 'asking';
  const sentence =
    subject.kind === 'unreachable'
      ? l10n.t('{0} is unreachable: {1}', oneLine(subject.project), oneLine(subject.reason))
      : waiting
        ? l10n.t('Asking the flag system…')
        : l10n.t('The flag system no longer has this flag.');
  return {
    locale: l10n.locale,
    loading: waiting,
    header: {
      key: oneLine(input.ref.key),
      subtitle: '',
      system: dotted(oneLine(input.ref.project, 80), oneLine(input.ref.system, 80)),
      openDefinition: null,
      environments: [],
      windows: [],
      actions: [],
      progress: null,
    },
    facts: [],
    verdict: { tone: 'unknown', sentence, inputs: [], method: '' },
    times: [],
    charts: [],
    markers: [],
    notes: [],
    rules: [],
    references: [],
    history: [],
    strings: detailStrings(l10n),
  };
}
