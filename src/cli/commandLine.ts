import { parseArgs } from 'node:util';
import { creatableTypeSchema, type Intent } from '../model/change';
import { attributeValue } from '../model/evaluationContext';
import type { Json } from '../model/json';
import { checkCommands, parseCheckOptions, type CheckOptions } from './checkOptions';
import { parseJournalOptions, type JournalOptions } from './journalOptions';
import { numberOption, wholeNumberOption } from './numberOption';
import { parseReviewOptions, type ReviewOptions } from './review/reviewOptions';

/** The command line was not understood; the message says how it should be. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** What may be given in place of answers where there is no terminal to ask on. */
export interface GivenConsent {
  readonly yes: boolean;
  readonly reason: string;
  readonly flagName: string | null;
}

export interface Place {
  /** As written; null = the working folder. */
  readonly folder: string | null;
  readonly environment: string | null;
  /** `PROJECT` or `SYSTEM/PROJECT`, where a key is in several. */
  readonly project: string | null;
}

/** What is to be done; a percentage without `variant` is of the only variant that is not off. */
export type WantedIntent =
  | Exclude<Intent, { kind: 'percentage' | 'undo' | 'target' }>
  | (Omit<Extract<Intent, { kind: 'target' }>, 'variant'> & { readonly variant: string | null })
  | { readonly kind: 'percentage'; readonly variant: string | null; readonly share: number };

export type Command =
  | { readonly name: 'help' | 'version' }
  | CheckOptions
  | ReviewOptions
  | { readonly name: 'scan'; readonly args: readonly string[]; readonly max: number | null }
  | {
      readonly name: 'explain';
      readonly path: string;
      /** 1-based. */
      readonly line: number;
      /** As written; null = found around the file. */
      readonly folder: string | null;
      readonly json: boolean;
    }
  | {
      readonly name: 'status';
      readonly key: string;
      readonly place: Place;
      readonly windowMinutes: number;
      readonly references: boolean;
      readonly json: boolean;
    }
  | {
      readonly name: 'change';
      readonly key: string;
      readonly intent: WantedIntent;
      readonly place: Place;
      readonly given: GivenConsent;
      readonly wait: boolean;
      readonly json: boolean;
    }
  | {
      readonly name: 'undo';
      readonly id: string | null;
      readonly place: Place;
      readonly given: GivenConsent;
      readonly wait: boolean;
      readonly json: boolean;
    }
  | {
      readonly name: 'evaluate';
      readonly key: string;
      readonly context: Readonly<Record<string, Json>>;
      readonly place: Place;
      readonly json: boolean;
    }
  | JournalOptions
  | { readonly name: 'systems'; readonly place: Place; readonly json: boolean };

const shared = {
  folder: { type: 'string', short: 'C' },
  environment: { type: 'string', short: 'e' },
  project: { type: 'string' },
  json: { type: 'boolean' },
} as const;
const writing = {
  yes: { type: 'boolean', short: 'y' },
  reason: { type: 'string' },
  'flag-name': { type: 'string' },
  'no-wait': { type: 'boolean' },
} as const;

/** Throws {@link UsageError}. */
export function parseCommandLine(argv: readonly string[]): Command {
  const [name, ...args] = argv;
  if (name === undefined) throw new UsageError('A command is missing.');
  if (argv.includes('--help') || argv.includes('-h') || name === 'help') return { name: 'help' };
  if (name === '--version' || name === 'version') return { name: 'version' };
  const checking = checkCommands.find((known) => known === name);
  try {
    if (checking !== undefined) return parseCheckOptions(checking, args);
    switch (name) {
      case 'scan':
        return scan(args);
      case 'review':
        return parseReviewOptions(args);
      case 'explain':
        return explain(args);
      case 'status':
        return status(args);
      case 'set':
        return set(args);
      case 'kill':
        return kill(args);
      case 'create':
        return create(args);
      case 'target':
        return target(args);
      case 'evaluate':
        return evaluate(args);
      case 'undo':
        return undo(args);
      case 'journal':
        return parseJournalOptions(args);
      case 'systems':
        return systems(args);
    }
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
  throw new UsageError(`There is no command "${name}".`);
}

/** The finder reads its own options; the limit is taken out of them. */
function scan(args: readonly string[]): Command {
  const at = args.findIndex((arg) => arg === '--max' || arg.startsWith('--max='));
  const rest = [...args];
  let max: number | null = null;
  if (at !== -1) {
    const inline = args[at]?.split('=')[1];
    max = wholeNumberOption('--max', inline ?? args[at + 1], 0, Number.MAX_SAFE_INTEGER);
    rest.splice(at, inline === undefined ? 2 : 1);
  }
  return { name: 'scan', args: rest, max };
}

function explain(args: readonly string[]): Command {
  const options = { folder: shared.folder, json: shared.json } as const;
  const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true });
  const [place, another] = positionals;
  const [, path, line] = /^(.+?):(\d+)(?::\d+)?$/.exec(place ?? '') ?? [];
  if (path === undefined || another !== undefined) throw new UsageError('explain wants one PATH:LINE.');
  return {
    name: 'explain',
    path,
    line: wholeNumberOption('LINE', line, 1, Number.MAX_SAFE_INTEGER),
    folder: values.folder ?? null,
    json: values.json ?? false,
  };
}

