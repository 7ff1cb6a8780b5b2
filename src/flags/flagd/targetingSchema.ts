import { isObject, shown, type At, type Issue } from '../issue';

/**
 * flagd's targeting.json (draft-07), rule by rule: JsonLogic with flagd's own operations. An object names one
 * operation; where the schema lists several in one group it allows them side by side, and so does this.
 */
export function targetingIssues(value: unknown, at: At = []): Issue[] {
  if (!isObject(value)) return [{ path: at, message: `Targeting is an object, not ${shown(value)}.` }];
  return Object.keys(value).length === 0 ? [] : ruleIssues(value, at);
}

type Check = (value: unknown, at: At) => Issue[];

/** Deeper than this no one reads it, and a stack would overflow before memory does. */
const MAX_DEPTH = 200;

const groups: readonly Readonly<Record<string, Check>>[] = [
  { var: varIssues },
  { missing: strings },
  { missing_some: missingSome },
  {
    if: args(1),
    ...sameFor(args(2, 2), '==', '===', '!=', '!==', '>', '>=', '%', '/'),
    ...sameFor(args(2, 2), 'map', 'filter', 'all', 'none', 'some', 'in'),
  },
  sameFor(args(2, 3), 'substr', '<', '<='),
  { '*': args(2) },
  sameFor(unary, '!', '!!'),
  sameFor(args(1), 'or', 'and', '+', '-', 'max', 'min', 'merge', 'cat'),
  { reduce: args(3, 3) },
  sameFor(stringCompare, 'starts_with', 'ends_with'),
  { sem_ver: semVer },
  { fractional },
];

const groupOf = new Map(groups.flatMap((group) => Object.keys(group).map((name) => [name, group] as const)));

function sameFor(check: Check, ...names: string[]): Record<string, Check> {
  return Object.fromEntries(names.map((name) => [name, check]));
}

/** `anyRule`: an empty object counts as one, as in the schema. */
function ruleIssues(value: unknown, at: At): Issue[] {
  if (!isObject(value)) return [{ path: at, message: `Expected an operation, not ${shown(value)}.` }];
  if (at.length > MAX_DEPTH) return [{ path: at, message: 'Nested too deeply to be read.' }];
  const names = Object.keys(value);
  const group = names[0] === undefined ? undefined : groupOf.get(names[0]);
  return names.flatMap((name) => {
    const here = [...at, name];
    if (!groupOf.has(name)) return [{ path: here, message: `"${name}" is not an operation that flagd knows.` }];
    const check = group && Object.hasOwn(group, name) ? group[name] : undefined;
    return check
      ? check(value[name], here)
      : [{ path: here, message: `"${name}" cannot stand beside "${names[0] ?? ''}".` }];
  });
}

/** `args`: a literal, a rule, or `{"$ref": "evaluator"}`; an empty object is ambiguous and refused, as in the schema. */
function argIssues(value: unknown, at: At): Issue[] {
  if (!isObject(value)) return [];
  const names = Object.keys(value);
  if (names.length === 0) return [{ path: at, message: 'An empty object says nothing here.' }];
  if (names.length === 1 && names[0] === '$ref')
    return typeof value.$ref === 'string' ? [] : [{ path: [...at, '$ref'], message: '"$ref" names an evaluator.' }];
  return ruleIssues(value, at);
}

function args(least: number, most = Number.POSITIVE_INFINITY): Check {
  return (value, at) => {
    if (!Array.isArray(value)) return [{ path: at, message: `Expected a list of arguments, not ${shown(value)}.` }];
    if (value.length < least || value.length > most) {
      const wanted =
        most === least ? String(least) : most === Number.POSITIVE_INFINITY ? `${least} or more` : `${least} to ${most}`;
      return [{ path: at, message: `"${String(at.at(-1))}" takes ${wanted} arguments, not ${value.length}.` }];
    }
    return value.flatMap((item, index) => argIssues(item, [...at, index]));
  };
}

