import { numbersFor } from '../../view/numbers';
import { dotted, oneLine } from '../../view/text';
import type { L10n } from '../../platform/l10n';
import { consumersPart } from './consumersMarkdown';
import { andMore, code, some, tableOf, text } from './markdownText';
import { rolloutWords } from './rolloutWords';
import { changeWords, placeWords } from './words';
import { reasonTitle } from '../reasonTitles';
import type { FlagImpact, KnownFlag, PathImpact, Report } from '../report';

/** Stands first in what is posted, so that a later report takes its place. */
export const markdownMarker = '<!-- sightglass:review -->';

/** GitHub takes comments of 65,536 characters, GitLab of a million. */
const mostLength = 60_000;
/** What a section leaves to each one after it. */
const leastLength = 8_000;
const mostRows = 50;
const mostPlaces = 5;
const mostLines = 10;

/** Rows under a head; `tail` stands behind them whatever of them is shown. */
interface Section {
  readonly head: readonly string[];
  readonly rows: readonly string[];
  readonly tail?: readonly string[];
}

/**
 * A report as a comment on a pull request. All that is from outside is text: it makes no link, mention, image or mark-up.
 * At most 60,000 characters, of which every section has some; rows that are left out are counted where they would stand.
 */
export function markdown(report: Report, l10n: L10n): string {
  const sections = [
    ...missingSection(report, l10n),
    ...reasonsSection(report, l10n),
    ...flagsSection(report, l10n),
    ...pathsSection(report, l10n),
    ...rolloutsSection(report, l10n),
    ...blocksSection(consumersPart(report, l10n)),
  ];
  const parts = [
    `${markdownMarker}\n## ${l10n.t('Production impact')}`,
    l10n.t(
      '{0} to {1}. Changed files: {2}.',
      revisionWords(report.base),
      revisionWords(report.head),
      numbersFor(l10n).count(report.files.changed),
    ),
  ];
  let [room, cut] = [mostLength - 2_000, false];
  sections.forEach((section, at) => {
    const { text: part, left } = filled(section, room - leastLength * (sections.length - at - 1), l10n);
    parts.push(part);
    room -= part.length + 2;
    cut ||= left > 0;
  });
  if (cut) parts.push(l10n.t('The report in JSON has what is left out here.'));
  return `${parts.join('\n\n')}\n`;
}

/** A section of at most so many characters, but for its head and tail, and how many of its rows there was no room for. */
function filled(
  { head, rows, tail = [] }: Section,
  room: number,
  l10n: L10n,
): { readonly text: string; readonly left: number } {
  const lines = [...head];
  let length = [...head, ...tail].join('\n').length;
  let shown = 0;
  for (const row of rows) {
    if (shown === mostRows || length + row.length + 1 > room) continue;
    lines.push(row);
    length += row.length + 1;
    shown++;
  }
  const left = rows.length - shown;
  return { text: [...lines, ...(left > 0 ? ['', andMore(left, l10n)] : []), ...tail].join('\n'), left };
}

/** Blocks that stand apart, as tables do. */
const blocksSection = (blocks: readonly string[]): Section[] =>
  blocks.length === 0 ? [] : [{ head: [], rows: blocks.map((block, at) => (at === 0 ? block : `\n${block}`)) }];

const revisionWords = ({ name, commit }: Report['base']): string =>
  commit === null ? text(name) : `${text(name)} (${code(commit.slice(0, 12))})`;

function missingSection({ missing }: Report, l10n: L10n): Section[] {
  if (missing.length === 0) return [];
  return [{ head: [`**${l10n.t('Not known')}**`, ''], rows: missing.map(({ words }) => `- ${text(words, 500)}`) }];
}

function reasonsSection({ reasons }: Report, l10n: L10n): Section[] {
  const title = `### ${l10n.t('What to look at')}`;
  if (reasons.length === 0)
    return [{ head: [title, '', l10n.t('Nothing was found in what could be asked.')], rows: [] }];
  const levels = { error: l10n.t('Error'), warning: l10n.t('Warning'), information: l10n.t('Information') };
  const rows = reasons.map(({ code: about, severity, words, evidence, places }) => {
    const at = places.map((place) => code(placeWords(place)));
    const where = some(at, mostPlaces, l10n).join(', ');
    const proof = evidence.map((one) => text(one, 400));
    return [
      `- **${levels[severity]} · ${text(reasonTitle(about, l10n))}:** ${text(words, 500)}`,
      ...[...some(proof, mostPlaces, l10n), ...(where === '' ? [] : [where])].map((one) => `  - ${one}`),
    ].join('\n');
  });
  return [{ head: [title, ''], rows }];
}

