import type { DetailState } from '../../src/protocol/detailPanel';
import { ChartsSection } from './chartsSection';
import { make, Section } from './dom';
import { drawHeader } from './header';
import type { HostLink } from './hostLink';
import { drawFacts, drawHistory, drawInputs, drawNotes, drawReferences, drawRules, drawVerdict } from './sections';

/** The page: its parts stand in reading order from the first moment, at the size they will have. */
export class Panel {
  readonly #header = make('header');
  readonly #facts = make('section', { class: 'facts-section' });
  readonly #sentence = make('div', { class: 'sentence-box', 'aria-live': 'polite' });
  readonly #how = make('details', { class: 'how' });
  readonly #howTitle = make('summary');
  readonly #inputs = make('div');
  readonly #notes = make('section');
  readonly #rules = make('section');
  readonly #references = make('section');
  readonly #history = make('section');
  readonly #status = make('p', { class: 'status', role: 'status' });
  readonly #charts = new ChartsSection();
  readonly #verdict = make('section', { class: 'verdict' }, this.#sentence, this.#how);
  readonly #sections: readonly ((state: DetailState) => void)[];
  #host: HostLink | null = null;
  #strings: DetailState['strings'] | null = null;

  constructor(private readonly root: HTMLElement) {
    this.#how.append(this.#howTitle, this.#inputs);
    const columns = make('div', { class: 'columns' }, this.#rules, this.#references, this.#history);
    root.replaceChildren(
      this.#header,
      this.#status,
      this.#facts,
      this.#verdict,
      this.#charts.element,
      this.#notes,
      columns,
    );
    this.#how.hidden = true;
    root.classList.add('waiting');
    root.setAttribute('aria-busy', 'true');
    const act = (action: string): void => this.#propose({ type: 'act', action });
    const header = new Section<Pick<DetailState, 'header' | 'strings'>>(this.#header, (shown) =>
      drawHeader(shown, {
        act,
        environment: (environment) => this.#propose({ type: 'chooseEnvironment', environment }),
        window: (minutes) => this.#propose({ type: 'chooseWindow', minutes }),
      }),
    );
    const facts = new Section(this.#facts, drawFacts);
    const verdict = new Section(this.#sentence, drawVerdict);
    const inputs = new Section(this.#inputs, drawInputs);
    const notes = new Section(this.#notes, drawNotes);
    const rules = new Section(this.#rules, drawRules);
    const references = new Section<Pick<DetailState, 'references' | 'strings'>>(this.#references, (shown) =>
      drawReferences(shown, act),
    );
    const history = new Section<Pick<DetailState, 'history' | 'strings'>>(this.#history, (shown) =>
      drawHistory(shown, act),
    );
    this.#sections = [
      (state) => header.show({ header: state.header, strings: state.strings }),
      (state) => facts.show({ facts: state.facts, strings: state.strings, loading: state.loading }),
      (state) => verdict.show({ verdict: { ...state.verdict, inputs: [], method: '' } }),
      (state) => inputs.show({ verdict: state.verdict }),
      (state) => notes.show({ notes: state.notes, strings: state.strings }),
      (state) => rules.show({ rules: state.rules, strings: state.strings }),
      (state) => references.show({ references: state.references, strings: state.strings }),
      (state) => history.show({ history: state.history, strings: state.strings }),
    ];
  }

  connect(host: HostLink): void {
    this.#host = host;
    host.ready();
  }

  show(state: DetailState): void {
    this.#strings = state.strings;
    document.documentElement.lang = state.locale;
    this.root.classList.remove('waiting');
    this.root.classList.toggle('loading', state.loading);
    this.root.setAttribute('aria-busy', String(state.loading));
    this.#verdict.setAttribute('aria-label', state.strings.verdict);
    this.#howTitle.textContent = state.strings.howComputed;
    this.#how.hidden = state.verdict.inputs.length === 0;
    for (const show of this.#sections) show(state);
    this.#charts.show(state);
  }

  #propose(proposal: Parameters<HostLink['propose']>[0]): void {
    const strings = this.#strings;
    if (!this.#host || !strings) return;
    this.#say(proposal.type === 'act' ? strings.working : strings.loading, false);
    void this.#host.propose(proposal).then((error) => {
      if (error === null) this.#say('', false);
      else this.#say(`${strings.failed} ${error}`, true);
    });
  }

  #say(words: string, failed: boolean): void {
    this.#status.textContent = words;
    this.#status.classList.toggle('failed', failed);
  }
}
