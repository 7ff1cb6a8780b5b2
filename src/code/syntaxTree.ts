import type { Tree } from 'web-tree-sitter';

/**
 * The functions of tree-sitter's WebAssembly module that walk a tree. They keep their cursor in the module's transfer
 * buffer, so that a walk which nothing interrupts crosses into WebAssembly with one integer a step. The library's own
 * nodes and cursors copy that buffer in and out for each question: most of what indexing once cost.
 */
export interface TreeWalk {
  readonly _ts_tree_root_node_wasm: (tree: number) => void;
  readonly _ts_tree_cursor_new_wasm: (tree: number) => void;
  readonly _ts_tree_cursor_delete_wasm: (tree: number) => void;
  readonly _ts_tree_cursor_goto_first_child_wasm: (tree: number) => number;
  readonly _ts_tree_cursor_goto_next_sibling_wasm: (tree: number) => number;
  readonly _ts_tree_cursor_goto_parent_wasm: (tree: number) => number;
  readonly _ts_tree_cursor_current_node_type_id_wasm: (tree: number) => number;
  readonly _ts_tree_cursor_current_field_id_wasm: (tree: number) => number;
  readonly _ts_tree_cursor_start_index_wasm: (tree: number) => number;
  readonly _ts_tree_cursor_end_index_wasm: (tree: number) => number;
}

const needed: Readonly<Record<keyof TreeWalk, true>> = {
  _ts_tree_root_node_wasm: true,
  _ts_tree_cursor_new_wasm: true,
  _ts_tree_cursor_delete_wasm: true,
  _ts_tree_cursor_goto_first_child_wasm: true,
  _ts_tree_cursor_goto_next_sibling_wasm: true,
  _ts_tree_cursor_goto_parent_wasm: true,
  _ts_tree_cursor_current_node_type_id_wasm: true,
  _ts_tree_cursor_current_field_id_wasm: true,
  _ts_tree_cursor_start_index_wasm: true,
  _ts_tree_cursor_end_index_wasm: true,
};

/** Throws when the module is of a version that lacks one of the functions. */
export function treeWalkOf(module: object): TreeWalk {
  const given = module as Record<string, unknown>;
  for (const name of Object.keys(needed)) {
    if (typeof given[name] !== 'function')
      throw new Error(`web-tree-sitter.wasm has no ${name}: it is of another version than the one this was built for`);
  }
  return given as unknown as TreeWalk;
}

/** A node of a syntax tree, copied out of WebAssembly. Offsets are UTF-16 units of the text. */
export class SyntaxNode {
  /** Named children, and tokens that a field names or that tell something. In the order of the text. */
  children: SyntaxNode[] = none;
  /** `children` without tokens. */
  namedChildren: SyntaxNode[] = none;

  constructor(
    private readonly source: string,
    readonly type: string,
    /** Which of its parent's; empty: none. */
    readonly field: string,
    readonly isNamed: boolean,
    readonly startIndex: number,
    readonly endIndex: number,
  ) {}

  get text(): string {
    return this.source.slice(this.startIndex, this.endIndex);
  }

  get firstNamedChild(): SyntaxNode | null {
    return this.namedChildren[0] ?? null;
  }

  get lastNamedChild(): SyntaxNode | null {
    return this.namedChildren.at(-1) ?? null;
  }

  /** A node that the grammar does not give: a stretch of the text, taken for a node of this type. */
  as(type: string, startIndex: number, endIndex: number): SyntaxNode {
    return new SyntaxNode(this.source, type, '', true, startIndex, endIndex);
  }

  /** This node as if it had these children and started with the first of them. */
  of(children: readonly SyntaxNode[]): SyntaxNode {
    const from = children[0]?.startIndex ?? this.startIndex;
    const node = new SyntaxNode(this.source, this.type, this.field, this.isNamed, from, this.endIndex);
    for (const child of children) add(node, child);
    return node;
  }

  childForFieldName(name: string): SyntaxNode | null {
    for (const child of this.children) if (child.field === name) return child;
    return null;
  }

  childrenForFieldName(name: string): SyntaxNode[] {
    return this.children.filter((child) => child.field === name);
  }

