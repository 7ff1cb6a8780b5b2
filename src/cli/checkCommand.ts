import { join } from 'node:path';
import { Diagnosis } from '../view/diagnostics/diagnose';
import { flagFileDiagnostics } from '../view/diagnostics/flagFile';
import { ReferenceBook } from '../view/diagnostics/referenceBook';
import { isAtLeast } from '../view/diagnostics/severities';
import { oneLine } from '../view/text';
import type { CheckOptions } from './checkOptions';
import { everything } from '../workers/finderTools';
import { finder } from './finder';
import { diagnosticRecord, type DiagnosticRecord } from './formats/diagnosticRecord';
import { diagnosticsSarif } from './formats/diagnosticsSarif';
import { diagnosticCounts, diagnosticLines } from './formats/diagnosticsText';
import { problemText } from '../workers/problemText';
import { KnownFlags } from '../workers/knownFlags';
import { keysListedIn } from './listedKeys';
import { CannotError, exitCodes, type Surroundings } from './surroundings';
import { Workspace } from './workspace';

/**
 * `check`, `unused` and `undefined`: what code and flag systems say differently. Ends with 1 when something is as grave
 * as `--fail-on` says, with 3 when a system could not be asked: what is found without it is written all the same.
 * Grammars are read from `grammars` beside the bundle unless another folder is given.
 */
export async function checkCommand(
  options: CheckOptions,
  surroundings: Surroundings,
  grammars = join(__dirname, 'grammars'),
): Promise<number> {
  const { out, err, l10n, signal } = surroundings;
  const workspace = await Workspace.open({ folder: options.folder, environment: null, project: null }, surroundings);
  try {
    const { folder, flags } = workspace;
    const exclude = [...(flags.configurationFor(folder)?.config.finder.exclude ?? []), ...options.exclude];
    const { tools, methods } = await finder(grammars);
    const listed = await keysListedIn(options.keysFile);
    const known = await KnownFlags.of(workspace, { listed, exclude }, tools, { err, signal });
    for (const problem of flags.problems()) err(`${problemText(problem, folder)}\n`);
    if (known.isEmpty)
      throw new CannotError(
        `Nothing tells which flags are defined in ${folder}: there is no usable .sightglass.json and no flag file. List keys with --keys.`,
      );
    const summary = await methods.index({ root: folder, knownKeys: known.keys(), exclude }, signal);
    for (const note of summary.notes) err(`${note}\n`);
    const files = await methods.references({ root: folder, limit: everything }, signal);
    const { severities, least, failOn } = options;
    const book = new ReferenceBook(files.map(({ path, references }) => ({ root: folder, path, references })));
    const diagnosis = new Diagnosis(book, { seenFrom: known.seenFrom, severities, l10n });
    book.setWritten(await methods.written({ root: folder, keys: diagnosis.unseenKeys(), exclude }, signal));
    await methods.forget({ root: folder }, signal);
    const found = [
      ...[...book.files()].flatMap((file) => diagnosis.ofFile(file)),
      ...flagFileDiagnostics(known.projects(), severities),
      ...diagnosis.unreferenced(),
    ]
      .filter(({ severity }) => isAtLeast(severity, least))
      .map((each) => diagnosticRecord(each, folder));
    out(written(options, found, surroundings));
    err(diagnosticCounts(found));
    if (summary.unread) err(`${String(summary.unread.count)} files were not read whole; scan --stats names them.\n`);
    const silent = known.silent();
    for (const reason of silent) err(`${oneLine(reason, 500)}\n`);
    if (silent.length > 0) return exitCodes.couldNotAsk;
    return failOn !== null && found.some(({ severity }) => isAtLeast(severity, failOn))
      ? exitCodes.tooMany
      : exitCodes.done;
  } finally {
    workspace.dispose();
  }
}

function written(
  { format, severities }: CheckOptions,
  found: readonly DiagnosticRecord[],
  { version, l10n }: Surroundings,
): string {
  switch (format) {
    case 'table':
      return diagnosticLines(found);
    case 'jsonl':
      return found.map((each) => `${JSON.stringify(each)}\n`).join('');
    case 'json':
      return `${JSON.stringify(found, null, 2)}\n`;
    case 'sarif':
      return diagnosticsSarif(found, { version, severities, l10n });
  }
}
