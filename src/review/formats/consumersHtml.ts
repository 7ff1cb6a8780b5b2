import type { L10n } from '../../platform/l10n';
import { escaped, oneLine } from '../../view/text';
import type { Party, ServiceImpact } from '../consumers/consumersReport';
import type { Report } from '../report';
import { disagreementWords, observedWords } from './consumersMarkdown';

/** Cells are HTML already. */
export interface Table {
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** Who uses the services of the change, and whom they use: a row for each, with what each source says. */
export function consumersTable({ services }: Report, l10n: L10n): Table {
  return {
    head: [
      l10n.t('Service'),
      l10n.t('Who'),
      l10n.t('Declared'),
      l10n.t('Observed'),
      l10n.t('Found in code'),
      l10n.t('Disagreement'),
    ],
    rows: (services ?? []).flatMap((service) => [
      ...service.consumers.map((party) => rowOf(service, l10n.t('Used by'), party, l10n)),
      ...service.providers.map((party) => rowOf(service, l10n.t('Uses'), party, l10n)),
      ...leftOf(service, l10n),
      ...(service.consumers.length > 0 && service.unknown.length === 0 ? [] : [restOf(service, l10n)]),
    ]),
  };
}

/** Whose the changed files are. */
export function ownersTable({ owners }: Report, l10n: L10n): Table {
  return {
    head: [l10n.t('Owners'), l10n.t('Changed files')],
    rows: owners.map(({ owners: names, paths }) => [
      names.length === 0 ? shown(l10n.t('nobody')) : names.map((name) => shown(name)).join(', '),
      paths.map((path) => code(path)).join('<br>'),
    ]),
  };
}

function rowOf(of: ServiceImpact, how: string, party: Party, l10n: L10n): string[] {
  const { name, declared, observed, found, left, disagreement } = party;
  const cell = (lines: readonly string[], more: number): string =>
    [...lines, ...(more > 0 ? [shown(l10n.t('and {0} more', more))] : [])].join('<br>');
  return [
    code(of.service),
    `${shown(how)} ${name === null ? shown(l10n.t('callers that are not traced')) : code(name)}`,
    cell(
      declared.map(
        ({ api, path }) => `${api === null ? '' : `${shown(l10n.t('API {0}', oneLine(api)))} `}${code(path)}`,
      ),
      left.declared,
    ),
    cell(
      observed.map((one) => shown(observedWords(one, l10n))),
      left.observed,
    ),
    cell(
      found.map(({ path, line }) => code(`${path}:${String(line)}`)),
      left.found,
    ),
    disagreement === null ? '' : `<strong>${shown(disagreementWords(disagreement, of, l10n))}</strong>`,
  ];
}

/** Parties that are too many to be told. */
function leftOf({ service, left }: ServiceImpact, l10n: L10n): string[][] {
  const ways = [
    [l10n.t('Used by'), left.consumers],
    [l10n.t('Uses'), left.providers],
  ] as const;
  return ways.flatMap(([how, count]) =>
    count === 0 ? [] : [[code(service), `${shown(how)} ${shown(l10n.t('and {0} more', count))}`, '', '', '', '']],
  );
}

/** Where nobody is named, or there may be others. */
function restOf({ service, asked, unknown, consumers }: ServiceImpact, l10n: L10n): string[] {
  const nobody =
    unknown.length === 0
      ? l10n.t('None, say {0}.', asked.join(', '))
      : l10n.t('nobody is known, which does not mean none');
  const others = unknown.length === 0 ? '' : l10n.t('There may be others: {0}.', unknown.join('; '));
  return [code(service), shown(consumers.length === 0 ? nobody : ''), shown(others), '', '', ''];
}

const shown = (text: string): string => escaped(oneLine(text, 600));
const code = (text: string): string => `<code>${shown(text)}</code>`;
