import type { DetailState } from '../../src/protocol/detailPanel';
import { button, progressRing } from '../ui/elements';
import { focusKey, make } from './dom';

export interface HeaderChoices {
  act(action: string): void;
  environment(id: string): void;
  window(minutes: number): void;
}

type Shown = Pick<DetailState, 'header' | 'strings'>;

/** Key and what it is; environment and window; actions at the top right. */
export function drawHeader({ header, strings }: Shown, choices: HeaderChoices): readonly Node[] {
  const { openDefinition } = header;
  const open = openDefinition
    ? link(openDefinition.label, openDefinition.id, () => choices.act(openDefinition.id))
    : null;
  const title = make(
    'div',
    { class: 'title' },
    make('h1', {}, header.key),
    make('p', { class: 'subtitle' }, header.subtitle),
  );
  const place = make('p', { class: 'system' }, header.system, open ? ' · ' : null, open);
  title.append(place);
  const actions = make(
    'div',
    { class: 'actions' },
    ...header.actions.map(({ id, label }, index) => {
      const element = button(label, index === 0 ? 'primary' : 'secondary', () => choices.act(id));
      element.setAttribute(focusKey, id);
      return element;
    }),
  );
  const progress = header.progress === null ? null : make('p', { class: 'progress' }, progressRing(), header.progress);
  const pickers = make(
    'div',
    { class: 'pickers' },
    header.environments.length === 0
      ? null
      : picker(
          'environment',
          strings.environment,
          header.environments.map(({ id, label, selected }) => ({ value: id, label, selected })),
          (value) => choices.environment(value),
        ),
    header.windows.length === 0
      ? null
      : picker(
          'window',
          strings.window,
          header.windows.map(({ minutes, label, selected }) => ({ value: String(minutes), label, selected })),
          (value) => choices.window(Number(value)),
        ),
    progress,
  );
  return [title, actions, pickers];
}

interface Choice {
  readonly value: string;
  readonly label: string;
  readonly selected: boolean;
}

function picker(id: string, label: string, choices: readonly Choice[], pick: (value: string) => void): HTMLElement {
  const select = make('select', { id: `pick-${id}`, [focusKey]: `pick-${id}` });
  for (const { value, label: text, selected } of choices) {
    const option = make('option', {}, text);
    option.value = value;
    option.selected = selected;
    select.append(option);
  }
  select.addEventListener('change', () => pick(select.value));
  const name = make('label', {}, label);
  name.htmlFor = select.id;
  return make('span', { class: 'picker' }, name, select);
}

/** A click that goes somewhere in the editor: a button that looks like a link. */
export function link(label: string, focus: string, press: () => void): HTMLButtonElement {
  const element = make('button', { class: 'link', [focusKey]: focus }, label);
  element.type = 'button';
  element.addEventListener('click', press);
  return element;
}
