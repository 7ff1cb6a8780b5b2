import { withoutDirectives } from '../embed/swiftDirectives';
import { grammarExtractor } from '../extract/grammar/grammarExtractor';
import type { Roles } from '../extract/grammar/languageGrammar';
import { childOf, childrenOf, hasToken, numberOf } from '../extract/grammar/nodes';
import type { Variable } from '../extract/grammar/role';
import type { LanguageSupport } from './language';
import {
  given,
  numberIn,
  binaryOf,
  classOf,
  entriesOf,
  functionOf,
  paramOf,
  variablesOf,
  getterIn,
  branchOf,
  caseOf,
  patternOf,
  callOf,
  argumentsIn,
  prefixed,
  textOf,
  textEntry,
  impliedText,
} from '../extract/swift/said';
const roles: Roles = {
  comment: () => ({ is: 'skip' }),
  multiline_comment: () => ({ is: 'skip' }),
  import_declaration: (node) => {
    const module = childOf(node, 'identifier')?.firstNamedChild;
    return module ? { is: 'import', names: [{ all: module.text }] } : null;
  },
  class_declaration: classOf,
  protocol_declaration: classOf,
  enum_entry: (node) => ({ is: 'variables', names: entriesOf(node, false) }),
  [textEntry]: (node) => ({ is: 'variables', names: entriesOf(node, true) }),
  [impliedText]: (node) => ({ is: 'text', parts: [node.text] }),
  function_declaration: (node) => functionOf(node, node.childForFieldName('name')?.text ?? null),
  protocol_function_declaration: (node) => functionOf(node, node.childForFieldName('name')?.text ?? null),
  init_declaration: (node) => ({ ...functionOf(node, null), makes: true }),
  subscript_declaration: (node) => ({
    ...functionOf(node, 'subscript'),
    body: getterIn(childOf(node, 'computed_property')) ?? [],
  }),
  lambda_literal: (node) => ({
    is: 'function',
    n: null,
    params: childrenOf(
      childOf(childOf(node, 'lambda_function_type'), 'lambda_function_type_parameters'),
      'lambda_parameter',
    ).map(paramOf),
    body: childrenOf(node, 'statements'),
    lastIsValue: true,
    returns: null,
    annotations: [],
  }),
  property_declaration: (node) => ({ is: 'variables', names: variablesOf(node) }),
  protocol_property_declaration: (node) => ({ is: 'variables', names: variablesOf(node) }),
  statements: (node) => ({ is: 'block', statements: node.namedChildren }),
  function_body: (node) => ({ is: 'inner', of: childOf(node, 'statements') }),
  for_statement: (node) => {
    const item = node.childForFieldName('item');
    const name = item?.childForFieldName('bound_identifier') ?? childOf(item, 'simple_identifier');
    const names: Variable[] = name ? [{ n: name.text, at: name, type: null, value: null, constant: true }] : [];
    return { is: 'scope', names, children: node.namedChildren.filter((child) => child !== item) };
  },
  if_statement: (node) => branchOf(node),
  guard_statement: (node) => {
    const { then, ...rest } = branchOf(node);
    return { ...rest, then: [], other: then };
  },
  ternary_expression: (node) => ({
    is: 'if',
    conditions: given(node.childForFieldName('condition')),
    then: given(node.childForFieldName('if_true')),
    other: given(node.childForFieldName('if_false')),
  }),
  switch_statement: (node) => ({
    is: 'switch',
    subject: node.childForFieldName('expr'),
    cases: childrenOf(node, 'switch_entry').map(caseOf),
  }),
  pattern: patternOf,
  switch_pattern: (node) => ({ is: 'inner', of: node.firstNamedChild }),
  control_transfer_statement: (node) => {
    if (!hasToken(node, 'return')) return { is: 'leave' };
    return { is: 'return', value: node.childForFieldName('result') };
  },
  assignment: (node) => ({
    is: 'assign',
    target: node.childForFieldName('target')?.firstNamedChild ?? null,
    value: node.childForFieldName('operator')?.type === '=' ? node.childForFieldName('result') : null,
  }),
  call_expression: (node) => prefixed(node) ?? callOf(node),
  constructor_expression: (node) => ({
    is: 'call',
    callee: node.childForFieldName('constructed_type'),
    args: argumentsIn(childOf(node, 'constructor_suffix')),
  }),
  navigation_expression: (node) => {
    const suffix = node.childForFieldName('suffix')?.childForFieldName('suffix');
    const found = prefixed(node);
    if (found || !suffix) return found;
    const target = node.childrenForFieldName('target').find(({ isNamed }) => isNamed) ?? null;
    return { is: 'member', object: target, n: suffix.text, at: suffix };
  },
  prefix_expression: (node) => {
    const target = node.childForFieldName('target');
    switch (node.childForFieldName('operation')?.text) {
      case '!':
        return { is: 'not', of: target };
      case '.':
        return target && { is: 'member', object: null, n: target.text, at: target };
      case '-': {
        const v = target ? -numberOf(target.text) : NaN;
        return Number.isFinite(v) ? { is: 'value', v } : null;
      }
      default:
        return { is: 'inner', of: target };
    }
  },
  postfix_expression: (node) => ({ is: 'inner', of: node.childForFieldName('target') }),
  try_expression: (node) => ({ is: 'inner', of: node.childForFieldName('expr') }),
  await_expression: (node) => ({ is: 'inner', of: node.childForFieldName('expr') }),
  as_expression: (node) => ({ is: 'inner', of: node.childForFieldName('expr') }),
  tuple_expression: (node) => {
    const values = node.childrenForFieldName('value').filter(({ isNamed }) => isNamed);
    return values.length === 1 ? { is: 'inner', of: values[0] ?? null } : null;
  },
  conjunction_expression: binaryOf,
  disjunction_expression: binaryOf,
  equality_expression: binaryOf,
  comparison_expression: binaryOf,
  additive_expression: binaryOf,
  nil_coalescing_expression: (node) => ({
    is: 'binary',
    op: '??',
    a: node.childForFieldName('value'),
    b: node.childForFieldName('if_nil'),
  }),
  array_literal: (node) => ({ is: 'list', items: node.childrenForFieldName('element') }),
  dictionary_literal: (node) => {
    const values = node.childrenForFieldName('value');
    return {
      is: 'map',
      entries: node.childrenForFieldName('key').flatMap((key, i) => (values[i] ? [[key, values[i]] as const] : [])),
    };
  },
  user_type: (node) => {
    const names = childrenOf(node, 'type_identifier');
    const at = names.at(-1);
    if (!at) return null;
    if (names.length === 1) return { is: 'name', n: at.text, at };
    return { is: 'member', object: node.of(names.slice(0, -1)), n: at.text, at };
  },
  // What its own type has is as good as what its object has.
  simple_identifier: (node) => ({
    is: 'name',
    n: node.text === 'Self' ? 'this' : node.text.replace(/`/g, ''),
    at: node,
  }),
  type_identifier: (node) => ({ is: 'name', n: node.text, at: node }),
  self_expression: (node) => ({ is: 'name', n: 'this', at: node }),
  super_expression: (node) => ({ is: 'name', n: 'super', at: node }),
  boolean_literal: (node) => ({ is: 'value', v: node.text === 'true' }),
  integer_literal: (node) => numberIn(node),
  real_literal: (node) => numberIn(node),
  line_string_literal: textOf,
  multi_line_string_literal: textOf,
  raw_string_literal: (node) => ({ is: 'text', parts: [node.text.replace(/^#+"|"#+$/g, '')] }),
};

export const swift: LanguageSupport = {
  id: 'swift',
  family: 'swift',
  grammar: 'swift',
  readable: withoutDirectives,
  extensions: ['.swift'],
  extractor: grammarExtractor({
    family: 'swift',
    roles,
    leaves: [
      'boolean_literal',
      'comment',
      'integer_literal',
      'line_str_text',
      'multiline_comment',
      'real_literal',
      'simple_identifier',
      'str_escaped_char',
      'type_identifier',
    ],
    tokens: [',', '.', 'return'],
    classes: ['class_declaration'],
    bodies: ['class_body', 'enum_class_body'],
    assignments: ['assignment'],
    spans: ['spanBuilder'],
    implicit: '$0',
  }),
  testPath: /(^|\/)\w*Tests?\/|\w*(Tests?|Spec|Mocks?|Stubs?)\.swift$/,
  generatedPath: /(^|\/)(Generated|DerivedData)\/|\.generated\.swift$/,
  candidates: [],
  excluded: ['**/Pods/**', '**/Carthage/**', '**/.build/**'],
  configs: [],
  // All files of a module see each other's names.
  declares: {
    names: /^\w+$/,
    written: (names) => `\\b(class|struct|enum|protocol|actor|extension|func|let|var|typealias)\\s+(${names})\\b`,
  },
  resolver: () => ({ resolve: () => null, forgetMisses: () => undefined }),
  routes: [],
  jobs: () => new Map(),
};
