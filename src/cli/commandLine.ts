import { parseArgs } from 'node:util';
import type { Intent } from '../model/change';

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
  | Exclude<Intent, { kind: 'percentage' | 'undo' }>
  | { readonly kind: 'percentage'; readonly variant: string | null; readonly share: number };

export type Command =
  | { readonly name: 'help' | 'version' }
  | { readonly name: 'scan'; readonly args: readonly string[]; readonly max: number | null; readonly json: boolean }
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
  | { readonly name: 'journal'; readonly place: Place; readonly limit: number; readonly json: boolean };

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
  try {
    switch (name) {
      case 'scan':
        return scan(args);
      case 'status':
        return status(args);
      case 'set':
        return set(args);
      case 'kill':
        return kill(args);
      case 'undo':
        return undo(args);
      case 'journal':
        return journal(args);
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
    max = number('--max', inline ?? args[at + 1], 0, Number.MAX_SAFE_INTEGER);
    rest.splice(at, inline === undefined ? 2 : 1);
  }
  return { name: 'scan', args: rest, max, json: rest.includes('--json') };
}

function status(args: readonly string[]): Command {
  const options = { ...shared, window: { type: 'string' }, references: { type: 'boolean' } } as const;
  const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true });
  const windowMinutes = number('--window', values.window ?? '15', 1, 1_440);
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
    const share = number('--percentage', values.percentage.replace(/%$/, ''), 0, 100) / 100;
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

function undo(args: readonly string[]): Command {
  const { values, positionals } = parseArgs({
    args: [...args],
    options: { ...shared, ...writing },
    allowPositionals: true,
  });
  if (positionals.length > 1) throw new UsageError('undo takes at most one id.');
  return { ...writeOf(values), name: 'undo', id: positionals[0] ?? null };
}

function journal(args: readonly string[]): Command {
  const options = { ...shared, limit: { type: 'string', short: 'n' } } as const;
  const { values } = parseArgs({ args: [...args], options });
  const limit = number('--limit', values.limit ?? '20', 1, 10_000);
  return { name: 'journal', place: placeOf(values), limit, json: values.json ?? false };
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

function number(option: string, text: string | undefined, least: number, most: number): number {
  const value = Number(text);
  if (text === undefined || text.trim() === '' || !Number.isFinite(value) || value < least || value > most) {
    const range = most === Number.MAX_SAFE_INTEGER ? `from ${least}` : `from ${least} to ${most}`;
    throw new UsageError(`${option} wants a number ${range}.`);
  }
  return value;
}
