import { importsFramework, mayRegister } from '../../frameworks/ecmascriptRoutes';
import { askingNames } from '../../sdks/askingNames';
import { mentionsOf, sdksOf } from '../../sdks/table';
import type { Piece } from '../../summary';
import type { GoesOn, SyntaxNode as Node } from '../../syntaxTree';
import type { Skim } from '../extractor';
import { functionTypes } from './expressions';
import { unreadPiece } from './unreadPiece';

/** Statements shorter than this (in UTF-16 units) are read: leaving them out gains nothing. */
const shortest = 120;

const skimmed = new Set([
  'export_statement',
  'expression_statement',
  'lexical_declaration',
  'variable_declaration',
  'function_declaration',
  'generator_function_declaration',
  'class_declaration',
  'abstract_class_declaration',
]);
const classes = new Set(['class_declaration', 'abstract_class_declaration']);

const names = askingNames(sdksOf('ecmascript'));
/** OFREP's URLs, packages required inside functions. */
const telling = ['ofrep/v1/evaluate/flags/', ...mentionsOf('ecmascript')].join('|');
const escaped = (name: string): string => name.replace(/\$/g, '\\$&');
/** A word of every day (`boolean`, `run`) tells something only where it is called. */
const asked = names.map((name) => (/^[a-z]+$/.test(name) ? `${name}(?=\\s*(?:\\?\\.)?[(<])` : escaped(name)));
const plainWords = wordsOf([]);
/** `… as use`, `…: use`. */
const given = /\s*(?:as\s+|:\s*)([\w$]+)/y;
const defaultImport = /(?<![\w$])import\s+([\w$]+)|(?<![\w$])default\s+as\s+([\w$]+)/g;

/** What asks for flags, and these names besides. */
function wordsOf(others: readonly string[]): RegExp {
  const words = [...asked, ...others.map(escaped)];
  return new RegExp(`${telling}|(?<![\\w$])(?:${words.join('|')})(?![\\w$])`, 'g');
}

/**
 * Leaves out what is inside functions, classes and calls at the top of a file that name nothing which asks for flags:
 * no call of an SDK, no wrapper of the project (`sought`), no registration of a handler. Declared and exported names
 * are kept. null where the file is to be read whole, since its routes are made of all it calls.
 */
export function skimOf(text: string, sought: readonly string[]): Skim | null {
  return importsFramework.test(text) ? null : new EcmascriptSkim(text, sought);
}

class EcmascriptSkim implements Skim {
  readonly #unread = new Map<number, Node>();
  readonly #telling: readonly number[];
  #skimming = false;
  /** Something of this statement has been left out. */
  #left = false;
  #next = 0;
  failed = false;

  constructor(
    private readonly text: string,
    sought: readonly string[],
  ) {
    const own = sought.length === 0 ? plainWords : wordsOf(sought);
    const found = [...text.matchAll(own)];
    const aliases = aliasesOf(text, found, sought.length > 0);
    const all = aliases.length === 0 ? found : [...text.matchAll(wordsOf([...sought, ...aliases]))];
    this.#telling = all.map(({ index }) => index);
  }

  unread(from: number): Piece | undefined {
    const statement = this.#unread.get(from);
    return statement && unreadPiece(statement, this.text);
  }

  readonly goesOn: GoesOn = (node, parent, ancestors, top) => {
    if (ancestors.length === 0) {
      this.#left = false;
      this.#skimming = skimmed.has(node.type) && this.#saysNothing(node);
      if (this.#skimming) this.#unread.set(node.startIndex, node);
      return true;
    }
    if (!this.#skimming) return true;
    const { type } = parent;
    if (functionTypes.has(type)) return node.field === 'return_type' || this.#leave();
    if (classes.has(type)) return this.#leave();
    const read =
      type === 'export_statement'
        ? !skimmed.has(node.type)
        : type === 'expression_statement'
          ? node.type !== 'call_expression'
          : type === 'variable_declarator' &&
            (node.field === 'name' || (node.field === 'value' && !functionTypes.has(node.type)));
    if (read) this.#readAfterAll(top);
    return read || type !== 'expression_statement' || this.#leave();
  };

  #leave(): false {
    this.#left = true;
    return false;
  }

  /** It is none of the forms whose names can be told without the rest. */
  #readAfterAll(top: Node): void {
    this.#skimming = false;
    this.#unread.delete(top.startIndex);
    // Part of it was passed by already: `const f = () => { … }, g = {}`.
    if (this.#left) this.failed = true;
  }

  /** Asked in the order of the text. */
  #saysNothing({ startIndex, endIndex }: Node): boolean {
    if (endIndex - startIndex < shortest) return false;
    while ((this.#telling[this.#next] ?? Infinity) < startIndex) this.#next++;
    if ((this.#telling[this.#next] ?? Infinity) < endIndex) return false;
    return !mayRegister(this.text.slice(startIndex, endIndex));
  }
}

/** What the file calls an SDK's calls and the wrappers by, besides their own names: `import { useFlag as use }`. */
function aliasesOf(text: string, found: readonly RegExpExecArray[], defaults: boolean): string[] {
  const aliases = new Set<string>();
  for (const { 0: name, index } of found) {
    given.lastIndex = index + name.length;
    const alias = given.exec(text)?.[1];
    if (alias !== undefined) aliases.add(alias);
  }
  // Which wrapper a default import is its name does not tell.
  if (defaults) for (const [, name, alias] of text.matchAll(defaultImport)) aliases.add(name ?? alias ?? '');
  aliases.delete('');
  return [...aliases];
}
