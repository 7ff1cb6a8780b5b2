import { snapshotRead } from '../extract/grammar/snapshotRead';
import { grammarExtractor } from '../extract/grammar/grammarExtractor';
import type { LanguageGrammar, Roles } from '../extract/grammar/languageGrammar';
import { childOf, childrenOf, numberOf } from '../extract/grammar/nodes';
import type { Argument, ClassRole, FunctionRole, Param, Role } from '../extract/grammar/role';
import { unescape } from '../extract/unescape';
import { withGemConstants } from '../extract/withGemConstants';
import { withOnceAssigned } from '../extract/withOnceAssigned';
import { railsRoutes } from '../frameworks/rails';
import { rubyJobs } from '../frameworks/rubyJobs';
import { RubyResolver } from '../resolve/rubyResolver';
import type { SyntaxNode as Node } from '../syntaxTree';
import type { LanguageSupport, MakeResolver } from './language';

const blockOf = (node: Node): Role => ({ is: 'block', statements: node.namedChildren });
const textOf = (node: Node): Role => ({ is: 'text', parts: partsOf(node) });
const leaves = (): Role => ({ is: 'leave' });
const modified = (node: Node, negated: boolean): Role => ({
  is: 'if',
  conditions: one(node.childForFieldName('condition')),
  then: one(node.childForFieldName('body')),
  other: [],
  ...(negated && { negated: true }),
});
const branched = (node: Node, negated: boolean): Role => ({
  is: 'if',
  conditions: one(node.childForFieldName('condition')),
  then: sideOf(node.childForFieldName('consequence')),
  other: sideOf(node.childForFieldName('alternative')),
  ...(negated && { negated: true }),
});

const roles: Roles = {
  comment: () => ({ is: 'skip' }),
  class: (node) => classOf(node, 'class'),
  module: (node) => classOf(node, 'class'),
  singleton_class: (node) => ({ is: 'members', of: node.childForFieldName('body')?.namedChildren ?? [] }),
  method: (node) => functionOf(node),
  singleton_method: (node) => functionOf(node),
  lambda: (node) => closureOf(node, node.childForFieldName('body')),
  block: (node) => closureOf(node, node),
  do_block: (node) => closureOf(node, node),
  call: callOf,
  super: (node) => ({ is: 'name', n: 'super', at: node }),
  argument_list: (node) => ({ is: 'list', items: node.namedChildren }),
  pair: (node) => ({ is: 'inner', of: node.childForFieldName('value') }),
  block_argument: (node) => ({ is: 'inner', of: node.firstNamedChild }),
  element_reference: (node) => {
    const [object = null, key] = node.namedChildren;
    const read = snapshotRead(object, key);
    if (read) return read;
    const n = key ? writtenIn(key) : undefined;
    return key && n !== undefined ? { is: 'member', object, n, at: key } : null;
  },
  assignment: (node) => {
    const left = node.childForFieldName('left');
    const value = node.childForFieldName('right');
    if (left?.type !== 'constant') return { is: 'assign', target: left, value };
    return { is: 'variables', names: [{ n: left.text, at: left, type: null, value, constant: true }] };
  },
  operator_assignment: (node) => {
    const isMemo = node.childForFieldName('operator')?.type === '||=';
    const target = node.childForFieldName('left');
    return { is: 'assign', target, value: isMemo ? node.childForFieldName('right') : null };
  },
  if: (node) => branched(node, false),
  elsif: (node) => branched(node, false),
  unless: (node) => branched(node, true),
  conditional: (node) => branched(node, false),
  if_modifier: (node) => modified(node, false),
  unless_modifier: (node) => modified(node, true),
  case: (node) => ({
    is: 'switch',
    subject: node.childForFieldName('value'),
    cases: [
      ...childrenOf(node, 'when').map((when) => ({
        tests: when.childrenForFieldName('pattern'),
        body: sideOf(when.childForFieldName('body')),
        isDefault: false,
      })),
      ...childrenOf(node, 'else').map((other) => ({ tests: [], body: sideOf(other), isDefault: true })),
    ],
  }),
  pattern: (node) => ({ is: 'inner', of: node.firstNamedChild }),
  return: (node) => ({ is: 'return', value: node.firstNamedChild?.firstNamedChild ?? null }),
  break: leaves,
  next: leaves,
  redo: leaves,
  retry: leaves,
  body_statement: blockOf,
  block_body: blockOf,
  parenthesized_statements: blockOf,
  begin: blockOf,
  then: blockOf,
  else: blockOf,
  do: blockOf,
  ensure: blockOf,
  interpolation: (node) => ({ is: 'inner', of: node.firstNamedChild }),
  unary: (node) => {
    const of = node.childForFieldName('operand');
    const operator = node.childForFieldName('operator')?.type;
    if (operator === '!' || operator === 'not') return { is: 'not', of };
    const v = operator === '-' && of ? -numberOf(of.text) : NaN;
    return Number.isFinite(v) ? { is: 'value', v } : null;
  },
  binary: (node) => {
    const op = node.childForFieldName('operator')?.type ?? '';
    return {
      is: 'binary',
      op: op === 'and' ? '&&' : op === 'or' ? '||' : op,
      a: node.childForFieldName('left'),
      b: node.childForFieldName('right'),
    };
  },
  scope_resolution: (node) => {
    const object = node.childForFieldName('scope');
    const name = node.childForFieldName('name');
    if (!name) return null;
    return object ? { is: 'member', object, n: name.text, at: name } : { is: 'name', n: name.text, at: name };
  },
  identifier: nameOf,
  constant: nameOf,
  global_variable: nameOf,
  self: (node) => ({ is: 'name', n: 'this', at: node }),
  // What `attr_reader` gives out by its plain name.
  instance_variable: fieldOf,
  class_variable: fieldOf,
  array: (node) => ({ is: 'list', items: node.namedChildren }),
  string_array: (node) => ({ is: 'list', items: node.namedChildren }),
  symbol_array: (node) => ({ is: 'list', items: node.namedChildren }),
  hash: (node) => ({
    is: 'map',
    entries: childrenOf(node, 'pair').flatMap((pair): [string, Node][] => {
      const key = pair.childForFieldName('key');
      const value = pair.childForFieldName('value');
      const n = key ? writtenIn(key) : undefined;
      return value && n !== undefined ? [[n, value]] : [];
    }),
  }),
  string: textOf,
  bare_string: textOf,
  bare_symbol: textOf,
  simple_symbol: textOf,
  delimited_symbol: textOf,
  hash_key_symbol: textOf,
  chained_string: (node) => ({ is: 'text', parts: node.namedChildren.flatMap(partsOf) }),
  integer: numberIn,
  float: numberIn,
  true: () => ({ is: 'value', v: true }),
  false: () => ({ is: 'value', v: false }),
  nil: () => ({ is: 'value', v: null }),
};

