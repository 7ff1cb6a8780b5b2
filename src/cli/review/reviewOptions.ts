import { parseArgs } from 'node:util';
import { severities, reasonCodes, type Severity, type ReasonCode } from '../../review/report';
import { numberOption } from '../numberOption';
import { oneOf } from '../oneOf';

export const reviewFormats = ['markdown', 'json', 'sarif', 'html'] as const;

export interface ReviewOptions {
  readonly name: 'review';
  /** As written. */
  readonly folder: string;
  readonly base: string;
  /** Null: the working tree, or what is staged. */
  readonly head: string | null;
  readonly staged: boolean;
  readonly format: (typeof reviewFormats)[number];
  /** Reasons that end with exit code 1: those of these codes, and those at least as grave as that. */
  readonly failOn: { readonly codes: readonly ReasonCode[]; readonly severity: Severity | null };
  readonly windowMinutes: number;
  readonly busyPerMinute: number;
  readonly exclude: readonly string[];
  readonly keysFile: string | null;
}

/** What may follow `review`. Throws with words for the user. */
export function parseReviewOptions(args: readonly string[]): ReviewOptions {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      base: { type: 'string' },
      head: { type: 'string' },
      staged: { type: 'boolean' },
      format: { type: 'string' },
      json: { type: 'boolean' },
      'fail-on': { type: 'string' },
      window: { type: 'string' },
      busy: { type: 'string' },
      exclude: { type: 'string', multiple: true },
      keys: { type: 'string' },
      'allow-exec': { type: 'boolean' },
      folder: { type: 'string', short: 'C' },
    },
  });
  // On a fork's change in CI it would be its author who says what is run.
  if (values['allow-exec'] === true)
    throw new Error(
      'review runs nothing of the repository, on a fork or elsewhere: there is nothing for --allow-exec to allow.',
    );
  const folders = [...positionals, ...(values.folder === undefined ? [] : [values.folder])];
  if (folders.length > 1) throw new Error('review takes one folder.');
  const { base, head, staged = false } = values;
  if (base === undefined || base === '')
    throw new Error('review wants --base: a commit, branch or tag to compare with.');
  if (head === '') throw new Error('--head wants a revision.');
  if (staged && head !== undefined) throw new Error('--staged and --head name two different things to look at.');
  if (values.json === true && values.format !== undefined) throw new Error('review writes one format.');
  const format = values.json === true ? 'json' : (values.format ?? 'markdown');
  return {
    name: 'review',
    folder: folders[0] ?? '.',
    base,
    head: head ?? null,
    staged,
    format: oneOf('--format', format, reviewFormats),
    failOn: failOn(values['fail-on'] ?? 'never'),
    windowMinutes: numberOption('--window', values.window ?? '60', 1, 1_440),
    busyPerMinute: numberOption('--busy', values.busy ?? '60', 0, 1e9),
    exclude: values.exclude ?? [],
    keysFile: values.keys ?? null,
  };
}

/** `never`, a severity, codes, or all of these with commas between. */
function failOn(text: string): ReviewOptions['failOn'] {
  const codes: ReasonCode[] = [];
  let severity: Severity | null = null;
  const choices = [...severities, ...reasonCodes, 'never'] as const;
  for (const part of text.split(',')) {
    const chosen = oneOf('--fail-on', part.trim(), choices);
    const severe = severities.find((one) => one === chosen);
    if (severe) severity = severe;
    else codes.push(...reasonCodes.filter((code) => code === chosen));
  }
  return { codes, severity };
}
