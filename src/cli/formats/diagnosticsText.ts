import type { DiagnosticRecord } from './diagnosticRecord';

const gap = '  ';
const widths = { place: 52, severity: 11, code: 23 };
/** Control characters, which a terminal would obey. */
const control = /\p{Cc}/gu;

/** Lines for people: where, how grave, which code, what. */
export function diagnosticLines(all: readonly DiagnosticRecord[]): string {
  return all
    .map(({ place, project, severity, code, message }) => {
      const at = place
        ? `${place.path}:${String(place.line)}:${String(place.column)}`
        : project
          ? `${project.system}/${project.project}`
          : '';
      const cells = [at.padEnd(widths.place), severity.padEnd(widths.severity), code.padEnd(widths.code), message];
      return `${cells.join(gap).replace(control, '?')}\n`;
    })
    .join('');
}

/** `3 found: 1 error, 2 warnings.` */
export function diagnosticCounts(all: readonly DiagnosticRecord[]): string {
  if (all.length === 0) return 'Nothing found.\n';
  const words = { error: 'errors', warning: 'warnings', information: 'informations', hint: 'hints' } as const;
  const counts = (['error', 'warning', 'information', 'hint'] as const).flatMap((severity) => {
    const count = all.filter((each) => each.severity === severity).length;
    return count === 0 ? [] : [`${String(count)} ${count === 1 ? severity : words[severity]}`];
  });
  return `${String(all.length)} found: ${counts.join(', ')}.\n`;
}
