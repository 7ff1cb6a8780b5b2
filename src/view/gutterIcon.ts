import type { ShareIcon } from './output';

/** The file below `media/icons`. Pictures cannot take the theme's colours, so there is one a shade. */
export function gutterIconFile(icon: ShareIcon, regression: boolean, shade: 'light' | 'dark'): string {
  return `${icon}${regression ? '-regression' : ''}-${shade}.svg`;
}
