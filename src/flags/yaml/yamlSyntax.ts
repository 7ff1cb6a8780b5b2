import type { Document, Node, Pair, Range } from 'yaml';
import { TextSyntaxError } from '../textSyntax';
import type { Yaml } from './yamlLibrary';

/** A text that is no YAML, or YAML that says something twice. */
export class YamlSyntaxError extends TextSyntaxError {
  override readonly name = 'YamlSyntaxError';
}

export type YamlDocument = Document.Parsed;

/**
 * The document of a text as Go's yaml.v3 reads it: YAML 1.2 with merge keys, every key once. Aliases are bounded, so that
 * a few lines do not become a billion. Throws {@link YamlSyntaxError}.
 */
export function parseYaml(text: string, yaml: Yaml): YamlDocument {
  const options = { merge: true, uniqueKeys: true, prettyErrors: false, logLevel: 'silent' } as const;
  const document = yaml.parseDocument(text, options);
  const [error] = document.errors;
  if (error) throw new YamlSyntaxError(error.message, error.pos[0]);
  return document;
}

/** The value of a node; throws {@link YamlSyntaxError} for an alias of nothing, or too many of them. */
export function valueOf(node: Node, document: YamlDocument): unknown {
  try {
    return node.toJS(document, { maxAliasCount: 100 });
  } catch (error) {
    throw new YamlSyntaxError(error instanceof Error ? error.message : String(error), node.range?.[0] ?? 0);
  }
}

export type YamlPair = Pair<Node, Node | null>;

/** The key of a pair as its map has it; null for one that is no scalar. */
export function keyOf(pair: YamlPair, yaml: Yaml): string | null {
  return yaml.isScalar(pair.key) ? String(pair.key.value) : null;
}

/** Where a node's own text ends: blanks, line ends and comments behind it are not counted. */
export function endOf(node: Node, text: string, yaml: Yaml): number {
  const [start, end] = rangeOf(node);
  if (yaml.isCollection(node) && node.flow !== true) {
    const last: unknown = node.items.at(-1);
    if (yaml.isPair(last)) return endOfPair(last as YamlPair, text, yaml);
    if (yaml.isNode(last)) return endOf(last, text, yaml);
  }
  return start + text.slice(start, end).trimEnd().length;
}

/** Where a pair ends; one without a value ends with its colon. */
export function endOfPair({ key, value }: YamlPair, text: string, yaml: Yaml): number {
  const afterKey = endOf(key, text, yaml);
  const colon = text.indexOf(':', afterKey) + 1;
  return value && rangeOf(value)[1] > rangeOf(value)[0] ? endOf(value, text, yaml) : Math.max(colon, afterKey);
}

export const rangeOf = (node: Node): Range => node.range ?? [0, 0, 0];

/** Whether a node, or one below it, is named for others or stands for another: it cannot be changed by itself. */
export function isTied(node: Node, yaml: Yaml): boolean {
  let tied = false;
  yaml.visit(node, {
    Node: (_key, each) => {
      if (!yaml.isAlias(each) && each.anchor === undefined) return undefined;
      tied = true;
      return yaml.visit.BREAK;
    },
  });
  return tied;
}
