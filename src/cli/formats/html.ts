import { createHash } from 'node:crypto';
import type { Reference } from '../../model/reference';
import { escaped } from '../../view/text';
import { nameOf, type Format } from './format';

const style = `:root{color-scheme:light dark;font:14px/1.45 system-ui,sans-serif}
body{margin:2rem auto;max-width:80rem;padding:0 1rem}
table{border-collapse:collapse;width:100%}
caption{text-align:left;padding:.5rem 0}
th,td{border-bottom:1px solid color-mix(in srgb,currentColor 25%,transparent);padding:.35rem .6rem;text-align:left;vertical-align:top}
code{font-family:ui-monospace,monospace;overflow-wrap:anywhere}
ol{margin:.3rem 0;padding-left:1.4rem}`;

/** A page that stands alone: no script, nothing loaded, its one style named to the browser by its hash. */
export function html(out: (text: string) => void, title: string): Format {
  let count = 0;
  const keys = new Set<string>();
  return {
    begin() {
      const hash = createHash('sha256').update(style).digest('base64');
      out(`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Flag references of ${escaped(title)}</title>
<style>${style}</style>
</head>
<body>
<h1>Flag references of ${escaped(title)}</h1>
<table>
<thead><tr><th scope="col">Key</th><th scope="col">What</th><th scope="col">Place</th><th scope="col">Function</th><th scope="col">Why it matched</th></tr></thead>
<tbody>
`);
    },
    file(references) {
      for (const reference of references) {
        count++;
        keys.add(nameOf(reference));
        out(rowOf(reference));
      }
    },
    end(undefinedKeys) {
      const missing = undefinedKeys.map(
        ({ key, path, line }) =>
          `<li><code>${escaped(key ?? '')}</code> <code>${escaped(`${path}:${line}`)}</code></li>\n`,
      );
      out(`</tbody>
</table>
<p>${count} references to ${keys.size} keys.</p>
${missing.length === 0 ? '' : `<h2>Evaluated, and defined nowhere</h2>\n<ul>\n${missing.join('')}</ul>\n`}`);
      out(`</body>
</html>
`);
    },
  };
}

function rowOf(reference: Reference): string {
  const { path, line, column, kind, certainty, via, sdk, route, trace } = reference;
  const what = [kind, ...(certainty === 'certain' ? [] : [certainty]), via, ...(sdk === null ? [] : [sdk])].join(', ');
  const where = [reference.function ?? '', ...(route === null ? [] : [route])].filter((part) => part !== '').join(', ');
  const steps = trace.map(
    (step) => `<li>${escaped(step.words)} <code>${escaped(`${step.path}:${step.line}`)}</code></li>`,
  );
  const cells = [
    `<code>${escaped(nameOf(reference))}</code>`,
    escaped(what),
    `<code>${escaped(`${path}:${line}:${column}`)}</code>`,
    escaped(where),
    steps.length === 0 ? '' : `<ol>${steps.join('')}</ol>`,
  ];
  return `<tr>${cells.map((cell) => `<td>${cell}</td>`).join('')}</tr>\n`;
}
