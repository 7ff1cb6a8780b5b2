import type { Problem } from '../../model/problem';
import type { ProjectAnswer } from '../input';
import type { FlagDiagnostic, DiagnosticSeverities } from './diagnostic';

/** Whether a problem is told by the code `flag-file`: what it is about was read, and is a flag or a file of flags. */
export const isOfFlagFile = ({ severity, code, path, key }: Problem): boolean =>
  severity === 'warning' && !code.startsWith('configuration') && (path !== undefined || key !== undefined);

/** What flag systems say of their own flag files, of which everything was read; each once, whichever projects read it. */
export function flagFileDiagnostics(
  projects: readonly ProjectAnswer[],
  severities: DiagnosticSeverities,
): readonly FlagDiagnostic[] {
  const code = 'flag-file';
  const severity = severities[code];
  if (severity === 'off') return [];
  const found = new Map<string, FlagDiagnostic>();
  for (const { system, project, answer } of projects) {
    if (answer.state !== 'ok') continue;
    for (const problem of answer.value.problems.filter(isOfFlagFile)) {
      const { key = '', message, path, line = 1, column = 1, endLine = line, endColumn = null } = problem;
      const place = path === undefined ? null : { root: null, path, line, column, endLine, endColumn };
      const about = { system, project };
      const one: FlagDiagnostic = { code, severity, key, project: about, place, message, related: [], fixes: [] };
      const id = JSON.stringify([place, message]);
      if (!found.has(id)) found.set(id, one);
    }
  }
  return [...found.values()];
}
