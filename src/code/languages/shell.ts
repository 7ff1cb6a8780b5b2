import { grammarExtractor } from '../extract/grammar/grammarExtractor';
import type { LanguageGrammar, Roles } from '../extract/grammar/languageGrammar';
import { between, childOf, childrenOf } from '../extract/grammar/nodes';
import type { Argument, Role, Variable } from '../extract/grammar/role';
import { withOnceAssigned } from '../extract/withOnceAssigned';
import { ShellResolver } from '../resolve/shellResolver';
import { flagCommands, flagRequests } from '../sdks/commandLine';
import type { SyntaxNode as Node } from '../syntaxTree';
import type { LanguageSupport, MakeResolver } from './language';

const operators: Readonly<Record<string, string>> = {
  '=': '==',
  '-eq': '==',
  '-ne': '!=',
  '-lt': '<',
  '-le': '<=',
  '-gt': '>',
  '-ge': '>=',
};

const roles: Roles = {
  comment: () => ({ is: 'skip' }),
  heredoc_body: () => ({ is: 'skip' }),
  function_definition: (node) => {
    const name = node.childForFieldName('name');
    const body = node.childForFieldName('body');
    const places = node
      .descendantsOfType(['variable_name'])
      .flatMap(({ text }) => (/^[1-9]$/.test(text) ? [+text] : []));
    const params = Array.from({ length: Math.max(0, ...places) }, (_, i) => ({ n: `${i + 1}`, at: node, type: null }));
    return {
      is: 'function',
      n: name?.text ?? null,
      params,
      body: body ? [body] : [],
      lastIsValue: false,
      returns: null,
      annotations: [],
    };
  },
  declaration_command: (node) => {
    const isConstant = /^(readonly\b|(declare|typeset|local)\s+-\w*r)/.test(node.text);
    if (!isConstant) return null;
    return {
      is: 'variables',
      names: childrenOf(node, 'variable_assignment').flatMap((each) => variableOf(each, true)),
    };
  },
  variable_assignment: (node) => {
    const [variable] = variableOf(node, false);
    // What is written in capitals is set once, by convention.
    if (variable && /^[A-Z][A-Z0-9_]*$/.test(variable.n))
      return { is: 'variables', names: [{ ...variable, constant: true }] };
    return variable ? { is: 'assign', target: variable.at, value: variable.value } : null;
  },
  variable_name: (node) => ({ is: 'name', n: node.text, at: node }),
  simple_expansion: held,
  expansion: (node) => {
    const name = childOf(node, 'variable_name');
    // `${KEY:-default}`
    const [, other = null] = /^\$\{\w+:?[-=]/.test(node.text) ? node.namedChildren : [];
    return other ? { is: 'binary', op: '??', a: name, b: other } : held(node);
  },
  word: (node) => ({ is: 'text', parts: partsOf(node) }),
  number: (node) => ({ is: 'value', v: Number(node.text) }),
  extglob_pattern: (node) => ({ is: 'text', parts: [node.text] }),
  raw_string: (node) => ({ is: 'text', parts: partsOf(node) }),
  // `"$x"` is what x holds.
  string: (node) => {
    const parts = partsOf(node);
    const [only] = parts;
    return parts.length === 1 && only && typeof only !== 'string' ? { is: 'inner', of: only } : { is: 'text', parts };
  },
  concatenation: (node) => ({ is: 'text', parts: node.namedChildren.flatMap(partsOf) }),
  command_substitution: (node) => ({ is: 'block', statements: node.namedChildren }),
  // What a pipeline is fed with is what it says something of.
  pipeline: (node) => ({
    is: 'block',
    statements: [...node.namedChildren.slice(1), ...node.namedChildren.slice(0, 1)],
  }),
  redirected_statement: (node) => ({
    is: 'block',
    statements: [...node.childrenForFieldName('redirect'), ...node.childrenForFieldName('body')],
  }),
  compound_statement: (node) => ({ is: 'block', statements: node.namedChildren }),
  subshell: (node) => ({ is: 'block', statements: node.namedChildren }),
  test_command: (node) => ({ is: 'inner', of: node.firstNamedChild }),
  negated_command: (node) => ({ is: 'not', of: node.firstNamedChild }),
  unary_expression: (node) => {
    const operator = node.childForFieldName('operator');
    return operator?.text === '!' ? { is: 'not', of: node.lastNamedChild } : null;
  },
  binary_expression: (node) => {
    const op = node.childForFieldName('operator')?.text ?? '';
    return {
      is: 'binary',
      op: operators[op] ?? op,
      a: node.childForFieldName('left'),
      b: node.childForFieldName('right'),
    };
  },
  list: (node) => {
    const [a = null, b = null] = node.namedChildren;
    const op = node.children.find(({ isNamed }) => !isNamed)?.type ?? '';
    return { is: 'binary', op, a, b };
  },
  if_statement: (node) => {
    const conditions = node.childrenForFieldName('condition').filter(({ isNamed }) => isNamed);
    const other = childrenOf(node, 'elif_clause', 'else_clause');
    const then = node.namedChildren.filter((child) => !conditions.includes(child) && !other.includes(child));
    return { is: 'if', conditions: conditions.slice(-1), then, other };
  },
  elif_clause: (node) => {
    const then = between(node, 'then', null);
    return { is: 'if', conditions: between(node, null, 'then').slice(-1), then, other: [] };
  },
  case_statement: (node) => ({
    is: 'switch',
    subject: node.childForFieldName('value'),
    cases: childrenOf(node, 'case_item').map((item) => {
      const tests = item.childrenForFieldName('value');
      const isDefault = tests.some(({ text }) => text === '*');
      return {
        tests: isDefault ? [] : tests,
        body: item.namedChildren.filter(({ field }) => field !== 'value'),
        isDefault,
      };
    }),
  }),
  command: commandOf,
};

function variableOf(node: Node, constant: boolean): readonly Variable[] {
  const name = node.childForFieldName('name');
  if (name?.type !== 'variable_name') return [];
  return [{ n: name.text, at: name, type: null, value: node.childForFieldName('value'), constant }];
}

function held(node: Node): Role | null {
  const name = childOf(node, 'variable_name');
  return name && { is: 'name', n: name.text, at: node };
}

/** What a word or string consists of. */
function partsOf(node: Node): readonly (string | Node)[] {
  if (node.type === 'word') return [node.text.replace(/\\(.)/gs, '$1')];
  if (node.type === 'raw_string') return [node.text.slice(1, -1)];
  return node.type === 'string' ? quoted(node) : [node];
}

/** The grammar leaves out blanks before holes. */
function quoted(node: Node): readonly (string | Node)[] {
  const parts: (string | Node)[] = [];
  let at = node.startIndex + 1;
  const text = (to: number): void => {
    const written = node.text.slice(at - node.startIndex, to - node.startIndex);
    if (written !== '') parts.push(written.replace(/\\(["$`\\\n])/g, '$1'));
  };
  for (const hole of node.namedChildren) {
    if (hole.type === 'string_content') continue;
    text(hole.startIndex);
    parts.push(hole);
    at = hole.endIndex;
  }
  text(node.endIndex - 1);
  return parts;
}

const leaving = /^(return|exit|break|continue)$/;
const client = /(^|\/)(curl|wget|https?|xh|xhs|curlie|grpcurl)$/;
const flagInBody = /"flag_?key\\?"\s*:\s*\\?"([^"\\]+)/di;

function commandOf(node: Node): Role | null {
  const name = node.childForFieldName('name');
  const args = node.childrenForFieldName('argument').filter(({ isNamed }) => isNamed);
  if (!name) return null;
  const n = name.text;
  if (leaving.test(n)) return { is: 'leave' };
  if ((n === 'source' || n === '.') && args[0]) return sourced(args[0]);
  const asked = (client.test(n) ? requested(args) : undefined) ?? said(n, args);
  const values = args.map((value): Argument => ({ value }));
  return { is: 'call', callee: { is: 'name', n: asked ? asked.n : n, at: name }, args: asked ? asked.args : values };
}

interface Asked {
  readonly n: string;
  readonly args: readonly Argument[];
}

/** A script beside this one, wherever `$DIR` is. */
function sourced(script: Node): Role {
  const path = script.text.replace(/^["']|["']$/g, '').replace(/^(\$\{[^}]*\}|\$\w+|\$\(.*\))\//s, './');
  return { is: 'import', names: [{ all: path }] };
}

/** A request by URL; the key stands in it, or in what is sent. */
function requested(args: readonly Node[]): Asked | undefined {
  for (const { name, url } of flagRequests) {
    for (const arg of args) {
      const found = url.exec(arg.text);
      if (!found) continue;
      const key = url.hasIndices
        ? keyAt(arg, found)
        : args.map((body) => keyAt(body, flagInBody.exec(body.text))).find(Boolean);
      if (key) return { n: name, args: [{ value: key }] };
    }
  }
  return undefined;
}

/** What the group of a match is: a hole, or text. */
function keyAt(node: Node, found: RegExpExecArray | null): Node | undefined {
  const place = found?.indices?.[1];
  if (!place) return undefined;
  const [from, to] = place.map((at) => at + node.startIndex) as [number, number];
  const written = found[1] ?? '';
  if (!written.includes('$')) return /^[<{:*]/.test(written) ? undefined : node.as('word', from, to);
  return node
    .descendantsOfType(['simple_expansion', 'expansion', 'command_substitution'])
    .find(({ startIndex, endIndex }) => startIndex === from && endIndex === to);
}

/** A program that asks for a flag, by the words that say so; `--flag x` and `--flag=x` are arguments by name. */
function said(n: string, args: readonly Node[]): Asked | undefined {
  const program = n.slice(n.lastIndexOf('/') + 1);
  const words = [program, ...args.map(({ text }) => text)];
  const command = flagCommands.find((each) => each.split(' ').every((word, i) => words[i] === word));
  if (command === undefined) return undefined;
  const rest = args.slice(command.split(' ').length - 1);
  const given = rest.flatMap((arg, i): Argument[] => {
    const [, name, written] = /^--([\w-]+)(=?)/.exec(arg.text) ?? [];
    if (name === undefined) return i === 0 && !arg.text.startsWith('-') ? [{ value: arg }] : [];
    if (written === '') return rest[i + 1] ? [{ name, value: rest[i + 1] ?? arg }] : [];
    const [, value] = arg.type === 'concatenation' ? arg.namedChildren : [];
    return [{ name, value: value ?? arg.as('word', arg.startIndex + name.length + 3, arg.endIndex) }];
  });
  return { n: command, args: given };
}

const resolver: MakeResolver = (files) => new ShellResolver(files);

/** `x=`, `x+=`, and what reads or loops into a name. */
const assigned = /(?<=^|[\s;(]|for |read |read -r )([A-Za-z_]\w*)(?=\+?=|[ \t]+in\b|[ \t]*(?:;|$))/gm;

const grammar: LanguageGrammar = {
  family: 'shell',
  roles,
  leaves: [
    'comment',
    'extglob_pattern',
    'heredoc_body',
    'number',
    'raw_string',
    'string_content',
    'variable_name',
    'word',
  ],
  tokens: ['&&', '||', 'then'],
  classes: [],
  bodies: [],
  assignments: ['variable_assignment'],
  assignmentDeclares: true,
  spans: [],
};

export const shell: LanguageSupport = {
  id: 'shellscript',
  family: 'shell',
  grammar: 'bash',
  extensions: ['.sh', '.bash', '.zsh', '.ksh', '.bats'],
  extractor: withOnceAssigned(grammarExtractor(grammar), assigned),
  testPath: /(^|\/)(tests?|spec)\/|\.bats$|(^|\/)(test[-_][^/]*|[^/]*[-_]test)\.(ba|z|k)?sh$/i,
  generatedPath: null,
  candidates: [],
  excluded: [],
  configs: [],
  resolver,
  routes: [],
  jobs: () => new Map(),
};
