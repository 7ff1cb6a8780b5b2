import type { Inner } from '../embed/inner';
import { snapshotRead } from '../extract/grammar/snapshotRead';
import { between, childOf, childrenOf, hasToken, numberOf } from '../extract/grammar/nodes';
import { grammarExtractor } from '../extract/grammar/grammarExtractor';
import type { Roles } from '../extract/grammar/languageGrammar';
import { javaJobs } from '../frameworks/javaJobs';
import { javaServices } from '../frameworks/javaServices';
import { ktorRoutes } from '../frameworks/ktor';
import { springRoutes } from '../frameworks/spring';
import type { LanguageSupport } from './language';
import { jvmResolver } from './jvmResolver';
import {
  isCode,
  packageIn,
  importOf,
  classOf,
  functionOf,
  paramOf,
  variablesOf,
  variableOf,
  callOf,
  argumentsIn,
  unaryOf,
  prefixed,
  genericCall,
  textOf,
} from '../extract/kotlin/said';

const roles: Roles = {
  line_comment: () => ({ is: 'skip' }),
  block_comment: () => ({ is: 'skip' }),
  file_annotation: () => ({ is: 'skip' }),
  package_header: (node) => ({ is: 'package', name: packageIn(node.text) }),
  import: importOf,
  class_declaration: (node) => {
    const words = childOf(node, 'modifiers')?.text ?? '';
    const kind = hasToken(node, 'interface') ? 'interface' : /\benum\b/.test(words) ? 'enum' : 'class';
    return classOf(node, kind);
  },
  object_declaration: (node) => classOf(node, 'object'),
  object_literal: (node) => classOf(node, 'class'),
  companion_object: (node) => ({ is: 'members', of: childOf(node, 'class_body')?.namedChildren ?? [] }),
  enum_entry: (node) => {
    const name = childOf(node, 'identifier');
    const members = childOf(node, 'class_body')?.namedChildren ?? [];
    return name && { is: 'entry', n: name.text, at: name, args: argumentsIn(node), value: null, members };
  },
  function_declaration: (node) => functionOf(node, node.childForFieldName('name')),
  anonymous_function: (node) => functionOf(node, null),
  secondary_constructor: (node) => ({ ...functionOf(node, null), makes: true, body: childrenOf(node, 'block') }),
  lambda_literal: (node) => ({
    is: 'function',
    n: null,
    params: (childOf(node, 'lambda_parameters')?.namedChildren ?? []).map(paramOf),
    body: node.namedChildren.filter(({ type }) => type !== 'lambda_parameters'),
    lastIsValue: true,
    returns: null,
    annotations: [],
  }),
  annotated_lambda: (node) => ({ is: 'inner', of: childOf(node, 'lambda_literal') }),
  property_declaration: (node) => ({ is: 'variables', names: variablesOf(node) }),
  when_subject: (node) =>
    childOf(node, 'variable_declaration')
      ? { is: 'variables', names: variablesOf(node) }
      : { is: 'inner', of: node.lastNamedChild },
  block: (node) => ({ is: 'block', statements: node.namedChildren }),
  for_statement: (node) => ({
    is: 'scope',
    names: childrenOf(node, 'variable_declaration').map((name) => variableOf(name, null, false)),
    children: node.namedChildren.filter(({ type }) => type !== 'variable_declaration'),
  }),
  catch_block: (node) => ({ is: 'scope', names: [], children: childrenOf(node, 'block') }),
  if_expression: (node) => {
    const condition = node.childForFieldName('condition');
    const [then] = between(node, null, 'else').filter((child) => child !== condition && isCode(child));
    const [other] = between(node, 'else', null).filter(isCode);
    return {
      is: 'if',
      conditions: condition ? [condition] : [],
      then: then ? [then] : [],
      other: other ? [other] : [],
    };
  },
  when_expression: (node) => ({
    is: 'switch',
    subject: childOf(node, 'when_subject'),
    cases: childrenOf(node, 'when_entry').map((entry) => ({
      tests: entry.childrenForFieldName('condition').filter(({ isNamed }) => isNamed),
      body: between(entry, '->', null).filter(isCode),
      isDefault: hasToken(entry, 'else'),
    })),
  }),
  return_expression: (node) => ({
    is: 'return',
    value: node.namedChildren.findLast(({ field }) => field !== 'label') ?? null,
  }),
  throw_expression: () => ({ is: 'leave' }),
  assignment: (node) => ({
    is: 'assign',
    target: node.childForFieldName('left'),
    value: node.childForFieldName('operator')?.type === '=' ? node.childForFieldName('right') : null,
  }),
  unary_expression: unaryOf,
  binary_expression: (node) => {
    const generic = genericCall(node);
    if (generic) return { is: 'inner', of: generic };
    const op = node.childForFieldName('operator')?.type ?? '';
    return {
      is: 'binary',
      op: op === '?:' ? '??' : op,
      a: node.childForFieldName('left'),
      b: node.childForFieldName('right'),
    };
  },
  infix_expression: (node) => {
    const [a = null, word, b = null] = node.namedChildren;
    const op = word?.text === 'or' ? '||' : word?.text === 'and' ? '&&' : '';
    return op === '' ? null : { is: 'binary', op, a, b };
  },
  as_expression: (node) => ({ is: 'inner', of: node.childForFieldName('left') }),
  parenthesized_expression: (node) => ({ is: 'inner', of: node.namedChildren.find(isCode) ?? null }),
  call_expression: (node) => prefixed(node) ?? callOf(node),
  constructor_invocation: (node) => ({ is: 'call', callee: childOf(node, 'user_type'), args: argumentsIn(node) }),
  navigation_expression: (node) => {
    const [object = null, name] = node.namedChildren.filter(isCode);
    return prefixed(node) ?? (name ? { is: 'member', object, n: name.text, at: name } : null);
  },
  index_expression: ({ namedChildren: [object = null, index] }) => snapshotRead(object, index),
  callable_reference: (node) => {
    const [a, b] = node.namedChildren;
    if (a && b) return { is: 'member', object: a, n: b.text, at: b };
    return a ? { is: 'name', n: a.text, at: a } : null;
  },
  user_type: (node) => {
    const names = childrenOf(node, 'identifier');
    const at = names.at(-1);
    if (!at) return null;
    if (names.length === 1) return { is: 'name', n: at.text, at };
    return { is: 'member', object: node.of(names.slice(0, -1)), n: at.text, at };
  },
  identifier: (node) => {
    const n = node.text;
    if (n === 'true' || n === 'false') return { is: 'value', v: n === 'true' };
    if (n === 'null') return { is: 'value', v: null };
    return n === 'break' || n === 'continue' ? { is: 'leave' } : { is: 'name', n: n.replace(/^`|`$/g, ''), at: node };
  },
  this_expression: (node) => ({ is: 'name', n: 'this', at: node }),
  super_expression: (node) => ({ is: 'name', n: 'super', at: node }),
  number_literal: (node) => {
    const v = numberOf(node.text);
    return Number.isFinite(v) ? { is: 'value', v } : null;
  },
  string_literal: textOf,
  multiline_string_literal: textOf,
  collection_literal: (node) => ({ is: 'list', items: node.namedChildren }),
};