  /** This node and those below it that are of one of the types, in the order of the text. */
  descendantsOfType(types: readonly string[]): SyntaxNode[] {
    const found: SyntaxNode[] = [];
    const waiting: SyntaxNode[] = [this];
    for (let node = waiting.pop(); node; node = waiting.pop()) {
      if (types.includes(node.type)) found.push(node);
      for (let i = node.namedChildren.length - 1; i >= 0; i--) {
        const child = node.namedChildren[i];
        if (child) waiting.push(child);
      }
    }
    return found;
  }
}

/** Shared by all leaves, never written to. */
const none: SyntaxNode[] = [];

/** What the trees of a grammar look like, as far as reading them needs to know. */
export interface TreeShape {
  /** Nodes that are left out of the tree, with what they consist of: comments. */
  readonly skipped?: ReadonlySet<string>;
  /** Nodes of which nobody asks what they consist of. */
  readonly leaves: ReadonlySet<string>;
  /** Tokens that no field names and that tell something by standing there. */
  readonly tokens: ReadonlySet<string>;
  /** Classes whose members are read one by one where they are long, their bodies, and what may stand around such a class. */
  readonly classes: ReadonlySet<string>;
  readonly bodies: ReadonlySet<string>;
  readonly around: ReadonlySet<string>;
}

const error = 'ERROR';

interface Grammar {
  /** By type id: how a node of it is read. */
  readonly kinds: Uint8Array;
  readonly types: readonly string[];
  readonly fields: readonly string[];
}

const isToken = 0;
const isLeaf = 1;
const isBranch = 2;
const isTellingToken = 3;
/** Nobody asks for it, whatever field it has. */
const isNothing = 4;
const punctuation = new Set(['(', ')', '{', '}', '[', ']', ',', ';', '"', "'", '`', '=>']);

const grammars = new WeakMap<Tree['language'], Grammar>();

function grammarOf(language: Tree['language'], shape: TreeShape): Grammar {
  const known = grammars.get(language);
  if (known) return known;
  const types = interned(language.types);
  const fields = interned(language.fields.map((name) => name ?? ''));
  const kinds = Uint8Array.from(types, (type, id) => {
    if (shape.skipped?.has(type) === true) return isNothing;
    if (language.nodeTypeIsNamed(id)) return shape.leaves.has(type) ? isLeaf : isBranch;
    return shape.tokens.has(type) ? isTellingToken : punctuation.has(type) ? isNothing : isToken;
  });
  const grammar = { kinds, types, fields };
  grammars.set(language, grammar);
  return grammar;
}

/**
 * The same text as the engine keeps constants: compared by address. What comes out of WebAssembly is compared letter by
 * letter, and every node is compared with many constants.
 */
function interned(texts: readonly string[]): string[] {
  const table: Record<string, true> = {};
  for (const text of texts) table[text] = true;
  const keys = new Map(Object.keys(table).map((key) => [key, key]));
  // The grammar's tables have holes.
  return Array.from(texts, (text) => keys.get(text) ?? text);
}

/** What need not be read again after an edit. Statements and members of long classes are told apart, nothing smaller. */
export interface Untouched {
  /** Nothing between these offsets changed. */
  has(from: number, to: number): boolean;
  /** A class body between these offsets is looked at member by member. */
  isCut(from: number, to: number): boolean;
}

/** Whether these, from the root down, are a class that stands at the top of the file, exported or not. */
function isTopClass(ancestors: readonly SyntaxNode[], shape: TreeShape): boolean {
  const last = ancestors.length - 1;
  return last > 0 && ancestors.every(({ type }, i) => i === 0 || (i === last ? shape.classes : shape.around).has(type));
}

/**
 * Whether to read below a node. `ancestors` are those of its parent, from the root down (none: the parent is the root);
 * `top` is the statement it belongs to.
 */
export type GoesOn = (
  node: SyntaxNode,
  parent: SyntaxNode,
  ancestors: readonly SyntaxNode[],
  top: SyntaxNode,
) => boolean;

/** Reads what was edited whole, and of the rest what tells the members of classes apart. */
export function editedOnly(untouched: Untouched, shape: TreeShape): GoesOn {
  return (node, parent, ancestors, top) => goesOn(untouched, shape, node, parent, ancestors, top);
}

