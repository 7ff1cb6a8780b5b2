import type { Serve } from '../../model/flag';
import { isObject } from '../issue';

/** One rule as JsonLogic has it: all of `when` must hold. */
export interface TargetingRule {
  readonly when: readonly unknown[];
  readonly serve: Serve;
}

/**
 * A targeting expression read as a list: the first rule whose conditions hold decides, else `otherwise`.
 * `also`: what can be handed out besides, to callers without the attributes an operation needs (a split without a
 * targeting key gives the default variant) or when the evaluation fails (the code's default).
 */
export interface Targeting {
  readonly rules: readonly TargetingRule[];
  readonly otherwise: Serve;
  readonly also: readonly Serve[];
  /** Variants that are named but not defined: whoever gets one gets the code's default, and an error. */
  readonly unknownVariants: readonly string[];
  readonly unknownEvaluators: readonly string[];
}

export interface TargetingContext {
  readonly variants: ReadonlySet<string>;
  /** What no match gives: the default variant, or the code's default. */
  readonly fallback: Serve;
  readonly evaluators: Readonly<Record<string, unknown>>;
}

/** Operations whose result is always true or false, or (marked) null when the attributes are of the wrong type. */
const TESTS = new Set(['==', '===', '!=', '!==', '<', '<=', '>', '>=', '!', '!!', 'in', 'all', 'none', 'some']);
const NULLABLE_TESTS = new Set(['starts_with', 'ends_with', 'sem_ver']);
/** Operations that some engines refuse to compute on what is no number; the whole evaluation then fails. */
const FAILING = new Set(['+', '-', '*', '/', '%', '<', '<=', '>', '>=', 'max', 'min', 'reduce', 'map', 'filter']);
const MAX_NESTING = 60;
/** flagd refuses splits whose weights add up to more. */
const MAX_WEIGHT = 2_147_483_647;

/** Reads flagd targeting. Nothing in it is executed. */
export function readTargeting(logic: unknown, context: TargetingContext): Targeting {
  return new Reader(context).read(logic);
}

class Reader {
  readonly #context: TargetingContext;
  readonly #rules: TargetingRule[] = [];
  readonly #also: Serve[] = [];
  readonly #unknownVariants = new Set<string>();
  readonly #unknownEvaluators = new Set<string>();

  constructor(context: TargetingContext) {
    this.#context = context;
  }

  read(logic: unknown): Targeting {
    const otherwise = this.#decide(this.#resolved(logic), [], 0);
    if (this.#fails(logic, 0)) this.#also.push({ kind: 'codeDefault' });
    return {
      rules: this.#rules,
      otherwise,
      also: this.#also,
      unknownVariants: [...this.#unknownVariants],
      unknownEvaluators: [...this.#unknownEvaluators],
    };
  }

  /** Adds the rules of `logic` under `when`, and returns what is left for whoever matches none of them. */
  #decide(logic: unknown, when: readonly unknown[], depth: number): Serve {
    const expression = this.#resolved(logic);
    if (!isObject(expression)) return this.#literal(expression);
    const name = Object.keys(expression)[0];
    const operand = name === undefined ? undefined : expression[name];
    if (name === undefined || depth > MAX_NESTING) return dynamic(expression);
    if (name === 'if' && Array.isArray(operand)) return this.#branches(operand as unknown[], when, depth);
    if (name === 'fractional' && Array.isArray(operand)) return this.#split(operand as unknown[]);
    if (TESTS.has(name) || NULLABLE_TESTS.has(name)) {
      if (NULLABLE_TESTS.has(name)) this.#also.push(this.#context.fallback);
      this.#rules.push({ when: [...when, expression], serve: this.#variant('true') });
      return this.#variant('false');
    }
    return dynamic(expression);
  }

  #branches(args: readonly unknown[], when: readonly unknown[], depth: number): Serve {
    for (let index = 0; index + 1 < args.length; index += 2) {
      const condition = this.#resolved(args[index]);
      if (!isObject(condition) && !Array.isArray(condition)) {
        if (condition) return this.#decide(args[index + 1], when, depth + 1);
        continue;
      }
      const inside = [...when, args[index]];
      const serve = this.#decide(args[index + 1], inside, depth + 1);
      this.#rules.push({ when: inside, serve });
    }
    return args.length % 2 === 1 ? this.#decide(args.at(-1), when, depth + 1) : this.#context.fallback;
  }

  #split(args: readonly unknown[]): Serve {
    const [first, ...rest] = args;
    const by = Array.isArray(first) ? null : this.#resolved(first);
    // Without a targeting key, or when what it hashes by is no text, nothing is split: the default variant is served.
    if (!isConcatenation(by)) this.#also.push(this.#context.fallback);
    const weights: { variant: string; weight: number }[] = [];
    for (const bucket of by === null ? args : rest) {
      if (!Array.isArray(bucket)) return dynamic(args);
      const [variant, weight = 1] = bucket as unknown[];
      const serve = isObject(variant) || Array.isArray(variant) ? undefined : this.#literal(variant);
      if (serve === undefined || typeof weight !== 'number') return dynamic(args);
      const named = typeof variant === 'string' || typeof variant === 'boolean' || typeof variant === 'number';
      if (serve.kind !== 'variant' && !named) return dynamic(args);
      // A name that is not defined stays visible as written; who gets it gets the code's default.
      if (serve.kind !== 'variant') this.#also.push(serve);
      add(weights, serve.kind === 'variant' ? serve.variant : String(variant), Math.max(0, weight));
    }
    const total = weights.reduce((sum, { weight }) => sum + weight, 0);
    if (total <= 0 || total > MAX_WEIGHT) return this.#context.fallback;
    return { kind: 'split', by: by === null ? 'targetingKey' : bucketedBy(by), weights };
  }

