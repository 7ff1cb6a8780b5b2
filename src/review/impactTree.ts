import type { L10n } from '../platform/l10n';
import { numbersFor } from '../view/numbers';
import { dotted, oneLine } from '../view/text';
import { partyNodes } from './impactParties';
import { placeNode, row, type ImpactNode } from './impactRow';
import { rolloutWords } from './formats/rolloutWords';
import { changeWords, placeWords } from './formats/words';
import { reasonTitle } from './reasonTitles';
import type { FlagImpact, Missing, PathImpact, Place, Reason, Report, Revision, Severity } from './report';
import type { SuggestedRollout } from './rolloutReport';

export interface ImpactTree {
  /** Beside the title: what is compared with what. */
  readonly description: string;
  /** In full, with what was not known first; empty where nothing is changed. */
  readonly sections: readonly ImpactNode[];
  /** Why there is nothing to show; null: there is. */
  readonly empty: string | null;
}

/** Of rows that are alike so many are shown; the report has them all. */
const mostRows = 200;

/** What the view shows of a report: what is not known, reasons in order with their evidence, then what they rest on. */
export function impactTree(report: Report, parted: string | null, l10n: L10n): ImpactTree {
  const { t } = l10n;
  const description = comparedWords(report, parted, l10n);
  if (report.files.changed === 0)
    return { description, sections: [], empty: t('Nothing is changed: {0}.', description) };
  const { count } = numbersFor(l10n);
  const section = (
    id: string,
    label: string,
    children: readonly ImpactNode[],
    more: Partial<ImpactNode> = {},
  ): ImpactNode[] =>
    children.length === 0
      ? []
      : [row(id, label, { description: count(children.length), children: atMost(id, children, l10n), ...more })];
  const reasons = report.reasons.map((reason, at) => reasonNode(reason, at, l10n));
  return {
    description,
    empty: null,
    sections: [
      ...section('missing', t('Not known'), report.missing.map(missingNode), { icon: 'question', tone: 'unknown' }),
      ...section('reasons', t('What to look at'), reasons, { icon: 'checklist', expanded: true }),
      ...(reasons.length > 0 ? [] : [nothingFound(report, l10n)]),
      ...section(
        'flags',
        t('Flags'),
        report.flags.map((flag) => flagNode(flag, l10n)),
        { icon: 'key' },
      ),
      ...section(
        'paths',
        t('Code paths'),
        report.paths.map((path, at) => pathNode(path, at, l10n)),
        {
          icon: 'symbol-method',
        },
      ),
      ...section('services', t('Consumers and providers'), partyNodes(report.services ?? [], l10n), {
        icon: 'type-hierarchy',
      }),
      ...section('owners', t('Owners by CODEOWNERS'), ownerNodes(report, l10n), { icon: 'person' }),
      ...section(
        'rollouts',
        t('Suggested roll-out'),
        report.rollouts.map((one) => rolloutNode(one, l10n)),
        {
          icon: 'milestone',
        },
      ),
    ],
  };
}

/** `the working tree against origin/main, from 1a2b3c4` */
function comparedWords({ base, head }: Report, parted: string | null, l10n: L10n): string {
  const name = ({ name: written }: Revision): string => oneLine(written, 80);
  return parted === null
    ? l10n.t('{0} against {1}', name(head), name(base))
    : l10n.t('{0} against {1}, from {2}', name(head), name(base), parted.slice(0, 7));
}

function atMost(id: string, nodes: readonly ImpactNode[], l10n: L10n): readonly ImpactNode[] {
  if (nodes.length <= mostRows) return nodes;
  const left = numbersFor(l10n).count(nodes.length - mostRows);
  return [...nodes.slice(0, mostRows), row(`${id}/more`, l10n.t('And {0} more, which the report has.', left))];
}

const missingNode = ({ source, words }: Missing, at: number): ImpactNode =>
  row(`missing/${String(at)}`, words, { icon: 'circle-slash', description: source, tooltip: words });

const marks: Readonly<Record<Severity, Pick<ImpactNode, 'icon' | 'tone'>>> = {
  error: { icon: 'error', tone: 'regression' },
  warning: { icon: 'warning', tone: 'partial' },
  information: { icon: 'info', tone: null },
};

function reasonNode({ code, severity, key, words, evidence, places }: Reason, at: number, l10n: L10n): ImpactNode {
  const title = reasonTitle(code, l10n);
  const id = `reason/${code}/${key ?? ''}/${places[0]?.path ?? ''}/${String(at)}`;
  const levels = { error: l10n.t('Error'), warning: l10n.t('Warning'), information: l10n.t('Information') };
  return row(id, title, {
    ...marks[severity],
    description: oneLine(words, 500),
    tooltip: [`${levels[severity]}: ${title}`, words, ...evidence.map((one) => `· ${one}`)].join('\n'),
    spoken: `${levels[severity]}: ${title}. ${words}`,
    place: places.find(({ side }) => side === 'head') ?? places[0] ?? null,
    expanded: true,
    children: atMost(
      id,
      [
        ...evidence.map((one, index) => row(`${id}/evidence/${String(index)}`, one, { icon: 'graph', tooltip: one })),
        ...places.map((place, index) => placeNode(`${id}/place/${String(index)}`, place, l10n)),
      ],
      l10n,
    ),
  });
}

