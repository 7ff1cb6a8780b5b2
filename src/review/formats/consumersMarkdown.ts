import type { L10n } from '../../platform/l10n';
import { numbersFor } from '../../view/numbers';
import { dotted, oneLine } from '../../view/text';
import type { Observed, Party, ServiceImpact } from '../consumers/consumersReport';
import type { Report } from '../report';
import { code, tableOf, text } from './markdownText';

const mostServices = 20;
const mostParties = 25;
const mostFound = 3;
const mostLines = 5;
const mostOwners = 20;

/** Who uses the services of the change and whom they use, and whose the changed files are. */
export function consumersPart({ services, owners }: Report, l10n: L10n): string[] {
  const parts = (services ?? []).slice(0, mostServices).map((service) => servicePart(service, l10n));
  const left = (services ?? []).length - parts.length;
  const heading = parts.length === 0 ? [] : [`### ${l10n.t('Consumers and providers')}`];
  return [
    ...heading,
    ...parts,
    ...(left > 0 ? [text(l10n.t('And {0} more services.', left))] : []),
    ...ownersPart(owners, l10n),
  ];
}

function servicePart(service: ServiceImpact, l10n: L10n): string {
  const { consumers, providers, unknown, owner } = service;
  const title = `**${code(service.service)}**${owner === null ? '' : text(l10n.t(', owned by {0}', oneLine(owner)))}`;
  const head = [l10n.t('Who'), l10n.t('Declared'), l10n.t('Observed'), l10n.t('Found in code'), ''];
  const table = (title: string, parties: readonly Party[], left: number, none: string): string[] => [
    '',
    ...(parties.length === 0
      ? [`${text(title)}: ${none}`]
      : [
          ...tableOf(
            [title, ...head.slice(1)],
            parties.slice(0, mostParties).map((party) => row(party, service, l10n)),
          ),
          ...restWords(Math.max(0, parties.length - mostParties) + left, l10n),
        ]),
  ];
  const rest = unknown.length === 0 ? [] : ['', text(l10n.t('There may be others: {0}.', unknown.join('; ')), 600)];
  return [
    title,
    ...table(l10n.t('Used by'), consumers, service.left.consumers, noneWords(service, l10n)),
    ...(providers.length === 0 ? [] : table(l10n.t('Uses'), providers, service.left.providers, '')),
    ...rest,
  ].join('\n');
}

const restWords = (count: number, l10n: L10n): string[] =>
  count === 0 ? [] : ['', text(l10n.t('And {0} more.', count))];

/** "None" is said only where everybody who was asked has answered. */
const noneWords = ({ asked, unknown }: ServiceImpact, l10n: L10n): string =>
  unknown.length === 0
    ? text(l10n.t('None, say {0}.', asked.join(', ')), 400)
    : text(l10n.t('nobody is known, which does not mean none'));

function row({ name, declared, observed, found, left, disagreement }: Party, of: ServiceImpact, l10n: L10n): string[] {
  const cell = (lines: readonly string[], most: number, more: number): string => {
    const rest = Math.max(0, lines.length - most) + more;
    return [...lines.slice(0, most), ...(rest > 0 ? [text(l10n.t('and {0} more', rest))] : [])].join('<br>');
  };
  const says = declared.map(({ api, path }) =>
    api === null ? code(path) : `${text(l10n.t('API {0}', oneLine(api)))} ${code(path)}`,
  );
  const saw = observed.map((one) => text(observedWords(one, l10n), 400));
  const places = found.map(({ path, line }) => code(`${path}:${String(line)}`));
  return [
    name === null ? text(l10n.t('callers that are not traced')) : code(name),
    cell(says, mostLines, left.declared),
    cell(saw, mostLines, left.observed),
    cell(places, mostFound, left.found),
    disagreement === null ? '' : `**${text(disagreementWords(disagreement, of, l10n))}**`,
  ];
}

/** What was not observed was not in so long a time as was looked at. */
export function disagreementWords(
  disagreement: NonNullable<Party['disagreement']>,
  { windowMinutes }: ServiceImpact,
  l10n: L10n,
): string {
  return disagreement === 'not-declared'
    ? l10n.t('observed, not declared')
    : l10n.t('declared, not observed in {0}', numbersFor(l10n).window(windowMinutes));
}

/** `production: 1,204 requests in 24 h, since 2026-11-22 09:14Z · 311 to changed code · POST /orders · built-in receiver`. */
export function observedWords(observed: Observed, l10n: L10n): string {
  const { source, environment, windowMinutes, requests, requestsToChanged, since, messaging, operations } = observed;
  const { count, window } = numbersFor(l10n);
  const number = messaging
    ? l10n.t('{0} messages', count(requests))
    : requests === 1
      ? l10n.t('1 request')
      : l10n.t('{0} requests', count(requests));
  const words =
    since === null
      ? l10n.t('{0} in {1}', number, window(windowMinutes))
      : l10n.t('{0} in {1}, since {2}', number, window(windowMinutes), minuteOf(since));
  return dotted(
    environment === '' ? words : `${oneLine(environment)}: ${words}`,
    requestsToChanged !== null && l10n.t('{0} to changed code', count(requestsToChanged)),
    operations.map((name) => oneLine(name, 80)).join(', '),
    source,
  );
}

const minuteOf = (at: number): string => `${new Date(at).toISOString().slice(0, 16).replace('T', ' ')}Z`;

function ownersPart(owners: Report['owners'], l10n: L10n): string[] {
  if (owners.length === 0) return [];
  const rows = owners
    .slice(0, mostOwners)
    .map(({ owners: names, paths }) => [
      names.length === 0 ? text(l10n.t('nobody')) : names.map((name) => text(name)).join(', '),
      [
        ...paths.slice(0, mostFound).map((path) => code(path)),
        ...(paths.length > mostFound ? [text(l10n.t('and {0} more', paths.length - mostFound))] : []),
      ].join('<br>'),
    ]);
  return [
    [
      `### ${l10n.t('Owners by CODEOWNERS')}`,
      '',
      ...tableOf([l10n.t('Owners'), l10n.t('Changed files')], rows),
      ...(owners.length > mostOwners ? ['', text(l10n.t('And {0} more.', owners.length - mostOwners))] : []),
    ].join('\n'),
  ];
}
