import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { Language, Parser, type Node } from 'web-tree-sitter';
import { beforeAll, describe, expect, it } from 'vitest';
import { ecmascript } from '../../../src/code/extract/ecmascript/ecmascript';
import { readTree, treeWalkOf, type SyntaxNode, type TreeWalk } from '../../../src/code/syntaxTree';

const require = createRequire(import.meta.url);
const grammars = join(dirname(require.resolve('@vscode/tree-sitter-wasm/package.json')), 'wasm');

const fields = ['name', 'value', 'body', 'object', 'property', 'function', 'arguments', 'left', 'right', 'operator'];

let walk: TreeWalk;
const parser: Record<string, Parser> = {};

beforeAll(async () => {
  const runtime = join(dirname(require.resolve('web-tree-sitter')), 'web-tree-sitter.wasm');
  const module = { wasmBinary: await readFile(runtime) };
  await Parser.init(module);
  walk = treeWalkOf(module);
  for (const name of ['typescript', 'tsx', 'javascript'])
    parser[name] = new Parser().setLanguage(await Language.load(join(grammars, `tree-sitter-${name}.wasm`)));
});

interface Plain {
  readonly type: string;
  readonly from: number;
  readonly to: number;
  readonly fields: readonly string[];
  readonly children: readonly Plain[];
}

/** Nobody asks what these consist of: the walk leaves it out. */
const whole = ['string', 'regex'];

/** What the walk gives, and what the library's own nodes give, in one form. */
function plain(node: Node | SyntaxNode, like: SyntaxNode): Plain {
  const isError = node.type === 'ERROR';
  return {
    type: node.type,
    from: node.startIndex,
    to: node.endIndex,
    fields: isError
      ? []
      : fields.map((field) => {
          const child = node.childForFieldName(field);
          return child ? `${field}: ${child.type} ${String(child.startIndex)}` : '';
        }),
    children: whole.includes(node.type) ? [] : code(node).map((child, i) => pair(child, like, i)),
  };
}

/** The walk leaves out comments. */
const code = ({ namedChildren }: Node | SyntaxNode): (Node | SyntaxNode)[] =>
  [...namedChildren].filter((child) => child.type !== 'comment');

function pair(child: Node | SyntaxNode, like: SyntaxNode, i: number): Plain {
  const other = like.namedChildren[i];
  if (!other) throw new Error(`The walk has no child ${String(i)} of ${like.type} at ${String(like.startIndex)}`);
  return plain(child, other);
}

const sources: Readonly<Record<string, string>> = {
  declarations: 'export default class A<T> extends B { private x?: T = f`a${b}`; @d() get y() { return this.x ?? 1 } }',
  control: 'if (!a && (b || c)) { for (const [k, v] of m) g(k, ...v) } else switch (x) { case "a": y(); default: z() }',
  'text beyond the first plane': 'const 名 = "😀😀"; f(名, `é${名}😀`); // 😀\nlet after = 1',
  errors: 'function ( { const x = ; f(a, b => { if (x { y() } class',
  empty: '',
  comments: '/* a */ f(/* b */ x /* c */, y) // d',
};

describe('a tree read in one walk', () => {
  it.each(Object.entries(sources))('is the one the library tells: %s', (_, text) => {
    for (const name of ['typescript', 'tsx', 'javascript']) {
      const tree = parser[name]?.parse(text);
      if (!tree) throw new Error('no tree');
      const ours = readTree(walk, tree, text, ecmascript.shape);
      expect(plain(ours, ours)).toEqual(plain(tree.rootNode, ours));
      tree.delete();
    }
  });

  it('stands alone once its tree is gone, and reads another after it', () => {
    const text = 'f(a)';
    const tree = parser.typescript?.parse(text);
    if (!tree) throw new Error('no tree');
    const first = readTree(walk, tree, text, ecmascript.shape);
    const second = readTree(walk, tree, text, ecmascript.shape);
    tree.delete();
    expect(first.descendantsOfType(['identifier']).map((node) => node.text)).toEqual(['f', 'a']);
    expect(second).toEqual(first);
  });

  it('tells a default export by its token', () => {
    const tree = parser.typescript?.parse('export default f;');
    if (!tree) throw new Error('no tree');
    const [statement] = readTree(walk, tree, 'export default f;', ecmascript.shape).namedChildren;
    expect(statement?.children.map((child) => child.type)).toEqual(['default', 'identifier']);
    expect(statement?.namedChildren.map((child) => child.type)).toEqual(['identifier']);
    tree.delete();
  });

  it('says what is missing from another version of the module', () => {
    expect(() => treeWalkOf({ _ts_tree_root_node_wasm: () => undefined })).toThrow('_ts_tree_cursor_new_wasm');
  });
});