function status(args: readonly string[]): Command {
  const options = { ...shared, window: { type: 'string' }, references: { type: 'boolean' } } as const;
  const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true });
  const windowMinutes = numberOption('--window', values.window ?? '15', 1, 1_440);
  return {
    name: 'status',
    key: only('status', positionals),
    place: placeOf(values),
    windowMinutes,
    references: values.references ?? false,
    json: values.json ?? false,
  };
}

function set(args: readonly string[]): Command {
  const options = {
    ...shared,
    ...writing,
    percentage: { type: 'string' },
    variant: { type: 'string' },
    default: { type: 'string' },
    on: { type: 'boolean' },
    off: { type: 'boolean' },
  } as const;
  const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true });
  const intents: WantedIntent[] = [];
  if (values.percentage !== undefined) {
    const share = numberOption('--percentage', values.percentage.replace(/%$/, ''), 0, 100) / 100;
    intents.push({ kind: 'percentage', variant: values.variant ?? null, share });
  } else if (values.variant !== undefined) throw new UsageError('--variant goes with --percentage.');
  if (values.default !== undefined) intents.push({ kind: 'defaultVariant', variant: values.default });
  if (values.on === true) intents.push({ kind: 'switch', on: true });
  if (values.off === true) intents.push({ kind: 'switch', on: false });
  const [intent, another] = intents;
  if (!intent || another) throw new UsageError('set wants one of --percentage, --default, --on and --off.');
  return { ...writeOf(values), name: 'change', key: only('set', positionals), intent };
}

function kill(args: readonly string[]): Command {
  const { values, positionals } = parseArgs({
    args: [...args],
    options: { ...shared, ...writing },
    allowPositionals: true,
  });
  return { ...writeOf(values), name: 'change', key: only('kill', positionals), intent: { kind: 'kill' } };
}

function create(args: readonly string[]): Command {
  const options = { ...shared, ...writing, type: { type: 'string' } } as const;
  const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true });
  const type = creatableTypeSchema.safeParse(values.type).data;
  if (!type) throw new UsageError(`create wants --type: ${creatableTypeSchema.options.join(', ')}.`);
  return { ...writeOf(values), name: 'change', key: only('create', positionals), intent: { kind: 'create', type } };
}

function target(args: readonly string[]): Command {
  const options = {
    ...shared,
    ...writing,
    user: { type: 'string' },
    attribute: { type: 'string' },
    variant: { type: 'string' },
    remove: { type: 'boolean' },
  } as const;
  const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true });
  const value = values.user ?? '';
  if (value === '') throw new UsageError('target wants --user: the id that services evaluate one user by.');
  if (value.includes('@'))
    throw new UsageError('An e-mail address would stand in the flag and the journal. Use an id that names nobody.');
  const intent: WantedIntent = {
    kind: 'target',
    on: !(values.remove ?? false),
    attribute: values.attribute ?? '',
    value,
    variant: values.variant ?? null,
  };
  return { ...writeOf(values), name: 'change', key: only('target', positionals), intent };
}

function evaluate(args: readonly string[]): Command {
  const options = { ...shared, env: { type: 'string' }, context: { type: 'string', multiple: true } } as const;
  const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true });
  const context = (values.context ?? []).map((written): [string, Json] => {
    const at = written.indexOf('=');
    if (at < 1) throw new UsageError(`--context wants NAME=VALUE, not "${written}".`);
    return [written.slice(0, at), attributeValue(written.slice(at + 1))];
  });
  const place = placeOf({ ...values, environment: values.environment ?? values.env });
  return {
    name: 'evaluate',
    key: only('evaluate', positionals),
    context: Object.fromEntries(context),
    place,
    json: values.json ?? false,
  };
}

function undo(args: readonly string[]): Command {
  const { values, positionals } = parseArgs({
    args: [...args],
    options: { ...shared, ...writing },
    allowPositionals: true,
  });
  if (positionals.length > 1) throw new UsageError('undo takes at most one id.');
  return { ...writeOf(values), name: 'undo', id: positionals[0] ?? null };
}

function systems(args: readonly string[]): Command {
  const { folder, project, json } = shared;
  const { values } = parseArgs({ args: [...args], options: { folder, project, json } });
  return { name: 'systems', place: placeOf(values), json: values.json ?? false };
}

interface Values {
  readonly folder?: string | undefined;
  readonly environment?: string | undefined;
  readonly project?: string | undefined;
  readonly json?: boolean | undefined;
  readonly yes?: boolean | undefined;
  readonly reason?: string | undefined;
  readonly 'flag-name'?: string | undefined;
  readonly 'no-wait'?: boolean | undefined;
}

const placeOf = (values: Values): Place => ({
  folder: values.folder ?? null,
  environment: values.environment ?? null,
  project: values.project ?? null,
});

const writeOf = (values: Values) => ({
  place: placeOf(values),
  given: { yes: values.yes ?? false, reason: values.reason ?? '', flagName: values['flag-name'] ?? null },
  wait: !(values['no-wait'] ?? false),
  json: values.json ?? false,
});

function only(command: string, positionals: readonly string[]): string {
  const [key, another] = positionals;
  if (key === undefined || key === '' || another !== undefined) throw new UsageError(`${command} takes one flag key.`);
  return key;
}