/** The statements of a side; of a template what stands between its marks, text or not. */
function sideOf(node: Node | null): readonly Node[] {
  if (node?.type !== 'then' && node?.type !== 'else') return one(node);
  const isTemplate = node.lastNamedChild?.type === 'empty_statement';
  return isTemplate ? [node] : node.namedChildren.filter(({ type }) => type !== 'comment');
}

const one = (node: Node | null): readonly Node[] => (node ? [node] : []);

function nameOf(node: Node): Role {
  return { is: 'name', n: node.text, at: node };
}

function fieldOf(node: Node): Role {
  const self = node.as('self', node.startIndex, node.startIndex);
  return { is: 'member', object: self, n: node.text.replace(/^@+/, ''), at: node };
}

function numberIn(node: Node): Role | null {
  const v = numberOf(node.text);
  return Number.isFinite(v) ? { is: 'value', v } : null;
}

/** `class Shop::Cart < Base` is known by its last name, as all classes are. */
function classOf(node: Node, kind: ClassRole['kind']): ClassRole {
  const path = node.childForFieldName('name');
  const name = path?.type === 'scope_resolution' ? path.childForFieldName('name') : path;
  const base = node.childForFieldName('superclass')?.firstNamedChild;
  const body = node.childForFieldName('body');
  const members = body?.type === 'body_statement' ? body.namedChildren : one(body);
  const mixed = members.flatMap((member) => {
    const isMixin = member.type === 'call' && /^(include|extend|prepend)$/.test(calledName(member));
    return isMixin ? (childOf(member, 'argument_list')?.namedChildren ?? []) : [];
  });
  return {
    is: 'class',
    n: name?.text ?? '',
    at: name ?? node,
    kind,
    bases: [...(base ? [{ of: base, isSuper: true }] : []), ...mixed.map((of) => ({ of, isSuper: false }))],
    maker: null,
    members,
    annotations: [],
  };
}

