import { childOf, childrenOf } from '../grammar/nodes';
import type { Base, ClassRole, FunctionRole, Param, Role, Variable } from '../grammar/role';
import type { SyntaxNode as Node } from '../../syntaxTree';
import { annotationsIn, marked } from './attributes';
import { typeName } from './types';

/** `mod flags;` is a file. What stands in the file itself is read as names of the file; tests as members of a class of that name. */
export function moduleOf(node: Node): Role | null {
  const name = node.childForFieldName('name');
  const body = node.childForFieldName('body');
  if (!name) return null;
  if (!body) return { is: 'import', names: [{ n: name.text, module: `self::${name.text}`, imported: '*', at: name }] };
  const inside = marked(body).filter(
    ({ type, text }) => type !== 'use_declaration' || !/^(pub\s+)?use\s+super\b/.test(text),
  );
  if (/^tests?$/.test(name.text))
    return {
      is: 'class',
      n: name.text,
      at: name,
      kind: 'object',
      bases: [],
      maker: null,
      members: inside,
      annotations: [],
    };
  return { is: 'members', of: [node.as('metavariable', name.startIndex, name.endIndex), ...inside] };
}

export function constantOf(node: Node): Variable[] {
  const name = node.childForFieldName('name');
  const type = typeName(node.childForFieldName('type'));
  const constant = !childOf(node, 'mutable_specifier');
  return name ? [{ n: name.text, at: name, type, value: node.childForFieldName('value'), constant }] : [];
}

/** Fields of a struct; those without names have their positions. */
export function fieldsOf(body: Node | null): readonly Node[] {
  return body?.type === 'ordered_field_declaration_list' ? [] : marked(body);
}

export function classOf(node: Node, kind: ClassRole['kind']): ClassRole {
  const name = node.childForFieldName('name');
  return {
    is: 'class',
    n: name?.text ?? '',
    at: name ?? node,
    kind,
    bases: [],
    maker: null,
    members: marked(node.childForFieldName('body')),
    annotations: annotationsIn(childrenOf(node, 'attribute_item')),
  };
}

/** `impl Flags for Service` adds to the class, and says what it does. */
export function implOf(node: Node): Role | null {
  const type = node.childForFieldName('type');
  const name = typeName(type);
  const does = baseOf(node.childForFieldName('trait'));
  if (!type || name === null) return null;
  return {
    is: 'class',
    n: name.slice(name.lastIndexOf(':') + 1),
    at: type,
    kind: 'class',
    partial: true,
    bases: does ? [does] : [],
    maker: null,
    members: marked(node.childForFieldName('body')),
    annotations: [],
  };
}

function baseOf(node: Node | null): Base | null {
  const of = node?.type === 'generic_type' ? node.childForFieldName('type') : node;
  return of && { of, isSuper: false };
}

export function functionOf(node: Node): FunctionRole {
  const body = node.childForFieldName('body');
  return {
    is: 'function',
    n: node.childForFieldName('name')?.text ?? '',
    params: paramsIn(node.childForFieldName('parameters')),
    body: body ? [body] : [],
    lastIsValue: true,
    returns: typeName(node.childForFieldName('return_type')),
    annotations: annotationsIn(childrenOf(node, 'attribute_item')),
  };
}

export function paramsIn(list: Node | null): Param[] {
  return (list?.namedChildren ?? []).flatMap((param): Param[] => {
    if (param.type === 'self_parameter' || param.type === 'attribute_item' || param.type.endsWith('comment')) return [];
    const pattern = param.type === 'parameter' ? param.childForFieldName('pattern') : param;
    const [name = null] =
      pattern?.type === 'identifier' ? [pattern] : (pattern?.descendantsOfType(['identifier']).slice(-1) ?? []);
    return [{ n: name?.text ?? '', at: name ?? param, type: typeName(param.childForFieldName('type')) }];
  });
}
