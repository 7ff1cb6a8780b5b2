import { isObject, shown, type At, type Issue } from '../issue';
import { targetingIssues } from './targetingSchema';

/** Keys of the schema's `^.{1,}$` maps. */
const NAME = /^.{1,}$/u;

/** flags.json's `anyFlag`: one flag definition, all variants of one type. */
export function flagIssues(value: unknown, at: At = []): Issue[] {
  if (!isObject(value)) return [{ path: at, message: `A flag is an object, not ${shown(value)}.` }];
  const issues: Issue[] = [];
  const { state, defaultVariant, targeting, metadata } = value;
  if (!('state' in value)) issues.push({ path: at, message: '"state" is missing: "ENABLED" or "DISABLED".' });
  else if (state !== 'ENABLED' && state !== 'DISABLED')
    issues.push({ path: [...at, 'state'], message: `"state" is "ENABLED" or "DISABLED", not ${shown(state)}.` });
  if ('defaultVariant' in value && typeof defaultVariant !== 'string' && defaultVariant !== null)
    issues.push({ path: [...at, 'defaultVariant'], message: `"defaultVariant" names a variant or is null.` });
  if ('targeting' in value) issues.push(...targetingIssues(targeting, [...at, 'targeting']));
  if ('metadata' in value) issues.push(...metadataIssues(metadata, [...at, 'metadata']));
  if (!('variants' in value)) issues.push({ path: at, message: '"variants" is missing.' });
  else issues.push(...variantsIssues(value.variants, [...at, 'variants']));
  return issues;
}

function variantsIssues(value: unknown, at: At): Issue[] {
  if (!isObject(value)) return [{ path: at, message: `"variants" is an object, not ${shown(value)}.` }];
  const names = Object.keys(value);
  if (names.length === 0) return [{ path: at, message: 'A flag has at least one variant.' }];
  const issues: Issue[] = names
    .filter((name) => !NAME.test(name))
    .map((name) => ({ path: [...at, name], message: `${shown(name)} is not a name for a variant.` }));
  const first = typeOf(value[names[0] ?? '']);
  for (const name of names) {
    const type = typeOf(value[name]);
    if (type === undefined)
      issues.push({ path: [...at, name], message: 'A variant is a boolean, string, number or object.' });
    else if (first !== undefined && type !== first)
      issues.push({
        path: [...at, name],
        message: `All variants have one type: "${name}" is a ${type}, "${names[0] ?? ''}" a ${first}.`,
      });
  }
  return issues;
}

function typeOf(value: unknown): 'boolean' | 'string' | 'number' | 'object' | undefined {
  const type = typeof value;
  if (type === 'boolean' || type === 'string' || type === 'number') return type;
  return isObject(value) ? 'object' : undefined;
}

export function metadataIssues(value: unknown, at: At): Issue[] {
  if (!isObject(value)) return [{ path: at, message: `"metadata" is an object, not ${shown(value)}.` }];
  return Object.entries(value)
    .filter(([, item]) => !['string', 'number', 'boolean'].includes(typeof item))
    .map(([name]) => ({ path: [...at, name], message: 'Metadata values are strings, numbers or booleans.' }));
}

/** What stands beside `flags`: `$evaluators` and `metadata`. */
export function frameIssues(document: Readonly<Record<string, unknown>>): Issue[] {
  const issues: Issue[] = [];
  if ('$evaluators' in document) {
    const evaluators = document.$evaluators;
    if (!isObject(evaluators)) issues.push({ path: ['$evaluators'], message: '"$evaluators" is an object.' });
    else
      for (const [name, rule] of Object.entries(evaluators)) {
        const at = ['$evaluators', name];
        if (!NAME.test(name)) issues.push({ path: at, message: `${shown(name)} is not a name for an evaluator.` });
        issues.push(...targetingIssues(rule, at));
      }
  }
  if ('metadata' in document) {
    const { metadata } = document;
    issues.push(...metadataIssues(metadata, ['metadata']));
    for (const name of ['flagSetId', 'version'])
      if (isObject(metadata) && name in metadata && typeof metadata[name] !== 'string')
        issues.push({ path: ['metadata', name], message: `"${name}" is a string.` });
  }
  return issues;
}

/**
 * A whole document by flagd's schemas: `flags` = flags.json (providers: flags by key), `flagd` = flagd.json (the
 * daemon also takes a list of flags with `key`).
 */
export function documentIssues(value: unknown, form: 'flags' | 'flagd'): Issue[] {
  if (!isObject(value)) return [{ path: [], message: 'A flag definition file is an object with "flags".' }];
  const issues = frameIssues(value);
  const { flags } = value;
  if (!('flags' in value)) return [...issues, { path: [], message: '"flags" is missing.' }];
  if (isObject(flags)) {
    for (const [key, flag] of Object.entries(flags)) {
      if (!NAME.test(key)) issues.push({ path: ['flags', key], message: `${shown(key)} is not a key for a flag.` });
      issues.push(...flagIssues(flag, ['flags', key]));
    }
  } else if (Array.isArray(flags) && form === 'flagd') {
    flags.forEach((flag: unknown, index) => {
      issues.push(...keyIssues(flag, ['flags', index]), ...flagIssues(flag, ['flags', index]));
    });
  } else {
    issues.push({
      path: ['flags'],
      message: form === 'flagd' ? '"flags" is an object or a list.' : '"flags" is an object.',
    });
  }
  return issues;
}

export function keyIssues(flag: unknown, at: At): Issue[] {
  return isObject(flag) && (typeof flag.key !== 'string' || flag.key === '')
    ? [{ path: at, message: 'A flag in a list has its key in "key".' }]
    : [];
}
