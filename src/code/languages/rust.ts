import { snapshotRead } from '../extract/grammar/snapshotRead';
import { childOf, childrenOf, hasToken, numberOf } from '../extract/grammar/nodes';
import { grammarExtractor } from '../extract/grammar/grammarExtractor';
import type { Roles } from '../extract/grammar/languageGrammar';
import type { Argument, Role } from '../extract/grammar/role';
import { unescape } from '../extract/unescape';
import { rustRoutes } from '../frameworks/rustRoutes';
import { RustResolver } from '../resolve/rustResolver';
import { annotationsIn, renamed } from '../extract/rust/attributes';
import { armOf, asked, bindingOf, letOf, unknownNames } from '../extract/rust/patterns';
import { classOf, constantOf, fieldsOf, functionOf, implOf, moduleOf, paramsIn } from '../extract/rust/declarations';
import { hands, inTokens, macroOf, tokensOf } from '../extract/rust/tokens';
import { usedBy } from '../extract/rust/uses';
import { typeName } from '../extract/rust/types';
import type { SyntaxNode as Node } from '../syntaxTree';
import type { LanguageSupport } from './language';

const roles: Roles = {
  line_comment: () => ({ is: 'skip' }),
  block_comment: () => ({ is: 'skip' }),
  macro_definition: () => ({ is: 'skip' }),
  use_declaration: (node) => ({ is: 'import', names: usedBy(node.childForFieldName('argument'), []) }),
  mod_item: moduleOf,
  // The name of a module that stands in the file: what is in it are names of the file.
  metavariable: (node) => ({ is: 'import', names: [{ n: node.text, module: 'self', imported: '*', at: node }] }),
  const_item: (node) => ({ is: 'variables', names: constantOf(node) }),
  static_item: (node) => ({ is: 'variables', names: constantOf(node) }),
  // Attributes of what stands at the top are statements of their own.
  attribute_item: (node) => ({ is: 'annotated', annotations: annotationsIn([node]) }),
  struct_item: (node) => ({ ...classOf(node, 'class'), members: fieldsOf(node.childForFieldName('body')) }),
  union_item: (node) => ({ ...classOf(node, 'class'), members: fieldsOf(node.childForFieldName('body')) }),
  enum_item: (node) => classOf(node, 'enum'),
  trait_item: (node) => classOf(node, 'interface'),
  impl_item: implOf,
  type_item: (node) => {
    const name = node.childForFieldName('name');
    const type = typeName(node.childForFieldName('type'));
    return {
      is: 'variables',
      names: name && type !== null ? [{ n: name.text, at: name, type, value: null, constant: false }] : [],
    };
  },
  field_declaration: (node) => {
    const name = node.childForFieldName('name');
    return {
      is: 'variables',
      names: name
        ? [{ n: name.text, at: name, type: typeName(node.childForFieldName('type')), value: null, constant: false }]
        : [],
    };
  },
  enum_variant: (node) => {
    const name = node.childForFieldName('name');
    return name && { is: 'entry', n: name.text, at: name, args: renamed(node), value: null, members: [] };
  },
  function_item: functionOf,
  function_signature_item: functionOf,
  closure_expression: (node) => {
    const body = node.childForFieldName('body');
    return {
      is: 'function',
      n: null,
      params: paramsIn(node.childForFieldName('parameters')),
      body: body ? [body] : [],
      lastIsValue: true,
      returns: typeName(node.childForFieldName('return_type')),
      annotations: [],
    };
  },
  block: (node) => ({ is: 'block', statements: node.namedChildren }),
  async_block: (node) => ({ is: 'inner', of: childOf(node, 'block') }),
  unsafe_block: (node) => ({ is: 'inner', of: childOf(node, 'block') }),
  expression_statement: (node) => ({ is: 'inner', of: node.firstNamedChild }),
  let_declaration: (node) => {
    const type = typeName(node.childForFieldName('type'));
    const constant = !childOf(node, 'mutable_specifier');
    return bindingOf(node.childForFieldName('pattern'), node.childForFieldName('value'), type, constant);
  },
  let_condition: letOf,
  let_chain: (node) => ({ is: 'list', items: node.namedChildren }),
  if_expression: (node) => {
    const condition = node.childForFieldName('condition');
    const then = node.childForFieldName('consequence');
    const other = node.childForFieldName('alternative');
    return {
      is: 'if',
      conditions: condition?.type === 'let_chain' ? condition.namedChildren : condition ? [condition] : [],
      then: then ? [then] : [],
      other: other ? [other] : [],
    };
  },
  else_clause: (node) => ({ is: 'inner', of: node.firstNamedChild }),
  match_expression: (node) => ({
    is: 'switch',
    subject: asked(node.childForFieldName('value')),
    cases: childrenOf(node.childForFieldName('body'), 'match_arm').map(armOf),
  }),
  for_expression: (node) => ({
    is: 'scope',
    names: unknownNames(node.childForFieldName('pattern')),
    children: [node.childForFieldName('value'), node.childForFieldName('body')].flatMap((child) => child ?? []),
  }),
  return_expression: (node) => ({ is: 'return', value: node.firstNamedChild }),
  break_expression: () => ({ is: 'leave' }),
  continue_expression: () => ({ is: 'leave' }),
  assignment_expression: (node) => ({
    is: 'assign',
    target: node.childForFieldName('left'),
    value: node.childForFieldName('right'),
  }),
  compound_assignment_expr: (node) => ({ is: 'assign', target: node.childForFieldName('left'), value: null }),
  unary_expression: (node) => {
    const of = node.firstNamedChild;
    if (hasToken(node, '!')) return { is: 'not', of };
    const v = hasToken(node, '-') && of ? -numberOf(of.text) : NaN;
    return Number.isFinite(v) ? { is: 'value', v } : { is: 'inner', of };
  },
  binary_expression: (node) => ({
    is: 'binary',
    op: node.childForFieldName('operator')?.type ?? '',
    a: node.childForFieldName('left'),
    b: node.childForFieldName('right'),
  }),
  parenthesized_expression: (node) => ({ is: 'inner', of: node.firstNamedChild }),
  reference_expression: (node) => ({ is: 'inner', of: node.childForFieldName('value') }),
  type_cast_expression: (node) => ({ is: 'inner', of: node.childForFieldName('value') }),
  await_expression: (node) => ({ is: 'inner', of: node.firstNamedChild }),
  try_expression: (node) => ({ is: 'inner', of: node.firstNamedChild }),
  generic_function: (node) => ({ is: 'inner', of: node.childForFieldName('function') }),
  generic_type: (node) => ({ is: 'inner', of: node.childForFieldName('type') }),
  generic_type_with_turbofish: (node) => ({ is: 'inner', of: node.childForFieldName('type') }),
  call_expression: callOf,
  struct_expression: (node) => ({
    is: 'call',
    callee: node.childForFieldName('name'),
    makes: true,
    args: (node.childForFieldName('body')?.namedChildren ?? []).flatMap((field): Argument[] => {
      const value =
        field.childForFieldName('value') ??
        (field.type === 'shorthand_field_initializer' ? field.lastNamedChild : null);
      const name = field.childForFieldName('field') ?? value;
      return value && name ? [{ value, name: name.text }] : [];
    }),
  }),
  macro_invocation: macroOf,
  token_tree: tokensOf,
  field_expression: (node) => {
    const name = node.childForFieldName('field');
    return name && { is: 'member', object: node.childForFieldName('value'), n: name.text, at: name };
  },
  index_expression: ({ namedChildren: [object = null, index] }) =>
    snapshotRead(object, index) ??
    (index?.type === 'string_literal' ? { is: 'member', object, n: index.text.slice(1, -1), at: index } : null),
  scoped_identifier: pathOf,
  scoped_type_identifier: pathOf,
  identifier: nameOf,
  type_identifier: nameOf,
  self: nameOf,
  // A variable may be called like a module.
  crate: (node) => ({ is: 'name', n: /^(crate|self)$/.test(node.text) ? node.text : `${node.text}::`, at: node }),
  super: (node) => ({ is: 'name', n: node.text, at: node }),
  array_expression: (node) => ({ is: 'list', items: node.namedChildren }),
  tuple_expression: (node) => ({ is: 'list', items: node.namedChildren }),
  boolean_literal: (node) => ({ is: 'value', v: node.text === 'true' }),
  integer_literal: numberIn,
  float_literal: numberIn,
  negative_literal: numberIn,
  string_literal: (node) => ({ is: 'text', parts: [unescape(node.text.replace(/^[a-z]*"|"$/g, ''))] }),
  raw_string_literal: (node) => ({ is: 'text', parts: [node.text.replace(/^[a-z]*#*"|"#*$/g, '')] }),
};

function nameOf(node: Node): Role {
  const n = node.text.replace(/^r#/, '');
  return { is: 'name', n: n === 'self' || n === 'Self' ? 'this' : n, at: node };
}

/** `flags::KEY`; `self::KEY` names a module, not an object: what begins a path is told by the type of its node. */
function pathOf(node: Node): Role | null {
  const name = node.childForFieldName('name');
  const path = node.childForFieldName('path');
  if (!name) return null;
  if (!path) return { is: 'name', n: name.text, at: name };
  const isModule = path.type === 'self' || (path.type === 'identifier' && /^[a-z_]/.test(path.text));
  const object = isModule ? path.as('crate', path.startIndex, path.endIndex) : path;
  return { is: 'member', object, n: name.text, at: name };
}

/** Calls that give what they are given, or what they are asked of: of pointers, locks, results. */
const wraps =
  /^(Some|Ok|String::from|((std::)?(sync|rc|boxed)::)?(Box|Arc|Rc|Mutex|RwLock)::(new|clone|pin)|(web::)?Data::(new|from)|Extension|State|Cow::(Borrowed|from))$/;

function callOf(node: Node): Role | null {
  const named = node.childForFieldName('function');
  const args = (node.childForFieldName('arguments')?.namedChildren ?? [])
    .filter(({ type }) => !type.endsWith('comment') && type !== 'attribute_item')
    .map((value) => ({ value }));
  const [first] = args;
  const callee = named?.type === 'generic_function' ? named.childForFieldName('function') : named;
  if (!callee) return null;
  if (first && args.length === 1 && wraps.test(callee.text)) return { is: 'inner', of: first.value };
  if (callee.type === 'field_expression') {
    const of = callee.childForFieldName('value');
    const name = callee.childForFieldName('field')?.text ?? '';
    if (hands.test(name) && (!first || (name === 'expect' && args.length === 1))) return { is: 'inner', of };
    if (name === 'unwrap_or' && first) return { is: 'binary', op: '??', a: of, b: first.value };
  }
  return { is: 'call', callee, args };
}

function numberIn(node: Node): Role | null {
  const v = numberOf(node.text.replace(/_?[iuf](8|16|32|64|128|size)$/, ''));
  return Number.isFinite(v) ? { is: 'value', v } : null;
}

export const rust: LanguageSupport = {
  id: 'rust',
  family: 'rust',
  grammar: 'rust',
  extensions: ['.rs'],
  extractor: grammarExtractor({
    family: 'rust',
    roles,
    leaves: [
      'block_comment',
      'boolean_literal',
      'char_literal',
      'crate',
      'field_identifier',
      'float_literal',
      'identifier',
      'integer_literal',
      'line_comment',
      'primitive_type',
      'raw_string_literal',
      'self',
      'string_literal',
      'super',
      'type_identifier',
    ],
    tokens: [...inTokens, ',', '-'],
    classes: ['impl_item', 'trait_item'],
    bodies: ['declaration_list'],
    assignments: ['assignment_expression', 'compound_assignment_expr'],
    spans: ['start', 'start_with_context', 'span_builder'],
  }),
  testPath: /(^|\/)(tests|benches|examples)\/|(^|\/)(tests?|\w+_tests?)\.rs$/,
  generatedPath: /(^|\/)(generated|gen)\//,
  candidates: ['\\baxum::', 'actix_web', 'rocket::', 'tonic::'],
  excluded: ['**/target/**/*.rs'],
  configs: ['Cargo.toml'],
  resolver: (files, configs) => new RustResolver(files, configs),
  routes: [rustRoutes],
  jobs: () => new Map(),
};
