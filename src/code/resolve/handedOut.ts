import { isSdkName, sdkPackage } from '../sdks/table';
import type { Family } from '../summary';
import type { Evaluator } from './evaluate';
import type { Value } from './value';
import type { FileView } from './view';

/** Languages whose files name what they take out of another. */
const families: ReadonlySet<Family> = new Set(['ecmascript', 'python']);

/** Names that any file may have: what takes a client from here is known by the file's own name then. */
const common =
  /^(?:default|client|clients|flags?|features?|get|instance|init|config|app|sdk|service|api|index|main|utils?|helpers?|__init__|lib|core|common|shared|constants|types?|hooks?|providers?|server|settings|\w{1,3})$/i;

/**
 * Names by which other files take what an SDK gives from this one: its hook under a name of the project's own, a client
 * made here. Files that have one of them may ask for flags, whatever else they say.
 */
export function handedOutBy(view: FileView, evaluator: Evaluator): string[] {
  const { family, path } = view.summary;
  if (!families.has(family) || ![...view.modules].some((module) => sdkPackage(module, family))) return [];
  const file = /([^/]+?)(?:\/(?:index|__init__))?\.\w+$/.exec(path)?.[1] ?? '';
  const given = family === 'python' ? view.madeHere() : [...view.exports.keys()];
  const names = given
    .filter((name) => asks(evaluator.imports.exported(view, name)))
    .map((name) => (common.test(name) ? file : name));
  return [...new Set(names)].filter((name) => !common.test(name)).sort();
}

function asks(value: Value): boolean {
  if (value.k === 'choice') return asks(value.a) || asks(value.b);
  if (value.k === 'sdk') {
    const { sdk } = value.pkg;
    return isSdkName(sdk, value.name) || sdk.bags.some(({ name }) => name === value.name);
  }
  return value.k === 'client' || value.k === 'bag' || value.k === 'method';
}