function unary(value: unknown, at: At): Issue[] {
  // A list is a literal to the schema, so any is allowed; its items are read as arguments only when it holds one.
  return Array.isArray(value) ? [] : argIssues(value, at);
}

function varIssues(value: unknown, at: At): Issue[] {
  if (typeof value !== 'string' || !/^\$flagd\..*$/.test(value)) return [];
  if (/^\$flagd\.((timestamp)|(flagKey))$/.test(value)) return [];
  return [{ path: at, message: `flagd gives "$flagd.timestamp" and "$flagd.flagKey", not ${shown(value)}.` }];
}

function strings(value: unknown, at: At): Issue[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string')
    ? []
    : [{ path: at, message: 'Expected a list of names.' }];
}

function missingSome(value: unknown, at: At): Issue[] {
  return Array.isArray(value) &&
    value.length === 2 &&
    typeof value[0] === 'number' &&
    strings(value[1], at).length === 0
    ? []
    : [{ path: at, message: 'Expected a number and a list of names.' }];
}

function stringCompare(value: unknown, at: At): Issue[] {
  if (!Array.isArray(value) || value.length !== 2) return [{ path: at, message: 'Expected two texts to compare.' }];
  return value.flatMap((item, index) => (typeof item === 'string' ? [] : ruleIssues(item, [...at, index])));
}

const VERSION =
  /^(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)(?:-((?:0|[1-9]\d*|\d*[a-zA-Z-][0-9a-zA-Z-]*)(?:\.(?:0|[1-9]\d*|\d*[a-zA-Z-][0-9a-zA-Z-]*))*))?(?:\+([0-9a-zA-Z-]+(?:\.[0-9a-zA-Z-]+)*))?$/;
const RANGES = ['=', '!=', '>', '<', '>=', '<=', '~', '^'];

function semVer(value: unknown, at: At): Issue[] {
  if (!Array.isArray(value) || value.length !== 3)
    return [{ path: at, message: 'Expected a version, a comparison and a version.' }];
  const [left, range, right] = value as unknown[];
  return [
    ...versionIssues(left, [...at, 0]),
    ...(typeof range === 'string' && RANGES.includes(range)
      ? []
      : [{ path: [...at, 1], message: `Expected one of ${RANGES.join(' ')}, not ${shown(range)}.` }]),
    ...versionIssues(right, [...at, 2]),
  ];
}

function versionIssues(value: unknown, at: At): Issue[] {
  if (typeof value === 'string')
    return VERSION.test(value) ? [] : [{ path: at, message: `${shown(value)} is not a semantic version.` }];
  if (isObject(value) && Object.keys(value).every((name) => name === 'var'))
    return 'var' in value ? varIssues(value.var, [...at, 'var']) : [];
  return [{ path: at, message: `Expected a semantic version or a "var", not ${shown(value)}.` }];
}

function fractional(value: unknown, at: At): Issue[] {
  if (!Array.isArray(value) || value.length === 0)
    return [{ path: at, message: '"fractional" takes a list of ["variant", weight].' }];
  return value.flatMap((item, index) =>
    index === 0 && isObject(item) ? ruleIssues(item, [...at, 0]) : bucketIssues(item, [...at, index]),
  );
}

function bucketIssues(value: unknown, at: At): Issue[] {
  if (!Array.isArray(value) || value.length < 1 || value.length > 2)
    return [{ path: at, message: `Expected ["variant", weight], not ${shown(value)}.` }];
  const [variant, weight] = value as unknown[];
  const issues = argIssues(variant, [...at, 0]);
  if (value.length === 1) return issues;
  if (isObject(weight)) return [...issues, ...ruleIssues(weight, [...at, 1])];
  if (typeof weight === 'number' && Number.isInteger(weight) && weight >= 0) return issues;
  return [...issues, { path: [...at, 1], message: `A weight is a whole number of 0 or more, not ${shown(weight)}.` }];
}
