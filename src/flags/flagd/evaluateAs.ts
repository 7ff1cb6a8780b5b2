import type { FlagdCore } from '@openfeature/flagd-core';
import type { Rule } from '../../model/flag';
import type { Json } from '../../model/json';
import type { SystemDeps } from '../deps';
import type { EvaluatedAs } from '../system';
import type { Definition } from './definition';
import { isObject, type JsonObject } from '../issue';

type Context = Readonly<Record<string, Json>>;

const nothing = (): void => undefined;
const silent = { error: nothing, warn: nothing, info: nothing, debug: nothing };

/**
 * What a definition gives somebody, by flagd's own engine (https://flagd.dev/reference/specifications/in-process-providers/),
 * interpreted: no code is made of what a flag file says. Which rule decided is found by asking the engine for the rules'
 * conditions one by one. Rejects where the flag cannot be read.
 */
export async function evaluateDefinition(
  definition: Definition,
  evaluators: JsonObject,
  context: Context,
  { l10n }: SystemDeps,
): Promise<EvaluatedAs> {
  const { t } = l10n;
  const { key, type, unreadable } = definition;
  if (unreadable) throw new Error(unreadable.message);
  if (type === 'unknown') throw new Error(t('The variants of "{0}" are of no type that can be evaluated.', key));
  const engine = await Engine.load(evaluators);
  const flag = definition.syntax.valueOf(definition.text);
  const answer = engine.ask(key, isObject(flag) ? flag : {}, type, context);
  const index = definition.disabled
    ? -1
    : (definition.targeting?.rules ?? []).findIndex(({ when }) => engine.holds(key, when, context));
  const rule = definition.rules[index] ?? null;
  const serve = rule?.serve ?? definition.defaultRule;
  return {
    variant: answer.variant,
    value: answer.value,
    reason: answer.reason,
    rule,
    by: t("flagd's own engine, on {0}", definition.path),
    remarks: [
      ...(serve.kind === 'split'
        ? [t('It is drawn by {0}, as flagd draws it in JavaScript; other languages may draw otherwise.', serve.by)]
        : []),
      ...(missingFor(serve, context)
        ? [t('Without {0} nobody is drawn: the default variant is served.', serve.kind === 'split' ? serve.by : '')]
        : []),
      ...(answer.error === null ? [] : [answer.error]),
    ],
  };
}

const missingFor = (serve: Rule['serve'], context: Context): boolean =>
  serve.kind === 'split' && !serve.by.split(' + ').some((name) => typeof context[name] === 'string');

interface Answer {
  readonly variant: string | null;
  readonly value: Json;
  readonly reason: string;
  readonly error: string | null;
}

class Engine {
  readonly #make: () => FlagdCore;
  readonly #evaluators: JsonObject;

  private constructor(make: () => FlagdCore, evaluators: JsonObject) {
    this.#make = make;
    this.#evaluators = evaluators;
  }

  /** A bundle of its own in the editor, loaded when somebody asks: few do. */
  static async load(evaluators: JsonObject): Promise<Engine> {
    const { FlagdCore } = await import('@openfeature/flagd-core');
    const make = (): FlagdCore => new FlagdCore(undefined, silent, { disableDynamicCodeGeneration: true });
    return new Engine(make, evaluators);
  }

  /** Errors of the engine are answers: whoever asks gets the default in the code then. */
  ask(key: string, flag: JsonObject, type: 'boolean' | 'string' | 'number' | 'object', context: Context): Answer {
    const core = this.#make();
    try {
      core.setConfigurations(JSON.stringify({ flags: { [key]: flag }, $evaluators: this.#evaluators }));
      const found = core.resolve(type, key, absent[type], context as never, silent);
      const { variant, value, reason = '', errorMessage } = found;
      return variant === undefined
        ? { variant: null, value: null, reason, error: errorMessage ?? null }
        : { variant, value: value, reason, error: null };
    } catch (error) {
      return {
        variant: null,
        value: null,
        reason: 'ERROR',
        error: error instanceof Error ? error.message : String(error),
      };
    }
  }

  /** Whether all of these conditions hold. */
  holds(key: string, when: readonly unknown[], context: Context): boolean {
    const flag = {
      state: 'ENABLED',
      variants: { true: true, false: false },
      defaultVariant: 'false',
      targeting: { if: [{ and: when }, 'true', 'false'] },
    };
    return this.ask(key, flag, 'boolean', context).variant === 'true';
  }
}

const absent = { boolean: false, string: '', number: 0, object: {} } as const;
