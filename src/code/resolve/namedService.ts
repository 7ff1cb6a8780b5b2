import { receiverName, type Call, type Expr } from '../summary';
import type { Evaluator } from './evaluate';
import { asksForFlag, asksForValue, saysFlag, wordsOf } from '../flagNames';
import { vendors } from '../sdks/table';
import { isFlagService } from './flagService';
import type { Match, Step } from './match';
import type { Site, Value } from './value';

const keyNames = /^\$?(?:flag|feature|toggle|experiment|gate)?_?(?:key|name|id)?$/i;

/**
 * A call that no file here explains and that by its names asks for a flag: a method of a service of flags that another
 * package declares, a function or an attribute of another package that says so itself. What it is given decides whether
 * that is certain.
 */
export function askedByName(
  site: Site,
  call: Call,
  /** What the receiver is, or the function itself where there is none. */
  value: Value,
  evaluator: Evaluator,
  step: Step,
): Match | undefined {
  if (call.c.k !== 'id' && call.c.k !== 'mem') return undefined;
  const { n: name } = call.c;
  const of = call.c.k === 'mem' ? serviceOf(site, call.c.o, value) : '';
  if (of === undefined || !isAsking(name, of, call, value)) return undefined;
  const key = keyAt(site, call, evaluator);
  if (key === undefined) return undefined;
  const whose = of === '' ? '' : ` of ${of}`;
  return {
    key: typeof key === 'number' ? key : -1_000,
    field: null,
    setting: undefined,
    asks: null,
    fallback: undefined,
    named: typeof key === 'number' ? undefined : { key: [key], fallback: [] },
    sdk: null,
    evaluatedOn: 'unknown',
    kind: call.kind === 'decorator' ? 'attribute' : /^use[A-Z]/.test(name) ? 'hook' : 'method',
    evidence: 'named',
    wrapper: null,
    trace: [step(`${name}${whose}, declared outside of these files, by its name asks for a flag`)],
  };
}

function isAsking(name: string, of: string, call: Call, value: Value): boolean {
  // `settings.FEATURES.get(X)` reads a table of settings.
  if (of !== '' && isFlagService(of)) return asksForValue(name) && !(name === 'get' && isTable(of));
  if (call.c.k === 'id' && call.kind === 'call' && value.k !== 'package') return false;
  if (call.c.k === 'id' && value.k === 'package' && isOfFlags(value.module)) return asksForValue(name);
  if (!asksForFlag(name)) return false;
  const words = wordsOf(name);
  // `plan.isFeatureEnabled` may be anybody's features.
  return (
    call.c.k === 'id' || words.some((word) => /^(requires?|flags?|toggles?|experiments?|featureflags?)$/.test(word))
  );
}

const isTable = (name: string): boolean => /^(feature_?)?(features|flags|toggles|experiments)$/i.test(name);

/** Whether a package says that it is about flags, by its last names: `acme.posthog.features`, `@acme/feature-flags`. */
function isOfFlags(module: string): boolean {
  const names = module.split(/[./\\:]+/).slice(-2);
  return names.some((name) => saysFlag(name) || vendors.some(({ receiver }) => receiver.test(name)));
}

/** By what name the receiver is known: its type's, where another package declares it, else its own. */
function serviceOf({ piece }: Site, o: Expr, value: Value): string | undefined {
  switch (value.k) {
    case 'typed':
      return value.type;
    case 'made':
    case 'package': {
      const name = value.name === '*' || value.name === 'default' ? '' : (value.name.split('.').at(-1) ?? '');
      return isFlagService(name) ? name : receiverName(piece, o);
    }
    case 'parameter':
      return value.property === null && value.type !== null ? (value.type.split('.').at(-1) ?? '') : undefined;
    case 'nothing':
      return receiverName(piece, o);
    default:
      return undefined;
  }
}

/** Where the key stands: the argument that is called so, else the first that is a text or a parameter called so. */
function keyAt(site: Site, call: Call, evaluator: Evaluator): number | string | undefined {
  const named = call.kw?.find(([name]) => name !== '' && keyNames.test(name));
  if (named) return named[0];
  for (const [i, e] of call.a.slice(0, 3).entries()) {
    const value = evaluator.evaluate(site, e);
    const isWhole = value.k === 'template' && value.values.every(({ k }) => k === 'text');
    if (value.k === 'text' || value.k === 'choice' || isWhole) return i;
    if (value.k === 'parameter' && (i === 0 || keyNames.test(e.k === 'id' ? e.n : ''))) return i;
  }
  return undefined;
}