function flagsSection({ flags }: Report, l10n: L10n): Section[] {
  if (flags.length === 0) return [];
  const head = [l10n.t('Flag'), l10n.t('In this change'), l10n.t('State now'), l10n.t('Left'), l10n.t('Owner, age')];
  const rows = flags.map((impact) => [
    code(impact.key),
    text(changeWords(impact, l10n), 300),
    stateCell(impact, l10n),
    leftCell(impact, l10n),
    impact.flags.map((flag) => text(ageWords(flag, l10n))).join('<br>'),
  ]);
  return [tableSection([`### ${l10n.t('Flags')}`], head, rows)];
}

function stateCell({ flags, known, nearest }: FlagImpact, l10n: L10n): string {
  if (known === 'none')
    return nearest === null
      ? text(l10n.t('defined nowhere'))
      : `${text(l10n.t('defined nowhere; near:'))} ${code(nearest)}`;
  if (known === 'unknown') return text(l10n.t('not known'));
  const states = flags.flatMap(({ environments, ref }) =>
    environments.map(({ name, words, becomes, evaluations, protected: guarded }) => {
      const seen =
        evaluations &&
        l10n.t(
          '{0} evaluations in {1}',
          numbersFor(l10n).count(evaluations.count),
          numbersFor(l10n).window(evaluations.windowMinutes),
        );
      const where = flags.length > 1 ? `${ref.system}/${ref.project} ${name}` : name;
      return text(
        dotted(
          `${oneLine(where)}: ${words}`,
          becomes !== null && l10n.t('then {0}', becomes),
          guarded && l10n.t('protected'),
          seen,
        ),
        300,
      );
    }),
  );
  return some(states, mostLines, l10n).join('<br>');
}

function leftCell({ left, written, change }: FlagImpact, l10n: L10n): string {
  if (change === 'extinct') return text(l10n.t('none: extinct'));
  if (left.count === 0)
    return text(written === null ? l10n.t('none that were found') : l10n.t('none, but its key is written somewhere'));
  const places = left.places.slice(0, 3).map((place) => code(placeWords(place)));
  return [text(l10n.t('{0}, {1} of them evaluations', left.count, left.evaluations)), ...places].join('<br>');
}

function ageWords({ owner, changed, archived, deprecated }: KnownFlag, l10n: L10n): string {
  return dotted(
    archived && l10n.t('archived'),
    deprecated && l10n.t('deprecated or stale'),
    owner !== null && oneLine(owner),
    changed && l10n.t('changed {0}', new Date(changed.at).toISOString().slice(0, 10)),
  );
}

function pathsSection({ paths }: Report, l10n: L10n): Section[] {
  const shown = paths.filter(({ traffic, routes }) => traffic.length > 0 || routes.length > 0);
  if (paths.length === 0) return [];
  const quiet = paths.length - shown.length;
  const head = [l10n.t('Code path'), l10n.t('In this change'), l10n.t('Flags in it'), l10n.t('Gets now')];
  const words = { added: l10n.t('added'), changed: l10n.t('changed'), removed: l10n.t('removed') };
  const rows = shown.map((path: PathImpact) => {
    const flags = path.flags.map((key) => code(key));
    const numbers = path.traffic.map(({ environment, words: got }) =>
      text(environment === '' ? got : `${oneLine(environment)}: ${got}`, 300),
    );
    return [
      `${code(path.routes[0] ?? path.name)}<br>${code(placeWords(path.place))}`,
      text(words[path.change]),
      some(flags, mostLines, l10n).join(', ') || text(l10n.t('none')),
      some(numbers, mostLines, l10n).join('<br>') || text(l10n.t('no operation is known of it')),
    ];
  });
  const tail = quiet > 0 ? ['', l10n.t('Changed, with no operation known of them: {0}.', quiet)] : [];
  return [{ ...tableSection([`### ${l10n.t('Code paths')}`], head, rows), tail }];
}

function rolloutsSection({ rollouts }: Report, l10n: L10n): Section[] {
  if (rollouts.length === 0) return [];
  const head = [l10n.t('Flag'), l10n.t('Where'), l10n.t('Stages'), l10n.t('Stop at'), l10n.t('Way back')];
  const rows = rollouts.map((rollout) => {
    const { where, stages, watch, wayBack } = rolloutWords(rollout, l10n);
    const limits = watch.map((one) => text(one, 300));
    return [
      code(rollout.flag.key),
      text(where, 300),
      text(stages.join(', '), 300),
      some(limits, mostLines, l10n).join('<br>'),
      text(wayBack, 300),
    ];
  });
  return [tableSection([`### ${l10n.t('Suggested roll-out')}`], head, rows)];
}

function tableSection(
  title: readonly string[],
  head: readonly string[],
  cells: readonly (readonly string[])[],
): Section {
  const [first = '', line = '', ...rows] = tableOf(head, cells);
  return { head: rows.length === 0 ? title : [...title, '', first, line], rows };
}
