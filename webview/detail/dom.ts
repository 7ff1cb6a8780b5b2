type Child = Node | string | null;

interface Attributes {
  readonly class?: string;
  readonly id?: string;
  readonly role?: string;
  readonly [name: `aria-${string}`]: string;
  readonly [name: `data-${string}`]: string;
}

/** An element with attributes and children; strings become text nodes, never markup. */
export function make<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  attributes: Attributes = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[Tag] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, String(value));
  element.append(...children.filter((child) => child !== null));
  return element;
}

/** Marks what keeps the focus when its section is drawn anew. */
export const focusKey = 'data-focus';

/**
 * Draws a part of the page only when what it is drawn from changed, and puts the focus back where it was: a panel that
 * is told news every half second must not lose the reader's place.
 */
export class Section<T> {
  #drawn = '';

  constructor(
    private readonly element: HTMLElement,
    private readonly draw: (value: T) => readonly Node[],
  ) {}

  show(value: T): void {
    const wanted = JSON.stringify(value);
    if (wanted === this.#drawn) return;
    this.#drawn = wanted;
    const focused = this.element.contains(document.activeElement)
      ? (document.activeElement?.getAttribute(focusKey) ?? null)
      : null;
    this.element.replaceChildren(...this.draw(value));
    if (focused === null) return;
    for (const candidate of this.element.querySelectorAll<HTMLElement>(`[${focusKey}]`)) {
      if (candidate.getAttribute(focusKey) === focused) candidate.focus();
    }
  }
}
