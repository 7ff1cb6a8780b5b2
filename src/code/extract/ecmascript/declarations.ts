import type { SyntaxNode as Node } from '../../syntaxTree';
import type { Declaration, Expr, Span } from '../../summary';
import type { Draft } from '../draft';
import { expression, parts, propertyName } from './expressions';
import { typeName } from './typeName';

const deepestWithin = 4;

type Binding = Pick<Declaration, 'kind' | 'scope'> &
  Partial<Pick<Declaration, 'e' | 'f' | 'i' | 't' | 'prop' | 'within'>>;

/** Declares every name of a pattern, with the properties that it is taken out of. */
export function declarePattern(draft: Draft, pattern: Node | null | undefined, binding: Binding): void {
  if (!pattern) return;
  switch (pattern.type) {
    case 'identifier':
    case 'shorthand_property_identifier_pattern':
      draft.decls.push({ n: draft.textOf(pattern), at: draft.at(pattern), ...binding });
      break;
    case 'assignment_pattern':
    case 'object_assignment_pattern':
      declarePattern(draft, pattern.childForFieldName('left'), binding);
      break;
    case 'object_pattern': {
      const within = binding.prop === undefined ? [] : [...(binding.within ?? []), binding.prop];
      // What a parameter's property holds is followed one property deep.
      const nested = within.length > 0 && (binding.f !== undefined || within.length > deepestWithin);
      for (const part of parts(pattern)) {
        const shorthand =
          part.type === 'shorthand_property_identifier_pattern'
            ? part
            : part.type === 'object_assignment_pattern'
              ? part.childForFieldName('left')
              : null;
        const name = shorthand ? draft.textOf(shorthand) : propertyName(draft, part.childForFieldName('key'));
        const target = shorthand ?? part.childForFieldName('value');
        if (part.type === 'rest_pattern' || name === undefined) declareUnknown(draft, part, binding.scope);
        else if (nested) declareUnknown(draft, target, binding.scope);
        else
          declarePattern(draft, target, {
            kind: binding.kind,
            scope: binding.scope,
            prop: name,
            ...(within.length > 0 && { within }),
            ...pick(binding),
          });
      }
      break;
    }
    default:
      declareUnknown(draft, pattern, binding.scope);
  }
}

function pick(binding: Binding): Partial<Binding> {
  return {
    ...(binding.e && { e: binding.e }),
    ...(binding.f !== undefined && { f: binding.f }),
    ...(binding.i !== undefined && { i: binding.i }),
  };
}

/** Names that hide others but whose value is not followed. */
function declareUnknown(draft: Draft, pattern: Node | null | undefined, scope: Span | null): void {
  for (const part of pattern?.descendantsOfType(['identifier', 'shorthand_property_identifier_pattern']) ?? []) {
    draft.decls.push({ n: draft.textOf(part), kind: 'let', at: draft.at(part), scope });
  }
}

/** Parameters of a function; what `constructor(private x: T)` makes is a member of the class too. */
export function declareParameters(draft: Draft, fn: Node, index: number, className: string | null): void {
  const single = fn.childForFieldName('parameter');
  const scope = draft.span(fn);
  if (single) {
    declarePattern(draft, single, { kind: 'param', scope, f: index, i: 0 });
    return;
  }
  const list = fn.childForFieldName('parameters');
  if (!list) return;
  let i = 0;
  for (const parameter of parts(list)) {
    const pattern = parameter.childForFieldName('pattern') ?? parameter;
    const type = typeName(parameter.childForFieldName('type'));
    declarePattern(draft, pattern, { kind: 'param', scope, f: index, i: i++, ...(type !== null && { t: type }) });
    const modified =
      parameter.namedChildren.some((child) => child.type === 'accessibility_modifier') ||
      /^\s*readonly\s/.test(draft.textOf(parameter));
    if (className !== null && modified && pattern.type === 'identifier') {
      const n = draft.textOf(pattern);
      const at = draft.at(pattern);
      draft.members.push({ c: className, n, ...(type !== null && { t: type }), e: { k: 'id', n, at } });
    }
  }
}

/** String enums are objects of strings; members without a string are left out. */
export function declareEnum(draft: Draft, node: Node): void {
  const name = node.childForFieldName('name');
  if (!name) return;
  const members: [string, Expr][] = [];
  for (const member of parts(node.childForFieldName('body') ?? node)) {
    if (member.type !== 'enum_assignment') continue;
    const key = propertyName(draft, member.childForFieldName('name'));
    if (key !== undefined) members.push([key, expression(draft, member.childForFieldName('value'))]);
  }
  draft.decls.push({
    n: draft.textOf(name),
    kind: 'enum',
    scope: draft.block,
    at: draft.at(name),
    e: { k: 'obj', m: members },
  });
}