const typedParts = /(\{\s{0,200}\([\w\s,:.<>?]{0,500}\))(\s{0,200}:\s{0,200}[\w.<>?, ]{1,200}?)(?=\s{0,200}->)/g;

/** The grammar stumbles over the type of what a lambda takes apart (`{ (a, _): Pair -> … }`) and loses what follows. */
function untyped(text: string): Inner {
  const blank = (_: string, parts: string, type: string): string => parts + type.replace(/[^\r\n]/g, ' ');
  return { text: text.replace(typedParts, blank), guards: [] };
}

export const kotlin: LanguageSupport = {
  id: 'kotlin',
  family: 'java',
  grammar: 'kotlin',
  host: { read: untyped },
  extensions: ['.kt', '.kts'],
  extractor: grammarExtractor({
    family: 'java',
    roles,
    leaves: ['block_comment', 'escape_sequence', 'identifier', 'line_comment', 'number_literal', 'string_content'],
    tokens: ['->', '=', 'else', 'interface', 'val', 'var'],
    classes: ['class_declaration', 'object_declaration'],
    bodies: ['class_body', 'enum_class_body'],
    assignments: ['assignment', 'unary_expression'],
    packageOf: (root) => packageIn(childOf(root, 'package_header')?.text ?? ''),
    spans: ['spanBuilder'],
    implicit: 'it',
  }),
  testPath:
    /(^|\/)(test|tests|testFixtures|integrationTest|androidTest|commonTest|jvmTest)\/|(^|\/)\w*(Test|Tests|Spec|IT)\.kts?$/,
  generatedPath: /(^|\/)(generated|generated-sources)\//,
  candidates: ['io\\.ktor\\.server'],
  excluded: [],
  configs: [],
  // Files are called as they like; functions and values stand outside of classes.
  declares: {
    names: /^[A-Za-z]\w*$/,
    written: (names) =>
      `\\b(class|interface|object|val|typealias)\\s+(${names})\\b|\\bfun\\s+(<[^>]*>\\s*)?([\\w.<>?]+\\.)?(${names})\\s*\\(`,
  },
  resolver: jvmResolver,
  routes: [springRoutes, javaServices, ktorRoutes],
  jobs: javaJobs,
};
