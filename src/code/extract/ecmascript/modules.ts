import type { SyntaxNode as Node } from '../../syntaxTree';
import type { Export, Expr } from '../../summary';
import type { Draft } from '../draft';
import { expression, isFunction, parts, propertyName } from './expressions';

function sourceOf(draft: Draft, node: Node): string | undefined {
  const source = node.childForFieldName('source');
  const value = source ? expression(draft, source) : undefined;
  return value?.k === 'str' ? value.v : undefined;
}

/** `import D, { a as b }, * as n from 'm'`, `import k = require('m')`. Types count: they name what a receiver is. */
export function readImport(draft: Draft, node: Node): void {
  const add = (name: Node | null | undefined, m: string | undefined, x: string): void => {
    if (!name || m === undefined) return;
    draft.decls.push({ n: draft.textOf(name), kind: 'import', scope: null, at: draft.at(name), m, x });
  };
  const from = sourceOf(draft, node);
  for (const clause of parts(node)) {
    if (clause.type === 'import_require_clause') {
      add(parts(clause)[0], sourceOf(draft, clause), '*');
    } else if (clause.type === 'import_clause') {
      for (const part of parts(clause)) {
        if (part.type === 'identifier') add(part, from, 'default');
        else if (part.type === 'namespace_import') add(parts(part)[0], from, '*');
        else if (part.type === 'named_imports') {
          for (const specifier of parts(part)) {
            const name = specifier.childForFieldName('name');
            add(specifier.childForFieldName('alias') ?? name, from, name ? (propertyName(draft, name) ?? '') : '');
          }
        }
      }
    }
  }
}

/** Names an `export` statement gives out. Its declaration itself is visited by the caller. */
export function readExport(draft: Draft, node: Node): void {
  const from = sourceOf(draft, node);
  const clause = parts(node).find((part) => part.type === 'export_clause' || part.type === 'namespace_export');
  if (from !== undefined && !clause) {
    draft.stars.push(from);
  } else if (clause?.type === 'namespace_export') {
    const name = parts(clause)[0];
    if (name && from !== undefined) draft.exports.push({ n: draft.textOf(name), m: from, x: '*' });
  } else if (clause) {
    for (const specifier of parts(clause)) {
      const name = propertyName(draft, specifier.childForFieldName('name'));
      const alias = propertyName(draft, specifier.childForFieldName('alias')) ?? name;
      if (name === undefined || alias === undefined) continue;
      draft.exports.push(from === undefined ? { n: alias, local: name } : { n: alias, m: from, x: name });
    }
  }
  const isDefault = node.children.some((child) => child.type === 'default');
  const declaration = node.childForFieldName('declaration');
  const value = node.childForFieldName('value');
  if (declaration) {
    for (const name of declaredNames(draft, declaration))
      draft.exports.push({ n: isDefault ? 'default' : name, local: name });
  } else if (value) {
    draft.exports.push(asExport('default', expression(draft, value)));
  }
}

function asExport(n: string, e: Expr): Export {
  return e.k === 'id' ? { n, local: e.n } : { n, e };
}

function declaredNames(draft: Draft, declaration: Node): string[] {
  if (declaration.type === 'lexical_declaration' || declaration.type === 'variable_declaration') {
    return parts(declaration).flatMap((declarator) => patternNames(draft, declarator.childForFieldName('name')));
  }
  const name = declaration.childForFieldName('name');
  return name ? [draft.textOf(name)] : [];
}

function patternNames(draft: Draft, pattern: Node | null): string[] {
  if (!pattern) return [];
  if (pattern.type === 'identifier' || pattern.type === 'shorthand_property_identifier_pattern')
    return [draft.textOf(pattern)];
  if (pattern.type === 'pair_pattern') return patternNames(draft, pattern.childForFieldName('value'));
  if (pattern.type === 'object_pattern' || pattern.type === 'array_pattern')
    return parts(pattern).flatMap((part) => patternNames(draft, part));
  return [];
}

/**
 * `module.exports = …`, `module.exports.x = …`, `exports.x = …`. Answers the exported name (`default` for the whole
 * module) so that the caller can name a function after it; undefined when the assignment exports nothing.
 */
export function readCommonJsExport(draft: Draft, left: Node, right: Node): string | undefined {
  const text = draft.textOf(left);
  const match = /^(?:module\s*\.\s*)?exports(?:\s*\.\s*([\w$]+))?$/.exec(text);
  if (!match || (match[1] === undefined && !text.startsWith('module'))) return undefined;
  const value = expression(draft, right);
  if (match[1] !== undefined) {
    draft.exports.push(asExport(match[1], value));
    return match[1];
  }
  draft.exports.push(asExport('default', value));
  if (value.k === 'obj') {
    for (const [name, member] of value.m) if (name !== '...') draft.exports.push(asExport(name, member));
  }
  return isFunction(right) ? 'default' : undefined;
}

/** `const x = require('m')`, `const { a: b } = require('m')`. True when the declarator was one. */
export function readRequire(draft: Draft, name: Node, value: Expr): boolean {
  const call = value.k === 'call' ? draft.call(value.id) : undefined;
  const property = value.k === 'mem' && value.o.k === 'call' ? draft.call(value.o.id) : undefined;
  const required = call ?? property;
  const source = required?.a[0];
  if (required?.c.k !== 'id' || required.c.n !== 'require' || source?.k !== 'str') return false;
  const add = (node: Node, x: string): void => {
    draft.decls.push({ n: draft.textOf(node), kind: 'import', scope: draft.block, at: draft.at(node), m: source.v, x });
  };
  if (name.type === 'identifier') {
    add(name, value.k === 'mem' ? value.n : '*');
    return true;
  }
  if (name.type !== 'object_pattern' || property) return false;
  for (const part of parts(name)) {
    if (part.type === 'shorthand_property_identifier_pattern') add(part, draft.textOf(part));
    else if (part.type === 'pair_pattern') {
      const local = part.childForFieldName('value');
      const imported = propertyName(draft, part.childForFieldName('key'));
      if (local?.type === 'identifier' && imported !== undefined) add(local, imported);
    }
  }
  return true;
}
