import type { Inner } from '../embed/inner';
import { childOf, childrenOf, numberOf } from '../extract/grammar/nodes';
import { grammarExtractor } from '../extract/grammar/grammarExtractor';
import type { LanguageGrammar, Roles } from '../extract/grammar/languageGrammar';
import type { Role, SwitchCase, Variable } from '../extract/grammar/role';
import { phpJobs } from '../frameworks/phpJobs';
import { phpRoutes } from '../frameworks/phpRoutes';
import { PhpResolver } from '../resolve/phpResolver';
import { argumentsIn, callOf, code, memberOf, methodCallOf, subscriptOf } from '../extract/php/calls';
import { classOf, enumOf, functionOf, typeName, usesOf } from '../extract/php/declarations';
import { bare, dedented, indentOf, numberIn, partsOf } from '../extract/php/texts';
import { ifOf } from '../extract/php/branches';
import type { SyntaxNode as Node } from '../syntaxTree';
import type { LanguageSupport } from './language';

/** Variables keep their `$`: a function, a constant or a class may be called alike. Fields do not, as their readers do not. */
const roles: Roles = {
  comment: () => ({ is: 'skip' }),
  text_interpolation: () => ({ is: 'skip' }),
  namespace_definition: (node) => ({
    is: 'package',
    name: node.childForFieldName('name')?.text ?? '',
    statements: node.childForFieldName('body')?.namedChildren ?? [],
  }),
  namespace_use_declaration: usesOf,
  class_declaration: (node) => classOf(node, 'class'),
  trait_declaration: (node) => classOf(node, 'class'),
  interface_declaration: (node) => classOf(node, 'interface'),
  enum_declaration: enumOf,
  anonymous_class: (node) => classOf(node, 'class'),
  enum_case: (node) => {
    const name = node.childForFieldName('name');
    const value = node.childForFieldName('value');
    return name && { is: 'entry', n: name.text, at: name, args: value ? [{ value }] : [], value: null, members: [] };
  },
  // What a trait has is as if the class said it: read as what it stands on.
  use_declaration: () => ({ is: 'skip' }),
  function_definition: (node) => functionOf(node, node.childForFieldName('name')?.text ?? null),
  method_declaration: (node) => {
    const name = node.childForFieldName('name')?.text ?? null;
    return { ...functionOf(node, name), ...(name === '__construct' && { makes: true as const }) };
  },
  anonymous_function: (node) => functionOf(node, null),
  arrow_function: (node) => ({ ...functionOf(node, null), lastIsValue: true }),
  property_declaration: (node) => {
    const type = typeName(node.childForFieldName('type'));
    return {
      is: 'variables',
      names: childrenOf(node, 'property_element').flatMap((element): Variable[] => {
        const name = element.childForFieldName('name');
        const value = element.childForFieldName('default_value');
        return name ? [{ n: bare(name.text), at: name, type, value, constant: false }] : [];
      }),
    };
  },
  const_declaration: (node) => ({
    is: 'variables',
    names: childrenOf(node, 'const_element').flatMap(({ namedChildren: [name, value] }): Variable[] =>
      name ? [{ n: name.text, at: name, type: null, value: value ?? null, constant: true }] : [],
    ),
  }),
  function_static_declaration: (node) => ({
    is: 'variables',
    names: childrenOf(node, 'static_variable_declaration').flatMap((each): Variable[] => {
      const name = each.childForFieldName('name');
      const value = each.childForFieldName('value');
      return name ? [{ n: name.text, at: name, type: null, value, constant: false }] : [];
    }),
  }),
  compound_statement: (node) => ({ is: 'block', statements: node.namedChildren }),
  colon_block: (node) => ({ is: 'block', statements: node.namedChildren }),
  expression_statement: (node) => ({ is: 'inner', of: node.firstNamedChild }),
  if_statement: ifOf,
  else_clause: (node) => ({ is: 'inner', of: node.childForFieldName('body') }),
  switch_statement: (node) => ({
    is: 'switch',
    subject: node.childForFieldName('condition'),
    cases: childrenOf(node.childForFieldName('body'), 'case_statement', 'default_statement').map((each): SwitchCase => {
      const value = each.childForFieldName('value');
      return {
        tests: value ? [value] : [],
        body: each.namedChildren.filter((child) => child !== value && child.type !== 'comment'),
        isDefault: each.type === 'default_statement',
        falls: true,
      };
    }),
  }),
  match_expression: (node) => {
    const subject = node.childForFieldName('condition');
    const body = node.childForFieldName('body');
    return {
      is: 'switch',
      subject: /^\(\s*true\s*\)$/i.test(subject?.text ?? '') ? null : subject,
      cases: childrenOf(body, 'match_conditional_expression', 'match_default_expression').map((each): SwitchCase => {
        const value = each.childForFieldName('return_expression');
        return {
          tests: each.childForFieldName('conditional_expressions')?.namedChildren ?? [],
          body: value ? [value] : [],
          isDefault: each.type === 'match_default_expression',
        };
      }),
    };
  },
  conditional_expression: (node) => {
    const condition = node.childForFieldName('condition');
    const then = node.childForFieldName('body');
    const other = node.childForFieldName('alternative');
    if (!then) return { is: 'binary', op: '??', a: condition, b: other };
    return { is: 'if', conditions: condition ? [condition] : [], then: [then], other: other ? [other] : [] };
  },
  return_statement: (node) => ({ is: 'return', value: node.firstNamedChild }),
  exit_statement: () => ({ is: 'leave' }),
  throw_expression: () => ({ is: 'leave' }),
  break_statement: () => ({ is: 'leave' }),
  continue_statement: () => ({ is: 'leave' }),
  goto_statement: () => ({ is: 'leave' }),
  foreach_statement: (node) => {
    const body = node.childForFieldName('body');
    const [list, ...names] = node.namedChildren.filter((child) => child !== body);
    const variables = names.flatMap((name) => name.descendantsOfType(['variable_name']));
    return {
      is: 'scope',
      names: variables.map((name) => ({ n: name.text, at: name, type: null, value: null, constant: false })),
      children: [list, body].flatMap((child) => child ?? []),
    };
  },
  assignment_expression: assignmentOf,
  reference_assignment_expression: assignmentOf,
  augmented_assignment_expression: (node) => ({
    is: 'assign',
    target: node.childForFieldName('left'),
    value: node.childForFieldName('operator')?.type === '??=' ? node.childForFieldName('right') : null,
  }),
  update_expression: (node) => ({ is: 'assign', target: node.childForFieldName('argument'), value: null }),
  unary_op_expression: (node) => {
    const of = node.childForFieldName('argument') ?? node.firstNamedChild;
    const operator = node.childForFieldName('operator')?.type;
    if (operator === '!') return { is: 'not', of };
    const v = operator === '-' && of ? -numberOf(of.text) : NaN;
    return Number.isFinite(v) ? { is: 'value', v } : null;
  },
  binary_expression: (node) => ({
    is: 'binary',
    op: operators[node.childForFieldName('operator')?.type.toLowerCase() ?? ''] ?? '',
    a: node.childForFieldName('left'),
    b: node.childForFieldName('right'),
  }),
  parenthesized_expression: (node) => ({ is: 'inner', of: code(node)[0] ?? null }),
  cast_expression: (node) => ({ is: 'inner', of: node.childForFieldName('value') }),
  error_suppression_expression: (node) => ({ is: 'inner', of: node.firstNamedChild }),
  clone_expression: (node) => ({ is: 'inner', of: node.firstNamedChild }),
  print_intrinsic: (node) => ({ is: 'inner', of: node.firstNamedChild }),
  function_call_expression: callOf,
  member_call_expression: methodCallOf,
  nullsafe_member_call_expression: methodCallOf,
  scoped_call_expression: methodCallOf,
  object_creation_expression: (node) => {
    const made = childOf(node, 'anonymous_class');
    if (made) return { is: 'inner', of: made };
    const callee = childOf(node, 'name', 'qualified_name', 'relative_name', 'relative_scope', 'variable_name');
    return callee && { is: 'call', callee, args: argumentsIn(childOf(node, 'arguments')), makes: true };
  },
  member_access_expression: memberOf,
  nullsafe_member_access_expression: memberOf,
  scoped_property_access_expression: memberOf,
  class_constant_access_expression: ({ namedChildren: [object = null, name] }) =>
    name ? { is: 'member', object, n: name.text, at: name } : null,
  subscript_expression: subscriptOf,
  variable_name: (node) => ({ is: 'name', n: node.text === '$this' ? 'this' : node.text, at: node }),
  relative_scope: (node) => ({ is: 'name', n: node.text === 'parent' ? 'super' : 'this', at: node }),
  name: (node) => ({ is: 'name', n: node.text, at: node }),
  qualified_name: (node) => ({ is: 'name', n: node.text, at: node }),
  relative_name: (node) => ({ is: 'name', n: node.text.replace(/^namespace\\/i, ''), at: node }),
  array_creation_expression: arrayOf,
  by_ref: (node) => ({ is: 'inner', of: node.firstNamedChild }),
  boolean: (node) => ({ is: 'value', v: /^true$/i.test(node.text) }),
  null: () => ({ is: 'value', v: null }),
  integer: numberIn,
  float: numberIn,
  // Only the quote and the backslash are escaped in it.
  string: (node) => ({ is: 'text', parts: [node.text.slice(1, -1).replace(/\\([\\'])/g, '$1')] }),
  encapsed_string: (node) => ({ is: 'text', parts: partsOf(node, '') }),
  heredoc: (node) => ({ is: 'text', parts: partsOf(childOf(node, 'heredoc_body'), indentOf(node)) }),
  nowdoc: (node) => ({ is: 'text', parts: [dedented(childOf(node, 'nowdoc_body')?.text ?? '', indentOf(node))] }),
};

const operators: Readonly<Record<string, string>> = {
  and: '&&',
  '&&': '&&',
  or: '||',
  '||': '||',
  '??': '??',
  '.': '+',
  '==': '==',
  '===': '===',
  '!=': '!=',
  '<>': '!=',
  '!==': '!==',
  '<': '<',
  '<=': '<=',
  '>': '>',
  '>=': '>=',
};

function assignmentOf(node: Node): Role {
  return { is: 'assign', target: node.childForFieldName('left'), value: node.childForFieldName('right') };
}

function arrayOf(node: Node): Role {
  const items = childrenOf(node, 'array_element_initializer').map(code);
  if (items.some(({ length }) => length > 1))
    return { is: 'map', entries: items.flatMap(([key, value]) => (key && value ? [[key, value]] : [])) };
  return { is: 'list', items: items.flatMap(([item]) => item ?? []) };
}

const deepestHole = 500;

/** The grammar does not survive texts in holes of texts thousands deep: from hundreds on the file is left blank. */
function shallow(text: string): Inner {
  let depth = 0;
  for (const { index, 0: token } of text.matchAll(/\{\$|\}/g)) {
    depth = token === '}' ? Math.max(0, depth - 1) : depth + 1;
    if (depth > deepestHole)
      return { text: text.slice(0, index) + text.slice(index).replace(/[^\r\n]/g, ' '), guards: [] };
  }
  return { text, guards: [] };
}

export const phpGrammar: LanguageGrammar = {
  family: 'php',
  roles,
  leaves: [
    'comment',
    'escape_sequence',
    'float',
    'integer',
    'name',
    'namespace_name',
    'php_tag',
    'qualified_name',
    'relative_scope',
    'string',
    'string_content',
    'text',
    'text_interpolation',
    'variable_name',
  ],
  classes: ['class_declaration', 'enum_declaration', 'interface_declaration', 'trait_declaration'],
  bodies: ['declaration_list', 'enum_declaration_list'],
  assignments: [
    'assignment_expression',
    'augmented_assignment_expression',
    'reference_assignment_expression',
    'update_expression',
  ],
  assignmentDeclares: true,
  packageOf: (root) =>
    childOf(root, 'namespace_definition')?.childForFieldName('name')?.text.replaceAll('\\', '.') ?? '',
  spans: ['spanBuilder'],
};

export const php: LanguageSupport = {
  id: 'php',
  family: 'php',
  grammar: 'php',
  host: { read: shallow },
  extensions: ['.php', '.phtml', '.inc'],
  extractor: grammarExtractor(phpGrammar),
  testPath: /(^|\/)(tests?|Tests?|spec|features)\/|(^|\/)\w*(Test|TestCase|Spec|Cest)\.php$/,
  generatedPath: /(^|\/)(generated|cache)\/|(^|\/)_ide_helper\w*\.php$/,
  candidates: ['Illuminate', 'Symfony', '\\bSlim\\b'],
  excluded: ['**/vendor/**/*.php'],
  configs: ['composer.json'],
  resolver: (files, configs) => new PhpResolver(files, configs),
  routes: [phpRoutes],
  jobs: phpJobs,
};
