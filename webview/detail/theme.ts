/** Colours of the charts, from the theme's own variables; canvas cannot read them by itself. */
export interface ChartColours {
  readonly text: string;
  readonly grid: string;
  readonly treatment: string;
  readonly control: string;
  readonly marker: string;
  readonly font: string;
}

export function chartColours(): ChartColours {
  const style = getComputedStyle(document.body);
  const first = (...names: string[]): string => {
    for (const name of names) {
      const value = style.getPropertyValue(name).trim();
      if (value !== '') return value;
    }
    return style.color;
  };
  return {
    text: first('--vscode-foreground'),
    grid: first('--vscode-contrastBorder', '--vscode-charts-lines', '--vscode-widget-border', '--vscode-panel-border'),
    treatment: first('--sg-treatment', '--vscode-charts-orange'),
    control: first('--sg-control', '--vscode-charts-blue'),
    marker: first('--vscode-descriptionForeground', '--vscode-foreground'),
    font: `11px ${first('--vscode-font-family')}`,
  };
}

/** VS Code changes the body's class and the root's style when the theme changes. */
export function onThemeChange(changed: () => void): void {
  const observer = new MutationObserver(changed);
  observer.observe(document.body, { attributes: true, attributeFilter: ['class'] });
  observer.observe(document.documentElement, { attributes: true, attributeFilter: ['style'] });
}
