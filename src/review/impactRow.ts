import type { L10n } from '../platform/l10n';
import type { Tone } from '../view/output';
import { dotted, oneLine } from '../view/text';
import { placeWords } from './formats/words';
import type { Place } from './report';

/** A row of the Production impact view; all text is plain. `icon`: a codicon. */
export interface ImpactNode {
  /** The same as long as it says the same, so that what is open stays open. */
  readonly id: string;
  readonly label: string;
  readonly description: string;
  readonly tooltip: string;
  readonly icon: string;
  readonly tone: Tone | null;
  /** For who hears it. */
  readonly spoken: string;
  /** What a click opens; null: nothing. */
  readonly place: Place | null;
  readonly expanded: boolean;
  readonly children: readonly ImpactNode[];
}

/** A row that says one thing and opens nothing, but for what else is given. */
export function row(id: string, label: string, more: Partial<ImpactNode> = {}): ImpactNode {
  const node = {
    ...{ id, label: oneLine(label), description: '', tooltip: label, icon: 'circle-small', tone: null },
    ...{ place: null, expanded: false, children: [] },
    ...more,
  };
  return { ...node, spoken: more.spoken ?? dotted(node.label, node.description) };
}

/** A row that opens where it is. */
export function placeNode(id: string, place: Place, { t }: L10n): ImpactNode {
  const isGone = place.side === 'base';
  return row(id, placeWords(place), {
    icon: isGone ? 'diff-removed' : 'go-to-file',
    description: dotted(place.function !== null && oneLine(place.function), isGone && t('before the change')),
    place,
  });
}
