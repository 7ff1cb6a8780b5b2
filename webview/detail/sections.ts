import type { DetailState } from '../../src/protocol/detailPanel';
import { make } from './dom';
import { link } from './header';

type Act = (action: string) => void;

/** The row of facts: a list of terms, each with its value and what it rests on. */
export function drawFacts({
  facts,
  strings,
  loading,
}: Pick<DetailState, 'facts' | 'strings' | 'loading'>): readonly Node[] {
  const list = make('dl', { class: 'facts', 'aria-label': strings.facts });
  for (const { label, value, detail, tone } of facts) {
    list.append(
      make(
        'div',
        { class: tone === null ? 'fact' : `fact ${tone}` },
        make('dt', {}, label),
        make('dd', { class: 'value' }, tone === 'regression' ? `▲ ${value}` : value),
        make('dd', { class: 'detail' }, detail),
      ),
    );
  }
  // The rest of the row is on its way: its room is kept.
  if (loading)
    for (let missing = facts.length; missing < 6; missing++) list.append(make('div', { class: 'fact skeleton' }));
  return [list];
}

export function drawVerdict({ verdict }: Pick<DetailState, 'verdict'>): readonly Node[] {
  const mark = verdict.tone === 'regression' ? '▲ ' : '';
  return [make('p', { class: `sentence ${verdict.tone}` }, `${mark}${verdict.sentence}`)];
}

/** What the verdict was computed from. */
export function drawInputs({ verdict }: Pick<DetailState, 'verdict'>): readonly Node[] {
  const list = make('dl', { class: 'inputs' });
  for (const { label, value } of verdict.inputs) list.append(make('dt', {}, label), make('dd', {}, value));
  return [make('p', { class: 'method' }, verdict.method), list];
}

export function drawRules({ rules, strings }: Pick<DetailState, 'rules' | 'strings'>): readonly Node[] {
  const title = make('h2', {}, strings.rules);
  if (rules.length === 0) return [title, make('p', { class: 'none' }, strings.noRules)];
  return [title, make('ol', {}, ...rules.map((rule) => make('li', {}, rule)))];
}

export function drawNotes({ notes, strings }: Pick<DetailState, 'notes' | 'strings'>): readonly Node[] {
  if (notes.length === 0) return [];
  return [make('h2', {}, strings.notes), make('ul', {}, ...notes.map((note) => make('li', {}, note)))];
}

export function drawReferences(
  { references, strings }: Pick<DetailState, 'references' | 'strings'>,
  act: Act,
): readonly Node[] {
  const title = make('h2', {}, strings.references);
  if (references.length === 0) return [title, make('p', { class: 'none' }, strings.noReferences)];
  const items = references.map(({ id, place, code }) =>
    make(
      'li',
      {},
      link(place, id, () => act(id)),
      make('code', {}, code),
    ),
  );
  return [title, make('ul', { class: 'references' }, ...items)];
}

export function drawHistory({ history, strings }: Pick<DetailState, 'history' | 'strings'>, act: Act): readonly Node[] {
  const title = make('h2', {}, strings.history);
  if (history.length === 0) return [title, make('p', { class: 'none' }, strings.noHistory)];
  const items = history.map(({ title: what, detail, undo }) =>
    make(
      'li',
      {},
      make('span', { class: 'what' }, what),
      make('span', { class: 'detail' }, detail),
      undo === null ? null : link(strings.undo, undo, () => act(undo)),
    ),
  );
  return [title, make('ul', { class: 'history' }, ...items)];
}
