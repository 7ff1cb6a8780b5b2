import { childOf, childrenOf } from '../grammar/nodes';
import type { Annotation, ClassRole, FunctionRole, Imported, Param, Role } from '../grammar/role';
import type { SyntaxNode as Node } from '../../syntaxTree';
import { argumentsIn } from './calls';
import { bare } from './texts';

/** `use A\B;`, `use A\B as C;`, `use A\{B, C as D};`, `use function A\b;` */
export function usesOf(node: Node): Role {
  const prefix = childOf(node, 'namespace_name')?.text ?? '';
  const clauses = childrenOf(childOf(node, 'namespace_use_group') ?? node, 'namespace_use_clause');
  const names = clauses.flatMap((clause): Imported[] => {
    const path = childOf(clause, 'qualified_name', 'name', 'namespace_name');
    if (!path) return [];
    const module = [prefix, path.text]
      .filter((part) => part !== '')
      .join('\\')
      .replace(/^\\/, '');
    const imported = module.slice(module.lastIndexOf('\\') + 1);
    return [{ n: clause.childForFieldName('alias')?.text ?? imported, module, imported, at: path }];
  });
  return { is: 'import', names };
}

export function classOf(node: Node, kind: ClassRole['kind']): ClassRole {
  const name = node.childForFieldName('name');
  const body = node.childForFieldName('body');
  const above = childOf(node, 'base_clause')?.namedChildren ?? [];
  const traits = childrenOf(body, 'use_declaration').flatMap((use) => childrenOf(use, 'name', 'qualified_name'));
  const others = [...(childOf(node, 'class_interface_clause')?.namedChildren ?? []), ...traits];
  return {
    is: 'class',
    n: name?.text ?? '',
    at: name ?? node,
    kind,
    bases: [
      ...above.map((of) => ({ of, isSuper: kind !== 'interface' })),
      ...others.map((of) => ({ of, isSuper: false })),
    ],
    maker: null,
    members: body?.namedChildren ?? [],
    annotations: annotationsOf(node),
  };
}

/** A case of a backed enum holds its text as `value`. */
export function enumOf(node: Node): Role {
  const backed = childOf(node, 'primitive_type');
  const value: Param | null = backed && { n: 'value', at: backed, type: null, field: true };
  return { ...classOf(node, 'enum'), maker: backed && value && { at: backed, params: [value] } };
}

export function functionOf(node: Node, n: string | null): FunctionRole {
  const body = node.childForFieldName('body');
  return {
    is: 'function',
    n,
    params: childrenOf(
      node.childForFieldName('parameters'),
      'simple_parameter',
      'property_promotion_parameter',
      'variadic_parameter',
    ).map(paramOf),
    body: body ? [body] : [],
    lastIsValue: false,
    returns: typeName(node.childForFieldName('return_type')),
    annotations: annotationsOf(node),
  };
}

function paramOf(node: Node): Param {
  const name = node.childForFieldName('name');
  return {
    n: name?.text ?? '',
    at: name ?? node,
    label: bare(name?.text ?? ''),
    type: typeName(node.childForFieldName('type')),
    value: node.childForFieldName('default_value'),
    ...(node.type === 'variadic_parameter' && { rest: true as const }),
    ...(node.type === 'property_promotion_parameter' && { field: bare(name?.text ?? '') }),
  };
}

export function typeName(node: Node | null): string | null {
  switch (node?.type) {
    case 'named_type':
      return /^(static|self|parent)$/.test(node.text) ? null : node.text;
    case 'optional_type':
      return typeName(node.firstNamedChild);
    case 'union_type': {
      const named = childrenOf(node, 'named_type');
      return named.length === 1 ? typeName(named[0] ?? null) : null;
    }
    default:
      return null;
  }
}

function annotationsOf(node: Node): readonly Annotation[] {
  return (childOf(node, 'attribute_list')?.namedChildren ?? []).flatMap((group) =>
    childrenOf(group, 'attribute').flatMap((at) => {
      const name = childOf(at, 'name', 'qualified_name');
      const n = name?.text.slice(name.text.lastIndexOf('\\') + 1) ?? '';
      return n === '' ? [] : [{ n, at, args: argumentsIn(at.childForFieldName('parameters')) }];
    }),
  );
}
