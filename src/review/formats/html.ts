import type { Hash } from '../../platform/hash';
import type { L10n } from '../../platform/l10n';
import { numbersFor } from '../../view/numbers';
import { escaped, oneLine } from '../../view/text';
import { reasonTitle } from '../reasonTitles';
import type { FlagImpact, PathImpact, Reason, Report } from '../report';
import type { SuggestedRollout } from '../rolloutReport';
import { consumersTable, ownersTable } from './consumersHtml';
import { rolloutWords } from './rolloutWords';
import { changeWords, placeWords } from './words';

const style = `:root{color-scheme:light dark;font:14px/1.45 system-ui,sans-serif}
body{margin:2rem auto;max-width:80rem;padding:0 1rem}
table{border-collapse:collapse;width:100%}
th,td{border-bottom:1px solid color-mix(in srgb,currentColor 25%,transparent);padding:.35rem .6rem;text-align:left;vertical-align:top}
code{font-family:ui-monospace,monospace;overflow-wrap:anywhere}
ul{padding-left:1.4rem}`;

/** A page that stands alone: no script, nothing loaded, its one style named to the browser by its hash. */
export function reviewHtml(report: Report, l10n: L10n, hash: Hash): string {
  const styleHash = base64(hash.sha256(style));
  const title = l10n.t('Production impact');
  const [consumers, owners] = [consumersTable(report, l10n), ownersTable(report, l10n)];
  const revision = ({ name, commit }: Report['base']): string =>
    `${shown(name)}${commit === null ? '' : ` <code>${commit.slice(0, 12)}</code>`}`;
  return `<!doctype html>
<html lang="${escaped(l10n.locale)}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'sha256-${styleHash}'; base-uri 'none'; form-action 'none'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escaped(title)}</title>
<style>${style}</style>
</head>
<body>
<h1>${escaped(title)}</h1>
<p>${l10n.t('{0} to {1}. Changed files: {2}.', revision(report.base), revision(report.head), numbersFor(l10n).count(report.files.changed))}</p>
${section(l10n.t('Not known'), list(report.missing.map(({ words }) => shown(words))))}
${section(l10n.t('What to look at'), report.reasons.length === 0 ? `<p>${escaped(l10n.t('Nothing was found in what could be asked.'))}</p>` : list(report.reasons.map((reason) => reasonItem(reason, l10n))))}
${section(
  l10n.t('Flags'),
  table(
    flagHead(l10n),
    report.flags.map((flag) => flagRow(flag, l10n)),
  ),
)}
${section(
  l10n.t('Code paths'),
  table(
    pathHead(l10n),
    report.paths.map((path) => pathRow(path, l10n)),
  ),
)}
${section(l10n.t('Consumers and providers'), table(consumers.head, consumers.rows))}
${section(l10n.t('Owners by CODEOWNERS'), table(owners.head, owners.rows))}
${section(
  l10n.t('Suggested roll-out'),
  table(
    [l10n.t('Flag'), l10n.t('Where'), l10n.t('Stages'), l10n.t('Stop at'), l10n.t('Way back')],
    report.rollouts.map((rollout) => rolloutRow(rollout, l10n)),
  ),
)}
</body>
</html>
`;
}

const base64 = (hex: string): string =>
  btoa(String.fromCharCode(...(hex.match(/../g) ?? []).map((byte) => parseInt(byte, 16))));

/** Text from outside: signs that would turn round what surrounds it are taken out. */
const shown = (text: string): string => escaped(oneLine(text, 1_000));

const section = (title: string, content: string): string =>
  content === '' ? '' : `<h2>${escaped(title)}</h2>\n${content}`;

const list = (items: readonly string[]): string =>
  items.length === 0 ? '' : `<ul>\n${items.map((item) => `<li>${item}</li>`).join('\n')}\n</ul>`;

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  if (rows.length === 0) return '';
  const cells = head.map((cell) => `<th scope="col">${escaped(cell)}</th>`).join('');
  const body = rows.map((row) => `<tr>${row.map((cell) => `<td>${cell}</td>`).join('')}</tr>`).join('\n');
  return `<table>\n<thead><tr>${cells}</tr></thead>\n<tbody>\n${body}\n</tbody>\n</table>`;
}

function reasonItem({ code, severity, words, evidence, places }: Reason, l10n: L10n): string {
  const levels = { error: l10n.t('Error'), warning: l10n.t('Warning'), information: l10n.t('Information') };
  const proof = [...evidence.map(shown), ...places.map((place) => `<code>${shown(placeWords(place))}</code>`)];
  return `<strong>${escaped(`${levels[severity]} · ${reasonTitle(code, l10n)}`)}</strong> ${shown(words)}${list(proof)}`;
}

function rolloutRow(rollout: SuggestedRollout, l10n: L10n): string[] {
  const { where, stages, watch, wayBack } = rolloutWords(rollout, l10n);
  return [
    `<code>${shown(rollout.flag.key)}</code>`,
    escaped(where),
    escaped(stages.join(', ')),
    watch.map(shown).join('<br>'),
    escaped(wayBack),
  ];
}

const flagHead = (l10n: L10n): string[] => [
  l10n.t('Flag'),
  l10n.t('In this change'),
  l10n.t('State now'),
  l10n.t('Left'),
];

function flagRow(impact: FlagImpact, l10n: L10n): string[] {
  const states = impact.flags.flatMap(({ environments }) =>
    environments.map(({ name, words, becomes }) =>
      shown(`${name}: ${words}${becomes === null ? '' : ` · ${l10n.t('then {0}', becomes)}`}`),
    ),
  );
  const unknown = impact.known === 'none' ? l10n.t('defined nowhere') : l10n.t('not known');
  return [
    `<code>${shown(impact.key)}</code>`,
    escaped(changeWords(impact, l10n)),
    states.join('<br>') || escaped(unknown),
    escaped(l10n.t('{0}, {1} of them evaluations', impact.left.count, impact.left.evaluations)),
  ];
}

const pathHead = (l10n: L10n): string[] => [
  l10n.t('Code path'),
  l10n.t('In this change'),
  l10n.t('Flags in it'),
  l10n.t('Gets now'),
];

function pathRow({ name, routes, place, change, flags, traffic }: PathImpact, l10n: L10n): string[] {
  const words = { added: l10n.t('added'), changed: l10n.t('changed'), removed: l10n.t('removed') };
  return [
    `<code>${shown(routes[0] ?? name)}</code><br><code>${shown(placeWords(place))}</code>`,
    escaped(words[change]),
    flags.map((key) => `<code>${shown(key)}</code>`).join(', '),
    traffic.map((one) => shown(`${one.environment} ${one.words}`)).join('<br>'),
  ];
}