const calledName = (node: Node): string => node.childForFieldName('method')?.text ?? '';

function functionOf(node: Node): FunctionRole {
  const n = node.childForFieldName('name')?.text ?? null;
  const body = node.childForFieldName('body');
  return {
    is: 'function',
    n,
    params: paramsIn(node.childForFieldName('parameters')),
    body: body?.type === 'body_statement' ? body.namedChildren : body ? [body] : [],
    lastIsValue: true,
    returns: null,
    annotations: [],
    ...(n === 'initialize' && { makes: true }),
  };
}

/** A block or lambda. */
function closureOf(node: Node, around: Node | null): FunctionRole {
  const body =
    childOf(around, 'body_statement', 'block_body') ??
    childOf(childOf(around, 'block', 'do_block'), 'body_statement', 'block_body');
  return {
    is: 'function',
    n: null,
    params: paramsIn(node.childForFieldName('parameters')),
    body: body?.namedChildren ?? [],
    lastIsValue: true,
    returns: null,
    annotations: [],
  };
}

function paramsIn(list: Node | null): readonly Param[] {
  return (list?.namedChildren ?? []).map((node): Param => {
    const name = node.type === 'identifier' ? node : node.childForFieldName('name');
    const isRest = /splat_parameter$|^block_parameter$|^destructured/.test(node.type);
    const value = node.childForFieldName('value');
    return { n: name?.text ?? '', at: name ?? node, type: null, value, ...(isRest && { rest: true }) };
  });
}

/** Calls that hand on what they are called of. */
const transparent =
  /^(freeze|to_s|to_sym|to_str|dup|itself|presence|html_safe|symbolize_keys|with_indifferent_access)$/;
/** `private def x`, and what stands in blocks of concerns, are members of the class around them. */
const visibility = /^(private|public|protected|module_function|private_class_method|memoize|helper_method)$/;
const concern = /^(included|prepended|class_methods)$/;
const sending = /^(public_send|send|__send__|try!?)$/;
const raising = /^(raise|fail|abort|exit)$/;

function callOf(node: Node): Role | null {
  const method = node.childForFieldName('method');
  const receiver = node.childForFieldName('receiver');
  const block = node.childForFieldName('block');
  const list = node.childForFieldName('arguments');
  const args = [...argumentsIn(list), ...(block ? [{ value: block }] : [])];
  if (!method) return { is: 'call', callee: receiver, args };
  const n = method.text;
  if (!receiver) return bareCall(method, list, block, args);
  if (transparent.test(n) && args.length === 0) return { is: 'inner', of: receiver };
  if (n === 'new') return { is: 'call', callee: receiver, args, makes: true };
  const [first, ...rest] = args;
  if (sending.test(n) && first?.value.type === 'simple_symbol') {
    const callee = { is: 'member', object: receiver, n: first.value.text.slice(1), at: first.value } as const;
    return { is: 'call', callee, args: rest };
  }
  const feature = featureOf(receiver);
  if (feature && n === 'enabled?') {
    const callee = { is: 'member', object: feature.of, n, at: method } as const;
    return { is: 'call', callee, args: [{ value: feature.key }, ...args] };
  }
  return { is: 'call', callee: { is: 'member', object: receiver, n, at: method }, args };
}

function bareCall(method: Node, list: Node | null, block: Node | null, args: readonly Argument[]): Role | null {
  const n = method.text;
  const [first] = list?.namedChildren ?? [];
  if (visibility.test(n) && first?.type === 'method') return { is: 'members', of: [first] };
  if (concern.test(n) && block)
    return { is: 'members', of: childOf(block, 'body_statement', 'block_body')?.namedChildren ?? [] };
  if (n === 'define_method' && first && block) return { ...closureOf(block, block), n: writtenIn(first) ?? null };
  if ((n === 'require' || n === 'require_relative') && first) {
    const path = writtenIn(first);
    return path === undefined ? null : { is: 'import', names: [{ all: n === 'require' ? path : `./${path}` }] };
  }
  if (raising.test(n)) return { is: 'leave' };
  return { is: 'call', callee: { is: 'name', n, at: method }, args };
}