const nothingFound = ({ missing }: Report, { t }: L10n): ImpactNode =>
  row('nothing', t('Nothing was found in what could be asked.'), {
    icon: 'info',
    description: missing.length > 0 ? t('see what is not known') : '',
  });

function flagNode(impact: FlagImpact, l10n: L10n): ImpactNode {
  const { key, flags, known, added, guarded, removed, moved, edited, left } = impact;
  const id = `flag/${key}`;
  const states = flags.flatMap(({ environments }) =>
    environments.map(({ name, words, becomes }) =>
      dotted(`${oneLine(name)}: ${words}`, becomes !== null && l10n.t('then {0}', becomes)),
    ),
  );
  const unknown = known === 'none' ? l10n.t('defined nowhere') : l10n.t('not known');
  const places = [...added, ...guarded, ...[...moved, ...edited].map(({ to }) => to), ...removed];
  return row(id, key, {
    icon: 'key',
    description: dotted(changeWords(impact, l10n), states[0] ?? unknown),
    tooltip: [key, changeWords(impact, l10n), ...(states.length > 0 ? states : [unknown])].join('\n'),
    place: places[0] ?? left.places[0] ?? null,
    children: atMost(
      id,
      [
        ...states.map((words, at) => row(`${id}/state/${String(at)}`, words, { icon: 'server-environment' })),
        ...places.map((place, at) => placeNode(`${id}/place/${String(at)}`, place, l10n)),
        ...left.places.map((place, at) => ({
          ...placeNode(`${id}/left/${String(at)}`, place, l10n),
          description: l10n.t('still there'),
        })),
      ],
      l10n,
    ),
  });
}

function pathNode({ name, routes, place, change, flags, traffic }: PathImpact, at: number, l10n: L10n): ImpactNode {
  const id = `path/${place.path}/${name}/${String(at)}`;
  const changes = { added: l10n.t('added'), changed: l10n.t('changed'), removed: l10n.t('removed') };
  const numbers = traffic.map(({ environment, words }) => dotted(environment !== '' && oneLine(environment), words));
  return row(id, routes[0] ?? name, {
    icon: 'symbol-method',
    description: dotted(changes[change], traffic[0]?.words ?? l10n.t('no operation is known of it')),
    tooltip: [routes[0] ?? name, placeWords(place), ...numbers].join('\n'),
    place,
    children: [
      ...traffic.map(({ match }, index) =>
        row(`${id}/traffic/${String(index)}`, numbers[index] ?? '', { icon: 'graph', description: oneLine(match) }),
      ),
      ...flags.map((key) => row(`${id}/flag/${key}`, key, { icon: 'key', description: l10n.t('asked here') })),
    ],
  });
}

function rolloutNode(rollout: SuggestedRollout, l10n: L10n): ImpactNode {
  const { where, stages, watch, wayBack } = rolloutWords(rollout, l10n);
  const id = `rollout/${rollout.flag.system}/${rollout.flag.project}/${rollout.flag.key}/${rollout.environment}`;
  return row(id, rollout.flag.key, {
    icon: 'milestone',
    description: where,
    tooltip: [`${rollout.flag.key} · ${where}`, stages.join(', '), ...watch, wayBack].join('\n'),
    children: [
      row(`${id}/stages`, stages.join(', '), { icon: 'list-ordered', tooltip: stages.join(', ') }),
      ...watch.map((words, at) => row(`${id}/watch/${String(at)}`, words, { icon: 'eye', tooltip: words })),
      row(`${id}/back`, wayBack, { icon: 'discard', tooltip: wayBack }),
    ],
  });
}

function ownerNodes({ owners }: Report, l10n: L10n): ImpactNode[] {
  return owners.map(({ owners: names, paths }, at) => {
    const id = `owner/${String(at)}`;
    const children = paths.map((path) => {
      const place: Place = { side: 'head', path, line: 1, endLine: 1, function: null, kind: null };
      return row(`${id}/${path}`, path, { icon: 'file', place });
    });
    return row(id, names.length === 0 ? l10n.t('nobody') : names.join(', '), {
      icon: 'person',
      description: l10n.t('Changed files: {0}', numbersFor(l10n).count(paths.length)),
      children: atMost(id, children, l10n),
    });
  });
}
