import type { Node } from 'web-tree-sitter';

/** Nodes, by grammar, whose named children are statements. Cases hold what they are told by as well. */
const bodies: Readonly<Record<string, readonly string[]>> = {
  typescript: ['program', 'statement_block', 'switch_case', 'switch_default'],
  tsx: ['program', 'statement_block', 'switch_case', 'switch_default'],
  javascript: ['program', 'statement_block', 'switch_case', 'switch_default'],
  python: ['module', 'block'],
  go: ['statement_list'],
  java: ['block', 'constructor_body', 'switch_block_statement_group'],
  kotlin: ['block', 'lambda_literal'],
  'c-sharp': ['compilation_unit', 'block', 'switch_section'],
  ruby: ['program', 'body_statement', 'block_body', 'then', 'else', 'do', 'begin', 'ensure'],
  php: ['program', 'compound_statement', 'case_statement', 'default_statement'],
  rust: ['block'],
  swift: ['source_file', 'statements'],
};

/** What declares for a whole file, package or class, or does not stand under a condition. */
const unconditional =
  /^(?:import|export|using|package|namespace|use|php_tag|text|text_interpolation|class|interface|enum|struct|trait|record|object|protocol|module|internal_module|ambient|type_alias|abstract_class|function|generator_function|local_function|method|singleton_method|macro|extern|declare|property_accessor|future_import|explicit_constructor|fallthrough|file_scoped)(?:_|$)/;
/** Of them what is called, made or read all the same. */
const conditional =
  /^(?:function_call|method_(?:call|invocation)|class_constant|object_(?:creation|literal)|macro_invocation|struct_expression)/;
/** Of a member, a case or a lambda, not of its body. */
const label = /(?:label|pattern|lambda_parameters|block_parameters|modifiers|annotation)$/;

export const hasBodies = (grammar: string): boolean => bodies[grammar] !== undefined;

export const isBody = (node: Node, grammar: string): boolean => bodies[grammar]?.includes(node.type) === true;

export const isComment = ({ type }: Node): boolean => type.includes('comment');

/** What follows in the text as part of a statement before it. */
export const isTail = ({ type }: Node): boolean => type === 'heredoc_body';

/** Why a node of a body cannot be put under a condition; null where it can. */
export function unfit(node: Node, body: Node, text: string): 'notWhole' | 'declaration' | null {
  const { type } = node;
  const before = text.slice(body.startIndex, node.startIndex);
  // `case 1:` holds the value it is told by beside its statements.
  if (label.test(type) || (/(?:_case|_section|case_statement|_group)$/.test(body.type) && !before.includes(':')))
    return 'notWhole';
  if (type === 'constructor' || (unconditional.test(type) && !conditional.test(type))) return 'declaration';
  if (type.endsWith('_item')) return 'declaration';
  if (body.type === 'compilation_unit' && type !== 'global_statement') return 'declaration';
  return null;
}

const functionLike = /function|method|constructor|lambda|closure|accessor|arrow|async_block|initializer|getter|setter/;

/** The innermost function, or what else is called, around a node; null at the top. */
export function functionAround(node: Node | null): Node | null {
  let at = node;
  while (at && !(functionLike.test(at.type) && !/call|invocation|_body$|_value$/.test(at.type))) at = at.parent;
  return at;
}

/** A call, of whatever kind a grammar knows. */
export const isCall = ({ type }: Node): boolean => /call|invocation/.test(type) && !type.includes('suffix');
