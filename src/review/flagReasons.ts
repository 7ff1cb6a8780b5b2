import { lastKnown } from '../model/answer';
import { numbersFor } from '../view/numbers';
import { dotted, oneLine, quoted } from '../view/text';
import type { ReviewInput } from './input';
import type { EnvironmentState, FlagImpact, KnownFlag, Reason } from './report';
import { deadChanges, type DeadChange } from './deadChanges';

/** What of the flags a reviewer should look at, in any order. */
export function flagReasons(flags: readonly FlagImpact[], input: ReviewInput): readonly Reason[] {
  return [...flags.flatMap((impact) => reasonsOf(impact, input)), ...deadReasons(input)];
}

function reasonsOf(impact: FlagImpact, input: ReviewInput): Reason[] {
  return [
    ...addedReasons(impact, input),
    ...definitionReasons(impact, input),
    ...removedReasons(impact, input),
    ...defaultReasons(impact, input),
  ];
}

function addedReasons(impact: FlagImpact, { l10n, flagsOf, now }: ReviewInput): Reason[] {
  const { key, flags, known, nearest } = impact;
  const added = impact.added.filter(({ kind }) => kind === 'evaluation');
  const name = quoted(key);
  if (added.length === 0) return [];
  const common = { key, places: added };
  if (known === 'none') {
    const projects = flagsOf(added[0]?.path ?? '').projects;
    const asked = projects.map(({ system, project }) => `${system}/${project}`).join(', ');
    const count = projects.reduce((sum, { answer }) => sum + (lastKnown(answer)?.value.flags.length ?? 0), 0);
    return [
      {
        ...common,
        code: 'flag-unknown',
        severity: 'error',
        words: l10n.t('{0} is evaluated and defined nowhere: everybody gets the default of the code.', name),
        evidence: [
          l10n.t('not among the {0} flags of {1}', numbersFor(l10n).count(count), oneLine(asked)),
          ...(nearest === null ? [] : [l10n.t('did you mean {0}?', quoted(nearest))]),
        ],
      },
    ];
  }
  const leaving = flags.filter(({ archived, deprecated }) => archived || deprecated);
  const reasons: Reason[] = [];
  if (leaving.length > 0 && leaving.length === flags.length) {
    const archived = leaving.every((flag) => flag.archived);
    reasons.push({
      ...common,
      code: 'flag-archived',
      severity: archived ? 'error' : 'warning',
      words: archived
        ? l10n.t(
            '{0} is archived and evaluated anew: SDKs are not given it, so everybody gets the default of the code.',
            name,
          )
        : l10n.t('{0} is marked as deprecated or stale and evaluated anew: its owner wants it gone.', name),
      evidence: leaving.map((flag) => flagInWords(flag, now, l10n)),
    });
  }
  const live = flags.flatMap((flag) =>
    flag.environments.filter(isOnAtOnce).map((environment) => ({ flag, environment })),
  );
  if (live.length > 0)
    reasons.push({
      ...common,
      code: 'live-on-deploy',
      severity: 'error',
      words: l10n.t(
        '{0} is on already: what is new behind it goes live on deploy, not when somebody turns it on.',
        name,
      ),
      evidence: live.map(({ flag, environment }) =>
        dotted(stateWords(environment), changedWords(flag, now, l10n), ownerWords(flag, l10n)),
      ),
    });
  return reasons;
}

const isOnAtOnce = ({ protected: guarded, production, kind, reach }: EnvironmentState): boolean =>
  kind !== 'local' && (guarded || production) && (reach === 'some' || reach === 'everyone');

function definitionReasons({ key, flags }: FlagImpact, { definitions, l10n }: ReviewInput): Reason[] {
  const changed = flags.flatMap(({ environments }) => environments.filter(({ becomes }) => becomes !== null));
  if (changed.length === 0) return [];
  const severe = changed.some((one) => one.protected || one.production);
  const evidence = changed.map(({ name, words, becomes, kind }) =>
    kind === 'live'
      ? l10n.t('{0}: {1}, then {2}', oneLine(name), words, becomes ?? '')
      : l10n.t('{0}: {1}, then {2} once it is deployed or synchronised', oneLine(name), words, becomes ?? ''),
  );
  return [
    {
      code: 'definition-changed',
      severity: severe ? 'error' : 'warning',
      words: l10n.t(
        'The definition of {0} is changed by this: users get something else without a change of code.',
        quoted(key),
      ),
      evidence,
      key,
      places: definitions.flatMap(({ before, after, places }) => ((after ?? before)?.ref.key === key ? places : [])),
    },
  ];
}