function goesOn(
  untouched: Untouched,
  shape: TreeShape,
  node: SyntaxNode,
  parent: SyntaxNode,
  ancestors: readonly SyntaxNode[],
  top: SyntaxNode,
): boolean {
  if (untouched.has(top.startIndex, top.endIndex))
    return (
      shape.classes.has(node.type) ||
      shape.around.has(node.type) ||
      (shape.bodies.has(node.type) && isTopClass([...ancestors, parent], shape))
    );
  const isMember =
    shape.bodies.has(parent.type) &&
    isTopClass(ancestors, shape) &&
    untouched.isCut(parent.startIndex, parent.endIndex);
  if (!isMember || node.type === 'decorator') return true;
  // A member is read together with the decorators before it.
  let from = node.startIndex;
  for (let i = parent.namedChildren.length - 2; i >= 0; i--) {
    const before = parent.namedChildren[i];
    if (before?.type === 'decorator') from = before.startIndex;
    else if (before?.type !== 'comment') break;
  }
  return !untouched.has(from, node.endIndex);
}

/**
 * Copies a tree out of WebAssembly in one walk. Not recursive: text may nest as deep as it likes. Nodes that it does not
 * go on below come without children.
 */
export function readTree(walk: TreeWalk, tree: Tree, text: string, shape: TreeShape, goesOn?: GoesOn): SyntaxNode {
  const { kinds, types, fields } = grammarOf(tree.language, shape);
  // The library keeps its handle where its types do not tell.
  const handle = (tree as unknown as { readonly 0: number })[0];
  const {
    _ts_tree_cursor_goto_first_child_wasm: gotoFirstChild,
    _ts_tree_cursor_goto_next_sibling_wasm: gotoNextSibling,
    _ts_tree_cursor_goto_parent_wasm: gotoParent,
    _ts_tree_cursor_current_node_type_id_wasm: typeId,
    _ts_tree_cursor_current_field_id_wasm: fieldId,
    _ts_tree_cursor_start_index_wasm: startIndex,
    _ts_tree_cursor_end_index_wasm: endIndex,
  } = walk;
  walk._ts_tree_root_node_wasm(handle);
  walk._ts_tree_cursor_new_wasm(handle);
  const root = new SyntaxNode(text, types[typeId(handle)] ?? error, '', true, startIndex(handle), endIndex(handle));
  const ancestors: SyntaxNode[] = [];
  let parent = root;
  let top = root;
  let more = gotoFirstChild(handle) === 1;
  while (more) {
    const type = typeId(handle);
    // Errors have a type beyond the table; they are named and hold what could be read.
    const kind = kinds[type] ?? isBranch;
    // What stands in an error keeps the fields of what it was taken for; its parent is none of that.
    const field = kind === isNothing || parent.type === error ? 0 : fieldId(handle);
    let entered = false;
    if (kind === isLeaf || kind === isBranch || kind === isTellingToken || field !== 0) {
      const named = kind === isLeaf || kind === isBranch;
      const name = types[type] ?? error;
      const node = new SyntaxNode(text, name, fields[field] ?? '', named, startIndex(handle), endIndex(handle));
      add(parent, node);
      if (parent === root) top = node;
      const goOn = kind === isBranch && (!goesOn || goesOn(node, parent, ancestors, top));
      if (goOn && gotoFirstChild(handle) === 1) {
        ancestors.push(parent);
        parent = node;
        entered = true;
      }
    }
    if (entered) continue;
    while (gotoNextSibling(handle) === 0) {
      const outer = ancestors.pop();
      if (!outer) {
        more = false;
        break;
      }
      gotoParent(handle);
      parent = outer;
    }
  }
  walk._ts_tree_cursor_delete_wasm(handle);
  return root;
}

function add(parent: SyntaxNode, child: SyntaxNode): void {
  if (child.isNamed) {
    const shared = parent.namedChildren === parent.children;
    if (parent.namedChildren === none) parent.namedChildren = [child];
    else parent.namedChildren.push(child);
    if (shared) parent.children = parent.namedChildren;
    else parent.children.push(child);
    return;
  }
  // The first token parts the two lists.
  if (parent.namedChildren === parent.children) parent.children = [...parent.children];
  parent.children.push(child);
}
