import type { L10n } from '../platform/l10n';
import { dotted, oneLine } from '../view/text';
import { disagreementWords, observedWords } from './formats/consumersMarkdown';
import type { Party, ServiceImpact } from './consumers/consumersReport';
import { placeNode, row, type ImpactNode } from './impactRow';
import type { Place } from './report';

/** Services that the change is in: who uses them and whom they use, each with what every source says of it. */
export const partyNodes = (services: readonly ServiceImpact[], l10n: L10n): readonly ImpactNode[] =>
  services.map((service) => serviceNode(service, l10n));

function serviceNode(service: ServiceImpact, l10n: L10n): ImpactNode {
  const { consumers, providers, unknown, asked, owner, left } = service;
  const { t } = l10n;
  const id = `service/${service.service}`;
  const none =
    unknown.length === 0 ? t('None, say {0}.', asked.join(', ')) : t('nobody is known, which does not mean none');
  const parties = (side: string, title: string, all: readonly Party[], more: number, empty: string): ImpactNode[] => {
    const at = `${id}/${side}`;
    if (all.length === 0) return empty === '' ? [] : [row(at, title, { icon: 'circle-slash', description: empty })];
    const rest = more > 0 ? [row(`${at}/more`, t('And {0} more.', more))] : [];
    return [
      row(at, title, {
        icon: side === 'by' ? 'call-incoming' : 'call-outgoing',
        description: String(all.length + more),
        expanded: true,
        children: [...all.map((party, index) => partyNode(`${at}/${String(index)}`, party, service, l10n)), ...rest],
      }),
    ];
  };
  return row(id, service.service, {
    icon: 'server-process',
    description: dotted(
      owner !== null && t('owner {0}', oneLine(owner)),
      consumers.length === 0 ? none : t('used by {0}', consumers.map((party) => nameOf(party, l10n)).join(', ')),
    ),
    expanded: true,
    children: [
      ...parties('by', t('Used by'), consumers, left.consumers, none),
      ...parties('uses', t('Uses'), providers, left.providers, ''),
      ...(unknown.length === 0
        ? []
        : [
            row(`${id}/unknown`, t('There may be others: {0}.', unknown.join('; ')), {
              icon: 'question',
              tone: 'unknown',
            }),
          ]),
    ],
  });
}

const nameOf = ({ name }: Party, { t }: L10n): string =>
  name === null ? t('callers that are not traced') : oneLine(name, 80);

function partyNode(id: string, party: Party, service: ServiceImpact, l10n: L10n): ImpactNode {
  const { declared, observed, found, disagreement } = party;
  const { t } = l10n;
  const at = (path: string, line: number): Place => ({
    ...{ side: 'head', path, line, endLine: line, function: null, kind: null },
  });
  const told = observed.map((one) => observedWords(one, l10n));
  const dispute = disagreement === null ? '' : disagreementWords(disagreement, service, l10n);
  return row(id, nameOf(party, l10n), {
    icon: disagreement === null ? 'plug' : 'warning',
    tone: disagreement === null ? null : 'partial',
    description: dotted(dispute, told[0]),
    tooltip: [nameOf(party, l10n), dispute, ...told].filter((line) => line !== '').join('\n'),
    children: [
      ...told.map((words, index) => row(`${id}/observed/${String(index)}`, words, { icon: 'graph', tooltip: words })),
      ...declared.map(({ api, path }, index) =>
        row(`${id}/declared/${String(index)}`, path, {
          icon: 'book',
          description: api === null ? t('declared') : t('declared, API {0}', oneLine(api)),
          place: at(path, 1),
        }),
      ),
      ...found.map(({ path, line, template }, index) => ({
        ...placeNode(`${id}/found/${String(index)}`, at(path, line), l10n),
        description: oneLine(template),
      })),
    ],
  });
}