function removedReasons(impact: FlagImpact, { l10n, now }: ReviewInput): Reason[] {
  const { key, change, removed, flags, left } = impact;
  const asked = removed.filter(({ kind }) => kind === 'evaluation');
  if (change !== 'extinct' && change !== 'removed') return [];
  const name = quoted(key);
  const reasons: Reason[] = [];
  const partial = flags.flatMap((flag) =>
    flag.environments
      .filter(({ reach, kind }) => reach === 'some' && kind !== 'local')
      .map((environment) => ({ flag, environment })),
  );
  if (asked.length > 0 && left.evaluations === 0 && partial.length > 0)
    reasons.push({
      code: 'removed-while-served',
      severity: 'warning',
      words: l10n.t(
        '{0} is no longer evaluated while some get one side and some the other: on deploy all get the same.',
        name,
      ),
      evidence: partial.map(({ flag, environment }) =>
        dotted(stateWords(environment), evaluatedWords(environment, l10n), changedWords(flag, now, l10n)),
      ),
      key,
      places: asked,
    });
  if (change === 'extinct')
    reasons.push({
      code: 'flag-extinct',
      severity: 'information',
      words: l10n.t('{0} is named nowhere any more: it can be archived once this is deployed.', name),
      evidence: flags.map((flag) => flagInWords(flag, now, l10n)),
      key,
      places: removed,
    });
  return reasons;
}

function defaultReasons({ key, defaults, flags }: FlagImpact, { l10n }: ReviewInput): Reason[] {
  if (defaults.length === 0) return [];
  const used = flags.some(({ environments }) => environments.some(({ reach }) => reach === 'unknown'));
  return [
    {
      code: 'default-changed',
      severity: 'warning',
      words: l10n.t(
        'The default of {0} in the code is another: it is what users get when the flag system cannot be asked.',
        quoted(key),
      ),
      evidence: [
        ...defaults.map(({ before, after, place }) =>
          l10n.t('{0}:{1}: {2}, then {3}', oneLine(place.path), place.line, valueWords(before), valueWords(after)),
        ),
        ...(used
          ? [l10n.t('what its state is somewhere is not known, so that the default may be what is served')]
          : []),
      ],
      key,
      places: defaults.map(({ place }) => place),
    },
  ];
}

const valueWords = (value: unknown): string => (value === null ? '?' : oneLine(JSON.stringify(value), 80));

function deadReasons(input: ReviewInput): Reason[] {
  const { l10n } = input;
  const groups = new Map<string, DeadChange[]>();
  for (const dead of deadChanges(input)) {
    const id = JSON.stringify([dead.key, dead.isOff]);
    groups.set(id, [...(groups.get(id) ?? []), dead]);
  }
  return [...groups.values()].flatMap((group): Reason[] => {
    const [first] = group;
    if (!first) return [];
    const names = group.map(({ environment }) => oneLine(environment)).join(', ');
    const places = [...new Map(group.flatMap((dead) => dead.places).map((at) => [JSON.stringify(at), at])).values()];
    const evidence = group.map(({ environment, isOff }) =>
      isOff
        ? l10n.t('{0}: everybody gets the off variant', oneLine(environment))
        : l10n.t('{0}: nobody is given what leads there', oneLine(environment)),
    );
    const name = quoted(first.key);
    return [
      first.isOff
        ? {
            code: 'behind-off-flag',
            severity: 'information',
            words: l10n.t(
              'Changed code runs only behind {0}, which is off in {1}: nobody reaches it there yet.',
              name,
              names,
            ),
            ...{ evidence, places, key: first.key },
          }
        : {
            code: 'dead-side-edited',
            severity: 'warning',
            words: l10n.t('Changed code is on the side of {0} that nobody gets any more in {1}.', name, names),
            ...{ evidence, places, key: first.key },
          },
    ];
  });
}

const stateWords = ({ name, words, protected: guarded }: EnvironmentState): string =>
  `${oneLine(name)}: ${words}${guarded ? ' (protected)' : ''}`;

function evaluatedWords({ evaluations }: EnvironmentState, l10n: ReviewInput['l10n']): string | null {
  const { count, window } = numbersFor(l10n);
  return evaluations && l10n.t('{0} evaluations in {1}', count(evaluations.count), window(evaluations.windowMinutes));
}

function changedWords({ changed }: KnownFlag, now: number, l10n: ReviewInput['l10n']): string | null {
  return changed && l10n.t('last changed {0}', numbersFor(l10n).ago(changed.at, now));
}

const ownerWords = ({ owner }: KnownFlag, l10n: ReviewInput['l10n']): string | null =>
  owner === null ? null : l10n.t('owner {0}', oneLine(owner));

function flagInWords(flag: KnownFlag, now: number, l10n: ReviewInput['l10n']): string {
  const states = flag.environments.map(stateWords).join(', ');
  return dotted(
    `${oneLine(flag.ref.system)}/${oneLine(flag.ref.project)}`,
    states,
    changedWords(flag, now, l10n),
    ownerWords(flag, l10n),
  );
}