  #literal(value: unknown): Serve {
    if (value === null || value === undefined) return this.#context.fallback;
    if (typeof value === 'string' || typeof value === 'boolean' || typeof value === 'number')
      return this.#variant(String(value));
    return dynamic(value);
  }

  #variant(variant: string): Serve {
    if (this.#context.variants.has(variant)) return { kind: 'variant', variant };
    this.#unknownVariants.add(variant);
    return { kind: 'codeDefault' };
  }

  #resolved(logic: unknown): unknown {
    let at = logic;
    for (let hops = 0; hops < MAX_NESTING; hops++) {
      if (!isObject(at) || typeof at.$ref !== 'string' || Object.keys(at).length !== 1) return at;
      if (!Object.hasOwn(this.#context.evaluators, at.$ref)) {
        this.#unknownEvaluators.add(at.$ref);
        return at;
      }
      at = this.#context.evaluators[at.$ref];
    }
    return at;
  }

  #fails(logic: unknown, depth: number): boolean {
    const at = this.#resolved(logic);
    if (depth > MAX_NESTING) return true;
    if (Array.isArray(at)) return at.some((item) => this.#fails(item, depth + 1));
    if (!isObject(at)) return false;
    return Object.entries(at).some(
      ([name, item]) => FAILING.has(name) || name === '$ref' || this.#fails(item, depth + 1),
    );
  }
}

const dynamic = (logic: unknown): Serve => {
  const text = JSON.stringify(logic) as string | undefined;
  return { kind: 'dynamic', words: (text ?? '').slice(0, 200) };
};

function add(weights: { variant: string; weight: number }[], variant: string, weight: number): void {
  const known = weights.find((bucket) => bucket.variant === variant);
  if (known) known.weight += weight;
  else weights.push({ variant, weight });
}

const isConcatenation = (logic: unknown): boolean => isObject(logic) && 'cat' in logic;

/** The attributes a bucketing expression reads, in words: `email`, `flag key and email`. */
function bucketedBy(logic: unknown): string {
  const names = new Set<string>();
  const walk = (at: unknown): void => {
    if (Array.isArray(at)) at.forEach(walk);
    else if (isObject(at)) {
      const { var: attribute } = at;
      const name: unknown = Array.isArray(attribute) ? attribute[0] : attribute;
      if (typeof name === 'string') {
        if (name !== '$flagd.flagKey') names.add(name);
      } else Object.values(at).forEach(walk);
    }
  };
  walk(logic);
  return [...names].join(' + ') || 'targetingKey';
}