const flipper = /flipper/i;

/** `Flipper[:new]`, `Flipper.feature(:new)`: asked itself whether it is on. */
function featureOf(node: Node): { readonly of: Node; readonly key: Node } | undefined {
  const [object, key] = node.type === 'element_reference' ? node.namedChildren : [];
  // Whether what is asked is a client of Flipper's is told by what it is, not by what it is called.
  if (object && key) return writtenIn(key) !== undefined || flipper.test(object.text) ? { of: object, key } : undefined;
  const receiver = node.type === 'call' && calledName(node) === 'feature' ? node.childForFieldName('receiver') : null;
  const given = node.childForFieldName('arguments')?.firstNamedChild;
  return receiver && given && flipper.test(receiver.text) ? { of: receiver, key: given } : undefined;
}

function argumentsIn(list: Node | null): readonly Argument[] {
  return (list?.namedChildren ?? []).flatMap((argument): Argument[] => {
    if (argument.type === 'hash_splat_argument' || argument.type === 'splat_argument') return [];
    if (argument.type !== 'pair') return [{ value: argument }];
    const key = argument.childForFieldName('key');
    // `f(flag:)` gives what has that name.
    const value = argument.childForFieldName('value') ?? key?.as('identifier', key.startIndex, key.endIndex);
    return value ? [{ value, name: (key && writtenIn(key)) ?? '' }] : [];
  });
}

/** What a string or symbol without holes says. */
function writtenIn(node: Node): string | undefined {
  if (!/^(string|simple_symbol|delimited_symbol|hash_key_symbol)$/.test(node.type)) return undefined;
  const parts = partsOf(node);
  return parts.every((part) => typeof part === 'string') ? parts.join('') : undefined;
}

function partsOf(node: Node): readonly (string | Node)[] {
  if (node.type === 'simple_symbol') return [node.text.slice(1)];
  if (node.type === 'hash_key_symbol') return [node.text];
  const isPlain = node.text.startsWith("'");
  return node.namedChildren.flatMap((part): (string | Node)[] => {
    if (part.type === 'interpolation') return [part];
    if (part.type === 'escape_sequence') return [isPlain ? part.text.replace(/\\(['\\])/, '$1') : unescape(part.text)];
    return part.type === 'string_content' ? [part.text] : [];
  });
}

const resolver: MakeResolver = (files) => new RubyResolver(files);

export const rubyGrammar: LanguageGrammar = {
  family: 'ruby',
  roles,
  leaves: [
    'class_variable',
    'comment',
    'constant',
    'escape_sequence',
    'float',
    'global_variable',
    'hash_key_symbol',
    'heredoc_content',
    'heredoc_end',
    'identifier',
    'instance_variable',
    'integer',
    'simple_symbol',
    'string_content',
  ],
  tokens: [],
  classes: ['class', 'module'],
  bodies: ['body_statement'],
  assignments: ['assignment', 'operator_assignment'],
  assignmentDeclares: true,
  spans: ['in_span', 'start_span', 'start_root_span'],
};

/** `on = …`, `on ||= …`; arguments that have defaults look the same. */
const assigned = /(?<![\w@$.:])([a-z_]\w*) *(?:\|\||&&|<<|>>|\*\*|[-+*/|&%^])?=(?![=~>])/g;

export const ruby: LanguageSupport = {
  id: 'ruby',
  family: 'ruby',
  grammar: 'ruby',
  extensions: ['.rb', '.rake', '.ru', '.gemspec', '.jbuilder'],
  extractor: withOnceAssigned(withGemConstants(grammarExtractor(rubyGrammar)), assigned),
  testPath: /(^|\/)(spec|tests?|features|cypress|factories)\/|_(spec|test)\.rb$/,
  generatedPath: /_pb\.rb$/,
  candidates: ['\\.routes\\.draw\\b', 'ActiveJob|ApplicationJob|Sidekiq::(Job|Worker)|include Shoryuken'],
  excluded: ['**/vendor/bundle/**', '**/sorbet/rbi/**'],
  configs: [],
  declares: {
    names: /^[A-Z]\w*$/,
    written: (names) => `\\b(class|module)\\s+(\\w+::)*(${names})\\b|^\\s*(${names})\\s*=[^=~>]`,
  },
  resolver,
  routes: [railsRoutes],
  jobs: rubyJobs,
};
