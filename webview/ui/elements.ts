/** A button in the theme's colours. Text only: what it says may come from outside. */
export function button(label: string, look: 'primary' | 'secondary', press: () => void): HTMLElement {
  const element = document.createElement('sg-button');
  element.setAttribute('appearance', look);
  element.textContent = label;
  element.addEventListener('click', () => {
    if (element.getAttribute('aria-disabled') !== 'true') press();
  });
  return element;
}

/** Shown beside words that say what is waited for, never alone. */
export function progressRing(): HTMLElement {
  const element = document.createElement('sg-progress-ring');
  element.setAttribute('aria-hidden', 'true');
  return element;
}
